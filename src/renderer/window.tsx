import './nav/nav.css'
import './pods/pods-page.css'
import { keepView, readView } from './pods/kept-view'
import { startWindow } from './start-window'
import { WindowApp } from './window-app'

const mirror = startWindow('main', <WindowApp />, readView(localStorage))
mirror.store.subscribe(({ view }, previous) => {
  if (view !== previous.view) keepView(localStorage, view)
})
