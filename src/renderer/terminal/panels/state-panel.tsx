import type { ReactNode } from 'react'
import type { TerminalView } from '../../../core/terminal/terminal'
import { podCommands, runPodCommand } from '../../pod-model/commands/pod-commands'
import { useSingleFlight } from '../../state/hooks/use-single-flight'
import { useSnapshotStore, useWindow } from '../../state/window-context'
import { Button } from '../../ui/button'
import { ClockText } from '../../ui/labels/clock-text'
import { FailurePanel } from './failure-panel'
import { HostKeyPanel, QuestionPanel } from './host-key-panels'
import { connectingText, endedText, waitingText } from './terminal-text'
import { commonText } from '../../ui/common-text'
import { statePanelText } from './panels-text'

/** Whether a panel covers the terminal and takes the keyboard until a person decides. */
export const isPanelShown = ({ state: { kind } }: TerminalView): boolean =>
  kind === 'asking' || kind === 'asking-passphrase' || kind === 'failed'

/**
 * The terminal's state, as a panel over it or a line above it. Renders nothing while the terminal is open.
 */
export function StatePanel({ terminal }: { readonly terminal: TerminalView }) {
  const { bridge, snapshotStore } = useWindow()
  const { id, podName, state } = terminal
  const retry = (): void =>
    void snapshotStore.runRequest(statePanelText.couldNotConnect(podName), bridge.retryTerminal(id))
  switch (state.kind) {
    case 'open':
      return null
    case 'asking':
      return (
        <HostKeyPanel
          key={state.question.offered.fingerprint}
          terminal={terminal}
          question={state.question}
        />
      )
    case 'asking-passphrase':
      return <PassphrasePanel keyName={state.keyName} />
    case 'failed':
      return <FailurePanel key={state.failure.kind} terminal={terminal} failure={state.failure} />
    case 'connecting':
      return (
        <StatusStrip tone="info">
          {connectingText(state)}
          {terminal.bufferedInput === 'kept' && ` ${statePanelText.typedIsKept}`}
        </StatusStrip>
      )
    case 'waiting':
      return (
        <StatusStrip tone="idle" action={<Button onPress={retry}>{commonText.tryNow}</Button>}>
          <ClockText textAt={(nowMs) => waitingText(state, nowMs)} />
        </StatusStrip>
      )
    case 'detached':
      return (
        <StatusStrip tone="mute" action={<Button onPress={retry}>{statePanelText.attach}</Button>}>
          {state.reason}
        </StatusStrip>
      )
    case 'ended':
      if (state.isPodStopped)
        return (
          <StatusStrip tone="mute" action={<StartPodButton podKey={terminal.podKey} />}>
            {endedText(state)} {statePanelText.reconnects}
          </StatusStrip>
        )
      return (
        <StatusStrip tone="mute" action={<Button onPress={retry}>{statePanelText.newShell}</Button>}>
          {endedText(state)} {statePanelText.pressEnter}
        </StatusStrip>
      )
  }
}

/** With the same undo as on its card. Renders nothing unless the pod can be started. */
function StartPodButton({ podKey }: Pick<TerminalView, 'podKey'>) {
  const services = useWindow()
  const runOnce = useSingleFlight()
  const pod = useSnapshotStore(({ podsByKey }) => podsByKey.get(podKey))
  if (pod === undefined || !podCommands(pod).some(({ kind }) => kind === 'start')) return null
  return (
    <Button onPress={() => runOnce(() => runPodCommand(services, pod, { kind: 'start' }))}>
      {statePanelText.startPod}
    </Button>
  )
}

interface StatusStripProps {
  readonly tone: 'info' | 'idle' | 'mute'
  readonly action?: ReactNode
  readonly children: ReactNode
}

export function StatusStrip({ tone, action, children }: StatusStripProps) {
  return (
    <div className={`term-strip ${tone}`}>
      <span className="dot" />
      <p role="status">{children}</p>
      {action}
    </div>
  )
}

function PassphrasePanel({ keyName }: { readonly keyName: string }) {
  return (
    <QuestionPanel icon="lock" title={statePanelText.passphraseNeeded}>
      <p>
        <b>{keyName}</b> {statePanelText.keyProtected}
      </p>
    </QuestionPanel>
  )
}
