import './row-actions.css'
import type { ReactNode } from 'react'
import type { PodKey } from '../../../core/pods/pod'
import { wouldLoseData } from '../../../core/view/stops/stop-plan'
import { podCommands, runPodCommand } from '../../pod-model/commands/pod-commands'
import { useSingleFlight } from '../../state/hooks/use-single-flight'
import { useSnapshotStore, useWindow } from '../../state/window-context'
import { Button } from '../../ui/button'
import { actionsText } from './actions-text'
import { RunNextButton } from './run-next-button'

interface RowActionsProps {
  readonly podKey: PodKey
  /** Whether *Stop* and *Start* have a word beside their icon. */
  readonly hasWords?: boolean
  /** Further actions, at the end. */
  readonly children?: ReactNode
}

/** The likely actions on the pod of a row. */
export function RowActions({ podKey, hasWords = true, children }: RowActionsProps) {
  const services = useWindow()
  const runOnce = useSingleFlight()
  const pod = useSnapshotStore(({ podsByKey }) => podsByKey.get(podKey))
  if (pod === undefined) return null
  const kinds = podCommands(pod).map(({ kind }) => kind)
  const run = (kind: 'stop' | 'start' | 'terminal') => () =>
    runOnce(() => runPodCommand(services, pod, { kind }))
  return (
    <span className="row-actions">
      <RunNextButton pod={pod} isShort />
      {kinds.includes('stop') && (
        <Button icon="stop" shortcut="S" label={actionsText.stopPod(pod.name)} onPress={run('stop')}>
          {hasWords ? `${actionsText.stop}${wouldLoseData(pod) ? '…' : ''}` : undefined}
        </Button>
      )}
      {kinds.includes('start') && (
        <Button icon="start" label={actionsText.startPod(pod.name)} onPress={run('start')}>
          {hasWords ? actionsText.start : undefined}
        </Button>
      )}
      {kinds.includes('terminal') && (
        <Button
          icon="terminal"
          shortcut="T"
          label={actionsText.terminalOn(pod.name)}
          onPress={run('terminal')}
        />
      )}
      {children}
    </span>
  )
}
