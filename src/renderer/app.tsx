import { useRef, useState } from 'react'
import { AccountMenu } from './accounts/account-menu'
import { LiveRegion } from './shell/live-region'
import { ConnectPage } from './connect/connect-page'
import { Dialogs } from './shell/dialogs'
import { useTryKey } from './connect/use-try-key'
import { AccountMessages } from './messages/account-messages'
import { ConnectionMessage } from './messages/connection-message'
import { GuardMessage } from './messages/guard-message'
import { PauseMessage } from './messages/pause-message'
import { PodMessages } from './messages/messages'
import { PopoverPods } from './popover/popover-pods'
import { useOpenPod } from './popover/use-open-pod'
import { useVisibility } from './popover/use-visibility'
import { NoMatch } from './pods/no-match'
import { Toasts } from './toasts/toasts'
import { openCreates } from './pod-model/text/create-text'
import { EmptyPods } from './pods/empty-pods'
import { PodSearch } from './pods/pod-search'
import './popover/popover-foot.css'
import { popoverText } from './popover/popover-text'
import { AppMenu } from './shell/app-menu'
import { ConnectionStatus } from './shell/connection-status'
import { demoText } from './shell/shell-text'
import { useShortcuts } from './state/shortcuts'
import { isDemo, isSetUp, isTogether } from './state/account-parts'
import { useSnapshotStore, useWindow } from './state/window-context'
import { BalancePart } from './strip/balance-part'
import { BudgetPart, SetBudgetButton } from './strip/budget-part'
import { IdlePart } from './strip/idle-part'
import { RatePart } from './strip/rate-part'
import { stripText } from './strip/strip-text'
import './strip/strip.css'
import { Button } from './ui/button'
import { Message } from './ui/message'
import { shortcutLabel } from './ui/shortcut-label'
import { pageTitles, uiText } from './ui/ui-text'

/** Fewer pods are all in view. */
const SEARCHED_FROM = 5

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

/** Chooses among many pods by typing, and among several accounts; leads to a new pod. */
function PopoverFilter({ onEnterKey }: { readonly onEnterKey: () => void }) {
  const { snapshotStore, navigate } = useWindow()
  const count = useSnapshotStore(({ snapshot }) => snapshot?.pods.length ?? 0)
  const isSeveral = useSnapshotStore(({ wholeSnapshot }) => (wholeSnapshot?.accounts.length ?? 0) > 1)
  const isSearching = useSnapshotStore(({ view }) => view.search !== '')
  const input = useRef<HTMLInputElement>(null)
  const hasSearch = count >= SEARCHED_FROM || isSearching
  useVisibility((isVisible) => {
    if (!isVisible) snapshotStore.setView({ search: '' })
    // Typing filters at once, unless a question or a field is waiting.
    else if (document.activeElement === document.body) input.current?.focus({ preventScroll: true })
  })
  if (!hasSearch && !isSeveral) return null
  return (
    <div className="pop-filter">
      <AccountMenu onAdd={onEnterKey} />
      {hasSearch && (
        <PodSearch
          placeholder={popoverText.filter(count)}
          inputRef={input}
          onLeave={() => document.querySelector<HTMLElement>('main [id^="pod-"]')?.focus()}
        />
      )}
      <Button icon="plus" label={popoverText.newPod} onPress={() => navigate('new-pod')} />
    </div>
  )
}

/** The window and its pages, and the commands for the whole account. */
function PopoverFoot({ onEnterKey }: { readonly onEnterKey: () => void }) {
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
      <Button
        kind="bare"
        icon="settings"
        shortcut={shortcutLabel(',')}
        label={pageTitles.settings}
        onPress={() => navigate('settings')}
      />
      <AppMenu isDemo={isInDemo} onEnterKey={onEnterKey} />
    </footer>
  )
}

/** Money, idle pods and the age of the data in two lines. Each figure opens its details. */
function PopoverStrip() {
  const money = useSnapshotStore(({ snapshot }) => snapshot?.money ?? null)
  return (
    <section className="pop-strip" aria-label={stripText.label}>
      {money !== null && (
        <div>
          <BudgetPart money={money} />
          {money.budget.monthlyUsd === null && <SetBudgetButton />}
        </div>
      )}
      <div>
        <RatePart />
        <BalancePart />
        <IdlePart isFilterOffered={false} />
        <ConnectionStatus isShort />
      </div>
    </section>
  )
}

/** Says in the popover that what is shown is the demo. */
function DemoMessage() {
  const { bridge, snapshotStore } = useWindow()
  const isInDemo = useSnapshotStore(({ snapshot }) => isDemo(snapshot))
  if (!isInDemo) return null
  const leave = () => void snapshotStore.runRequest(demoText.couldNotLeave, bridge.leaveDemo())
  return (
    <Message tone="mute" actions={<Button onPress={leave}>{demoText.leave}</Button>}>
      {demoText.simulated}
    </Message>
  )
}

interface HeaderProps {
  readonly onEnterKey: () => void
}

/** The head of the popover while there is no list of pods: a name, and whether the connection works. */
function Header({ onEnterKey }: HeaderProps) {
  const isSeveral = useSnapshotStore(({ snapshot }) => (snapshot?.accounts.length ?? 0) > 1)
  return (
    <header className="title">
      <h1 className={isSeveral ? 'unseen' : undefined}>{uiText.appName}</h1>
      <AccountMenu onAdd={onEnterKey} />
      <ConnectionStatus />
    </header>
  )
}
