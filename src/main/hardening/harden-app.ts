import type { App, WebContents } from 'electron'
import type { AppHost } from '../lifecycle/app-host'
import { isAppUrl, isRecoveryNavigation } from './app-pages'
import { parseExternalUrl } from './external-url'
import { hardeningText } from './hardening-text'
import { findUnsafeSwitches } from './unsafe-switches'

/** The part of Electron's `Session` that is used. */
export interface LockableSession {
  setPermissionRequestHandler(
    handler: (contents: unknown, permission: string, callback: (isGranted: boolean) => void) => void,
  ): void
  setPermissionCheckHandler(handler: (contents: unknown, permission: string) => boolean): void
  setDevicePermissionHandler(handler: (details: unknown) => boolean): void
  setCertificateVerifyProc(
    verify: (request: unknown, callback: (verificationResult: number) => void) => void,
  ): void
  setSpellCheckerEnabled(isEnabled: boolean): void
  setSpellCheckerLanguages(languages: string[]): void
  readonly webRequest: {
    onBeforeRequest(
      listener: (details: { url: string }, callback: (response: { cancel?: boolean }) => void) => void,
    ): void
  }
  on(event: 'will-download', listener: (event: { preventDefault(): void }) => void): unknown
}

/** Rejects a certificate in `setCertificateVerifyProc`. */
const REJECT = -2

/**
 * Locks a session: no permissions, devices or downloads, and requests only to our own pages. Main uses Node's
 * HTTP client for providers, never a session.
 */
export function lockSession(session: LockableSession, { hasDevTools }: { hasDevTools: boolean }): void {
  session.setPermissionRequestHandler((_contents, _permission, callback) => callback(false))
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
  session.setCertificateVerifyProc((_request, callback) => callback(REJECT))
  // With a language set, Chromium would download its dictionary.
  session.setSpellCheckerLanguages([])
  session.setSpellCheckerEnabled(false)
  session.webRequest.onBeforeRequest(({ url }, callback) =>
    callback({ cancel: !isAppUrl(url) && !(hasDevTools && url.startsWith('devtools://')) }),
  )
  session.on('will-download', (event) => event.preventDefault())
}

/**
 * Must run before anything else. False when a packaged app was started with switches that weaken it; the
 * reason is on stderr, and the app must exit.
 */
export function isStartedSecurely(app: App): boolean {
  // With this variable Node accepts any certificate, so keys could be sent to an attacker.
  delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
  if (!app.isPackaged) return true
  const unsafe = findUnsafeSwitches({
    args: process.argv.slice(1),
    platform: process.platform,
    isRoot: process.getuid?.() === 0,
  })
  if (unsafe.length === 0) return true
  console.error(hardeningText.unsafeSwitches(unsafe))
  return false
}

/** Must run before the app is ready, so that every session and window is locked from the start. */
export function hardenApp(app: App): void {
  // Root cannot use the sandbox and was informed at startup; all other users have it in every process.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
  // No name resolves in Chromium, which also blocks requests that bypass sessions, such as prefetching.
  app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND')
  app.on('session-created', (session) => lockSession(session, { hasDevTools: !app.isPackaged }))
  app.on('web-contents-created', (_event, contents) => lockContents(contents))
  app.on('certificate-error', (event, _contents, _url, _error, _certificate, callback) => {
    event.preventDefault()
    callback(false)
  })
  app.on('select-client-certificate', (event, _contents, _url, _list, callback) => {
    event.preventDefault()
    callback()
  })
}

/**
 * The only way to open the browser. Rejects with a sentence for addresses that are not allowed. `validate`
 * decides which are; the default is the strictest.
 */
export function browserOpener(
  host: Pick<AppHost, 'openExternal'>,
  validate = parseExternalUrl,
): (address: string) => Promise<void> {
  return async (address) => {
    const allowed = validate(address)
    if (!allowed.ok) throw new Error(allowed.error)
    await host.openExternal(allowed.value)
  }
}

interface PreventableEvent {
  preventDefault(): void
}

/** Locks web contents: they stay on their page and open no windows. */
function lockContents(contents: WebContents): void {
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
