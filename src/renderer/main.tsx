import { App } from './app'
import { startWindow } from './start-window'

startWindow('popover', <App />)
