import './row-actions.css'
import type { ReactNode } from 'react'
import type { PodKey } from '../../../core/pods/pod'
import { podCommands, runPodCommand, wouldLoseData } from '../../pod-model/commands/pod-commands'
import { useSingleFlight } from '../../state/hooks/use-single-flight'
import { useSnapshotStore, useWindow } from '../../state/window-context'
import { Button } from '../../ui/button'
import { KeyHint } from '../../ui/labels/key-hint'
import { actionsText } from './actions-text'
import { RunNextButton } from './run-next-button'

interface RowActionsProps {
  readonly podKey: PodKey
  /** Without words where an icon tells enough. */
  readonly isShort?: boolean
  /** Further actions, at the end. */
  readonly children?: ReactNode
}

/** The likely actions on the pod of a row, over empty space, so that the row keeps its layout. */
export function RowActions({ podKey, isShort = false, children }: RowActionsProps) {
  const services = useWindow()
  const runOnce = useSingleFlight()
  const pod = useSnapshotStore(({ podsByKey }) => podsByKey.get(podKey))
  if (pod === undefined) return null
  const kinds = podCommands(pod).map(({ kind }) => kind)
  const run = (kind: 'stop' | 'start' | 'terminal') => () =>
    runOnce(() => runPodCommand(services, pod, { kind }))
  return (
    <span className="row-actions">
      <RunNextButton pod={pod} isShort={isShort} />
      {kinds.includes('stop') && (
        <Button icon="stop" label={actionsText.stopPod(pod.name)} onPress={run('stop')}>
          {actionsText.stop}
          {wouldLoseData(pod) && '…'} {!isShort && <KeyHint name="S" />}
        </Button>
      )}
      {kinds.includes('start') && (
        <Button icon="start" label={actionsText.startPod(pod.name)} onPress={run('start')}>
          {actionsText.start}
        </Button>
      )}
      {kinds.includes('terminal') && (
        <Button icon="terminal" label={actionsText.terminalOn(pod.name)} onPress={run('terminal')}>
          {isShort ? undefined : (
            <>
              {actionsText.terminal} <KeyHint name="T" />
            </>
          )}
        </Button>
      )}
      {children}
    </span>
  )
}
