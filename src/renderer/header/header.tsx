import { useMirror, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { Tick } from '../ui/tick'
import { AppMenu } from './app-menu'
import { connectionTone, connectionWords } from './connection-words'

interface HeaderProps {
  readonly onEnterKey: () => void
  readonly onDisconnect: () => void
}

/** Name, news of the connection, and what concerns the whole account. */
export function Header({ onEnterKey, onDisconnect }: HeaderProps) {
  const { bridge, mirror } = useWindow()
  const account = useMirror(({ snapshot }) => snapshot?.account ?? null)
  return (
    <header className="title">
      <h1>Podkeeper</h1>
      {account?.isDemo === true && <span className="pill accent">Demo</span>}
      {account?.isMonitorOnly === true && <span className="pill">Monitor only</span>}
      <ConnectionStatus />
      {account !== null && (
        <>
          <Button
            kind="bare"
            icon="refresh"
            label="Refresh now"
            onPress={() => void mirror.report('Not refreshed', bridge.refresh())}
          />
          <AppMenu account={account} onEnterKey={onEnterKey} onDisconnect={onDisconnect} />
        </>
      )}
    </header>
  )
}

function ConnectionStatus() {
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
