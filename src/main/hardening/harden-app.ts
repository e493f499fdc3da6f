import type { App } from 'electron'
import type { AppHost } from '../lifecycle/app-host'
import { parseExternalUrl } from './external-url'
import { hardeningText } from './hardening-text'
import { lockContents } from './lock-contents'
import { lockSession } from './lock-session'
import { findUnsafeSwitches } from './unsafe-switches'

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
