import { useSnapshotStore } from '../state/window-context'
import { ClockText } from '../ui/clock-text'
import { connectionText, connectionTone } from './connection-text'

/** Whether the connection works, and how old the data is. */
export function ConnectionStatus() {
  const connection = useSnapshotStore(({ snapshot }) => snapshot?.connection ?? null)
  const listedAtMs = useSnapshotStore(({ snapshot }) => snapshot?.listedAtMs ?? null)
  if (connection === null || connection.kind === 'no-account') return <span className="connection" />
  return (
    <span className={`connection ${connectionTone(connection)}`}>
      <span className="dot" />
      <span>
        <ClockText textAt={(nowMs) => connectionText(connection, listedAtMs, nowMs)} />
      </span>
    </span>
  )
}
