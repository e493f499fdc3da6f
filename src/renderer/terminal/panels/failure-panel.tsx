import { useState } from 'react'
import type { TerminalView } from '../../../core/terminal/terminal'
import type { PodKey } from '../../../core/pods/pod'
import type { SshFailure } from '../../../core/terminal/host-key'
import { IntentPanel } from '../../pods/card/panels/intent-panel'
import { runPodCommand } from '../../pod-model/commands/pod-commands'
import { useSingleFlight } from '../../state/hooks/use-single-flight'
import { useSnapshotStore, useWindow } from '../../state/window-context'
import { Button } from '../../ui/button'
import { ChangedKeyPanel } from './host-key-panels'
import { KeyRepair } from './key-repair'
import { Panel } from './panel'
import { failureText, isKeyFailure, type Solution, solutionOf } from './terminal-text'
import { commonText } from '../../ui/common-text'
import { failurePanelText } from './panels-text'

interface FailurePanelProps {
  readonly terminal: TerminalView
  readonly failure: SshFailure
}

/** Why the connection failed, with the actions that may help. */
export function FailurePanel({ terminal, failure }: FailurePanelProps) {
  const { bridge, snapshotStore } = useWindow()
  const [isKeyRegistered, setKeyRegistered] = useState(false)
  if (failure.kind === 'host-key-changed') return <ChangedKeyPanel terminal={terminal} failure={failure} />
  const { id, podKey, podName } = terminal
  const { title, text } = failureText(failure, podName)
  const solution = solutionOf(failure, isKeyRegistered)
  const isRestartOffered = isKeyFailure(failure) && failure.kind !== 'no-route'
  const podActions = <PodActions podKey={podKey} primary={solution} isRestartOffered={isRestartOffered} />
  return (
    <Panel
      tone={failure.kind === 'host-key-revoked' ? 'bad' : 'idle'}
      icon={failure.kind.startsWith('host-key') ? 'shield' : 'warning'}
      title={title}
      actions={
        <>
          <Button
            kind={solution === 'retry' ? 'primary' : 'plain'}
            onPress={() =>
              void snapshotStore.runRequest(failurePanelText.couldNotRetry, bridge.retryTerminal(id))
            }
          >
            {commonText.tryAgain}
          </Button>
          {podActions}
        </>
      }
    >
      <p>{text}</p>
      {isKeyFailure(failure) && (
        <KeyRepair
          podKey={podKey}
          isPrimary={solution === 'key'}
          isRestarted={isRestartOffered}
          onRegistered={() => setKeyRegistered(true)}
        />
      )}
    </Panel>
  )
}

/** Restart of the pod where that may help, with the same undo as on its card. */
function PodActions({
  podKey,
  primary,
  isRestartOffered,
}: {
  readonly podKey: PodKey
  readonly primary: Solution
  readonly isRestartOffered: boolean
}) {
  const services = useWindow()
  const runOnce = useSingleFlight()
  const pod = useSnapshotStore(({ podsByKey }) => podsByKey.get(podKey))
  if (pod === undefined) return null
  return (
    <>
      {isRestartOffered && pod.actions.includes('restart') && (
        <Button
          icon="refresh"
          kind={primary === 'restart' ? 'primary' : 'plain'}
          onPress={() => runOnce(() => runPodCommand(services, pod, { kind: 'restart' }))}
        >
          {failurePanelText.restartPod}
        </Button>
      )}
      <IntentPanel pod={pod} />
    </>
  )
}
