import { useSnapshotStore } from '../state/window-context'
import { AccountMenu } from '../accounts/account-menu'
import { ConnectionStatus } from './connection-status'
import { uiText } from '../ui/ui-text'

interface HeaderProps {
  readonly onEnterKey: () => void
}

/** The head of the popover while there is no list of pods: a name, and whether the connection works. */
export function Header({ onEnterKey }: HeaderProps) {
  const isSeveral = useSnapshotStore(({ snapshot }) => (snapshot?.accounts.length ?? 0) > 1)
  return (
    <header className="title">
      <h1 className={isSeveral ? 'unseen' : undefined}>{uiText.appName}</h1>
      <AccountMenu onAdd={onEnterKey} />
      <ConnectionStatus />
    </header>
  )
}
