import { Menu, MenuItem } from 'react-aria-components'
import type { PodView } from '../../../core/view/snapshot'
import { autoStopPods } from '../../guard/auto-stop-pods'
import { useSnapshotStore, useWindow } from '../../state/window-context'
import { MenuButton } from '../../ui/controls/menu-button'
import { autoStopChoices, autoStopNotes } from './auto-stop-text'
import { setAutoStop } from './set-auto-stop'
import { bulkText } from './bulk-text'

/** Selects all of these pods for automatic stops, or deselects them. Renders nothing if none can be. */
export function AutoStopMenu({ pods }: { readonly pods: readonly PodView[] }) {
  const services = useWindow()
  const snapshot = useSnapshotStore((state) => state.wholeSnapshot)
  const own = autoStopPods(pods)
  if (own.length === 0 || snapshot === null) return null
  const notes = autoStopNotes(own, snapshot)
  return (
    <MenuButton text={bulkText.autoStop} placement="top start" popoverClass="auto-stop-menu">
      <Menu className="menu" aria-label={bulkText.autoStopAll}>
        {autoStopChoices.map(({ id, label, isAutoStopped }) => (
          <MenuItem
            key={id}
            className="menu-item"
            onAction={() => void setAutoStop(services, own, isAutoStopped)}
          >
            {label}
          </MenuItem>
        ))}
      </Menu>
      {notes.map((note) => (
        <p key={note} className="menu-note">
          {note}
        </p>
      ))}
    </MenuButton>
  )
}
