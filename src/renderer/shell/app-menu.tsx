import { Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import { useWindow } from '../state/window-context'
import { afterMenu } from '../ui/after-menu'
import { Button } from '../ui/button'
import { shortcutLabel } from '../ui/shortcut-label'

interface AppMenuProps {
  readonly isDemo: boolean
  readonly onEnterKey: () => void
}

/** Rarely used commands. */
export function AppMenu({ isDemo, onEnterKey }: AppMenuProps) {
  const { bridge, snapshotStore, navigate } = useWindow()
  const leaveDemo = () => void snapshotStore.runRequest('Couldn’t leave the demo', bridge.leaveDemo())
  const manage = () => afterMenu(() => navigate('settings', 'accounts'))
  const copyDiagnostics = async () => {
    const copied = await snapshotStore.runRequest('Couldn’t copy diagnostics', bridge.copyDiagnostics())
    if (copied !== null)
      snapshotStore.showToast(
        'ok',
        'Diagnostics copied: versions, settings, state and the end of the log, without keys or pod names.',
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
            onAction={() => void snapshotStore.runRequest('Couldn’t open Runpod', bridge.openPage('console'))}
          >
            Open Runpod
          </MenuItem>
          <MenuItem className="menu-item" onAction={() => void copyDiagnostics()}>
            Copy diagnostics
          </MenuItem>
          {isDemo ? (
            <MenuItem className="menu-item" onAction={leaveDemo}>
              Leave demo
            </MenuItem>
          ) : (
            <>
              <MenuItem className="menu-item" onAction={() => afterMenu(onEnterKey)}>
                Add an account or replace a key
              </MenuItem>
              <MenuItem className="menu-item" onAction={manage}>
                Manage accounts
              </MenuItem>
            </>
          )}
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
