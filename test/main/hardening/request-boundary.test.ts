import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { headerPolicy, pagePolicy } from '../../../src/main/hardening/content-security-policy'
import { parseExternalUrl, parseForwardUrl, parseTerminalUrl } from '../../../src/main/hardening/external-url'
import { findUnsafeSwitches } from '../../../src/main/hardening/unsafe-switches'
import { webPreferences } from '../../../src/main/hardening/web-preferences'

test('every window has the sandbox and no Node, set explicitly so that no default can change it', () => {
  expect(webPreferences('/bridge.js', true)).toEqual({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    enableBlinkFeatures: '',
    webviewTag: false,
    plugins: false,
    navigateOnDragDrop: false,
    disableDialogs: true,
    safeDialogs: true,
    spellcheck: false,
    autoplayPolicy: 'user-gesture-required',
    preload: '/bridge.js',
    devTools: false,
  })
})

test('only a checkout has developer tools', () => {
  expect(webPreferences('/bridge.js', false).devTools).toBe(true)
})

test('pages load only their own files', () => {
  expect(headerPolicy).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'none'; font-src 'self'; " +
      "img-src 'self'; connect-src 'none'; frame-src 'none'; worker-src 'none'; object-src 'none'; " +
      "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'; " +
      "frame-ancestors 'none'",
  )
  expect(`${pagePolicy}; frame-ancestors 'none'`).toBe(headerPolicy)
})

test('no page has a policy of its own besides the one that the build writes', () => {
  const folder = resolve(import.meta.dirname, '../../../src/renderer')
  const pages = readdirSync(folder).filter((name) => name.endsWith('.html'))
  expect(pages).toContain('window.html')
  for (const page of pages)
    expect(readFileSync(join(folder, page), 'utf8')).not.toMatch(/content-security-policy/i)
})

test.each(['https://console.runpod.io/pods', 'https://docs.runpod.io/', 'HTTPS://CONSOLE.RUNPOD.IO/user'])(
  '%s may be opened in the browser',
  (address) => expect(parseExternalUrl(address).ok).toBe(true),
)

test.each([
  'http://console.runpod.io/pods',
  'https://console.runpod.io.evil.example/',
  'https://console.runpod.io@evil.example/',
  'https://user@console.runpod.io/',
  'https://:word@console.runpod.io/',
  'https://console.runpod.io:8443/',
  'https://cоnsole.runpod.io/',
  'https://console.runpod.io./',
  'https://evil.example/?https://console.runpod.io',
  'https:\\\\evil.example\\console.runpod.io',
  'https://runpod.io/',
  'javascript:alert(1)',
  'file:///etc/passwd',
  'smb://console.runpod.io/share',
  'ms-msdt:/id',
  'mailto:a@runpod.io',
  'podkeeper://app/index.html',
  '//console.runpod.io',
  'console.runpod.io',
  '',
])('%s may not be opened in the browser, with a reason', (address) => {
  const allowed = parseExternalUrl(address)
  expect(allowed.ok).toBe(false)
  if (!allowed.ok) expect(allowed.error).toMatch(/^[A-Z].*\.$/)
})

test.each(['https://example.test/a?b#c', 'HTTPS://example.test:8443/'])(
  '%s, in a terminal, may be opened in the browser',
  (address) => expect(parseTerminalUrl(address).ok).toBe(true),
)

test.each([
  'http://example.test/',
  'https://user@example.test/',
  'https://:word@example.test/',
  'https://',
  'javascript:alert(1)',
  'file:///etc/passwd',
  'smb://example.test/share',
  'ms-msdt:/id',
  'podkeeper://app/index.html',
  'example.test',
  '',
])('%s, in a terminal, may not be opened', (address) => {
  const allowed = parseTerminalUrl(address)
  expect(allowed.ok).toBe(false)
  if (!allowed.ok) expect(allowed.error).toMatch(/^[A-Z].*\.$/)
})

const unsafeSwitches = (args: readonly string[], platform: NodeJS.Platform = 'linux', isRoot = false) =>
  findUnsafeSwitches({ args, platform, isRoot })

test('a package accepts the switches that it knows, links and what macOS adds, and nothing else', () => {
  const usual = ['--hidden', '--user-data-dir=/tmp/x', '--ozone-platform=wayland', 'podkeeper://pod/a']
  expect(unsafeSwitches(usual)).toEqual([])
  expect(unsafeSwitches(['--pause-alerts', '--quit'])).toEqual([])
  expect(unsafeSwitches(['-psn_0_123', '-NSDocumentRevisionsDebugMode', 'YES'], 'darwin')).toEqual([])
  expect(unsafeSwitches(['--no-sandbox'], 'linux', true)).toEqual([])
  expect(unsafeSwitches([])).toEqual([])
})

test.each([
  'remote-debugging-port',
  'zygote-cmd-prefix',
  'renderer-cmd-prefix',
  'log-net-log',
  'single-process',
  'no-sandbox',
  'js-flags',
  'load-extension',
  'enable-features',
  'a-switch-of-tomorrow',
])('a package finds --%s, however it is written', (name) => {
  expect(unsafeSwitches([`--${name}`])).toEqual([name])
  expect(unsafeSwitches(['--hidden', `-${name}=1`, 'podkeeper://pod/a'])).toEqual([name])
  expect(unsafeSwitches([` --${name}`, `\t-${name}=1 `])).toEqual([name, name])
  expect(unsafeSwitches([`/${name}=1`], 'win32', true)).toEqual([name])
  expect(unsafeSwitches(['--', `--${name}`])).toEqual([])
})

test('on Windows and macOS nobody goes without the sandbox', () => {
  for (const platform of ['win32', 'darwin'] as const)
    expect(unsafeSwitches(['--no-sandbox'], platform, true)).toEqual(['no-sandbox'])
})

test.each(['http://127.0.0.1:8888/', 'http://127.0.0.1:8888/?token=a-b_c.~%2B%3D'])(
  '%s, of a forward, may be opened in the browser',
  (address) => expect(parseForwardUrl(address)).toEqual({ ok: true, value: address }),
)

test.each([
  'https://127.0.0.1:8888/',
  'http://127.0.0.1/',
  'http://127.0.0.1:99999/',
  'http://127.0.0.1:8888/path',
  'http://127.0.0.1:8888/?token=a&next=https://evil.example',
  'http://127.0.0.1:8888/#x',
  'http://127.0.0.1:8888@evil.example/',
  'http://127.0.0.1.evil.example:8888/',
  'http://localhost:8888/',
  'http://0.0.0.0:8888/',
  'http://192.168.0.1:8888/',
  'http://127.0.0.1:8888/\n',
  'file:///etc/passwd',
  '',
])('%j, of a forward, may not be opened in the browser', (address) =>
  expect(parseForwardUrl(address).ok).toBe(false),
)
