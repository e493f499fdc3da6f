import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { MAX_UNACKNOWLEDGED_BYTES } from '../../src/core/terminal/terminal'
import { startOpenSshForTest, tempFolder } from '../harness/ssh/openssh-for-test'
import { createFakeNvidiaSmi, type FakeNvidiaSmi } from '../harness/ssh/fake-nvidia-smi'
import {
  generateKeyPair,
  type KeyPair,
  minimalShell,
  type OpenSshServer,
} from '../harness/ssh/openssh-server'
import { questionTitled } from '../harness/app/act/questions'
import { card, openScene, podKeyIn, type Scene, screenshot, terminalsView } from '../harness/app/start/scene'
import { podAt, sshRouteTo } from '../harness/app/start/ssh-pod'
import { createTerminalDriver, readOutput, type TerminalDriver } from '../harness/app/start/terminal-driver'
import { endsWithFile } from '../harness/setup/ends-with-file'
import { waitUntil } from '../harness/app/act/wait-until'
import { freePort } from '../harness/base/free-port'
import { describeWorkbench } from './terminals/workbench'

/*
 * Terminals run in main. These tests control them with a window's requests, first against the demo, then against the
 * simulated Runpod and real OpenSSH, whose host key the first of them accepts.
 */

let scene: Scene
let server: OpenSshServer
let key: KeyPair
let smi: FakeNvidiaSmi

const endsWith = endsWithFile()
beforeAll(async () => {
  const home = tempFolder('home', endsWith)
  mkdirSync(join(home, '.ssh'), { mode: 0o700 })
  key = generateKeyPair(join(home, '.ssh/id_ed25519'))
  smi = createFakeNvidiaSmi(tempFolder('smi', endsWith))
  server = await startOpenSshForTest({ config: smi.config, authorized: [key.publicLine] }, endsWith)
  scene = await openScene({
    pods: [podAt(server)],
    settings: { areTerminalSessionsKept: false },
    launch: { env: { HOME: home } },
  })
  endsWith(() => scene.close())
})
afterEach(async () => {
  for (const { id } of (await terminalsView(scene.page)).terminals)
    await scene.page.evaluate(`window.app.closeTerminal(${JSON.stringify(id)})`)
})

test('a pod of the demo opens a shell, and starting the app does not load SSH', async () => {
  const loaded = async (): Promise<string[]> => {
    const files = await scene.running.app.evaluate(() =>
      Object.keys(
        // Node's cache of required modules.
        (process as unknown as { mainModule: { constructor: { _cache: object } } }).mainModule.constructor
          ._cache,
      ),
    )
    const texts = files
      .filter((file) => file.includes('/out/builds/'))
      .map((file) => readFileSync(file, 'utf8'))
    const has = (mark: string): boolean => texts.some((text) => text.includes(mark))
    return [
      ...(has('ssh-userauth') ? ['ssh2'] : []),
      ...(has('use flow control to avoid losing data') ? ['xterm'] : []),
    ]
  }
  expect(await loaded()).toEqual([])
  await scene.page.evaluate('window.app.startDemo()')
  const podKey = await waitUntil('a pod with a way in', () =>
    scene.page.evaluate<string | undefined>(
      'window.app.snapshot().then(({ value }) => value.pods.find(({ sshRoute }) => sshRoute !== null)?.key)',
    ),
  )
  await scene.page.evaluate(`window.app.openTerminal('${podKey}')`)
  const page = await scene.running.mainWindow()
  await scene.page.evaluate("window.app.openWindow('settings')")
  const { view, type, screen } = createTerminalDriver(page, scene.running)
  const id = await page.evaluate<string>('window.app.terminals().then(({ value }) => value.terminals[0].id)')
  await expect.poll(async () => (await view(id)).state.kind).toBe('open')
  await type(id, 'nvidia-smi\r')
  await expect.poll(() => screen(id)).toContain('NVIDIA-SMI')
  // xterm.js is loaded in the terminal process only.
  expect(await loaded()).toEqual(['ssh2'])
  await scene.page.evaluate('window.app.leaveDemo()')
  await expect.poll(async () => (await view(id)).state.kind).toBe('ended')
})

describe('on real OpenSSH', () => {
  /** The main window, on a page without terminals. */
  let page: Page
  let driver: TerminalDriver

  beforeAll(async () => {
    await scene.pasteKey()
    await waitUntil('the pod', async () => (await card(scene.page, 'llama').count()) === 1)
  })
  beforeEach(async () => {
    await scene.page.evaluate("window.app.openWindow('settings')")
    page = await scene.running.mainWindow()
    driver = createTerminalDriver(page, scene.running)
  })

  describeWorkbench(() => ({ ...driver, scene, server, page, smi }))

  // `npm run bench -- terminal/stream` transfers fifty times as much.
  const BYTES = 4_000_000
  test('a large output arrives complete and in order, and the data in flight is limited', async () => {
    const { openShell, type, screen } = driver
    const id = await openShell(true)
    const file = join(tempFolder('output'), 'data')
    const line = 'The quick brown fox jumps over the lazy dog, again and again and again. '
    writeFileSync(file, Buffer.from(line.repeat(Math.ceil(BYTES / line.length))).subarray(0, BYTES))
    const wanted = createHash('sha256').update(readFileSync(file)).digest('hex')
    await type(id, `stty raw -echo; printf 'rea''dy'; read -r go; cat ${file}; read -r go; stty sane\r`)
    await expect.poll(() => screen(id)).toContain('ready')
    const read = await readOutput(page, id, 'go\n', BYTES)
    expect(read.sha256).toBe(wanted)
    expect(read.maxPendingBytes).toBeLessThan(500_000)
  })

  test("a window that draws nothing pauses the pod's output, and a closed window does not", async () => {
    const { openShell, type, view } = driver
    const id = await openShell(true)
    await page.evaluate(async (terminalId) => {
      const { app } = globalThis as unknown as { app: import('../../src/shared/ipc').Bridge }
      const seen = Object.assign(globalThis, { seen: 0 })
      app.on('terminalOutput', ({ bytes }) => (seen.seen += bytes.length))
      await app.attachTerminal(terminalId, { columns: 100, rows: 30 })
    }, id)
    await type(id, 'yes | head -c 3000000; printf "\\033]2;written\\007"\r')
    await expect.poll(() => page.evaluate('window.seen')).toBeGreaterThan(MAX_UNACKNOWLEDGED_BYTES)
    // Anything still in transit has arrived by then, because input takes the same path.
    await expect.poll(async () => (await view(id)).state.kind).toBe('open')
    expect(await page.evaluate('window.seen')).toBeLessThan(MAX_UNACKNOWLEDGED_BYTES + 128 * 1024)
    expect((await view(id)).title).not.toBe('written')
    await page.reload()
    await expect.poll(async () => (await view(id)).title).toBe('written')
  })

  // `npm run bench -- terminal/keys` measures how long it takes.
  test('Ctrl-C ends an endless output, of which only what was on its way still comes', async () => {
    const { openShell } = driver
    const id = await openShell(true)
    const bytesAfter = await page.evaluate(async (terminalId) => {
      const { app } = globalThis as unknown as { app: import('../../src/shared/ipc').Bridge }
      let attachment = -1
      let bytes = 0
      let isStopped = false
      let bytesAfter = 0
      let heard = (): void => {}
      let tail = ''
      app.on('terminalOutput', (output) => {
        bytes += output.bytes.length
        void app.ackTerminal(attachment, output.bytes.length)
        tail = (tail + new TextDecoder().decode(output.bytes.slice(-200))).slice(-200)
        if (isStopped) bytesAfter += output.bytes.length
        if (isStopped && tail.includes('stopped')) heard()
      })
      const screen = await app.attachTerminal(terminalId, { columns: 100, rows: 30 })
      if (screen.ok) attachment = screen.value.attachment
      await app.typeInTerminal(terminalId, `PS1='stop''ped '; yes\r`, 'text')
      while (bytes < 3_000_000) await new Promise((resolve) => setTimeout(resolve))
      isStopped = true
      const end = new Promise<void>((resolve) => (heard = resolve))
      await app.typeInTerminal(terminalId, '\x03', 'text')
      await end
      return bytesAfter
    }, id)
    // The SSH window and what the app holds are the most that can be on its way.
    expect(bytesAfter).toBeLessThan(2_500_000)
    console.info(`after Ctrl-C: ${bytesAfter}`)
  })

  test('a shell opens, responds, and loses nothing when its window is reloaded or closed', async () => {
    const { openShell, type, screen, view } = driver
    const id = await openShell(true)
    await screen(id)
    await type(id, 'stty size; seq -s, 1 500; printf "\\033[1;32mgreen\\033[0m-$((40+2))\\n"\r')
    await expect.poll(() => screen(id)).toMatch(/30 100[^]*,499,500[^]*green[^]*-42/)
    await page.reload()
    await type(id, 'echo after-$((1+1))\r')
    await expect.poll(() => screen(id)).toMatch(/,499,500[^]*green[^]*-42[^]*after-2/)
    await scene.running.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()
        .find((window) => window.webContents.getURL().endsWith('window.html'))
        ?.destroy(),
    )
    await waitUntil('the window to be gone', () => page.isClosed())
    await scene.page.evaluate("window.app.openWindow('settings')")
    const again = createTerminalDriver(await scene.running.mainWindow(), scene.running)
    await expect.poll(() => again.screen(id)).toMatch(/,499,500[^]*after-2/)
    expect(await again.view(id)).toMatchObject({
      state: { kind: 'open' },
      connection: { server: { port: server.port } },
    })
    expect(await view.call(null, id).catch(() => 'closed')).toBe('closed')
  })

  test('a broken connection is restored, a pod with a new address is found, and a different key blocks', async () => {
    const { openShell, type, screen, view } = driver
    const id = await openShell(true)
    await type(id, 'echo before-$((1+1))\r')
    await expect.poll(() => screen(id)).toContain('before-2')
    await type(id, 'kill -9 $PPID\r')
    await expect.poll(() => screen(id)).toContain('connection lost')
    await expect.poll(async () => (await view(id)).state.kind).toBe('open')
    await type(id, 'echo after-$((1+1))\r')
    await expect.poll(() => screen(id)).toMatch(/before-2[^]*connection lost[^]*after-2/)
    // Another machine replaces the pod without a restart that would explain the new key.
    const impostor = await startOpenSshForTest({
      ...minimalShell,
      authorized: [key.publicLine],
      port: await freePort(),
    })
    scene.runpod.setPod('pod-1', { overrides: { ssh: sshRouteTo(impostor) } })
    await server.stop()
    await type(id, 'kill -9 $PPID\r')
    await expect
      .poll(async () => (await view(id)).state, { timeout: 30_000 })
      .toMatchObject({ kind: 'failed', failure: { kind: 'host-key-changed' } })
    expect(impostor.attempts()).toBe(0)
    const log = await page.evaluate<{ value: { entries: { what: string; text: string }[] } }>(
      `window.app.auditPage(null, { podKey: '${await podKeyIn(page, 'pod-1')}' })`,
    )
    expect(log.value.entries.find(({ what }) => what === 'host-key-changed')?.text).toContain('llama')
    // The known key is forgotten by the pod's name, typed in the app's own window, and asks about the other one.
    const forgetting = page.evaluate(`window.app.forgetHostKey('${id}')`)
    const question = await questionTitled(scene.running, 'Forget the known key of llama?')
    const button = question.getByRole('button', { name: 'Forget the known key' })
    await question.getByRole('textbox').fill('lama')
    expect(await button.isDisabled()).toBe(true)
    await question.getByRole('textbox').fill('llama')
    for (const colorScheme of ['light', 'dark'] as const) {
      await question.emulateMedia({ colorScheme })
      await screenshot(question, `questions/forget-host-key-${colorScheme}`)
    }
    // The window may close before the click has ended.
    await button.click().catch(() => undefined)
    expect(await forgetting).toEqual({ ok: true, value: true })
    await expect
      .poll(async () => (await view(id)).state)
      .toMatchObject({ kind: 'asking', question: { kind: 'new' } })
  })
})
