import { isSetUp } from '../state/account-parts'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { AccountMenu } from '../accounts/account-menu'
import { AppMenu } from './app-menu'
import { ConnectionStatus } from './connection-status'

interface HeaderProps {
  readonly onEnterKey: () => void
}

/** App name, connection status, and the commands for the whole account. */
export function Header({ onEnterKey }: HeaderProps) {
  const { bridge, snapshotStore } = useWindow()
  const account = useSnapshotStore(({ snapshot }) => snapshot?.account ?? null)
  const isSeveral = useSnapshotStore(({ snapshot }) => (snapshot?.accounts.length ?? 0) > 1)
  const isConnected = useSnapshotStore(({ snapshot }) => isSetUp(snapshot))
  return (
    <header className="title">
      <h1 className={isSeveral ? 'unseen' : undefined}>Podkeeper</h1>
      <AccountMenu onAdd={onEnterKey} />
      {account?.isDemo === true && <span className="pill accent">Demo</span>}
      {account?.isMonitorOnly === true && <span className="pill">Monitor only</span>}
      <ConnectionStatus />
      {isConnected && (
        <>
          <Button
            kind="bare"
            icon="refresh"
            label="Refresh now"
            onPress={() => void snapshotStore.runRequest('Not refreshed', bridge.refresh())}
          />
          <Button
            kind="bare"
            icon="window"
            label="Open the window"
            onPress={() => void snapshotStore.runRequest('Not opened', bridge.openWindow('pods'))}
          />
          <AppMenu isDemo={account?.isDemo === true} onEnterKey={onEnterKey} />
        </>
      )}
    </header>
  )
}
