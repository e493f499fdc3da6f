import { AppMenu } from '../shell/app-menu'
import { isDemo } from '../state/account-parts'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'

/** The window and its pages, and the commands for the whole account. */
export function PopoverFoot({ onEnterKey }: { readonly onEnterKey: () => void }) {
  const { bridge, snapshotStore, navigate } = useWindow()
  const isInDemo = useSnapshotStore(({ snapshot }) => isDemo(snapshot))
  return (
    <footer className="pop-foot">
      <Button
        kind="bare"
        icon="window"
        onPress={() => void snapshotStore.runRequest('Couldn’t open the window', bridge.openWindow('pods'))}
      >
        Open window
      </Button>
      {isInDemo && <span className="pill accent">Demo</span>}
      <span className="space" />
      <Button
        kind="bare"
        icon="refresh"
        label="Refresh now"
        onPress={() => void snapshotStore.runRequest('Couldn’t refresh', bridge.refresh())}
      />
      <Button kind="bare" icon="terminal" label="Terminals" onPress={() => navigate('terminals')} />
      <Button kind="bare" icon="bell" label="Activity" onPress={() => navigate('activity')} />
      <Button kind="bare" icon="settings" label="Settings" onPress={() => navigate('settings')} />
      <AppMenu isDemo={isInDemo} onEnterKey={onEnterKey} />
    </footer>
  )
}
