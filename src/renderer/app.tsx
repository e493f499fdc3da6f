import { useState } from 'react'
import { Announcement } from './shell/live-region'
import { ConnectPage } from './connect/connect-page'
import { Dialogs } from './shell/dialogs'
import { FirstRun } from './first-run/first-run'
import { useFirstRun } from './first-run/use-first-run'
import { Header } from './shell/header'
import { AccountMessages } from './messages/account-messages'
import { ConnectionMessage } from './messages/connection-message'
import { DisconnectMessage } from './messages/disconnect-message'
import { GuardMessage } from './messages/guard-message'
import { PauseMessage } from './messages/pause-message'
import { PodMessages, WindowMessages } from './messages/messages'
import { Summary } from './money/summary'
import { EmptyPods } from './pods/empty-pods'
import { PodList } from './pods/pod-list'
import { useShortcuts } from './state/shortcuts'
import { useMirror, useWindow } from './state/window-context'

/** The window: the pods, or where there is no account the way to one. */
export function App() {
  const { bridge, mirror, goTo } = useWindow()
  const [isEnteringKey, setEnteringKey] = useState(false)
  const firstRun = useFirstRun()
  const [isLeaving, setLeaving] = useState(false)
  const isKnown = useMirror(({ snapshot }) => snapshot !== null)
  const hasAccount = useMirror(({ snapshot }) => snapshot !== null && snapshot.account !== null)
  const hasPicture = useMirror(({ snapshot }) => snapshot !== null && snapshot.pictureAtMs !== null)
  const hasEntries = useMirror(
    ({ snapshot }) => snapshot !== null && snapshot.pods.length + snapshot.tombstones.length > 0,
  )
  const enterKey = () => setEnteringKey(true)
  useShortcuts({
    close: () => void mirror.report('Not hidden', bridge.hidePopover()),
    settings: () => goTo('settings'),
    palette: () => mirror.open({ kind: 'palette' }),
  })

  const isConnecting = isKnown && (!hasAccount || isEnteringKey || firstRun.isTrying)
  const isFirstRun = hasAccount && !isConnecting && firstRun.step !== null
  return (
    <>
      <Header onEnterKey={enterKey} onDisconnect={() => setLeaving(true)} />
      {hasAccount && hasPicture && !isConnecting && !isFirstRun && <Summary />}
      <WindowMessages>
        {isLeaving && hasAccount && <DisconnectMessage onDone={() => setLeaving(false)} />}
      </WindowMessages>
      <main className="scroller" tabIndex={0}>
        {hasAccount && !isConnecting && !isFirstRun && (
          <PodMessages>
            {hasEntries && <ConnectionMessage onEnterKey={enterKey} />}
            <AccountMessages />
            <GuardMessage />
            <PauseMessage />
          </PodMessages>
        )}
        {isConnecting ? (
          <ConnectPage
            onBack={hasAccount && isEnteringKey ? () => setEnteringKey(false) : null}
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
      <Announcement />
      <Dialogs />
    </>
  )
}
