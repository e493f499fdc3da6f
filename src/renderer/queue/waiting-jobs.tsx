import './jobs-table.css'
import { type DragEvent, useState } from 'react'
import { needsText } from '../../core/queue/jobs/needs-text'
import type { JobView } from '../../core/queue/queue-view'
import { commonText } from '../ui/common-text'
import { Grip } from '../ui/grip'
import { moveTo } from './job-lists'
import { JobMenu } from './job-menu'
import { PodMark } from './pod-mark'
import { labels, movedText, notMovedText, priorityLabels, usualText, waitingText } from './queue-page-text'
import { RunButton } from './run-button'
import type { JobActions } from './use-job-actions'
import type { JobKeys } from './use-job-keys'

interface WaitingJobsProps {
  readonly jobs: readonly JobView[]
  readonly actions: JobActions
  readonly keys: JobKeys
  /** False while a filter hides some, between which a job would be moved unseen. */
  readonly canMove: boolean
  /** Tells a screen reader. */
  readonly announce: (text: string) => void
}

/** The jobs that wait, in the order in which they run. */
export function WaitingJobs({ jobs, actions, keys, canMove, announce }: WaitingJobsProps) {
  const [draggedId, setDraggedId] = useState<string | null>(null)
  /** Where the dragged job would stand: before this one, or `last`. */
  const [dropAt, setDropAt] = useState<string | null>(null)

  async function move(job: JobView, place: number): Promise<void> {
    const target = moveTo(jobs, job, place)
    if (target === 'lower-priority') return announce(notMovedText(job.spec.name))
    if (target === null) return
    if (await actions.move(job, target)) announce(movedText(job.spec.name, place + 1, jobs.length))
  }

  const drop = (): void => {
    const job = jobs.find(({ id }) => id === draggedId)
    const others = jobs.filter(({ id }) => id !== draggedId)
    const at = others.findIndex(({ id }) => id === dropAt)
    setDraggedId(null)
    setDropAt(null)
    if (job !== undefined && dropAt !== null && dropAt !== draggedId)
      void move(job, at < 0 ? others.length : at)
  }

  const dragOver = (event: DragEvent<HTMLElement>, index: number): void => {
    if (draggedId === null) return
    event.preventDefault()
    const { top, height } = event.currentTarget.getBoundingClientRect()
    const isBelow = event.clientY > top + height / 2
    setDropAt(jobs[index + (isBelow ? 1 : 0)]?.id ?? 'last')
  }

  return (
    <section aria-labelledby="queue-waiting">
      <h2 id="queue-waiting">
        {labels.waiting}{' '}
        <span>
          {jobs.length}, {labels.order}
        </span>
        {jobs.length > 1 && canMove && <span className="keys-hint">{commonText.moveHint}</span>}
      </h2>
      <table className="jobs-table">
        <thead>
          <tr>
            <td className="grip-cell" />
            <th scope="col">{labels.job}</th>
            <th scope="col" className="wide">
              {labels.needs}
            </th>
            <th scope="col" className="wide">
              {labels.fits}
            </th>
            <th scope="col" className="number wide">
              {labels.usually}
            </th>
            <th scope="col">{labels.status}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {jobs.map((job, index) => (
            <tr
              key={job.id}
              data-job={job.id}
              tabIndex={keys.tabIndexOf(job.id)}
              className={rowClass(job, index, jobs.length)}
              draggable={canMove}
              onDragStart={(event) => {
                setDraggedId(job.id)
                event.dataTransfer.effectAllowed = 'move'
              }}
              onDragEnd={() => {
                setDraggedId(null)
                setDropAt(null)
              }}
              onDragOver={(event) => dragOver(event, index)}
              onDrop={(event) => {
                event.preventDefault()
                drop()
              }}
              onKeyDown={(event) => {
                const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0
                if (event.altKey && step !== 0 && canMove) {
                  event.preventDefault()
                  void move(job, index + step)
                } else if (event.key === 'Enter' && event.target === event.currentTarget) {
                  event.preventDefault()
                  actions.edit(job)
                }
              }}
            >
              <td className="grip-cell">{canMove && <Grip />}</td>
              <th scope="row">
                <bdi title={job.spec.name}>{job.spec.name}</bdi>
                {job.spec.priority !== 'normal' && (
                  <span className="pill">{priorityLabels[job.spec.priority]}</span>
                )}
                <span className="cap small-facts">{needsText(job.spec.needs)}</span>
              </th>
              <td className="dim wide">{needsText(job.spec.needs)}</td>
              <td className="wide">
                <span className="fitting-pods">
                  {job.fitsPodKeys.slice(0, MAX_PODS).map((key) => (
                    <PodMark key={key} podKey={key} />
                  ))}
                  {job.fitsPodKeys.length > MAX_PODS && (
                    <span className="cap">+{job.fitsPodKeys.length - MAX_PODS}</span>
                  )}
                </span>
              </td>
              <td className="number wide dim">{usualText(job)}</td>
              <td className="dim status-cell">
                <span title={waitingText(job)}>{waitingText(job)}</span>
              </td>
              <td className="actions-cell">
                <RunButton job={job} actions={actions} />
                <JobMenu
                  job={job}
                  actions={actions}
                  onMoveUp={canMove && index > 0 ? () => void move(job, index - 1) : null}
                  onMoveDown={canMove && index < jobs.length - 1 ? () => void move(job, index + 1) : null}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )

  function rowClass({ id }: JobView, index: number, count: number): string {
    const isLastTarget = dropAt === 'last' && index === count - 1
    return [
      id === draggedId ? 'dragged' : '',
      id === dropAt ? 'drop-before' : '',
      isLastTarget ? 'drop-after' : '',
    ].join(' ')
  }
}

/** More would push out the columns beside them. */
const MAX_PODS = 2
