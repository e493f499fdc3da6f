import '@fontsource-variable/inter/wght.css'
import './ui/tokens.css'
import './ui/base.css'
import './ui/page.css'
import './pods/pods.css'
import { type ReactNode, StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { bridge } from './bridge'
import type { PodsView } from './state/pod-filter'
import { createMirror, type Mirror } from './state/snapshot-store'
import { createSight } from './state/visible-cards'
import { createTicker } from './state/ticker'
import { WindowContext, type WindowParts } from './state/window-context'

/** Draws `content` into the page, following the app; `view` is what it shows of the pods at first. */
export function startWindow(window: 'popover' | 'main', content: ReactNode, view?: PodsView): Mirror {
  const mirror = createMirror(bridge, view)
  mirror.connect()
  const parts: WindowParts = {
    bridge,
    mirror,
    ticker: createTicker(),
    sight: createSight((podIds) => mirror.see(podIds)),
    goTo:
      window === 'main'
        ? (page, about) => mirror.turnTo(page, about)
        : (page, about = null) =>
            void mirror.report(
              'Not opened',
              about === null ? bridge.openWindow(page) : bridge.openWindowAt(page, about),
            ),
  }
  const root = document.getElementById('root')
  if (root === null) throw new Error('the page has no #root')
  createRoot(root).render(
    <StrictMode>
      <WindowContext value={parts}>{content}</WindowContext>
    </StrictMode>,
  )
  return mirror
}
