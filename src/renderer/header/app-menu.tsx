import { Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import type { AccountView } from '../../core/snapshot'
import { useWindow } from '../state/window-context'
import { Button } from '../ui/button'

interface AppMenuProps {
  readonly account: AccountView
  readonly onEnterKey: () => void
  readonly onDisconnect: () => void
}

/** What is rarely done: to open Runpod, to give another key, to leave. */
export function AppMenu({ account, onEnterKey, onDisconnect }: AppMenuProps) {
  const { bridge, mirror } = useWindow()
  const leaveDemo = () => void mirror.report('The demo could not be left', bridge.disconnect())
  return (
    <MenuTrigger>
      <Button kind="bare" icon="more" label="More" />
      <Popover className="menu-popover" placement="bottom end" offset={4}>
        <Menu className="menu" aria-label="More">
          <MenuItem
            className="menu-item"
            onAction={() => void mirror.report('Not opened', bridge.openPage('console'))}
          >
            Open Runpod
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
              <MenuItem className="menu-item" onAction={onDisconnect}>
                Disconnect…
              </MenuItem>
            </>
          )}
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
