import type { ReactNode } from 'react'
import type { TerminalView } from '../../../core/terminal/terminal'
import {
  type HostKeyQuestion,
  type HostKeyView,
  serverText,
  type SshFailure,
} from '../../../core/terminal/host-key'
import { useSingleFlight } from '../../state/hooks/use-single-flight'
import { useWindow } from '../../state/window-context'
import { Button } from '../../ui/button'
import { Panel } from './panel'
import { failureText } from './terminal-text'
import { commonText } from '../../ui/common-text'
import { hostKeyText } from './panels-text'

interface HostKeyPanelProps {
  readonly terminal: TerminalView
  readonly question: HostKeyQuestion
}

/** Says that a host key is asked about in the app's own window: docs/product-rules.md#82-host-keys */
export function HostKeyPanel({ terminal: { podName }, question }: HostKeyPanelProps) {
  const { server, username, isKnownProxy, offered, acceptedForJobs } = question
  const name = isKnownProxy ? hostKeyText.proxy : podName
  return (
    <QuestionPanel icon="shield" title={hostKeyText.title(question.kind, name)}>
      <p>
        {hostKeyText.whetherToTrust}{' '}
        <b>
          {username}@{serverText(server)}
        </b>
        {hostKeyText.nothingSent}
      </p>
      <HostKeyList offered={offered} known={question.kind === 'new' ? null : question.known} />
      {acceptedForJobs !== undefined && (
        <p>{hostKeyText.acceptedForJobs(acceptedForJobs.atMs, acceptedForJobs.fingerprint)}</p>
      )}
    </QuestionPanel>
  )
}

interface QuestionPanelProps {
  readonly icon: 'shield' | 'lock'
  readonly title: string
  readonly children: ReactNode
}

/** A question that only the app's own window can ask. */
export function QuestionPanel({ icon, title, children }: QuestionPanelProps) {
  const { bridge, snapshotStore } = useWindow()
  const show = (): void => void snapshotStore.runRequest(hostKeyText.couldNotShow, bridge.showQuestion())
  return (
    <Panel
      tone="info"
      icon={icon}
      title={title}
      actions={
        <Button kind="primary" onPress={show}>
          {hostKeyText.show}
        </Button>
      }
    >
      {children}
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
      <HostKeyRow name={known === null ? hostKeyText.offered : hostKeyText.offeredNow} hostKey={offered} />
      {known !== null && <HostKeyRow name={hostKeyText.known} hostKey={known} />}
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

/** Blocks a changed host key. The known key is forgotten in the app's own window only. */
export function ChangedKeyPanel({
  terminal,
  failure,
}: {
  readonly terminal: TerminalView
  readonly failure: HostKeyChangedFailure
}) {
  const { bridge, snapshotStore } = useWindow()
  const runOnce = useSingleFlight()
  const { id, podName } = terminal
  const { title, text } = failureText(failure, podName)
  const forget = () => snapshotStore.runRequest(hostKeyText.couldNotForget, bridge.forgetHostKey(id))
  return (
    <Panel
      tone="bad"
      icon="warning"
      title={title}
      actions={
        <>
          <Button
            onPress={() => void snapshotStore.runRequest(hostKeyText.couldNotRetry, bridge.retryTerminal(id))}
          >
            {commonText.tryAgain}
          </Button>
          <Button onPress={() => runOnce(forget)}>{hostKeyText.forget}</Button>
        </>
      }
    >
      <p>{text}</p>
      <HostKeyList offered={failure.offered} known={failure.known} />
      <p>{hostKeyText.changedAdvice(failure.server.route)}</p>
    </Panel>
  )
}
