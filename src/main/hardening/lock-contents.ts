import type { WebContents } from 'electron'
import { isPage } from '../pages'

interface Stoppable {
  preventDefault(): void
}

/** Shuts in whatever shows a page: it stays where the app put it and opens nothing. */
export function lockContents(contents: WebContents): void {
  const stop = (event: Stoppable): void => event.preventDefault()
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  // The app's own `loadURL` and `reload` do not ask here. Pages lead to each other (the recovery page does), and nowhere else.
  contents.on('will-navigate', (event, address) => {
    if (!isPage(address)) stop(event)
  })
  contents.on('will-redirect', stop)
  contents.on('will-frame-navigate', stop)
  contents.on('will-attach-webview', stop)
  // Peer connections are not requests, so that neither policy nor session would see them.
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp')
}
