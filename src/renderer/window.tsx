import './shell/side-nav.css'
import './pods/pods-page.css'
import './pods/pods-grid.css'
import { loadView, saveView } from './pods/saved-view'
import { bridge } from './bridge'
import { rememberPage } from './state/remembered-page'
import { startWindow } from './start-window'
import { loadDock, saveDock } from './terminal/state/dock-layout'
import { createTerminalsStore, TerminalsStoreContext } from './terminal/state/terminals-store'
import { OwnWindowApp } from './terminal/own-window/own-window-app'
import { WindowApp } from './window-app'

// It only says what is shown: main itself knows which window asks.
const windowId = location.hash.slice(1)
const isMain = windowId === ''
const terminalsStore = createTerminalsStore(bridge, loadDock(localStorage), isMain ? null : windowId)
const snapshotStore = startWindow(
  isMain ? 'main' : 'terminal',
  <TerminalsStoreContext value={terminalsStore}>
    {isMain ? <WindowApp /> : <OwnWindowApp />}
  </TerminalsStoreContext>,
  loadView(localStorage),
)
// The pods page has room for the terminal dock; other pages switch to the terminals page.
terminalsStore.connect(
  () => snapshotStore.store.getState().page !== 'pods' && snapshotStore.showPage('terminals'),
)
if (isMain) {
  terminalsStore.store.subscribe(({ dock }, previous) => {
    if (dock !== previous.dock) saveDock(localStorage, dock)
  })
  rememberPage(snapshotStore, sessionStorage)
  snapshotStore.store.subscribe(({ view }, previous) => {
    if (view !== previous.view) saveView(localStorage, view)
  })
} else terminalsStore.requestFocus()
