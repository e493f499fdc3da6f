import type { App, Shell } from 'electron'
import { parseExternalUrl } from './external-url'
import { lockContents } from './lock-contents'
import { lockSession } from './lock-session'
import { findUnsafeSwitches } from './unsafe-switches'

/**
 * Before anything else of the app runs. False: a package was started with switches that would open it; the reason
 * is on stderr, and the app must not go on.
 */
export function isStartedSecurely(app: App): boolean {
  // With it, Node accepts any certificate, and a key would go to whoever answers.
  delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
  if (!app.isPackaged) return true
  const unsafe = findUnsafeSwitches((name) => app.commandLine.hasSwitch(name))
  if (unsafe.length === 0) return true
  console.error(`Podkeeper does not start with ${unsafe.map((name) => `--${name}`).join(', ')}.`)
  return false
}

/** Must run before the app is ready, so that every session and every window is shut from its first moment. */
export function hardenApp(app: App): void {
  // Root cannot have the sandbox and was told so at the start; everybody else has it in every process.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
  // No name resolves in Chromium: what never passes by a session (prefetching, its own services) ends here.
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
 * The one way to the browser. Rejects, in words, addresses that may not be opened; `judge` says which, and is stricter
 * than it has to be where nobody says otherwise.
 */
export function browserOpener(
  shell: Pick<Shell, 'openExternal'>,
  validate = parseExternalUrl,
): (address: string) => Promise<void> {
  return async (address) => {
    const allowed = validate(address)
    if (!allowed.ok) throw new Error(allowed.error)
    await shell.openExternal(allowed.value)
  }
}
