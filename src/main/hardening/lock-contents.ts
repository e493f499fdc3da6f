import type { WebContents } from 'electron'
import { isRecoveryNavigation } from './app-pages'

interface PreventableEvent {
  preventDefault(): void
}

/** Shuts in whatever shows a page: it stays where the app put it and opens nothing. */
export function lockContents(contents: WebContents): void {
  const prevent = (event: PreventableEvent): void => event.preventDefault()
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  // Pages never lead elsewhere, but for the way back from the recovery page; the app's own `loadURL` and `reload` do not
  // ask here.
  contents.on('will-navigate', (event, address) => {
    if (!isRecoveryNavigation(contents.getURL(), address)) prevent(event)
  })
  contents.on('will-redirect', prevent)
  contents.on('will-frame-navigate', (event) => {
    if (!isRecoveryNavigation(contents.getURL(), event.url)) prevent(event)
  })
  contents.on('will-attach-webview', prevent)
  // Peer connections are not requests, so that neither policy nor session would see them.
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp')
}
