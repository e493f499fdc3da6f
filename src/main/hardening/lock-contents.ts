import type { WebContents } from 'electron'
import { leadsBack } from './app-pages'

interface Stoppable {
  preventDefault(): void
}

/** Shuts in whatever shows a page: it stays where the app put it and opens nothing. */
export function lockContents(contents: WebContents): void {
  const stop = (event: Stoppable): void => event.preventDefault()
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  // Pages never lead elsewhere, but for the way back from the recovery page; the app's own `loadURL` and `reload` do not
  // ask here.
  contents.on('will-navigate', (event, address) => {
    if (!leadsBack(contents.getURL(), address)) stop(event)
  })
  contents.on('will-redirect', stop)
  contents.on('will-frame-navigate', (event) => {
    if (!leadsBack(contents.getURL(), event.url)) stop(event)
  })
  contents.on('will-attach-webview', stop)
  // Peer connections are not requests, so that neither policy nor session would see them.
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp')
}
