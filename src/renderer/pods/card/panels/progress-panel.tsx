import { lineTimeText } from '../../../pod-model/line-time'
import { progressSteps } from '../../../../core/logs/pod-progress'
import { problemAdvice, progressText, stepLabels, stepsText } from '../../../../core/logs/progress-text'
import { serviceOf } from '../../../../core/pods/labs/service-name'
import type { PodView } from '../../../../core/view/snapshot'
import { useSnapshotStore } from '../../../state/window-context'
import { progressPanelText } from './panels-text'
import { LogsButton } from './ways-out'

interface ProgressPanelProps {
  readonly pod: PodView
  /** The data is out of date. */
  readonly isStale: boolean
}

/** How far a new pod is until it can be used, or why it doesn't go on, with the last lines of its system log. */
export function ProgressPanel({ pod, isStale }: ProgressPanelProps) {
  const nowMs = useSnapshotStore(({ snapshot }) => snapshot?.atMs ?? 0)
  const { progress } = pod
  if (progress === undefined || isStale) return null
  const { steps, problem, lines, logProblem } = progress
  return (
    <div className={problem === null ? 'progress-panel' : 'progress-panel bad'}>
      <div className="progress-steps" role="img" aria-label={stepsText(progress)}>
        {progressSteps.map((step) => (
          <span key={step} className={`progress-step ${steps[step]}`}>
            <span className="mark" />
            {stepLabels[step]}
          </span>
        ))}
      </div>
      {problem === null && <p className="progress-now">{progressText(progress)}</p>}
      {logProblem !== null && <p className="cap">{progressPanelText.noLog(logProblem)}</p>}
      {problem !== null && (
        <>
          {'words' in problem && <p className="progress-words">{problem.words}</p>}
          <p className="cap">{problemAdvice(problem, serviceOf(pod))}</p>
          {lines.length > 0 && (
            <ul className="progress-lines" aria-label={progressPanelText.lastLines}>
              {lines.map(({ atMs, text }, index) => (
                // Lines may be alike, and have no other name than their place.
                // oxlint-disable-next-line react/no-array-index-key -- they never move
                <li key={index}>
                  <span className="log-at">{lineTimeText(atMs, nowMs)}</span> {text}
                </li>
              ))}
            </ul>
          )}
        </>
      )}
      {problem !== null && pod.hasLogs === true && (
        <div className="progress-actions">
          <LogsButton pod={pod} />
        </div>
      )}
    </div>
  )
}
