import { useMirror } from '../state/window-context'
import { Tick } from '../ui/tick'
import { connectionTone, connectionWords } from './connection-text'

/** Whether there is news, and how old it is. */
export function ConnectionStatus() {
  const connection = useMirror(({ snapshot }) => snapshot?.connection ?? null)
  const pictureAtMs = useMirror(({ snapshot }) => snapshot?.pictureAtMs ?? null)
  if (connection === null || connection.kind === 'no-account') return <span className="connection" />
  return (
    <span className={`connection ${connectionTone(connection)}`}>
      <span className="dot" />
      <span>
        <Tick text={(nowMs) => connectionWords(connection, pictureAtMs, nowMs)} />
      </span>
    </span>
  )
}
