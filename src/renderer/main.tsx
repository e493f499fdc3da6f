import '@fontsource-variable/inter/wght.css'
import './ui/tokens.css'
import './ui/base.css'
import './ui/page.css'
import './pods/pods.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app'
import { bridge } from './bridge'
import { createMirror } from './state/mirror'
import { createTicker } from './state/ticker'
import { WindowContext } from './state/window-context'

const mirror = createMirror(bridge)
mirror.connect()

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')
createRoot(root).render(
  <StrictMode>
    <WindowContext value={{ bridge, mirror, ticker: createTicker() }}>
      <App />
    </WindowContext>
  </StrictMode>,
)
