import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { headerPolicy } from '../../src/main/hardening/content-security-policy'
import { webPreferences } from '../../src/main/hardening/web-preferences'
import { requestNames } from '../../src/shared/ipc'
import { startHttpServer, type TestServer, text } from '../harness/http/http-server'
import { openScene, type Scene, VOLUME } from '../harness/app/start/scene'
import { waitUntil } from '../harness/app/act/wait-until'
import { describeRequests } from './shell/requests'

/*
 * Checks the points of docs/security.md in the running app, each from inside a page or through Electron's API. A local
 * server records all traffic that should not have left the app.
 */
let scene: Scene
let page: Page
let main: Page
let outside: TestServer

beforeAll(async () => {
  outside = await startHttpServer(text('hello from outside'))
  scene = await openScene({ pods: [{ id: 'pod-1', name: 'llama', mode: 'training', ...VOLUME }] })
  page = scene.page
  await page.evaluate("window.app.openWindow('pods')")
  main = await scene.running.mainWindow()
})
afterAll(async () => {
  await scene?.close()
  await outside?.close()
})

const inPage = (script: string): Promise<unknown> => page.evaluate(script)
const contentsCount = () =>
  scene.running.app.evaluate(({ webContents }) => webContents.getAllWebContents().length)

describe('windows', () => {
  test('are sandboxed and have no Node integration', async () => {
    const preferences = await scene.running.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map(({ webContents }) => {
        const ask = webContents as unknown as { getLastWebPreferences(): Record<string, unknown> }
        return ask.getLastWebPreferences()
      }),
    )
    expect(preferences.length).toBe(2)
    for (const one of preferences) {
      const told = Object.entries(webPreferences('', false)).filter(
        ([name]) => name in one && name !== 'preload',
      )
      // Electron doesn't expose the other preferences, whose effects are tested below.
      expect(told.length).toBeGreaterThanOrEqual(8)
      expect(one).toMatchObject(Object.fromEntries(told))
    }
  })

  test.each(['popover', 'main window'])('have no access to Node and Electron: %s', async (which) => {
    const names = ['require', 'process', 'module', 'exports', 'Buffer', 'global', '__dirname', 'electron']
    const shown = which === 'popover' ? page : main
    expect(await shown.evaluate(`[${names.map((name) => `typeof ${name}`).join(', ')}]`)).toEqual(
      names.map(() => 'undefined'),
    )
  })

  test('have the bridge of the contract, frozen and irreplaceable', async () => {
    expect(await inPage('Object.keys(window.app).sort()')).toEqual([...requestNames, 'locale', 'on'].sort())
    expect(await inPage('Object.isFrozen(window.app)')).toBe(true)
    expect(
      await inPage('(() => { try { window.app.act = 1 } catch {} return typeof window.app.act })()'),
    ).toBe('function')
    expect(await inPage('(() => { try { window.app = {} } catch {} return typeof window.app.act })()')).toBe(
      'function',
    )
  })

  test('cannot change what the bridge consists of', async () => {
    const calls = await inPage(`(async () => {
      let calls = 0
      const patch = (target, name) => {
        const original = target[name]
        target[name] = function (...args) { calls++; return Reflect.apply(original, this, args) }
        return () => { target[name] = original }
      }
      const undo = [[Array.prototype, 'includes'], [Array.prototype, 'map'], [Object, 'fromEntries'],
        [JSON, 'stringify'], [Promise.prototype, 'catch']].map(([target, name]) => patch(target, name))
      window.app.on('snapshot', () => {})()
      await window.app.snapshot()
      for (const run of undo) run()
      return calls
    })()`)
    expect(calls).toBe(0)
  })

  test("receive only event payloads, and only the contract's events", async () => {
    const heard = await inPage(`new Promise((settle) => {
      window.app.on('ipc-message', () => {})
      const off = window.app.on('snapshot', (...args) => { off(); settle([args.length, Object.keys(args[0])]) })
      void window.app.startDemo()
    })`)
    expect(heard).toEqual([1, expect.arrayContaining(['pods', 'rest'])])
    await inPage('window.app.leaveDemo()')
  })
})

describe('a page', () => {
  test('works under its content security policy without a violation', async () => {
    const consoleErrors: string[] = []
    const keep = (message: { text(): string }): number => consoleErrors.push(message.text())
    for (const shown of [page, main]) {
      shown.on('console', keep)
      shown.on('pageerror', (error) => consoleErrors.push(String(error)))
      await shown.reload()
      await expect.poll(() => shown.getByRole('button').count()).toBeGreaterThan(0)
    }
    await page.getByRole('button', { name: 'Paste key' }).focus()
    await page.keyboard.press('Tab')
    expect(consoleErrors).toEqual([])
  })

  test.each([
    [
      'inline script',
      "document.head.append(Object.assign(document.createElement('script'), { text: 'window.ran = 1' }))",
    ],
    ['eval', "window.ran = eval('1')"],
    ['a made function', "window.ran = new Function('return 1')()"],
    [
      'a handler written as text',
      "document.body.setAttribute('onclick', 'window.ran = 1'); document.body.click()",
    ],
    ['text as markup', "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=window.ran=1>')"],
    ['text as a document', "document.body.innerHTML = '<b>text</b>'; window.ran = 1"],
    ['a policy for trusted types', "trustedTypes.createPolicy('default', {}); window.ran = 1"],
    ['a timer of text', "setTimeout('window.ran = 1', 0)"],
    ['a worker of text', "new Worker(URL.createObjectURL(new Blob(['postMessage(1)'])))"],
    ['a style written as text', "document.body.setAttribute('style', 'color: red')"],
    [
      'an inline style',
      "document.head.append(Object.assign(document.createElement('style'), { textContent: 'a{}' }))",
    ],
    ['a request', 'fetch(OUTSIDE)'],
    ['a beacon', "navigator.sendBeacon(OUTSIDE, 'x')"],
    ['a socket', "new WebSocket(OUTSIDE.replace('http', 'ws'))"],
    ['an event stream', 'new EventSource(OUTSIDE)'],
    ['a picture', 'new Image().src = OUTSIDE'],
    [
      'a script of elsewhere',
      "document.head.append(Object.assign(document.createElement('script'), { src: OUTSIDE }))",
    ],
    [
      'a style of elsewhere',
      "document.head.append(Object.assign(document.createElement('link'), { rel: 'stylesheet', href: OUTSIDE }))",
    ],
    ['a frame', "document.body.append(Object.assign(document.createElement('iframe'), { src: OUTSIDE }))"],
    ['an object', "document.body.append(Object.assign(document.createElement('object'), { data: OUTSIDE }))"],
    ['a base', "document.head.append(Object.assign(document.createElement('base'), { href: OUTSIDE }))"],
    [
      'a form',
      "document.body.append(Object.assign(document.createElement('form'), { action: OUTSIDE })); document.forms[0].submit()",
    ],
  ])('is denied %s, and its policy reports that', async (_what, attempt) => {
    const seen = await inPage(`new Promise((settle) => {
      const OUTSIDE = ${JSON.stringify(`${outside.origin}/`)}
      delete window.ran
      addEventListener('securitypolicyviolation', (event) => settle({ ran: window.ran, by: event.effectiveDirective }), { once: true })
      // Later, since what a debugger evaluates itself may evaluate text.
      setTimeout(() => { ${attempt} }, 0)
    })`)
    expect(seen).toMatchObject({ by: expect.stringMatching(/^[a-z-]+$/) })
    expect((seen as { ran?: unknown }).ran).toBeUndefined()
    expect(await inPage('getComputedStyle(document.body).color')).not.toBe('rgb(255, 0, 0)')
    expect(outside.requests).toEqual([])
  })

  test.each([
    ['another site', 'location.href = OUTSIDE'],
    ['another page of ours', "location.href = 'podkeeper://app/window.html'"],
    ['a file of this computer', "location.href = 'file:///etc/passwd'"],
    ['a data: page', "location.href = 'data:text/html,hello'"],
    ['a blob', "location.href = URL.createObjectURL(new Blob(['hello'], { type: 'text/html' }))"],
    ['an executable address', "location.href = 'javascript:void(window.ran = 1)'"],
    ['a program of this computer', "location.href = 'mailto:somebody@example.com'"],
    ['itself again', 'location.reload()'],
    [
      'a link',
      "document.body.append(Object.assign(document.createElement('a'), { href: OUTSIDE, id: 'out' })); document.querySelector('#out').click()",
    ],
    [
      'a link to a new window',
      "document.body.append(Object.assign(document.createElement('a'), { href: OUTSIDE, target: '_blank', id: 'new' })); document.querySelector('#new').click()",
    ],
    [
      'a refreshing meta',
      "document.head.append(Object.assign(document.createElement('meta'), { httpEquiv: 'refresh', content: '0;url=' + OUTSIDE }))",
    ],
    ['a new window', 'window.opened = window.open(OUTSIDE)'],
    ['a new empty window', "window.opened = window.open('about:blank')"],
  ])('cannot navigate to %s', async (_where, attempt) => {
    const contents = await contentsCount()
    await inPage(`(() => {
      const OUTSIDE = ${JSON.stringify(`${outside.origin}/`)}
      window.opened = null
      window.stayed = true
      try { ${attempt} } catch {}
    })()`)
    // After a round trip through main, the attempt's outcome is decided.
    await inPage('window.app.snapshot()')
    expect(await inPage('[location.href, window.stayed, window.opened, window.ran]')).toEqual([
      'podkeeper://app/index.html',
      true,
      null,
      undefined,
    ])
    expect(await contentsCount()).toBe(contents)
    expect(outside.requests).toEqual([])
  })

  test.each([
    ['a link', 'text/uri-list', (address: string) => address],
    ['markup', 'text/html', (address: string) => `<a href="${address}">here</a>`],
    ['the address of a file', 'text/uri-list', () => 'file:///etc/passwd'],
  ])('stays when %s is dropped on it', async (_what, mimeType, contentOf) => {
    const debug = await page.context().newCDPSession(page)
    const items = [{ mimeType, data: contentOf(`${outside.origin}/`) }]
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
      await debug.send('Input.dispatchDragEvent', {
        type,
        x: 20,
        y: 20,
        data: { items, dragOperationsMask: 1 },
      })
    await debug.detach()
    await inPage('window.app.snapshot()')
    expect(await inPage('location.href')).toBe('podkeeper://app/index.html')
    expect(outside.requests).toEqual([])
  })

  test('cannot block the app with a dialog', async () => {
    // The debugger is still notified, but there is no dialog.
    const dismissals: Promise<string>[] = []
    const dismiss = (dialog: { dismiss(): Promise<void> }): void => {
      dismissals.push(dialog.dismiss().then(() => 'dismissed', String))
    }
    main.on('dialog', dismiss)
    expect(await main.evaluate("[alert('a'), confirm('b')]")).toEqual([undefined, false])
    main.off('dialog', dismiss)
    for (const outcome of await Promise.all(dismissals)) expect(outcome).toContain('No dialog is showing')
  })

  test('gets no permission, whether requested or used', async () => {
    const answers = await inPage(`Promise.all([
      ...['geolocation', 'notifications', 'camera', 'microphone', 'midi', 'clipboard-read', 'clipboard-write',
        'background-sync', 'persistent-storage', 'screen-wake-lock', 'idle-detection', 'storage-access',
        'window-management', 'local-fonts'].map((name) =>
          navigator.permissions.query({ name }).then(({ state }) => state, () => 'unknown here')),
      Notification.requestPermission(),
      navigator.mediaDevices.getUserMedia({ audio: true }).then(() => 'granted', () => 'denied'),
      navigator.mediaDevices.getDisplayMedia({ video: true }).then(() => 'granted', () => 'denied'),
      navigator.clipboard.readText().then(() => 'granted', () => 'denied'),
      navigator.clipboard.writeText('x').then(() => 'granted', () => 'denied'),
      navigator.requestMIDIAccess().then(() => 'granted', () => 'denied'),
      navigator.wakeLock.request('screen').then(() => 'granted', () => 'denied'),
      new Promise((settle) => navigator.geolocation.getCurrentPosition(() => settle('granted'), () => settle('denied'))),
    ])`)
    expect(new Set(answers as string[])).not.toContain('granted')
    expect(new Set(answers as string[])).not.toContain('prompt')
    expect((answers as string[]).slice(-8)).toEqual(Array(8).fill('denied'))
    // If it is denied, it never responds.
    await inPage('void document.body.requestFullscreen().catch(() => {})')
    await inPage('window.app.snapshot()')
    expect(await inPage('document.fullscreenElement')).toBeNull()
  })

  test('downloads nothing', async () => {
    // Main listens before the page is asked, since they are reached by different connections.
    await scene.running.app.evaluate(({ session }) => {
      const download = new Promise((settle) => {
        session.defaultSession.once('will-download', (event) => settle(event.defaultPrevented))
      })
      Object.assign(globalThis, { isPrevented: () => download })
    })
    await inPage(`(() => {
      const link = document.createElement('a')
      link.href = URL.createObjectURL(new Blob(['x']))
      link.download = 'x.txt'
      link.click()
    })()`)
    const isPrevented = () => (globalThis as unknown as { isPrevented: () => Promise<boolean> }).isPrevented()
    expect(await scene.running.app.evaluate(isPrevented)).toBe(true)
  })
})

describe('Electron itself', () => {
  test('contacts no host in any session and resolves no name', async () => {
    const results = await scene.running.app.evaluate(async ({ net, session }, address) => {
      const tried = (options: Electron.ClientRequestConstructorOptions): Promise<string> =>
        new Promise((settle) => {
          const request = net.request(options)
          request.on('response', () => settle('an answer'))
          request.on('error', ({ message }) => settle(message))
          request.end()
        })
      return [
        await tried({ url: address }),
        await tried({ url: address, session: session.fromPartition('another') }),
        await tried({ url: address, session: session.fromPartition('persist:third') }),
        await session.defaultSession.resolveHost('localhost').then(
          () => 'resolved',
          ({ message }: Error) => message,
        ),
      ]
    }, `${outside.origin}/`)
    expect(results).toEqual([
      ...Array(3).fill('net::ERR_BLOCKED_BY_CLIENT'),
      expect.stringContaining('ERR_NAME_NOT_RESOLVED'),
    ])
    expect(outside.requests).toEqual([])
  })

  test('has no spell checking', async () => {
    expect(
      await scene.running.app.evaluate(({ session }) => [
        session.defaultSession.isSpellCheckerEnabled(),
        session.defaultSession.getSpellCheckerLanguages(),
      ]),
    ).toEqual([false, []])
  })

  test('blocks a webview in a window that asks for one', async () => {
    const contents = await contentsCount()
    const kinds = await scene.running.app.evaluate(async ({ BrowserWindow, webContents }, address) => {
      const window = new BrowserWindow({ show: false, webPreferences: { webviewTag: true } })
      await window.loadURL('about:blank')
      const attached = new Promise<string>((settle) => {
        window.webContents.once('did-attach-webview', () => settle('attached'))
        window.webContents.once('will-attach-webview', (event) =>
          settle(event.defaultPrevented ? 'prevented' : 'allowed'),
        )
      })
      await window.webContents.executeJavaScript(
        `document.body.append(Object.assign(document.createElement('webview'), { src: '${address}' })), 0`,
      )
      const result = await attached
      const all = webContents.getAllWebContents().map((one) => one.getType())
      window.destroy()
      return [result, all.includes('webview')]
    }, `${outside.origin}/`)
    expect(kinds).toEqual(['prevented', false])
    await expect.poll(contentsCount).toBe(contents)
  })

  test.each(['will-navigate', 'will-redirect', 'will-frame-navigate', 'will-attach-webview'])(
    'blocks %s in every window, however it was created',
    async (name) => {
      const prevented = await scene.running.app.evaluate(({ BrowserWindow }, event) => {
        const stranger = new BrowserWindow({ show: false })
        const windows = BrowserWindow.getAllWindows()
        const stopped = windows.map(({ webContents }) => {
          let isStopped = false
          webContents.emit(event, { preventDefault: () => (isStopped = true) }, 'https://example.com/')
          return isStopped
        })
        stranger.destroy()
        return stopped
      }, name)
      expect(prevented).toEqual([true, true, true])
    },
  )

  test("opens Runpod's pages in the browser, and no page chosen by a window", async () => {
    const opened = await scene.running.app.evaluateHandle(({ shell }) => {
      const addresses: string[] = []
      shell.openExternal = (address) => {
        addresses.push(address)
        return Promise.resolve()
      }
      return addresses
    })
    await inPage("window.app.openPage('https://evil.example')")
    await inPage("window.app.openPage('console')")
    expect(await opened.jsonValue()).toEqual(['https://console.runpod.io/pods'])
  })
})

describe("the app's scheme", () => {
  const get = (address: string) =>
    scene.running.app.evaluate(async ({ net }, url) => {
      const response = await net.fetch(url)
      return {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        text: await response.text(),
      }
    }, address)

  test.each(['index.html', 'window.html', 'recovery.html'])(
    'serves %s with its policy in the header and in the document',
    async (name) => {
      const { status, headers, text: html } = await get(`podkeeper://app/${name}`)
      expect(status).toBe(200)
      expect(headers).toMatchObject({
        'content-security-policy': headerPolicy,
        'x-content-type-options': 'nosniff',
        'cross-origin-resource-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
      })
      const metas = [...html.matchAll(/<meta http-equiv="Content-Security-Policy" content="([^"]*)"/g)]
      expect(
        metas.map(([, policy]) => `${policy?.replaceAll('&#39;', "'")}; frame-ancestors 'none'`),
      ).toEqual([headerPolicy])
      // The policy precedes everything that it applies to.
      expect(html.indexOf('Content-Security-Policy')).toBeLessThan(html.search(/<(script|link)/))
      expect(html).not.toMatch(/<script(?![^>]* src=")|<style| style=| on\w+=/)
    },
  )

  test.each([
    '../main/index.js',
    '%2e%2e/main/index.js',
    '%2e%2e%2fmain%2findex.js',
    '..%5cmain%5cindex.js',
    '..\\main\\index.js',
    'assets/../../main/index.js',
    'index.html%00',
    'index.html?x=1',
    '/etc/passwd',
    'assets/',
    '',
  ])('does not serve %s', async (path) => {
    // Some are not even valid addresses for Chromium.
    const answer = await get(`podkeeper://app/${path}`).catch(() => ({ status: 404, text: 'Not found' }))
    expect(answer).toMatchObject({ status: 404, text: 'Not found' })
  })

  test('serves nothing on another host', async () => {
    const failure = await get('podkeeper://other/index.html').then(({ status }) => status, String)
    expect(failure).not.toBe(200)
  })
})

describeRequests(() => scene)

test('the app is still running after all attempts', async () => {
  expect(await inPage('window.app.snapshot()')).toMatchObject({ ok: true })
  await waitUntil('the window', () => scene.running.app.windows().includes(page))
  expect(scene.running.output()).not.toMatch(/UnhandledPromiseRejection|Uncaught/)
  expect(outside.requests).toEqual([])
})
