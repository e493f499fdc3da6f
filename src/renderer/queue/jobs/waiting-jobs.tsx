import { Button as AriaButton, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import { useShallow } from 'zustand/react/shallow'
import type { PodKey } from '../../../core/pods/pod'
import '../../ui/styles/data-table.css'
import './jobs-table.css'
import './waiting-jobs.css'
import { needsText } from '../../../core/queue/jobs/needs-text'
import type { JobView } from '../../../core/queue/queue-view'
import { podState } from '../../../core/view/pod-state'
import { useSnapshotStore, useWindow } from '../../state/window-context'
import { commonText } from '../../ui/common-text'
import { Grip } from '../../ui/grip'
import { KeyHint } from '../../ui/labels/key-hint'
import { idleFirst, moveTo } from '../job-lists'
import { JobMenu } from './job-menu'
import { JobsSection } from './jobs-section'
import { PodMark } from './pod-mark'
import {
  labelFor,
  labels,
  movedText,
  notMovedText,
  priorityLabels,
  usualText,
  waitingCountText,
  waitingText,
} from '../queue-page-text'
import type { JobActions } from './use-job-actions'
import type { JobKeys } from './use-job-keys'
import { useRowDrag } from './use-row-drag'

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
  const { snapshotStore } = useWindow()

  async function move(job: JobView, place: number): Promise<void> {
    const target = moveTo(jobs, job, place)
    if (target === 'lower-priority') return snapshotStore.showToast('bad', notMovedText(job.spec.name))
    if (target === null) return
    if (await actions.move(job, target)) announce(movedText(job.spec.name, place + 1, jobs.length))
  }

  const drag = useRowDrag(
    jobs.map(({ id }) => id),
    canMove,
    (id, place) => {
      const job = jobs.find((one) => one.id === id)
      if (job !== undefined) void move(job, place)
    },
  )

  return (
    <JobsSection
      id="queue-waiting"
      title={labels.waiting}
      note={waitingCountText(jobs.length)}
      hint={jobs.length > 1 && canMove && <span className="keys-hint">{commonText.moveHint}</span>}
    >
      <table className="data-table jobs-table">
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
        <tbody onDragLeave={drag.onDragLeave}>
          {jobs.map((job, index) => (
            <tr
              key={job.id}
              data-job={job.id}
              tabIndex={keys.tabIndexOf(job.id)}
              {...drag.rowProps(job.id, index)}
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
    </JobsSection>
  )
}

/** More would push out the columns beside them. */
const MAX_PODS = 2

interface RunButtonProps {
  readonly job: JobView
  readonly actions: JobActions
}

/** Starts a job at once on the only pod where it can run if that one is idle; asks on which one otherwise. */
function RunButton({ job, actions }: RunButtonProps) {
  const { startablePodKeys, spec } = job
  const [only] = startablePodKeys
  const isIdle = useSnapshotStore(({ podsByKey }) =>
    only === undefined ? false : podsByKey.get(only)?.activity.kind === 'idle',
  )
  const ordered = useSnapshotStore(useShallow(({ podsByKey }) => idleFirst(startablePodKeys, podsByKey)))
  const button = {
    className: 'button',
    'aria-label': labelFor.run(spec.name),
    'data-run': '',
  }
  const content = (
    <>
      {labels.runNow} <KeyHint name="R" />
    </>
  )
  if (only === undefined) return null
  if (startablePodKeys.length === 1 && isIdle)
    return (
      <AriaButton {...button} onPress={() => actions.run(job, only)}>
        {content}
      </AriaButton>
    )
  return (
    <MenuTrigger>
      <AriaButton {...button}>{content}</AriaButton>
      <Popover className="menu-popover" placement="bottom end" offset={4}>
        <Menu
          className="menu"
          aria-label={labels.choosePod}
          onAction={(key) => actions.run(job, key as PodKey)}
        >
          {ordered.map((podKey) => (
            <PodItem key={podKey} podKey={podKey} />
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}

function PodItem({ podKey }: { readonly podKey: PodKey }) {
  const name = useSnapshotStore(({ podsByKey }) => podsByKey.get(podKey)?.name ?? podKey)
  const word = useSnapshotStore(({ podsByKey }) => {
    const pod = podsByKey.get(podKey)
    return pod === undefined ? '' : podState(pod).word
  })
  return (
    <MenuItem id={podKey} className="menu-item" textValue={name}>
      <PodMark podKey={podKey} />
      <span className="cap">{word}</span>
    </MenuItem>
  )
}
