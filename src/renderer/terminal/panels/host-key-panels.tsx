import { useState } from 'react'
import { Input, Label, TextField } from 'react-aria-components'
import type { TerminalView } from '../../../core/terminal/terminal'
import type { HostKeyQuestion, HostKeyView, SshFailure } from '../../../core/terminal/host-key'
import { useAsk } from '../../state/use-request'
import { useWindow } from '../../state/window-context'
import { Button } from '../../ui/button'
import { AskDialog } from './ask-dialog'
import { Panel } from './panel'
import { addressWords, failureWords, keyKind } from './terminal-text'

interface QuestionProps {
  readonly terminal: TerminalView
  readonly question: HostKeyQuestion
}

/** Whether the server is the one that is meant: only a person can say so. */
export function HostKeyPanel({ terminal: { id, podName }, question }: QuestionProps) {
  const { bridge, mirror } = useWindow()
  const ask = useAsk()
  const { server, offered } = question
  const isProxy = server.route === 'proxy'
  const answer = (isTrusted: boolean) => () =>
    ask(() => mirror.report('Not answered', bridge.answerHostKey(id, offered.fingerprint, isTrusted)))
  const who = isProxy ? 'Runpod’s proxy' : podName
  return (
    <Panel
      tone="idle"
      icon="shield"
      title={question.kind === 'new' ? `Is this ${who}?` : `${who} has a new key since its restart`}
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
          Podkeeper sees {addressWords(server)} for the first time
          {isProxy ? ', and asks once for all pods' : ''}. Nothing was sent to it yet. If you can, compare the
          key with{' '}
          {isProxy ? (
            'what Runpod publishes, or what another computer of yours knows'
          ) : (
            <>
              what the pod says of itself (
              <code>ssh-keygen -lf /etc/ssh/ssh_host_{keyKind(offered)}_key.pub</code>)
            </>
          )}
          .
        </p>
      ) : (
        <p>
          A container that is made anew often makes new keys. If you did not expect that of{' '}
          {addressWords(server)}, cancel: somebody may be listening.
        </p>
      )}
      <Keys offered={offered} known={question.kind === 'new' ? null : question.known} />
    </Panel>
  )
}

/** Both keys, the one that is offered first. */
function Keys({ offered, known }: { readonly offered: HostKeyView; readonly known: HostKeyView | null }) {
  return (
    <dl className="term-keys">
      <Key name={known === null ? 'Its key' : 'Offered now'} view={offered} />
      {known !== null && <Key name="Known" view={known} />}
    </dl>
  )
}

function Key({ name, view }: { readonly name: string; readonly view: HostKeyView }) {
  return (
    <div>
      <dt>
        {name} <span className="cap">{view.algorithm}</span>
      </dt>
      <dd>
        <code>{view.fingerprint}</code>
      </dd>
    </div>
  )
}

type Changed = Extract<SshFailure, { kind: 'host-key-changed' }>

/** Blocked, with no quick way on: the pod's name has to be typed before the known key is forgotten. */
export function ChangedKeyPanel({
  terminal,
  failure,
}: {
  readonly terminal: TerminalView
  readonly failure: Changed
}) {
  const { bridge, mirror } = useWindow()
  const [isForgetting, setForgetting] = useState(false)
  const [typed, setTyped] = useState('')
  const { id, podName } = terminal
  const { title, text } = failureWords(failure, podName)
  const answer = (isWanted: boolean): void => {
    setForgetting(false)
    setTyped('')
    if (isWanted) void mirror.report('The key is still known', bridge.forgetHostKey(id, typed))
  }
  return (
    <Panel
      tone="bad"
      icon="warning"
      title={title}
      actions={
        <>
          <Button onPress={() => void mirror.report('Not tried again', bridge.retryTerminal(id))}>
            Try again
          </Button>
          <Button onPress={() => setForgetting(true)}>Forget the known key…</Button>
        </>
      }
    >
      <p>{text}</p>
      <Keys offered={failure.offered} known={failure.known} />
      <p>
        {failure.server.route === 'proxy'
          ? 'Look whether Runpod tells of a new key of its proxy. If it does not'
          : 'Look in Runpod’s console whether the pod was reset or moved. If nobody did that'}
        , don’t go on, and don’t type a password or key anywhere on it.
      </p>
      {isForgetting && (
        <AskDialog title="Forget the known key?" verb="Forget it" canDo={typed === podName} onAnswer={answer}>
          <p>
            Podkeeper asks about the new key then, as if it saw the server for the first time. Only do this if
            you know why the key of {addressWords(failure.server)} changed.
          </p>
          <TextField className="ask-field" value={typed} onChange={setTyped} autoComplete="off">
            <Label>
              The pod’s name, <b>{podName}</b>
            </Label>
            <Input className="key-field" spellCheck={false} />
          </TextField>
        </AskDialog>
      )}
    </Panel>
  )
}
