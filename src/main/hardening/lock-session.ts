import { isAppUrl } from './app-pages'

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
