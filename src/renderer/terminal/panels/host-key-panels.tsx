import { useState } from 'react'
import { Input, Label, TextField } from 'react-aria-components'
import type { TerminalView } from '../../../core/terminal/terminal'
import type { HostKeyQuestion, HostKeyView, SshFailure } from '../../../core/terminal/host-key'
import { useSingleFlight } from '../../state/use-single-flight'
import { useWindow } from '../../state/window-context'
import { Button } from '../../ui/button'
import { ConfirmDialog } from './confirm-dialog'
import { Panel } from './panel'
import { addressText, failureText, keyTypeText } from './terminal-text'

interface HostKeyPanelProps {
  readonly terminal: TerminalView
  readonly question: HostKeyQuestion
}

/** Asks whether to trust an unknown host key: docs/product-rules.md#82-host-keys */
export function HostKeyPanel({ terminal: { id, podName }, question }: HostKeyPanelProps) {
  const { bridge, snapshotStore } = useWindow()
  const runOnce = useSingleFlight()
  const { server, offered } = question
  const isProxy = server.route === 'proxy'
  const answer = (isTrusted: boolean) => () =>
    runOnce(() =>
      snapshotStore.runRequest('Not answered', bridge.answerHostKey(id, offered.fingerprint, isTrusted)),
    )
  const serverName = isProxy ? 'Runpod’s proxy' : podName
  return (
    <Panel
      tone="idle"
      icon="shield"
      title={
        question.kind === 'new' ? `Is this ${serverName}?` : `${serverName} has a new key since its restart`
      }
      actions={
        <>
          <Button onPress={answer(false)}>Cancel</Button>
          <Button kind="primary" onPress={answer(true)}>
            Trust this key
          </Button>
        </>
      }
    >
      {question.kind === 'new' ? (
        <p>
          Podkeeper sees {addressText(server)} for the first time
          {isProxy ? ', and asks once for all pods' : ''}. Nothing was sent to it yet. If you can, compare the
          key with{' '}
          {isProxy ? (
            'what Runpod publishes, or what another computer of yours knows'
          ) : (
            <>
              what the pod says of itself (
              <code>ssh-keygen -lf /etc/ssh/ssh_host_{keyTypeText(offered)}_key.pub</code>)
            </>
          )}
          .
        </p>
      ) : (
        <p>
          A container that is made anew often makes new keys. If you did not expect that of{' '}
          {addressText(server)}, cancel: somebody may be listening.
        </p>
      )}
      <HostKeyList offered={offered} known={question.kind === 'new' ? null : question.known} />
    </Panel>
  )
}

/** The offered key first, followed by the known ones. */
function HostKeyList({
  offered,
  known,
}: {
  readonly offered: HostKeyView
  readonly known: HostKeyView | null
}) {
  return (
    <dl className="term-keys">
      <HostKeyRow name={known === null ? 'Its key' : 'Offered now'} hostKey={offered} />
      {known !== null && <HostKeyRow name="Known" hostKey={known} />}
    </dl>
  )
}

function HostKeyRow({ name, hostKey }: { readonly name: string; readonly hostKey: HostKeyView }) {
  return (
    <div>
      <dt>
        {name} <span className="cap">{hostKey.algorithm}</span>
      </dt>
      <dd>
        <code>{hostKey.fingerprint}</code>
      </dd>
    </div>
  )
}

type HostKeyChangedFailure = Extract<SshFailure, { kind: 'host-key-changed' }>

/** Blocks a changed host key. The pod's name must be typed before the known key is forgotten. */
export function ChangedKeyPanel({
  terminal,
  failure,
}: {
  readonly terminal: TerminalView
  readonly failure: HostKeyChangedFailure
}) {
  const { bridge, snapshotStore } = useWindow()
  const [isForgetting, setForgetting] = useState(false)
  const [typed, setTyped] = useState('')
  const { id, podName } = terminal
  const { title, text } = failureText(failure, podName)
  const answer = (isConfirmed: boolean): void => {
    setForgetting(false)
    setTyped('')
    if (isConfirmed) void snapshotStore.runRequest('The key is still known', bridge.forgetHostKey(id, typed))
  }
  return (
    <Panel
      tone="bad"
      icon="warning"
      title={title}
      actions={
        <>
          <Button onPress={() => void snapshotStore.runRequest('Not tried again', bridge.retryTerminal(id))}>
            Try again
          </Button>
          <Button onPress={() => setForgetting(true)}>Forget the known key…</Button>
        </>
      }
    >
      <p>{text}</p>
      <HostKeyList offered={failure.offered} known={failure.known} />
      <p>
        {failure.server.route === 'proxy'
          ? 'Look whether Runpod tells of a new key of its proxy. If it does not'
          : 'Look in Runpod’s console whether the pod was reset or moved. If nobody did that'}
        , don’t go on, and don’t type a password or key anywhere on it.
      </p>
      {isForgetting && (
        <ConfirmDialog
          title="Forget the known key?"
          confirmLabel="Forget it"
          canConfirm={typed === podName}
          onAnswer={answer}
        >
          <p>
            Podkeeper asks about the new key then, as if it saw the server for the first time. Only do this if
            you know why the key of {addressText(failure.server)} changed.
          </p>
          <TextField className="ask-field" value={typed} onChange={setTyped} autoComplete="off">
            <Label>
              The pod’s name, <b>{podName}</b>
            </Label>
            <Input className="key-field" spellCheck={false} />
          </TextField>
        </ConfirmDialog>
      )}
    </Panel>
  )
}
