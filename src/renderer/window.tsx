import { App } from './app'
import { startWindow } from './start-window'

startWindow(<App />)
