import './shell/side-nav.css'
import './pods/pods-page.css'
import { keepView, readView } from './pods/saved-filter'
import { bridge } from './bridge'
import { startWindow } from './start-window'
import { keepDock, readDock } from './terminal/state/dock-layout'
import { createTerminals, TerminalsContext } from './terminal/state/terminals-store'
import { WindowApp } from './window-app'

const terminals = createTerminals(bridge, readDock(localStorage))
const mirror = startWindow(
  'main',
  <TerminalsContext value={terminals}>
    <WindowApp />
  </TerminalsContext>,
  readView(localStorage),
)
// Below the pods there is room for it; from any other page it is turned to.
terminals.connect(() => mirror.store.getState().page !== 'pods' && mirror.turnTo('terminals'))
terminals.store.subscribe(({ dock }, previous) => {
  if (dock !== previous.dock) keepDock(localStorage, dock)
})
mirror.store.subscribe(({ view }, previous) => {
  if (view !== previous.view) keepView(localStorage, view)
})
