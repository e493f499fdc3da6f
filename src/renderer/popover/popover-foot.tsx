import './popover-foot.css'
import { AppMenu } from '../shell/app-menu'
import { isDemo } from '../state/account-parts'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { pageTitles } from '../ui/ui-text'
import { popoverText } from './popover-text'

/** The window and its pages, and the commands for the whole account. */
export function PopoverFoot({ onEnterKey }: { readonly onEnterKey: () => void }) {
  const { bridge, snapshotStore, navigate } = useWindow()
  const isInDemo = useSnapshotStore(({ snapshot }) => isDemo(snapshot))
  return (
    <footer className="pop-foot">
      <Button
        kind="bare"
        icon="window"
        onPress={() =>
          void snapshotStore.runRequest(popoverText.couldNotOpenWindow, bridge.openWindow('pods'))
        }
      >
        {popoverText.openWindow}
      </Button>
      {isInDemo && <span className="pill accent">{popoverText.demo}</span>}
      <span className="space" />
      <Button
        kind="bare"
        icon="refresh"
        label={popoverText.refresh}
        onPress={() => void snapshotStore.runRequest(popoverText.couldNotRefresh, bridge.refresh())}
      />
      <Button
        kind="bare"
        icon="terminal"
        label={pageTitles.terminals}
        onPress={() => navigate('terminals')}
      />
      <Button kind="bare" icon="bell" label={pageTitles.activity} onPress={() => navigate('activity')} />
      <Button kind="bare" icon="settings" label={pageTitles.settings} onPress={() => navigate('settings')} />
      <AppMenu isDemo={isInDemo} onEnterKey={onEnterKey} />
    </footer>
  )
}
