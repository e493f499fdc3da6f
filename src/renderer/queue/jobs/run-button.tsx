import { useShallow } from 'zustand/react/shallow'
import { Button as AriaButton, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import type { PodKey } from '../../../core/pods/pod'
import type { JobView } from '../../../core/queue/queue-view'
import { podState } from '../../../core/view/pod-state'
import { useSnapshotStore } from '../../state/window-context'
import { KeyHint } from '../../ui/labels/key-hint'
import { idleFirst } from '../job-lists'
import { PodMark } from './pod-mark'
import { labelFor, labels } from '../queue-page-text'
import type { JobActions } from './use-job-actions'

interface RunButtonProps {
  readonly job: JobView
  readonly actions: JobActions
}

/** Starts a job at once on the only pod where it can run if that one is idle; asks on which one otherwise. */
export function RunButton({ job, actions }: RunButtonProps) {
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
