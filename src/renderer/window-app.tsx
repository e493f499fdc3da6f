import { type ReactNode, type RefObject, useLayoutEffect, useRef, useState } from 'react'
import { SECOND_MS } from '../core/base/time/time'
import type { PageName } from '../shared/ipc'
import { LiveRegion } from './shell/live-region'
import { ConnectPage } from './connect/connect-page'
import { Dialogs } from './shell/dialogs'
import { useTryKey } from './connect/use-try-key'
import { DemoBar } from './shell/demo-bar'
import { type NavPage, SideNav } from './shell/side-nav'
import { Strip } from './strip/strip'
import { Toasts } from './toasts/toasts'
import { PodsPage } from './pods/pods-page'
import { useGoShortcuts } from './state/hooks/use-go-shortcuts'
import { useShortcuts } from './state/shortcuts'
import { isSetUp } from './state/account-parts'
import { useSnapshotStore, useWindow } from './state/window-context'
import { TerminalDock } from './terminal/terminal-dock'
import { TerminalsPage } from './terminal/terminals-page'
import { lazyPart } from './ui/lazy-part'
import { uiText } from './ui/ui-text'

/** Content that arrives later than this does not move the page any more. */
const SETTLING_MS = SECOND_MS

interface WindowPage extends NavPage {
  readonly render: (actions: PageActions) => ReactNode
}

/** Callbacks from a page to its window. */
export interface PageActions {
  readonly onEnterKey: () => void
}

/* Loaded on demand: the window starts with the pods. */
const costs = lazyPart(
  () => import('./money/costs/costs-page').then(({ CostsPage }) => CostsPage),
  uiText.couldNotLoadPage,
)

const volumes = lazyPart(
  () => import('./volumes/volumes-page').then(({ VolumesPage }) => VolumesPage),
  uiText.couldNotLoadPage,
)

const cleanUp = lazyPart(
  () => import('./clean-up/clean-up-page').then(({ CleanUpPage }) => CleanUpPage),
  uiText.couldNotLoadPage,
)

const ports = lazyPart(
  () => import('./ports/ports-page').then(({ PortsPage }) => PortsPage),
  uiText.couldNotLoadPage,
)

const files = lazyPart(
  () => import('./files/files-page').then(({ FilesPage }) => FilesPage),
  uiText.couldNotLoadPage,
)

const pod = lazyPart(
  () => import('./pod-page/pod-page').then(({ PodPage }) => PodPage),
  uiText.couldNotLoadPage,
)

const queue = lazyPart(
  () => import('./queue/page/queue-page').then(({ QueuePage }) => QueuePage),
  uiText.couldNotLoadPage,
)

const newPod = lazyPart(
  () => import('./new-pod/new-pod-page').then(({ NewPodPage }) => NewPodPage),
  uiText.couldNotLoadPage,
)

const activity = lazyPart(
  () => import('./activity/activity-page').then(({ ActivityPage }) => ActivityPage),
  uiText.couldNotLoadPage,
)

const settings = lazyPart(
  () => import('./settings/settings-page').then(({ SettingsPage }) => SettingsPage),
  uiText.couldNotLoadPage,
)

/** The pages of the main window in navigation order. */
const pages: Readonly<Record<PageName, WindowPage>> = {
  pods: { icon: 'pods', render: (actions) => <PodsPage {...actions} /> },
  pod: { icon: 'pods', render: () => <pod.Component />, preload: pod.preload, parent: 'pods' },
  logs: { icon: 'pods', render: () => <pod.Component />, preload: pod.preload, parent: 'pods' },
  'new-pod': {
    icon: 'plus',
    parent: 'pods',
    render: () => <newPod.Component />,
    preload: newPod.preload,
  },
  queue: { icon: 'queue', render: () => <queue.Component />, preload: queue.preload },
  costs: { icon: 'dollar', render: () => <costs.Component />, preload: costs.preload },
  terminals: { icon: 'terminal', render: () => <TerminalsPage /> },
  ports: { icon: 'plug', render: () => <ports.Component />, preload: ports.preload },
  files: { icon: 'disk', parent: 'pods', render: () => <files.Component />, preload: files.preload },
  volumes: { icon: 'disk', render: () => <volumes.Component />, preload: volumes.preload },
  'clean-up': {
    icon: 'broom',
    parent: 'costs',
    render: () => <cleanUp.Component />,
    preload: cleanUp.preload,
  },
  activity: { icon: 'bell', render: () => <activity.Component />, preload: activity.preload },
  settings: { icon: 'settings', render: () => <settings.Component />, preload: settings.preload },
}

/** The main window: navigation and a page, or the connect page when there is no account. */
export function WindowApp() {
  const [isEnteringKey, setEnteringKey] = useState(false)
  const { isTrying, tryKey } = useTryKey()
  const { snapshotStore } = useWindow()
  const name = useSnapshotStore(({ page }) => page)
  const hasSnapshot = useSnapshotStore(({ snapshot }) => snapshot !== null)
  const isConnected = useSnapshotStore(({ snapshot }) => isSetUp(snapshot))
  const scroller = usePageScroll(name)
  const enterKey = () => {
    setEnteringKey(true)
    snapshotStore.showPage('pods')
  }
  useShortcuts({
    settings: () => snapshotStore.showPage('settings'),
    palette: () => snapshotStore.openDialog({ kind: 'palette' }),
    keys: () => snapshotStore.openDialog({ kind: 'keys' }),
    new: () => {
      if (!isConnected) return
      if (name === 'queue') snapshotStore.openDialog({ kind: 'job', jobId: null })
      else snapshotStore.showPage('new-pod')
    },
  })
  useGoShortcuts((page) => {
    setEnteringKey(false)
    snapshotStore.showPage(page)
  })
  const isConnecting = hasSnapshot && name === 'pods' && (!isConnected || isEnteringKey || isTrying)
  const hasInventory = useSnapshotStore(({ snapshot }) => snapshot !== null && snapshot.listedAtMs !== null)
  const isPods = name === 'pods' && !isConnecting
  return (
    <div className="frame">
      <button type="button" className="skip-link" onClick={() => scroller.current?.focus()}>
        {uiText.skipToContent}
      </button>
      <SideNav pages={pages} current={name} onNavigate={() => setEnteringKey(false)} onEnterKey={enterKey} />
      <div className="content">
        {isConnected && hasInventory && !isConnecting && <Strip />}
        <main className="scroller" tabIndex={0} ref={scroller}>
          {isConnecting ? (
            <>
              <h1 className="unseen">{uiText.appName}</h1>
              <ConnectPage
                onBack={isConnected && isEnteringKey ? () => setEnteringKey(false) : null}
                tryKey={tryKey}
                onAccepted={() => {
                  setEnteringKey(false)
                  scroller.current?.focus()
                }}
              />
            </>
          ) : (
            pages[name].render({ onEnterKey: enterKey })
          )}
        </main>
        {isPods && <DemoBar />}
        {isPods && <TerminalDock />}
        <Toasts />
      </div>
      <LiveRegion />
      <Dialogs />
    </div>
  )
}

/** The scrolling element of all pages, each of which is found where it was left. */
function usePageScroll(page: string): RefObject<HTMLElement | null> {
  const ref = useRef<HTMLElement>(null)
  const positions = useRef(new Map<string, number>())
  useLayoutEffect(() => {
    const element = ref.current
    if (element === null) return undefined
    const kept = positions.current
    const wanted = kept.get(page) ?? 0
    let restored = 0
    let isRestoring = true
    const settle = () => {
      isRestoring = false
    }
    /** Whether a person scrolled it; a page that became shorter did not. */
    const isMoved = () => {
      const lowest = element.scrollHeight - element.clientHeight
      return Math.abs(element.scrollTop - Math.min(restored, lowest)) > 1
    }
    const place = () => {
      element.scrollTop = wanted
      restored = element.scrollTop
    }
    // The content can change before the event of a scroll comes.
    const restore = () => {
      if (isMoved()) settle()
      if (isRestoring) place()
    }
    place()
    // A page may be too short for its position until its content is there.
    const grown = new ResizeObserver(restore)
    for (const child of element.children) grown.observe(child)
    const timer = setTimeout(settle, SETTLING_MS)
    const onScroll = () => {
      if (isRestoring && isMoved()) settle()
      if (!isRestoring) kept.set(page, element.scrollTop)
    }
    element.addEventListener('scroll', onScroll)
    return () => {
      clearTimeout(timer)
      grown.disconnect()
      element.removeEventListener('scroll', onScroll)
    }
  }, [page])
  return ref
}
