import type { WebContents } from 'electron'
import { isRecoveryNavigation } from './app-pages'

interface PreventableEvent {
  preventDefault(): void
}

/** Locks web contents: they stay on their page and open no windows. */
export function lockContents(contents: WebContents): void {
  const prevent = (event: PreventableEvent): void => event.preventDefault()
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  // Pages never navigate elsewhere, except back from the recovery page. The app's own `loadURL` and `reload`
  // do not trigger this event.
  contents.on('will-navigate', (event, address) => {
    if (!isRecoveryNavigation(contents.getURL(), address)) prevent(event)
  })
  contents.on('will-redirect', prevent)
  contents.on('will-frame-navigate', (event) => {
    if (!isRecoveryNavigation(contents.getURL(), event.url)) prevent(event)
  })
  contents.on('will-attach-webview', prevent)
  // What a page says to being closed or reloaded is not heard: it would keep the app from ending.
  contents.on('will-prevent-unload', prevent)
  // WebRTC connections are not requests, so neither the policy nor the session would block them.
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp')
}
