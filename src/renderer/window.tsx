import './shell/side-nav.css'
import './pods/pods-page.css'
import './pods/pods-grid.css'
import { loadView, saveView } from './pods/saved-view'
import { bridge } from './bridge'
import { rememberPage } from './state/remembered-page'
import { startWindow } from './start-window'
import { loadDock, saveDock } from './terminal/state/dock-layout'
import { createTerminalsStore, TerminalsStoreContext } from './terminal/state/terminals-store'
import { WindowApp } from './window-app'

const terminalsStore = createTerminalsStore(bridge, loadDock(localStorage))
const snapshotStore = startWindow(
  'main',
  <TerminalsStoreContext value={terminalsStore}>
    <WindowApp />
  </TerminalsStoreContext>,
  loadView(localStorage),
)
// The pods page has room for the terminal dock; other pages switch to the terminals page.
terminalsStore.connect(
  () => snapshotStore.store.getState().page !== 'pods' && snapshotStore.showPage('terminals'),
)
terminalsStore.store.subscribe(({ dock }, previous) => {
  if (dock !== previous.dock) saveDock(localStorage, dock)
})
rememberPage(snapshotStore, sessionStorage)
snapshotStore.store.subscribe(({ view }, previous) => {
  if (view !== previous.view) saveView(localStorage, view)
})
