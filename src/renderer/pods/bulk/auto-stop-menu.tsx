import { Button as AriaButton, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import type { PodView } from '../../../core/view/snapshot'
import { autoStopPods } from '../../guard/auto-stop-pods'
import { useSnapshotStore, useWindow } from '../../state/window-context'
import { Icon } from '../../ui/icon'
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
    <MenuTrigger>
      <AriaButton className="button with-menu">
        {bulkText.autoStop}
        <Icon name="chevron" size={14} />
      </AriaButton>
      <Popover className="menu-popover auto-stop-menu" placement="top start" offset={4}>
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
      </Popover>
    </MenuTrigger>
  )
}
