import { Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import { pageOf, shownService } from '../state/account-parts'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { afterMenu } from '../ui/after-menu'
import { Button } from '../ui/button'
import { commonText } from '../ui/common-text'
import { shortcutLabel } from '../ui/shortcut-label'
import { appMenuText, demoText } from './shell-text'

interface AppMenuProps {
  readonly isDemo: boolean
  readonly onEnterKey: () => void
}

/** Rarely used commands. */
export function AppMenu({ isDemo, onEnterKey }: AppMenuProps) {
  const { bridge, snapshotStore, navigate } = useWindow()
  const service = useSnapshotStore(shownService)
  const leaveDemo = () => void snapshotStore.runRequest(demoText.couldNotLeave, bridge.leaveDemo())
  const manage = () => afterMenu(() => navigate('settings', 'accounts'))
  const copyDiagnostics = async () => {
    const copied = await snapshotStore.runRequest(
      appMenuText.couldNotCopyDiagnostics,
      bridge.copyDiagnostics(),
    )
    if (copied !== null) snapshotStore.showToast('ok', appMenuText.diagnosticsCopied)
  }
  return (
    <MenuTrigger>
      <Button kind="bare" icon="more" label={appMenuText.label} />
      <Popover className="menu-popover" placement="bottom end" offset={4}>
        <Menu className="menu" aria-label={appMenuText.label}>
          <MenuItem
            className="menu-item"
            textValue={appMenuText.runCommand}
            onAction={() => snapshotStore.openDialog({ kind: 'palette' })}
          >
            {appMenuText.runCommand} <kbd aria-hidden="true">{shortcutLabel('K')}</kbd>
          </MenuItem>
          <MenuItem
            className="menu-item"
            onAction={() =>
              void snapshotStore.runRequest(
                commonText.couldNotOpenService(service),
                bridge.openPage(pageOf(service)),
              )
            }
          >
            {commonText.openService(service)}
          </MenuItem>
          <MenuItem className="menu-item" onAction={() => void copyDiagnostics()}>
            {appMenuText.copyDiagnostics}
          </MenuItem>
          {isDemo ? (
            <MenuItem className="menu-item" onAction={leaveDemo}>
              {demoText.leave}
            </MenuItem>
          ) : (
            <>
              <MenuItem className="menu-item" onAction={() => afterMenu(onEnterKey)}>
                {appMenuText.addAccount}
              </MenuItem>
              <MenuItem className="menu-item" onAction={manage}>
                {appMenuText.manageAccounts}
              </MenuItem>
            </>
          )}
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
