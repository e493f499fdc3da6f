import './own-window.css'
import { useEffect, useMemo } from 'react'
import { Dialogs } from '../../shell/dialogs'
import { LiveRegion } from '../../shell/live-region'
import { useShortcuts } from '../../state/shortcuts'
import { useAccountNames } from '../../state/hooks/use-account-names'
import { useWindow, WindowContext } from '../../state/window-context'
import { Toasts } from '../../toasts/toasts'
import { uiText } from '../../ui/ui-text'
import { LazyTerminalArea } from '../lazy-terminal-area'
import { useShownTabs } from '../state/terminals-store'
import { ownWindowText } from './own-window-text'

/** A window with one tab of terminals. Pages are shown in the main window. */
export function OwnWindowApp() {
  const services = useWindow()
  const { snapshotStore, navigate } = services
  const here = useMemo(
    () => ({
      ...services,
      snapshotStore: {
        ...services.snapshotStore,
        showPod: (podKey: string) => services.navigate('pods', podKey),
      },
    }),
    [services],
  )
  const [tab] = useShownTabs()
  const accounts = useAccountNames()
  const title =
    tab === undefined
      ? uiText.appName
      : ownWindowText.title(tab.lead.name, tab.lead.podName, accounts[tab.lead.accountId])
  useEffect(() => {
    document.title = title
  }, [title])
  useShortcuts({
    settings: () => navigate('settings'),
    palette: () => snapshotStore.openDialog({ kind: 'palette' }),
  })
  return (
    <WindowContext value={here}>
      <div className="own-window">
        <main aria-label={title}>
          <h1 className="unseen">{title}</h1>
          <LazyTerminalArea place="own-window" />
        </main>
        <Toasts />
        <LiveRegion />
        <Dialogs />
      </div>
    </WindowContext>
  )
}
