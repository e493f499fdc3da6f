import { type RefObject, useEffect, useRef, useState } from 'react'
import { SHARED_ADDRESS, toForward, type WantedForward } from '../../core/ports/port-forward'
import { parseTypedPort, type PodPortsView } from '../../core/ports/ports-view'
import { podState } from '../../core/view/pod-state'
import type { PodView } from '../../core/view/snapshot'
import { podColor } from '../pod-model/pod-color'
import { PodHeading } from '../ui/labels/pod-heading'
import { useClockText, useSnapshotStore, useWindow } from '../state/window-context'
import { AccountLabel } from '../ui/labels/account-label'
import { Button } from '../ui/button'
import { commonText } from '../ui/common-text'
import { FormField, SubmitByEnter } from '../ui/controls/form-field'
import { isOther, type PortRow, portRows } from './port-rows'
import { PortRowItem } from './port-row-item'
import {
  changesText,
  connectionNote,
  listeningNote,
  noForwardsText,
  portName,
  portsPageText,
} from './ports-text'
import { usePublishedPorts } from './use-ports'

/** More are folded until a person wants to see them. */
const MAX_OPEN_OTHERS = 4

interface PodPortsProps {
  readonly pod: PodView
  readonly view: PodPortsView
  readonly canHaveOwnAddress: boolean
}

/** The ports of one pod. */
export function PodPorts({ pod, view, canHaveOwnAddress }: PodPortsProps) {
  const { bridge, snapshotStore } = useWindow()
  const section = useRef<HTMLElement>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  const published = usePublishedPorts(pod, section)
  useFocusAsTarget(pod.key, heading)
  const { name } = pod
  const { listening, connection } = view
  const obstacle = noForwardsText(pod)
  const rows = portRows(view, published)
  const others = rows.filter(isOther)
  const note = connectionNote(view)
  const forward = (wanted: WantedForward) =>
    void snapshotStore.runRequest(
      portsPageText.about(portName({ port: wanted.remotePort, service: null }), name),
      bridge.startForward(pod.key, toWanted(wanted)),
    )
  const list = (shown: readonly PortRow[]) =>
    shown.length > 0 && (
      <ul className="port-rows">
        {shown.map((row) => (
          <PortRowItem key={row.key} pod={pod} row={row} canForward={obstacle === null} onForward={forward} />
        ))}
      </ul>
    )
  const failed = view.forwards.find(({ state }) => state === 'failed')
  const findVerb = view.isLookingUp
    ? portsPageText.finding
    : listening === null
      ? portsPageText.find
      : portsPageText.findAgain
  const { tone, word } = podState(pod)
  return (
    <section className={`pod-ports ${podColor(pod)}`} aria-label={portsPageText.portsOf(name)} ref={section}>
      <header>
        <span className="id-bar" aria-hidden="true" />
        <h2 ref={heading} tabIndex={-1}>
          <PodHeading pod={pod} />
        </h2>
        <span className={`pill ${tone}`}>{word}</span>
        <AccountLabel accountId={pod.accountId} />
        <ListeningNote view={view} />
        {obstacle === null && (
          <Button
            icon="search"
            label={portsPageText.findOn(findVerb, name)}
            isPending={view.isLookingUp}
            onPress={() =>
              void snapshotStore.runRequest(portsPageText.notFound(name), bridge.lookUpPorts(pod.key))
            }
          >
            {findVerb}
          </Button>
        )}
      </header>
      {note !== null && (
        <div className={`message ${note.tone}`} role={note.tone === 'bad' ? 'alert' : 'status'}>
          <span className="words">{note.text}</span>
          {connection?.kind === 'asking' && (
            <Button
              onPress={() => void snapshotStore.runRequest(portsPageText.notAnswered, bridge.showQuestion())}
            >
              {portsPageText.answer}
            </Button>
          )}
          {failed !== undefined && <Button onPress={() => forward(failed)}>{commonText.tryAgain}</Button>}
        </div>
      )}
      <SharedCookies pod={pod} view={view} canHaveOwnAddress={canHaveOwnAddress} />
      {list(rows.filter((row) => !isOther(row)))}
      {others.length > 0 && (
        <details open={others.length <= MAX_OPEN_OTHERS}>
          <summary className="cap">{portsPageText.others(others.length)}</summary>
          {list(others)}
        </details>
      )}
      {obstacle === null ? (
        <ForwardForm podName={name} onForward={forward} />
      ) : (
        <p className="cap">{obstacle}</p>
      )}
      <Changes view={view} />
    </section>
  )
}

/** That forwards at 127.0.0.1 share cookies, and an address of the pod's own where the system has one. */
function SharedCookies({ pod, view, canHaveOwnAddress }: PodPortsProps) {
  const { bridge, snapshotStore } = useWindow()
  const shared = view.forwards.filter(
    ({ state, localAddress }) => state !== 'stopped' && localAddress === SHARED_ADDRESS,
  )
  if (shared.length === 0) return null
  const move = async (): Promise<void> => {
    for (const forward of shared) {
      const own: WantedForward = { remotePort: forward.remotePort, localPort: null, hasOwnAddress: true }
      const about = portsPageText.about(portName({ port: forward.remotePort, service: null }), pod.name)
      const isStarted = await snapshotStore.runRequest(about, bridge.startForward(pod.key, own))
      if (isStarted === true)
        await snapshotStore.runRequest(about, bridge.removeForward(pod.key, toForward(forward)))
    }
  }
  return (
    <p className="cap shared-cookies">
      <span className="words">{portsPageText.sharesCookies}</span>
      {canHaveOwnAddress && (
        <Button kind="bare" label={portsPageText.ownAddressFor(pod.name)} onPress={() => void move()}>
          {portsPageText.useOwnAddress}
        </Button>
      )}
    </p>
  )
}

/** Without what a view says besides, which the contract refuses. */
const toWanted = ({ remotePort, localPort, hasOwnAddress }: WantedForward): WantedForward => ({
  remotePort,
  localPort,
  ...(hasOwnAddress === true && { hasOwnAddress }),
})

/** What came of looking, or that one can look. */
function ListeningNote({ view: { listening } }: Pick<PodPortsProps, 'view'>) {
  const text = useClockText((nowMs) => listeningNote(listening, nowMs) ?? '')
  return <span className={`cap listening ${listening?.kind === 'failed' ? 'bad' : ''}`}>{text}</span>
}

/** Says to screen readers what became of the forwards. */
function Changes({ view }: Pick<PodPortsProps, 'view'>) {
  const last = useRef(view)
  const [said, setSaid] = useState('')
  useEffect(() => {
    const text = changesText(last.current, view)
    last.current = view
    if (text !== '') setSaid(text)
  }, [view])
  return (
    <p className="unseen" role="status">
      {said}
    </p>
  )
}

/** Moves the focus to the pod that the page was opened for. */
function useFocusAsTarget(podKey: string, heading: RefObject<HTMLElement | null>): void {
  const serial = useSnapshotStore(({ pageTarget }) => (pageTarget?.id === podKey ? pageTarget.serial : null))
  useEffect(() => {
    if (serial === null) return
    heading.current?.focus()
    heading.current?.scrollIntoView({ block: 'nearest' })
  }, [serial, heading])
}

interface ForwardFormProps {
  readonly podName: string
  readonly onForward: (forward: WantedForward) => void
}

/** Forwards a port by its number, to one here that main chooses unless one is named. */
function ForwardForm({ podName, onForward }: ForwardFormProps) {
  const [remote, setRemote] = useState('')
  const [local, setLocal] = useState('')
  const remotePort = parseTypedPort(remote)
  const localPort = local === '' ? null : parseTypedPort(local)
  const isComplete = remotePort !== null && (local === '' || localPort !== null)
  const submit = () => {
    if (remotePort === null || !isComplete) return
    onForward({ remotePort, localPort })
    setRemote('')
    setLocal('')
  }
  return (
    <form
      className="forward-form"
      aria-label={portsPageText.forwardAnother(podName)}
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <FormField
        label={portsPageText.podPort}
        value={remote}
        onChange={setRemote}
        maxLength={5}
        placeholder="8888"
        problem={remote !== '' && remotePort === null ? portsPageText.invalid : null}
      />
      <FormField
        label={portsPageText.localPort}
        value={local}
        onChange={setLocal}
        maxLength={5}
        placeholder={portsPageText.anyPort}
        problem={local !== '' && localPort === null ? portsPageText.invalid : null}
      />
      <Button
        label={portsPageText.forwardAnother(podName)}
        whyNot={isComplete ? null : portsPageText.invalid}
        onPress={submit}
      >
        {portsPageText.forward}
      </Button>
      <SubmitByEnter />
    </form>
  )
}
