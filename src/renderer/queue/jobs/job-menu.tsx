import { Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import { isWaitingState, type JobView } from '../../../core/queue/queue-view'
import { afterMenu } from '../../ui/after-menu'
import { Button } from '../../ui/button'
import { labelFor, labels } from '../queue-page-text'
import type { JobActions } from './use-job-actions'

interface JobMenuProps {
  readonly job: JobView
  readonly actions: JobActions
  /** Null where it can't be moved there. */
  readonly onMoveUp?: (() => void) | null
  readonly onMoveDown?: (() => void) | null
}

/** What can be done with a job that doesn't run. */
export function JobMenu({ job, actions, onMoveUp = null, onMoveDown = null }: JobMenuProps) {
  const { state, spec } = job
  const isWaiting = isWaitingState(state)
  const name = labelFor.more(spec.name)
  const item = (label: string, run: (job: JobView) => void, isBad = false) => (
    <MenuItem
      key={label}
      className={isBad ? 'menu-item bad' : 'menu-item'}
      onAction={() => afterMenu(() => run(job))}
    >
      {label}
    </MenuItem>
  )
  return (
    <MenuTrigger>
      <Button kind="bare" icon="more" label={name} />
      <Popover className="menu-popover" placement="bottom end" offset={4}>
        <Menu className="menu" aria-label={name}>
          {isWaiting && item(labels.edit, actions.edit)}
          {state === 'held' && item(labels.release, actions.release)}
          {state === 'queued' && item(labels.hold, actions.hold)}
          {onMoveUp !== null && item(labels.moveUp, onMoveUp)}
          {onMoveDown !== null && item(labels.moveDown, onMoveDown)}
          {!isWaiting && item(labels.retry, actions.retry)}
          {state === 'failed' &&
            job.run?.isOutOfMemory === true &&
            item(labels.retryLarger, actions.retryLarger)}
          {!isWaiting &&
            spec.resultGlobs.length > 0 &&
            job.resultsFetched === null &&
            item(labels.fetch, actions.fetchResults)}
          {item(labels.duplicate, actions.duplicate)}
          {item(labels.remove, actions.remove, true)}
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
