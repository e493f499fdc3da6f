import { isOurUrl } from './app-pages'

/** What of Electron's `Session` is locked. */
export interface SessionDoors {
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

/** "Reject", in the words of `setCertificateVerifyProc`. */
const REJECT = -2

/**
 * Shuts a session: no permission, no device, no download, and no request to anything but our own pages. The app
 * itself speaks to providers with Node's client, never through a session, so nothing of it passes here.
 */
export function lockSession(session: SessionDoors, { hasDevTools }: { hasDevTools: boolean }): void {
  session.setPermissionRequestHandler((_contents, _permission, callback) => callback(false))
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
  session.setCertificateVerifyProc((_request, callback) => callback(REJECT))
  // Languages bring dictionaries, which Chromium would download.
  session.setSpellCheckerLanguages([])
  session.setSpellCheckerEnabled(false)
  session.webRequest.onBeforeRequest(({ url }, callback) =>
    callback({ cancel: !isOurUrl(url) && !(hasDevTools && url.startsWith('devtools://')) }),
  )
  session.on('will-download', (event) => event.preventDefault())
}
