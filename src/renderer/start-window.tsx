import '@fontsource-variable/inter/wght.css'
import './ui/tokens.css'
import './ui/base.css'
import './ui/page.css'
import './pods/pods.css'
import { StrictMode, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { bridge } from './bridge'
import { createMirror } from './state/mirror'
import { createTicker } from './state/ticker'
import { WindowContext } from './state/window-context'

/** Draws `content` into the page, following the app. */
export function startWindow(content: ReactNode): void {
  const mirror = createMirror(bridge)
  mirror.connect()
  const root = document.getElementById('root')
  if (root === null) throw new Error('the page has no #root')
  createRoot(root).render(
    <StrictMode>
      <WindowContext value={{ bridge, mirror, ticker: createTicker() }}>{content}</WindowContext>
    </StrictMode>,
  )
}
