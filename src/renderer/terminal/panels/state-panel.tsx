import type { ReactNode } from 'react'
import type { TerminalView } from '../../../core/terminal/terminal'
import { useWindow } from '../../state/window-context'
import { Button } from '../../ui/button'
import { Tick } from '../../ui/tick'
import { FailurePanel } from './failure-panel'
import { HostKeyPanel } from './host-key-panels'
import { Panel } from './panel'
import { connectingWords, endedWords, waitingWords } from './terminal-text'

/** Whether something has to be decided before the terminal can be used: then it lies below and takes no key. */
export const isPanelShown = ({ state: { kind } }: TerminalView): boolean =>
  kind === 'asking' || kind === 'asking-passphrase' || kind === 'failed'

/** What there is to say of a terminal's state: over all of it, or as a line above it. Nothing while it is open. */
export function StateView({ terminal }: { readonly terminal: TerminalView }) {
  const { bridge, mirror } = useWindow()
  const { id, podName, state } = terminal
  const retry = (): void => void mirror.report(`${podName} is not connected`, bridge.retryTerminal(id))
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
      return <PassphrasePanel terminal={terminal} keyName={state.keyName} />
    case 'failed':
      return <FailurePanel key={state.failure.kind} terminal={terminal} failure={state.failure} />
    case 'connecting':
      return (
        <Strip tone="info">
          {connectingWords(state)}
          {terminal.typedAhead === 'kept' && ' What you typed goes to the shell once it is open.'}
        </Strip>
      )
    case 'waiting':
      return (
        <Strip tone="idle" action={<Button onPress={retry}>Try now</Button>}>
          <Tick text={(nowMs) => waitingWords(state, nowMs)} />
        </Strip>
      )
    case 'ended':
      return (
        <Strip tone="mute" action={<Button onPress={retry}>New shell</Button>}>
          {endedWords(state)} Enter begins another.
        </Strip>
      )
  }
}

interface StripProps {
  readonly tone: 'info' | 'idle' | 'mute'
  readonly action?: ReactNode
  readonly children: ReactNode
}

export function Strip({ tone, action, children }: StripProps) {
  return (
    <div className={`term-strip ${tone}`}>
      <span className="dot" />
      <p role="status">{children}</p>
      {action}
    </div>
  )
}

function PassphrasePanel({
  terminal,
  keyName,
}: {
  readonly terminal: TerminalView
  readonly keyName: string
}) {
  const { bridge, mirror } = useWindow()
  return (
    <Panel
      tone="info"
      icon="lock"
      title="A key asks for its passphrase"
      actions={
        <Button
          kind="primary"
          onPress={() => void mirror.report('Not shown', bridge.showPassphraseQuestion(terminal.id))}
        >
          Show the question
        </Button>
      }
    >
      <p>
        <b>{keyName}</b> is protected. Its passphrase is asked for in a small window of its own, and kept in
        memory only.
      </p>
    </Panel>
  )
}
