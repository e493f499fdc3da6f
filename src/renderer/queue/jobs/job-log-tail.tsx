import './job-log.css'
import type { JobView } from '../../../core/queue/queue-view'
import { labelFor, labels, logProblemText } from '../queue-page-text'
import { useJobLog } from './use-job-log'

const FEW_LINES = 5

interface JobLogTailProps {
  readonly job: JobView
  readonly isLive: boolean
  readonly isLong: boolean
}

/** The last lines that a job printed. */
export function JobLogTail({ job, isLive, isLong }: JobLogTailProps) {
  const { lines, problem } = useJobLog(job.id, `${job.run?.podKey} ${job.run?.startedAtMs}`, isLive)
  const shown = lines?.slice(isLong ? 0 : -FEW_LINES) ?? []
  return (
    <div
      className={isLong ? 'job-log long' : 'job-log'}
      role="region"
      aria-label={labelFor.log(job.spec.name)}
      tabIndex={0}
    >
      {shown.map((line, index) => (
        // Lines have no identity, and those of a tail move up.
        <p key={`${index} ${line}`}>{line === '' ? ' ' : line}</p>
      ))}
      {shown.length === 0 && problem === null && (
        <p className="cap">{lines === null ? labels.waitingForLog : labels.noLog}</p>
      )}
      {problem !== null && <p className="cap">{logProblemText(problem)}</p>}
    </div>
  )
}
