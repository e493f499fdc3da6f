import { useMirror, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { AppMenu } from './app-menu'
import { ConnectionStatus } from './connection-status'

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
          <Button
            kind="bare"
            icon="window"
            label="Open the window"
            onPress={() => void mirror.report('Not opened', bridge.openWindow('pods'))}
          />
          <AppMenu account={account} onEnterKey={onEnterKey} onDisconnect={onDisconnect} />
        </>
      )}
    </header>
  )
}
