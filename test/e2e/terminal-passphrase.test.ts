import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { TerminalView } from '../../src/core/terminal/terminal'
import { type Relay, startOpenSshForTest, startRelay, tempFolder } from '../harness/ssh/openssh-for-test'
import { generateKeyPair, minimalShell } from '../harness/ssh/openssh-server'
import { confirmWindows, questionTitled, trustHostKey } from '../harness/app/act/questions'
import { card, openScene, podKeyIn, type Scene, screenshot } from '../harness/app/start/scene'
import { podAt } from '../harness/app/start/ssh-pod'
import { freshMainWindow } from '../harness/app/start/terminal-app'
import { DRAWN_TEXT } from '../harness/app/start/terminal-harness'
import { endsWithFile } from '../harness/setup/ends-with-file'
import { waitUntil } from '../harness/app/act/wait-until'

/*
 * A user's key with a passphrase: the prompt in its small window, what the terminal shows meanwhile, and what becomes of
 * the key at a lock and a sleep. Before each test the screen is locked, by which the app forgets the passphrase.
 */

const RIGHT = 'correct horse battery'

let scene: Scene
let relay: Relay
let isTrusted = false
/** The main window, on its page of pods and without terminals. */
let page: Page

const endsWith = endsWithFile()
beforeAll(async () => {
  const home = tempFolder('home', endsWith)
  mkdirSync(join(home, '.ssh'), { mode: 0o700 })
  const key = generateKeyPair(join(home, '.ssh/id_ed25519'), 'ed25519', RIGHT)
  const server = await startOpenSshForTest({ ...minimalShell, authorized: [key.publicLine] }, endsWith)
  relay = await startRelay(server.port, endsWith)
  scene = await openScene({
    pods: [podAt({ ...server, port: relay.port })],
    settings: { areTerminalSessionsKept: false },
    launch: { env: { HOME: home, SSH_AUTH_SOCK: '' } },
  })
  endsWith(() => scene.close())
  await scene.pasteKey()
})
beforeEach(async () => {
  page = await freshMainWindow(scene)
  for (const event of ['lock-screen', 'unlock-screen']) await emitPowerEvent(event)
  await page.setViewportSize({ width: 1100, height: 800 })
})
afterEach(() => {
  // No passphrase was written to the data folder or to the log.
  const found = spawnSync('grep', ['-rl', 'correct horse', scene.running.dataDir], { encoding: 'utf8' })
  expect(found.stdout).toBe('')
  expect(scene.running.output()).not.toContain('correct horse')
})

const emitPowerEvent = (event: string) =>
  scene.running.app.evaluate(({ powerMonitor }, name) => void powerMonitor.emit(name), event)

const dock = (): Locator => page.getByRole('region', { name: 'Terminals' })

async function openTerminal(): Promise<void> {
  await card(page, 'llama').getByRole('button', { name: 'Terminal on llama' }).click()
  if (!isTrusted) await trustHostKey(scene.running)
  isTrusted = true
}

/** Waits until the passphrase prompt is open. */
async function reachQuestion(): Promise<Page> {
  await openTerminal()
  await expect.poll(() => dock().textContent()).toContain('Passphrase needed')
  return questionTitled(scene.running, 'Passphrase for ~/.ssh/id_ed25519')
}

const rows = async (): Promise<string> =>
  (await page.locator('.xterm-rows > div').allTextContents()).join('\n').replaceAll('\u00A0', ' ')
const questions = (): number => confirmWindows(scene.running).length
const isAnswered = () => waitUntil('the question to be gone', () => questions() === 0)

/** Types into the focused element, as a user does. */
async function answer(question: Page, passphrase: string): Promise<void> {
  await waitUntil('the field to have the keyboard', () =>
    question.evaluate<boolean>(
      `document.activeElement?.type === 'password' && document.activeElement.value === ''`,
    ),
  )
  await question.keyboard.type(passphrase)
  // The window may close before the key is released.
  await question.keyboard.press('Enter').catch(() => {})
}

test('a missing passphrase is a clear rejection, and is asked for again only when the user retries', async () => {
  const question = await reachQuestion()
  // The window may close before the click has ended.
  await question
    .getByRole('button', { name: 'Cancel' })
    .click()
    .catch(() => {})
  await expect.poll(() => dock().textContent()).toContain('Not connected')
  expect(await dock().textContent()).toContain('No passphrase that opens ~/.ssh/id_ed25519 was entered.')
  await screenshot(page, 'terminal-passphrase-declined')
  await isAnswered()
  // Several polls later, each of which could have started another attempt.
  const looks = scene.runpod.requests.length
  await waitUntil('further looks', () => scene.runpod.requests.length > looks + 3)
  expect(questions()).toBe(0)
  expect(await dock().textContent()).toContain('Not connected')
  await dock().getByRole('button', { name: 'Try again' }).click()
  await answer(await scene.running.confirmWindow(), RIGHT)
  await expect.poll(rows).toMatch(/[$#]/)
})

test('one answer applies to all terminals waiting for the same key: yes opens them all, no rejects them all', async () => {
  const states = async (): Promise<string> => (await page.getByRole('tab').allTextContents()).join(' | ')
  const question = await reachQuestion()
  await openTerminal()
  await expect.poll(states).toMatch(/llama, needs your answer.*llama \(2\), needs your answer/)
  await question.keyboard.press('Escape').catch(() => {})
  await expect.poll(states).toMatch(/llama, not connected.*llama \(2\), not connected/)
  await isAnswered()
  for (const name of [/^llama ?,/, /^llama \(2\) ?,/]) {
    await page.getByRole('tab', { name }).click()
    await dock().getByRole('button', { name: 'Try again' }).click()
  }
  await expect.poll(states).toMatch(/llama, needs your answer.*llama \(2\), needs your answer/)
  await answer(await scene.running.confirmWindow(), RIGHT)
  await expect.poll(states).toMatch(/llama, open.*llama \(2\), open/)
  await isAnswered()
})

test('a wrong passphrase is rejected and asked for again, and the right one opens the shell and all later terminals', async () => {
  const first = await reachQuestion()
  expect(await first.getByRole('alert').count()).toBe(0)
  await screenshot(first, 'passphrase')
  await screenshot(page, 'terminal-passphrase')
  await answer(first, 'wrong')
  // In the same window, or in a new one if checking the passphrase took longer than the window stays open.
  const question = await waitUntil('the question again', async () => {
    const open = await scene.running.confirmWindow()
    const refusal = await open
      .getByRole('alert')
      .textContent({ timeout: 500 })
      .catch(() => null)
    return refusal === 'That isn’t the passphrase of this key.' && open
  })
  await screenshot(question, 'passphrase-again')
  // Another prompt waits for this one and then replaces it.
  const field = question.locator('input[type=password]')
  await page.evaluate(`window.app.confirmTerminate('${await podKeyIn(page, 'pod-1')}')`)
  await expect.poll(() => field.isVisible()).toBe(true)
  await field.fill(RIGHT)
  await question.getByRole('button', { name: 'OK' }).click()
  await expect.poll(rows).toMatch(/[$#]/)
  await question.getByRole('button', { name: 'Terminate' }).waitFor()
  // The window may close before the click has ended.
  await question
    .getByRole('button', { name: 'Cancel' })
    .click()
    .catch(() => {})
  await expect.poll(() => question.isClosed()).toBe(true)
  await expect.poll(questions).toBe(0)
  await expect.poll(() => dock().textContent()).toContain('ed25519 verified')
  await openTerminal()
  await expect.poll(() => page.getByRole('tab').count()).toBe(2)
  await expect
    .poll(() => page.getByRole('tab').allTextContents())
    .toEqual([expect.stringContaining('llama, open'), expect.stringContaining('llama (2), open')])
  expect(questions()).toBe(0)
})

describe('a window of its own', () => {
  /** A terminal in a window of its own. */
  async function openOwn() {
    await openTerminal()
    // As the window is told, because it may ask only a limited number of times.
    await page.evaluate(`window.app.terminals().then(({ value }) => {
      window.seen = value
      window.states = []
      window.app.on('terminals', (view) => {
        window.seen = view
        window.states.push({ atMs: Date.now(), kind: view.terminals[0]?.state.kind })
      })
    })`)
    const terminal = () => page.evaluate<TerminalView>('window.seen.terminals[0]')
    const isOpen = () => expect.poll(async () => (await terminal()).state.kind).toBe('open')
    await unlock()
    await isOpen()
    await page.getByRole('button', { name: 'Move to its own window' }).click()
    const own = await ownWindow()
    const text = () => own.evaluate<string>(DRAWN_TEXT)
    await expect.poll(text).toMatch(/[$#]/)

    /** Types in the window, and waits for what the shell makes of it. */
    async function isUsable(mark: string): Promise<void> {
      await own.locator('.xterm-helper-textarea').focus()
      await own.keyboard.type(`echo ${mark}-$((1+1))\n`)
      await expect.poll(text).toContain(`${mark}-2`)
    }
    return { own, terminal, isOpen, isUsable, text }
  }

  /** Answers the question for the passphrase in the app's own window. */
  async function unlock(): Promise<void> {
    await answer(await questionTitled(scene.running, 'Passphrase for ~/.ssh/id_ed25519'), RIGHT)
    await isAnswered()
  }

  const ownWindow = (): Promise<Page> =>
    waitUntil('the window of its own', () =>
      scene.running.app.windows().find((one) => one.url().includes('window.html#')),
    )

  test('at a lock and a sleep the keys are closed, its shell continues, and it is connected again when the computer wakes up', async () => {
    const { own, terminal, isOpen, isUsable } = await openOwn()
    await emitPowerEvent('lock-screen')
    await isUsable('locked')
    relay.cut()
    // The passphrase is asked for again, in the app's own window, and the terminal's says so.
    await expect.poll(() => own.locator('main').textContent()).toContain('Passphrase needed')
    await screenshot(own, 'terminal-window/locked')
    await unlock()
    await isOpen()
    await isUsable('unlocked')
    await emitPowerEvent('unlock-screen')

    await emitPowerEvent('suspend')
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
    await emitPowerEvent('resume')
    await waitUntil('the question', () => confirmWindows(scene.running)[0])
    // As a window was told, since the question itself may take a while to appear.
    const tries = `window.states.filter(({ atMs, kind }) => atMs >= ${resumedAtMs} && kind !== 'waiting')`
    await expect.poll(() => page.evaluate<number>(`${tries}[0]?.atMs`)).toBeLessThan(nextTry)
    await unlock()
    await isOpen()
    await isUsable('awake')
    expect(own.isClosed()).toBe(false)
  })

  // Last, since the zoom stays.
  test('zooming in it zooms all windows, its terminal fits again, and the next one has that zoom', async () => {
    const { own, text, isUsable } = await openOwn()
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
    expect(await page.evaluate("window.app.changeSetting('zoomPercent', 150)")).toMatchObject({ ok: true })
    for (const one of [page, own, scene.page])
      await expect.poll(() => one.evaluate<number>('devicePixelRatio')).toBeCloseTo(1.5, 1)
    // The click closes its window.
    await Promise.allSettled([own.getByRole('button', { name: 'Move to main window' }).click()])
    await waitUntil('it to be gone', () => own.isClosed())
    await page.getByRole('button', { name: 'Move to its own window' }).click()
    const next = await ownWindow()
    await expect.poll(() => next.evaluate<number>('devicePixelRatio')).toBeCloseTo(1.5, 1)
    // Electron 25 once ended with a segmentation fault when a window was closed right after it had opened.
    await expect.poll(() => next.evaluate<string>(DRAWN_TEXT)).toMatch(/[$#]/)
  })
})
