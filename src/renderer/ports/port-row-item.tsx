import { toForward, type WantedForward } from '../../core/ports/port-forward'
import { serviceNames } from '../../core/ports/recognize-services'
import type { PodView } from '../../core/view/snapshot'
import { useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import type { PortRow } from './port-rows'
import {
  bytesText,
  connectionsText,
  forwardNote,
  forwardStatus,
  localAddress,
  portName,
  portsPageText,
} from './ports-text'

interface PortRowProps {
  readonly pod: PodView
  readonly row: PortRow
  readonly canForward: boolean
  readonly onForward: (forward: WantedForward) => void
}

/** One port, with its forward and what can be done with it. */
export function PortRowItem({ pod, row, canForward, onForward }: PortRowProps) {
  const { port, service, command, forward, isPublished, isListening } = row
  const name = portName(row)
  const note = forward === null ? null : forwardNote(forward)
  const facts = [
    ...(isPublished ? [portsPageText.isPublished] : []),
    ...(isListening === false && note === null ? [portsPageText.isSilent] : []),
  ]
  return (
    <li className={forward === null ? 'not-forwarded' : ''} aria-label={portsPageText.about(name, pod.name)}>
      <div className="what">
        <span>
          <code>{port}</code> {service !== null && <b>{serviceNames[service]}</b>}
        </span>
        <span className="cap command" title={command ?? ''}>
          {command !== null ? <bdi>{command}</bdi> : facts.join(' · ')}
        </span>
      </div>
      {forward !== null && (
        <>
          <div className="where">
            <code>{localAddress(forward)}</code>
            {forward.traffic !== null && (
              <span className="cap">
                {bytesText(forward.traffic)} · {connectionsText(forward.traffic)}
              </span>
            )}
          </div>
          <div className="state">
            <StatusPill forward={forward} />
          </div>
        </>
      )}
      <div className="row-buttons">
        <RowButtons pod={pod} row={row} name={name} canForward={canForward} onForward={onForward} />
      </div>
      {note !== null && <p className="cap note">{note}</p>}
    </li>
  )
}

function StatusPill({ forward }: { readonly forward: NonNullable<PortRow['forward']> }) {
  const { tone, word } = forwardStatus(forward)
  return <span className={`pill ${tone}`}>{word}</span>
}

function RowButtons({ pod, row, name, canForward, onForward }: PortRowProps & { readonly name: string }) {
  const { bridge, snapshotStore } = useWindow()
  const { port, forward, isPublished } = row
  const label = (verb: string) => portsPageText.action(verb, name, pod.name)
  const run = (request: ReturnType<typeof bridge.stopForward>) =>
    void snapshotStore.runRequest(portsPageText.about(name, pod.name), request)
  const wanted = forward === null ? null : toForward(forward)
  const isStopped = forward === null || forward.state === 'stopped'
  return (
    <>
      {isPublished && pod.phase === 'running' && (
        <Button
          kind="bare"
          icon="window"
          label={label(portsPageText.openProxy)}
          onPress={() => run(bridge.openPodPort(pod.key, port))}
        >
          {portsPageText.openProxy}
        </Button>
      )}
      {wanted !== null && forward?.openPort != null && (
        <Button
          icon="window"
          label={label(portsPageText.open)}
          onPress={() => run(bridge.openForward(pod.key, wanted))}
        >
          {portsPageText.open}
        </Button>
      )}
      {isStopped && canForward && (
        <Button
          label={label(forward === null ? portsPageText.forward : portsPageText.start)}
          onPress={() => onForward(wanted ?? { remotePort: port, localPort: null })}
        >
          {forward === null ? portsPageText.forward : portsPageText.start}
        </Button>
      )}
      {wanted !== null && !isStopped && (
        <Button label={label(portsPageText.stop)} onPress={() => run(bridge.stopForward(pod.key, wanted))}>
          {portsPageText.stop}
        </Button>
      )}
      {wanted !== null && isStopped && (
        <Button
          kind="bare"
          icon="close"
          label={label(portsPageText.remove)}
          onPress={() => run(bridge.removeForward(pod.key, wanted))}
        />
      )}
    </>
  )
}
