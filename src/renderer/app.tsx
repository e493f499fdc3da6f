import { useRef, useState } from 'react'
import { LiveRegion } from './shell/live-region'
import { ConnectPage } from './connect/connect-page'
import { Dialogs } from './shell/dialogs'
import { useTryKey } from './connect/use-try-key'
import { Header } from './shell/header'
import { AccountMessages } from './messages/account-messages'
import { DemoMessage } from './shell/demo-message'
import { ConnectionMessage } from './messages/connection-message'
import { GuardMessage } from './messages/guard-message'
import { PauseMessage } from './messages/pause-message'
import { PodMessages } from './messages/messages'
import { PopoverFilter } from './popover/popover-filter'
import { PopoverFoot } from './popover/popover-foot'
import { PopoverPods } from './popover/popover-pods'
import { PopoverStrip } from './popover/popover-strip'
import { useOpenPod } from './popover/use-open-pod'
import { useVisibility } from './popover/use-visibility'
import { NoMatch } from './pods/no-match'
import { Toasts } from './toasts/toasts'
import { openCreates } from './pod-model/text/create-text'
import { EmptyPods } from './pods/empty-pods'
import { useShortcuts } from './state/shortcuts'
import { isSetUp, isTogether } from './state/account-parts'
import { useSnapshotStore, useWindow } from './state/window-context'
import { uiText } from './ui/ui-text'

/** The popover: what needs the user, all pods, and what comes next, or the connect page without an account. */
export function App() {
  const { bridge, snapshotStore, navigate } = useWindow()
  const [isEnteringKey, setEnteringKey] = useState(false)
  const { isTrying, tryKey } = useTryKey()
  const hasSnapshot = useSnapshotStore(({ snapshot }) => snapshot !== null)
  const isConnected = useSnapshotStore(({ snapshot }) => isSetUp(snapshot))
  const hasInventory = useSnapshotStore(({ snapshot }) => snapshot !== null && snapshot.listedAtMs !== null)
  const hasEntries = useSnapshotStore(
    ({ snapshot, podsByKey }) =>
      snapshot !== null &&
      snapshot.pods.length + snapshot.gonePods.length + openCreates(snapshot.creates, podsByKey).length > 0,
  )
  const isSeveral = useSnapshotStore(isTogether)
  const isNoMatch = useSnapshotStore(
    ({ snapshot, sections }) => (snapshot?.pods.length ?? 0) > 0 && sections.length === 0,
  )
  const main = useRef<HTMLElement>(null)
  useVisibility((isVisible) => {
    if (!isVisible) main.current?.scrollTo(0, 0)
  })
  const openPod = useOpenPod()
  const enterKey = () => setEnteringKey(true)
  useShortcuts({
    keys: () => snapshotStore.openDialog({ kind: 'keys' }),
    close: () => {
      if (!openPod.closeChosen()) void snapshotStore.runRequest(uiText.couldNotHide, bridge.hidePopover())
    },
    settings: () => navigate('settings'),
    palette: () => snapshotStore.openDialog({ kind: 'palette' }),
  })

  const isConnecting = hasSnapshot && (!isConnected || isEnteringKey || isTrying)
  const isWatching = isConnected && !isConnecting
  return (
    <>
      {isWatching && hasInventory ? (
        <header className="pop-head">
          <h1 className="unseen">{uiText.appName}</h1>
          <PopoverStrip />
          <PopoverFilter onEnterKey={enterKey} />
        </header>
      ) : (
        <Header onEnterKey={enterKey} />
      )}
      <main className="scroller" tabIndex={0} ref={main}>
        {isWatching && (
          <PodMessages>
            {(hasEntries || isSeveral) && <ConnectionMessage onEnterKey={enterKey} />}
            <DemoMessage />
            <AccountMessages />
            <GuardMessage />
            <PauseMessage />
          </PodMessages>
        )}
        {isConnecting ? (
          <ConnectPage
            onBack={isConnected && isEnteringKey ? () => setEnteringKey(false) : null}
            tryKey={tryKey}
            onAccepted={() => {
              setEnteringKey(false)
              main.current?.focus()
            }}
          />
        ) : hasEntries ? (
          <>
            {isNoMatch && <NoMatch />}
            <PopoverPods openPod={openPod} />
          </>
        ) : (
          <EmptyPods onEnterKey={enterKey} />
        )}
      </main>
      <Toasts />
      {isWatching && <PopoverFoot onEnterKey={enterKey} />}
      <LiveRegion />
      <Dialogs />
    </>
  )
}
