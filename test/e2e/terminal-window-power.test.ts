import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import type { TerminalView } from '../../src/core/terminal/terminal'
import { confirmWindows, questionTitled, trustHostKey } from '../harness/app/act/questions'
import { card, openScene, screenshot } from '../harness/app/start/scene'
import { podAt } from '../harness/app/start/ssh-pod'
import { DRAWN_TEXT } from '../harness/app/start/terminal-harness'
import { waitUntil } from '../harness/app/act/wait-until'
import { startOpenSshForTest, startRelay, tempFolder } from '../harness/ssh/openssh-for-test'
import { generateKeyPair, minimalShell } from '../harness/ssh/openssh-server'

/* What the main window does at a zoom, a lock and a sleep, a window with a tab of terminals does, too. */

const PASSPHRASE = 'correct horse battery'

/** A terminal by a key with a passphrase, in a window of its own. */
async function openOwn() {
  const home = tempFolder('home')
  mkdirSync(join(home, '.ssh'), { mode: 0o700 })
  const key = generateKeyPair(join(home, '.ssh/id_ed25519'), 'ed25519', PASSPHRASE)
  const server = await startOpenSshForTest({ ...minimalShell, authorized: [key.publicLine] })
  const relay = await startRelay(server.port)
  const scene = await openScene({
    pods: [podAt({ ...server, port: relay.port })],
    settings: { areTerminalSessionsKept: false },
    launch: { env: { HOME: home, SSH_AUTH_SOCK: '' } },
  })
  onTestFinished(() => scene.close())
  await scene.pasteKey()
  await scene.page.evaluate("window.app.openWindow('pods')")
  const main = await scene.running.mainWindow()
  await card(main, 'llama').getByRole('button', { name: 'Terminal on llama' }).click()
  await trustHostKey(scene.running)

  /** Answers the question for the passphrase in the app's own window. */
  async function unlock(): Promise<void> {
    const question = await questionTitled(scene.running, 'Passphrase for ~/.ssh/id_ed25519')
    await waitUntil('the field to have the keyboard', () =>
      question.evaluate<boolean>("document.activeElement.type === 'password'"),
    )
    await question.keyboard.type(PASSPHRASE)
    // The window may close before the key is let go.
    await question.keyboard.press('Enter').catch(() => {})
    await waitUntil('the question to be gone', () => confirmWindows(scene.running).length === 0)
  }
  // As the window is told, because it may ask only a limited number of times.
  await main.evaluate(`window.app.terminals().then(({ value }) => {
    window.seen = value
    window.states = []
    window.app.on('terminals', (view) => {
      window.seen = view
      window.states.push({ atMs: Date.now(), kind: view.terminals[0]?.state.kind })
    })
  })`)
  const terminal = () => main.evaluate<TerminalView>('window.seen.terminals[0]')
  const isOpen = () => expect.poll(async () => (await terminal()).state.kind).toBe('open')
  await unlock()
  await isOpen()
  await main.getByRole('button', { name: 'Move to its own window' }).click()
  const own = await ownWindow()
  const text = () => own.evaluate<string>(DRAWN_TEXT)
  await expect.poll(text).toMatch(/[$#]/)

  async function ownWindow(): Promise<Page> {
    return waitUntil('the window of its own', () =>
      scene.running.app.windows().find((one) => one.url().includes('window.html#')),
    )
  }
  /** Types in the window, and waits for what the shell makes of it. */
  async function isUsable(mark: string): Promise<void> {
    await own.locator('.xterm-helper-textarea').focus()
    await own.keyboard.type(`echo ${mark}-$((1+1))\n`)
    await expect.poll(text).toContain(`${mark}-2`)
  }
  const tell = (event: string) =>
    scene.running.app.evaluate(({ powerMonitor }, name) => void powerMonitor.emit(name), event)
  return { scene, main, own, relay, terminal, isOpen, isUsable, text, tell, unlock, ownWindow }
}

test('zooming in it zooms all windows, its terminal fits again, and the next one has that zoom', async () => {
  const { scene, main, own, text, isUsable, ownWindow } = await openOwn()
  const levels = () =>
    scene.running.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map((one) => one.webContents.getZoomLevel()),
    )
  const strike = async (key: string): Promise<void> => {
    const handle = await scene.running.app.browserWindow(own)
    await handle.evaluate((one, keyCode) => {
      const { webContents } = one as Electron.BrowserWindow
      for (const type of ['keyDown', 'keyUp'] as const)
        webContents.sendInputEvent({ type, keyCode, modifiers: ['control'] })
    }, key)
  }
  const columns = async (): Promise<number> => {
    await own.keyboard.type('clear; stty size\n')
    const size = await waitUntil('a size', async () => /^\d+ (\d+)$/m.exec(await text())?.[1])
    return Number(size)
  }
  await isUsable('before')
  const before = await columns()
  for (const key of ['=', '=', '=', '-']) await strike(key)
  await expect.poll(levels).toEqual([1, 1, 1])
  await expect.poll(columns).toBeLessThan(before * 0.9)
  const config = () => readFileSync(join(scene.running.dataDir, 'config.json'), 'utf8')
  await expect.poll(config).toMatch(/"zoomPercent": 120\b/)
  await screenshot(own, 'terminal-window/zoomed')

  // By the settings, too.
  expect(await main.evaluate("window.app.changeSetting('zoomPercent', 150)")).toMatchObject({ ok: true })
  for (const page of [main, own, scene.page])
    await expect.poll(() => page.evaluate<number>('devicePixelRatio')).toBeCloseTo(1.5, 1)
  // The click closes its window.
  await Promise.allSettled([own.getByRole('button', { name: 'Move to main window' }).click()])
  await waitUntil('it to be gone', () => own.isClosed())
  await main.getByRole('button', { name: 'Move to its own window' }).click()
  const next = await ownWindow()
  await expect.poll(() => next.evaluate<number>('devicePixelRatio')).toBeCloseTo(1.5, 1)
})

test('a lock and a sleep close the keys, its shell continues, and it is connected again when the computer wakes up', async () => {
  const { scene, main, own, relay, terminal, isOpen, isUsable, tell, unlock } = await openOwn()
  await tell('lock-screen')
  await isUsable('locked')
  relay.cut()
  // The passphrase is asked for again, in the app's own window, and the terminal's says so.
  await expect.poll(() => own.locator('main').textContent()).toContain('Passphrase needed')
  await screenshot(own, 'terminal-window/locked')
  await unlock()
  await isOpen()
  await isUsable('unlocked')
  await tell('unlock-screen')

  await tell('suspend')
  relay.cutAfter(0)
  relay.cut()
  await expect.poll(async () => (await terminal()).state.kind).toBe('waiting')
  await screenshot(own, 'terminal-window/asleep')
  const nextTry = await waitUntil('a long wait for the next try', async () => {
    const { state } = await terminal()
    return state.kind === 'waiting' && state.nextTryAtMs - Date.now() > 6_000 && state.nextTryAtMs
  })
  relay.cutAfter(Infinity)
  const resumedAtMs = Date.now()
  await tell('resume')
  await waitUntil('the question', () => confirmWindows(scene.running)[0])
  // As a window was told, since the question itself may take a while to appear.
  const tries = `window.states.filter(({ atMs, kind }) => atMs >= ${resumedAtMs} && kind !== 'waiting')`
  await expect.poll(() => main.evaluate<number>(`${tries}[0]?.atMs`)).toBeLessThan(nextTry)
  await unlock()
  await isOpen()
  await isUsable('awake')
  expect(own.isClosed()).toBe(false)
})
