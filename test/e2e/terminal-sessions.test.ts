import { createHash } from 'node:crypto'
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { MAX_UNACKNOWLEDGED_BYTES } from '../../src/core/terminal/terminal'
import { startOpenSshForTest, tempFolder } from '../harness/ssh/openssh-for-test'
import { generateKeyPair, minimalShell } from '../harness/ssh/openssh-server'
import { questionTitled, trustHostKey } from '../harness/app/act/questions'
import { openScene, podKeyIn, screenshot } from '../harness/app/start/scene'
import { sshRouteTo } from '../harness/app/start/ssh-pod'
import { createTerminalDriver, openTerminalScene, readOutput } from '../harness/app/start/terminal-scene'
import { waitUntil } from '../harness/app/act/wait-until'
import { freePort } from '../harness/base/free-port'

/*
 * Terminals run in main. These tests control them with a window's requests, against the simulated Runpod and real
 * OpenSSH.
 */

test('a shell opens, responds, and loses nothing when its window is reloaded or closed', async () => {
  const { scene, page, openShell, type, screen, view, server } = await openTerminalScene()
  const id = await openShell()
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

// `npm run bench -- terminal/stream` transfers fifty times as much.
const BYTES = 4_000_000
test('a large output arrives complete and in order, and the data in flight is limited', async () => {
  const { page, openShell, type, screen } = await openTerminalScene()
  const id = await openShell()
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
  const { page, openShell, type, view } = await openTerminalScene()
  const id = await openShell()
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
  const { page, openShell } = await openTerminalScene()
  const id = await openShell()
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

test('a broken connection is restored, a pod with a new address is found, and a different key blocks', async () => {
  const { scene, page, openShell, type, screen, view, server, key } = await openTerminalScene()
  const id = await openShell()
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

test("a passphrase is asked for in main's own window and passes through no other", async () => {
  const { scene, openTerminal, view, page } = await openTerminalScene({}, 'correct horse battery')
  const id = await openTerminal()
  await trustHostKey(scene.running)
  await expect.poll(async () => (await view(id)).state.kind).toBe('asking-passphrase')
  const first = await scene.running.confirmWindow()
  await first.locator('input[type=password]').fill('wrong')
  // The window may close before the key is let go.
  await first.keyboard.press('Enter').catch(() => undefined)
  // In the same window, or in a new one if checking the passphrase took longer than the window stays open.
  const question = await waitUntil('the question again', async () => {
    const open = await scene.running.confirmWindow()
    const isRefused = await open
      .getByRole('alert')
      .isVisible()
      .catch(() => false)
    return isRefused && open
  })
  const field = question.locator('input[type=password]')
  // Another prompt waits for this one and then replaces it.
  await page.evaluate(`window.app.confirmTerminate('${await podKeyIn(page, 'pod-1')}')`)
  await expect.poll(() => field.isVisible()).toBe(true)
  await field.fill('correct horse battery')
  await question.getByRole('button', { name: 'OK' }).click()
  await expect.poll(async () => (await view(id)).state.kind).toBe('open')
  await question.getByRole('button', { name: 'Terminate' }).waitFor()
  // The window may close before the click has ended.
  await question
    .getByRole('button', { name: 'Cancel' })
    .click()
    .catch(() => {})
  await expect.poll(() => question.isClosed()).toBe(true)
  const found = spawnSync('grep', ['-rl', 'correct horse', scene.running.dataDir], { encoding: 'utf8' })
  expect(found.stdout).toBe('')
  expect(scene.running.output()).not.toContain('correct horse')
})

test('a pod of the demo opens a shell, and starting the app does not load SSH', async () => {
  const home = tempFolder('home')
  mkdirSync(join(home, '.ssh'), { mode: 0o700 })
  generateKeyPair(join(home, '.ssh/id_ed25519'))
  const scene = await openScene({ launch: { env: { HOME: home } } })
  onTestFinished(() => scene.close())
  const loaded = async (): Promise<string[]> => {
    const files = await scene.running.app.evaluate(() =>
      Object.keys(
        // Node's cache of required modules.
        (process as unknown as { mainModule: { constructor: { _cache: object } } }).mainModule.constructor
          ._cache,
      ),
    )
    const texts = files
      .filter((file) => file.includes('/out/main/'))
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
