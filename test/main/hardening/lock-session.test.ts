import { expect, test } from 'vitest'
import { type LockableSession, lockSession } from '../../../src/main/hardening/harden-app'

/** All permission names in Electron's type declarations. */
const PERMISSIONS = (
  'ar automatic-fullscreen background-fetch background-sync captured-surface-control clipboard-read ' +
  'clipboard-sanitized-write deprecated-sync-clipboard-read display-capture fileSystem fullscreen geolocation ' +
  'geolocation-approximate hand-tracking hid idle-detection keyboardLock local-fonts local-network ' +
  'local-network-access loopback-network media mediaKeySystem midi midiSysex nfc notifications openExternal ' +
  'payment-handler periodic-background-sync persistent-storage pointerLock screen-wake-lock sensors serial ' +
  'smart-card speaker-selection storage-access system-wake-lock top-level-storage-access usb vr ' +
  'web-app-installation web-printing window-management unknown some-name-of-the-future'
).split(' ')

/** Records the handlers that are set on a session. */
function lockedSession(hasDevTools: boolean) {
  const given = { languages: ['en'], isSpellChecked: true } as {
    languages: string[]
    isSpellChecked: boolean
    request: Parameters<LockableSession['setPermissionRequestHandler']>[0]
    check: Parameters<LockableSession['setPermissionCheckHandler']>[0]
    device: Parameters<LockableSession['setDevicePermissionHandler']>[0]
    verify: Parameters<LockableSession['setCertificateVerifyProc']>[0]
    beforeRequest: Parameters<LockableSession['webRequest']['onBeforeRequest']>[0]
    download: (event: { preventDefault(): void }) => void
  }
  const session: LockableSession = {
    setPermissionRequestHandler: (handler) => (given.request = handler),
    setPermissionCheckHandler: (handler) => (given.check = handler),
    setDevicePermissionHandler: (handler) => (given.device = handler),
    setCertificateVerifyProc: (handler) => (given.verify = handler),
    setSpellCheckerEnabled: (isEnabled) => (given.isSpellChecked = isEnabled),
    setSpellCheckerLanguages: (languages) => (given.languages = languages),
    webRequest: { onBeforeRequest: (listener) => (given.beforeRequest = listener) },
    on: (_event, listener) => (given.download = listener),
  }
  lockSession(session, { hasDevTools })
  return given
}

test.each(PERMISSIONS)('%s is neither granted nor reported as granted', (permission) => {
  const { request, check } = lockedSession(true)
  const answers: boolean[] = []
  request(null, permission, (isGranted) => answers.push(isGranted))
  expect(answers).toEqual([false])
  expect(check(null, permission)).toBe(false)
})

test('no device is granted, no certificate accepted, no download started, no dictionary loaded', () => {
  const session = lockedSession(true)
  expect(session.device({ deviceType: 'hid' })).toBe(false)
  const verdicts: number[] = []
  session.verify({ hostname: 'example.com', verificationResult: 'net::OK' }, (code) => verdicts.push(code))
  expect(verdicts).toEqual([-2])
  let isPrevented = false
  session.download({ preventDefault: () => (isPrevented = true) })
  expect(isPrevented).toBe(true)
  expect(session.languages).toEqual([])
  expect(session.isSpellChecked).toBe(false)
})

function isCancelled(url: string, hasDevTools: boolean): boolean | undefined {
  let cancel: boolean | undefined
  lockedSession(hasDevTools).beforeRequest({ url }, (response) => {
    cancel = response.cancel
  })
  return cancel
}

test.each([
  'https://example.com/',
  'http://127.0.0.1:8080/',
  'ws://127.0.0.1/',
  'wss://example.com/',
  'file:///etc/passwd',
  'ftp://example.com/',
  'podkeeper://other/index.html',
  'chrome-extension://abc/x.js',
  'chrome://settings',
  'devtools-evil://x',
])('a request to %s is canceled', (url) => {
  expect(isCancelled(url, false)).toBe(true)
  expect(isCancelled(url, true)).toBe(true)
})

test('our own pages load, and developer tools only where available', () => {
  expect(isCancelled('podkeeper://app/index.html', false)).toBe(false)
  expect(isCancelled('devtools://devtools/bundled/inspector.html', true)).toBe(false)
  expect(isCancelled('devtools://devtools/bundled/inspector.html', false)).toBe(true)
})
