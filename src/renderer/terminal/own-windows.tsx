import './own-windows.css'
import { useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { tabName } from './state/terminal-tabs'
import { useTerminalsState } from './state/terminals-store'
import { ownWindowsText } from './state/own-windows-text'

/** Leads to the terminals that are in windows of their own. */
export function OwnWindows() {
  const { bridge, snapshotStore } = useWindow()
  const leads = useTerminalsState((state) => state.inOwnWindows)
  return (
    <div className="own-windows" role="group" aria-label={ownWindowsText.inOwnWindows}>
      <span className="cap" aria-hidden="true">
        {ownWindowsText.inOwnWindows}
      </span>
      {leads.map((lead) => {
        const name = tabName(lead, leads)
        return (
          <Button
            key={lead.id}
            icon="window"
            label={ownWindowsText.show(name)}
            onPress={() =>
              void snapshotStore.runRequest(ownWindowsText.couldNotShow, bridge.showTerminalWindow(lead.id))
            }
          >
            <bdi className="offered-name">{name}</bdi>
          </Button>
        )
      })}
    </div>
  )
}
