import { Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import type { AccountView } from '../../core/view/snapshot'
import { useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { shortcutLabel } from '../ui/shortcut-label'

interface AppMenuProps {
  readonly account: AccountView
  readonly onEnterKey: () => void
}

/** Rarely used commands: open Runpod, replace the key, quit. */
export function AppMenu({ account, onEnterKey }: AppMenuProps) {
  const { bridge, snapshotStore } = useWindow()
  const leaveDemo = () => void snapshotStore.runRequest('The demo could not be left', bridge.disconnect())
  // The app asks in its own window first.
  const disconnect = () => void snapshotStore.runRequest('Not disconnected', bridge.disconnect())
  const copyDiagnostics = async () => {
    const copied = await snapshotStore.runRequest('Not copied', bridge.copyDiagnostics())
    if (copied !== null)
      snapshotStore.showToast(
        'ok',
        'Copied: versions, settings, state and the end of the log, without keys and names of pods.',
      )
  }
  return (
    <MenuTrigger>
      <Button kind="bare" icon="more" label="More" />
      <Popover className="menu-popover" placement="bottom end" offset={4}>
        <Menu className="menu" aria-label="More">
          <MenuItem
            className="menu-item"
            textValue="Run a command"
            onAction={() => snapshotStore.openDialog({ kind: 'palette' })}
          >
            Run a command <kbd aria-hidden="true">{shortcutLabel('K')}</kbd>
          </MenuItem>
          <MenuItem
            className="menu-item"
            onAction={() => void snapshotStore.runRequest('Not opened', bridge.openPage('console'))}
          >
            Open Runpod
          </MenuItem>
          <MenuItem className="menu-item" onAction={() => void copyDiagnostics()}>
            Copy diagnostics
          </MenuItem>
          {account.isDemo ? (
            <MenuItem className="menu-item" onAction={leaveDemo}>
              Leave demo
            </MenuItem>
          ) : (
            <>
              <MenuItem className="menu-item" onAction={onEnterKey}>
                Enter another key
              </MenuItem>
              <MenuItem className="menu-item" onAction={disconnect}>
                Disconnect…
              </MenuItem>
            </>
          )}
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
