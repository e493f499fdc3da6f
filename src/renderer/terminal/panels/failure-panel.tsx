import type { TerminalView } from '../../../core/terminal/terminal'
import type { SshFailure } from '../../../core/terminal/host-key'
import { IntentPanel } from '../../pods/card/intent-panel'
import { runPodCommand } from '../../pod-model/pod-commands'
import { useAsk } from '../../state/use-request'
import { useMirror, useWindow } from '../../state/window-context'
import { Button } from '../../ui/button'
import { ChangedKeyPanel } from './host-key-panels'
import { KeyRepair } from './key-repair'
import { Panel } from './panel'
import { failureWords, isAboutKeys } from './terminal-text'

interface FailurePanelProps {
  readonly terminal: TerminalView
  readonly failure: SshFailure
}

/** Why there is no connection, and what can be done about it. */
export function FailurePanel({ terminal, failure }: FailurePanelProps) {
  const { bridge, mirror } = useWindow()
  if (failure.kind === 'host-key-changed') return <ChangedKeyPanel terminal={terminal} failure={failure} />
  const { id, podId, podName } = terminal
  const { title, text } = failureWords(failure, podName)
  return (
    <Panel
      tone={failure.kind === 'host-key-revoked' ? 'bad' : 'idle'}
      icon={failure.kind.startsWith('host-key') ? 'shield' : 'warning'}
      title={title}
      actions={
        <>
          <Button
            kind="primary"
            onPress={() => void mirror.report('Not tried again', bridge.retryTerminal(id))}
          >
            Try again
          </Button>
          <PodActions podId={podId} isRestartOffered={isAboutKeys(failure) && failure.kind !== 'no-route'} />
        </>
      }
    >
      <p>{text}</p>
      {isAboutKeys(failure) && <KeyRepair podId={podId} />}
    </Panel>
  )
}

/** What of the pod itself may help: its start, or the restart that brings it the keys. With their undo, as on its card. */
function PodActions({
  podId,
  isRestartOffered,
}: {
  readonly podId: string
  readonly isRestartOffered: boolean
}) {
  const parts = useWindow()
  const ask = useAsk()
  const pod = useMirror(({ podsById }) => podsById.get(podId))
  if (pod === undefined) return null
  const run = (kind: 'start' | 'restart') => () => ask(() => runPodCommand(parts, pod, { kind }))
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
