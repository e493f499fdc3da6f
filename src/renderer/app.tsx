import { useState } from 'react'
import { LiveRegion } from './shell/live-region'
import { ConnectPage } from './connect/connect-page'
import { Dialogs } from './shell/dialogs'
import { FirstRun } from './first-run/first-run'
import { useFirstRun } from './first-run/use-first-run'
import { Header } from './shell/header'
import { AccountMessages } from './messages/account-messages'
import { ConnectionMessage } from './messages/connection-message'
import { GuardMessage } from './messages/guard-message'
import { PauseMessage } from './messages/pause-message'
import { PodMessages } from './messages/messages'
import { Summary } from './money/summary'
import { Toasts } from './toasts/toasts'
import { EmptyPods } from './pods/empty-pods'
import { PodList } from './pods/pod-list'
import { useShortcuts } from './state/shortcuts'
import { isSetUp, isTogether } from './state/account-parts'
import { useSnapshotStore, useWindow } from './state/window-context'

/** The popover: the pods, or the connect page when there is no account. */
export function App() {
  const { bridge, snapshotStore, navigate } = useWindow()
  const [isEnteringKey, setEnteringKey] = useState(false)
  const firstRun = useFirstRun()
  const hasSnapshot = useSnapshotStore(({ snapshot }) => snapshot !== null)
  const isConnected = useSnapshotStore(({ snapshot }) => isSetUp(snapshot))
  const hasInventory = useSnapshotStore(({ snapshot }) => snapshot !== null && snapshot.listedAtMs !== null)
  const hasEntries = useSnapshotStore(
    ({ snapshot }) => snapshot !== null && snapshot.pods.length + snapshot.gonePods.length > 0,
  )
  const isSeveral = useSnapshotStore(isTogether)
  const enterKey = () => setEnteringKey(true)
  useShortcuts({
    close: () => void snapshotStore.runRequest('Not hidden', bridge.hidePopover()),
    settings: () => navigate('settings'),
    palette: () => snapshotStore.openDialog({ kind: 'palette' }),
  })

  const isConnecting = hasSnapshot && (!isConnected || isEnteringKey || firstRun.isTrying)
  const isFirstRun = isConnected && !isConnecting && firstRun.step !== null
  return (
    <>
      <Header onEnterKey={enterKey} />
      {isConnected && hasInventory && !isConnecting && !isFirstRun && <Summary />}
      <main className="scroller" tabIndex={0}>
        {isConnected && !isConnecting && !isFirstRun && (
          <PodMessages>
            {(hasEntries || isSeveral) && <ConnectionMessage onEnterKey={enterKey} />}
            <AccountMessages />
            <GuardMessage />
            <PauseMessage />
          </PodMessages>
        )}
        {isConnecting ? (
          <ConnectPage
            onBack={isConnected && isEnteringKey ? () => setEnteringKey(false) : null}
            tryKey={firstRun.tryKey}
            onAccepted={() => setEnteringKey(false)}
          />
        ) : isFirstRun ? (
          <FirstRun step={firstRun.step} onStep={firstRun.setStep} />
        ) : hasEntries ? (
          <PodList layout="column" />
        ) : (
          <EmptyPods onEnterKey={enterKey} />
        )}
      </main>
      <Toasts />
      <LiveRegion />
      <Dialogs />
    </>
  )
}
