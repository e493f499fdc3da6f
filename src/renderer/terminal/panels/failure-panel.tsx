import type { TerminalView } from '../../../core/terminal/terminal'
import type { PodKey } from '../../../core/pods/pod'
import type { SshFailure } from '../../../core/terminal/host-key'
import { IntentPanel } from '../../pods/card/intent-panel'
import { runPodCommand } from '../../pod-model/pod-commands'
import { useSingleFlight } from '../../state/use-single-flight'
import { useSnapshotStore, useWindow } from '../../state/window-context'
import { Button } from '../../ui/button'
import { ChangedKeyPanel } from './host-key-panels'
import { KeyRepair } from './key-repair'
import { Panel } from './panel'
import { failureText, isKeyFailure } from './terminal-text'

interface FailurePanelProps {
  readonly terminal: TerminalView
  readonly failure: SshFailure
}

/** Why the connection failed, with the actions that may help. */
export function FailurePanel({ terminal, failure }: FailurePanelProps) {
  const { bridge, snapshotStore } = useWindow()
  if (failure.kind === 'host-key-changed') return <ChangedKeyPanel terminal={terminal} failure={failure} />
  const { id, podKey, podName } = terminal
  const { title, text } = failureText(failure, podName)
  return (
    <Panel
      tone={failure.kind === 'host-key-revoked' ? 'bad' : 'idle'}
      icon={failure.kind.startsWith('host-key') ? 'shield' : 'warning'}
      title={title}
      actions={
        <>
          <Button
            kind="primary"
            onPress={() => void snapshotStore.runRequest('Not tried again', bridge.retryTerminal(id))}
          >
            Try again
          </Button>
          <PodActions
            podKey={podKey}
            isRestartOffered={isKeyFailure(failure) && failure.kind !== 'no-route'}
          />
        </>
      }
    >
      <p>{text}</p>
      {isKeyFailure(failure) && <KeyRepair podKey={podKey} />}
    </Panel>
  )
}

/** Start or restart of the pod where that may help, with the same undo as on its card. */
function PodActions({
  podKey,
  isRestartOffered,
}: {
  readonly podKey: PodKey
  readonly isRestartOffered: boolean
}) {
  const services = useWindow()
  const runOnce = useSingleFlight()
  const pod = useSnapshotStore(({ podsByKey }) => podsByKey.get(podKey))
  if (pod === undefined) return null
  const run = (kind: 'start' | 'restart') => () => runOnce(() => runPodCommand(services, pod, { kind }))
  return (
    <>
      {pod.actions.includes('start') && <Button onPress={run('start')}>Start the pod</Button>}
      {isRestartOffered && pod.actions.includes('restart') && (
        <Button icon="refresh" onPress={run('restart')}>
          Restart the pod
        </Button>
      )}
      <IntentPanel pod={pod} />
    </>
  )
}
