import '@fontsource-variable/inter/wght.css'
import './ui/styles/tokens.css'
import './ui/styles/base.css'
import './ui/styles/menu.css'
import './ui/styles/forced-colors.css'
import './ui/styles/page.css'
import './ui/styles/settings.css'
import './ui/styles/segmented.css'
import './pods/pods.css'
import './pods/card/panels/card-panels.css'
import { type ReactNode, StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { configureFormats } from '../core/base/text/format'
import { bridge } from './bridge'
import { loadChosenAccount, saveChosenAccount } from './pods/saved-view'
import type { PodsView } from './state/arrange/pod-filter'
import { createSnapshotStore, type SnapshotStore } from './state/snapshot-store'
import { createVisibleCards } from './state/visible-cards'
import { createTicker } from './state/ticker'
import { WindowContext, type WindowServices } from './state/window-context'
import { installSwitchLabels } from './ui/switch-labels'
import { installTooltips } from './ui/tooltips'
import { uiText } from './ui/ui-text'

/** Renders `content` and connects the snapshot store. `initialView`: order and filter of the pods. */
export function startWindow(
  window: 'popover' | 'main' | 'terminal',
  content: ReactNode,
  initialView?: PodsView,
): SnapshotStore {
  configureFormats(bridge.locale)
  const snapshotStore = createSnapshotStore(bridge, initialView, loadChosenAccount(localStorage, window))
  snapshotStore.store.subscribe(({ chosenAccountId }, previous) => {
    if (chosenAccountId !== previous.chosenAccountId) saveChosenAccount(localStorage, window, chosenAccountId)
  })
  const ticker = createTicker()
  snapshotStore.store.subscribe(({ wholeSnapshot }) => ticker.follow(wholeSnapshot?.demo?.clock ?? null))
  snapshotStore.connect()
  const services: WindowServices = {
    bridge,
    snapshotStore,
    ticker,
    visibleCards: createVisibleCards((podKeys) => snapshotStore.setVisible(podKeys)),
    navigate:
      window === 'main'
        ? (page, targetId) => snapshotStore.showPage(page, targetId)
        : (page, targetId = null) =>
            void snapshotStore.runRequest(
              uiText.couldNotOpenPage,
              targetId === null ? bridge.openWindow(page) : bridge.openWindowAt(page, targetId),
            ),
  }
  preventSelectAll(document)
  installTooltips(document)
  installSwitchLabels(document)
  const root = document.getElementById('root')
  if (root === null) throw new Error('the page has no #root')
  createRoot(root).render(
    <StrictMode>
      <WindowContext value={services}>{content}</WindowContext>
    </StrictMode>,
  )
  return snapshotStore
}

/** Ctrl+A selects within a field or a terminal only, and never the interface, whose selection nothing would clear. */
function preventSelectAll(target: Document): void {
  target.addEventListener('keydown', (event) => {
    const isSelectAll = (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'a'
    const isInField =
      event.target instanceof HTMLElement && event.target.matches('input, textarea, .xterm-helper-textarea')
    if (isSelectAll && !isInField) event.preventDefault()
  })
}
