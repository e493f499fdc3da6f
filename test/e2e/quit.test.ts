import { type ChildProcess, execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FakeLogind } from '../harness/app/desktop/fake-logind'
import { startBus } from '../harness/app/desktop/fake-notification-server'
import { startKeyring } from '../harness/app/desktop/keyring'
import { questionTitled } from '../harness/app/act/questions'
import { createSkippableTime } from '../harness/app/act/skip-time'
import {
  actionsSent,
  card,
  openCard,
  openScene,
  podKeyIn,
  type Scene,
  VOLUME,
} from '../harness/app/start/scene'
import { createTerminalDriver } from '../harness/app/start/terminal-driver'
import { TrayItem } from '../harness/app/desktop/tray'
import { pause, waitUntil } from '../harness/app/act/wait-until'
import { generateKeyPair } from '../harness/ssh/openssh-server'

/*
 * The ways to end the app. The tests run in order over one data folder: each ends the app, and the next one starts it
 * again and finds what that end left.
 */

const UNDO_S = 60
/** A stop of them keeps a volume and is sent without a question. */
const KEPT = ['a', 'term', 'asleep', 'hung']
/** A stop of them is asked about first. */
const ASKED_ABOUT = ['b', 'c', 'd']

let endKeyring: () => Promise<void>
let systemBus: Awaited<ReturnType<typeof startBus>>
let logind: FakeLogind
let scene: Scene
let child: ChildProcess
beforeAll(async () => {
  endKeyring = await startKeyring()
  systemBus = await startBus()
  logind = await FakeLogind.start(systemBus.address)
  const home = await mkdtemp(join(process.env['PODKEEPER_SESSION'] ?? tmpdir(), 'home-'))
  await mkdir(join(home, '.ssh'), { mode: 0o700 })
  generateKeyPair(join(home, '.ssh', 'id_ed25519'))
  scene = await openScene({
    pods: [
      // The driver of terminals opens them on this pod.
      { id: 'pod-1', name: 'llama', mode: 'training', ...VOLUME },
      ...KEPT.map((id) => ({ id, name: id, mode: 'training' as const, ...VOLUME })),
      ...ASKED_ABOUT.map((id) => ({ id, name: id, mode: 'training' as const })),
    ],
    settings: { undoS: UNDO_S, areTerminalSessionsKept: false },
    ssh: 'any-key',
    launch: { env: { HOME: home, SSH_AUTH_SOCK: '', DBUS_SYSTEM_BUS_ADDRESS: systemBus.address } },
  })
  await scene.pasteKey()
  await waitForPods()
})
afterAll(async () => {
  await scene?.close()
  systemBus?.stop()
  await endKeyring?.()
})

async function startAgain(): Promise<void> {
  scene.running = await scene.running.relaunch()
  scene.page = await scene.running.popover()
  await waitForPods()
}

/** Until the first list, the cards are those of the last run, which can't be stopped. */
async function waitForPods(): Promise<void> {
  child = scene.running.app.process()
  await waitUntil('the list of pods', () =>
    scene.page.evaluate<boolean>(
      "window.app.snapshot().then(({ value }) => value.connection.kind === 'live' && value.pods.length > 0)",
    ),
  )
}

async function quitFromTray(): Promise<void> {
  const tray = await TrayItem.of(scene.running)
  // The app may end before it answers.
  await Promise.allSettled([tray.choose('Quit')])
  tray.disconnect()
}

const stop = async (name: string): Promise<void> =>
  (await openCard(scene.page, name)).getByRole('button', { name: `Stop ${name}`, exact: true }).click()
const change = (setting: string, value: unknown): Promise<unknown> =>
  scene.page.evaluate(`window.app.changeSetting('${setting}', ${JSON.stringify(value)})`)

/** Requests stops that are asked about, and returns once the first question is shown. */
async function openQuestions(): Promise<void> {
  const keys = await Promise.all(ASKED_ABOUT.map((name) => podKeyIn(scene.page, name)))
  await scene.page.evaluate(`${JSON.stringify(keys)}.forEach((key) => void window.app.act(key, 'stop'))`)
  await questionTitled(scene.running, 'Stop b?')
}

/** Returns a function that reads the state of the shell. Its host key is asked about the first time only. */
async function openShell({ isTrusted = false } = {}): Promise<() => Promise<string>> {
  await scene.page.evaluate("window.app.openWindow('settings')")
  const page = await scene.running.mainWindow()
  const driver = createTerminalDriver(page, scene.running)
  const id = await (isTrusted ? driver.openTerminal() : driver.openShell())
  const state = async (): Promise<string> => (await driver.view(id)).state.kind
  await expect.poll(state).toBe('open')
  return state
}

/** Its exit code, or the signal that ended it. */
const exitCode = () => child.exitCode ?? child.signalCode
/** Of the action that was requested last. */
const lastPhase = () =>
  /"phase":"([^"]+)"/.exec(
    readFileSync(join(scene.running.dataDir, 'intents.jsonl'), 'utf8').trimEnd().split('\n').at(-1) ?? '',
  )?.[1]

/**
 * Starts to measure for how long main runs until it ends, in ms, without the time that a busy machine takes away. Returns
 * a function for once it has ended.
 */
async function measureTimeToEnd(): Promise<() => number> {
  await scene.running.app.evaluate(() => {
    let ticks = 0
    setInterval(() => (ticks += 1), 10)
    process.once('exit', () => process.stdout.write(`main ran for ${ticks * 10} ms\n`))
  })
  return () => Number(/main ran for (\d+) ms/.exec(scene.running.output())?.[1])
}

async function xdotool(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('xdotool', args).catch(() => ({ stdout: '' }))
  return stdout.trim()
}

const dialog = () => xdotool('search', '--onlyvisible', '--name', '^Quit Podkeeper')

/** Whether it is shown and has the focus. Asks for the focus, which a window that closes may take along. */
async function hasFocus(): Promise<boolean> {
  const id = await dialog()
  if (id === '') return false
  if ((await xdotool('getwindowfocus')) === id) return true
  await xdotool('windowactivate', id)
  return false
}

/**
 * Answers the dialog with the keyboard, as a user would. A key that arrives before the focus does is lost, so keys are
 * pressed until the dialog is closed: however often Right is pressed, the last button keeps the focus.
 */
async function answer(choice: 'stay' | 'quit'): Promise<void> {
  await waitUntil('the dialog', async () => (await dialog()) !== '')
  await waitUntil('the dialog to be answered', async () => {
    if ((await dialog()) === '') return true
    if (!(await hasFocus())) return false
    await xdotool('key', ...(choice === 'quit' ? ['Right', 'Return'] : ['Return']))
    await pause(1_000)
    return false
  })
}

test('the app quits at once if nothing is pending, and no page can refuse it', async () => {
  await scene.page.evaluate("window.app.openWindow('pods')")
  for (const page of [scene.page, await scene.running.mainWindow()]) {
    await page.evaluate("window.onbeforeunload = () => 'stay'")
    // Only a page that was used may ask.
    await page.mouse.click(5, 5)
  }
  await quitFromTray()
  await expect.poll(exitCode).toBe(0)
})

test('a user who quits anyway cancels the stop, and the next start says so', async () => {
  await startAgain()
  await stop('a')
  await expect.poll(lastPhase).toBe('scheduled')
  await quitFromTray()
  await answer('quit')
  await expect.poll(exitCode).toBe(0)
  expect(actionsSent(scene)).toEqual([])
  await startAgain()
  await expect.poll(() => scene.page.textContent('body')).toMatch(/quit before the stop of a was sent/)
  expect(actionsSent(scene)).toEqual([])
})

test('a user who quits during a pending stop can wait until it is sent, and then the app quits', async () => {
  const time = createSkippableTime(0)
  await time.install(scene.running.app)
  await stop('a')
  await expect.poll(lastPhase).toBe('scheduled')
  await quitFromTray()
  await answer('stay')
  await expect.poll(() => scene.running.output()).toContain('quits once the requested actions are sent')
  expect([exitCode(), actionsSent(scene)]).toEqual([null, []])
  // The app ends before it can say that the time was skipped.
  time.skip(scene.running.app, UNDO_S * 1_000).catch(() => undefined)
  await expect.poll(exitCode).toBe(0)
  expect(actionsSent(scene)).toEqual(['stop a'])
  expect(lastPhase()).toBe('accepted')
})

test('Quit in the tray ends the app although several questions are open', async () => {
  await startAgain()
  await openQuestions()
  await quitFromTray()
  await expect.poll(exitCode).toBe(0)
  expect(actionsSent(scene)).toEqual(['stop a'])
})

test('a user who quits with a terminal open is asked: canceling keeps it, and quitting ends it', async () => {
  await startAgain()
  const shellState = await openShell()
  await quitFromTray()
  await answer('stay')
  await expect.poll(dialog).toBe('')
  expect(await shellState()).toBe('open')
  await quitFromTray()
  await answer('quit')
  await expect.poll(exitCode).toBe(0)
})

test('SIGTERM waits for the response to a stop that was sent, and asks nobody, although a terminal and several questions are open', async () => {
  await startAgain()
  await change('undoS', 1)
  await openShell({ isTrusted: true })
  // The app waits for 5 s, of which a busy machine needs some.
  scene.runpod.fault({ kind: 'slow', delayMs: 1_000, method: 'POST', action: 'stop' })
  await openQuestions()
  await stop('term')
  await expect.poll(() => actionsSent(scene)).toEqual(['stop a', 'stop term'])
  process.kill(scene.running.pid, 'SIGTERM')
  await expect.poll(exitCode).toBe(0)
  expect(lastPhase()).toBe('accepted')
})

test('a sleep that the system announces sends a stop that waits for its undo, and the system is asked to wait', async () => {
  await startAgain()
  await openCard(scene.page, 'term')
  await expect.poll(() => card(scene.page, 'term').textContent()).toContain('Stopped at')
  await change('undoS', UNDO_S)
  await stop('asleep')
  const lock = { what: 'sleep:shutdown', who: 'Podkeeper', mode: 'delay' }
  await expect.poll(() => logind.requested).toContainEqual(lock)
  expect(actionsSent(scene)).toEqual(['stop a', 'stop term'])
  logind.announceSleep(true)
  await expect.poll(() => actionsSent(scene)).toEqual(['stop a', 'stop term', 'stop asleep'])
  await expect.poll(lastPhase).toBe('accepted')
  logind.announceSleep(false)
  await expect.poll(lastPhase).toBe('observed')
})

test('SIGINT ends the app, and the next start shows what each signal left', async () => {
  process.kill(scene.running.pid, 'SIGINT')
  await expect.poll(exitCode).toBe(0)
  await startAgain()
  await openCard(scene.page, 'asleep')
  await expect.poll(() => card(scene.page, 'asleep').textContent()).toContain('Stopped at')
  expect(actionsSent(scene)).toEqual(['stop a', 'stop term', 'stop asleep'])
})

test('a signal sends a stop that waits for its undo, and a missing response delays the end by five seconds at most', async () => {
  scene.runpod.clearFaults()
  scene.runpod.fault({ kind: 'hang', method: 'POST', action: 'stop' })
  await stop('hung')
  await expect.poll(lastPhase).toBe('scheduled')
  const msToEnd = await measureTimeToEnd()
  process.kill(scene.running.pid, 'SIGTERM')
  await expect.poll(exitCode).toBe(0)
  expect(msToEnd()).toBeLessThan(6_000)
  expect(actionsSent(scene)).toEqual(['stop a', 'stop term', 'stop asleep', 'stop hung'])
  expect(lastPhase()).toBe('sent')
})
