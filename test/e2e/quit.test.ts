import { type ChildProcess, execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { startKeyring } from '../harness/app/desktop/keyring'
import { questionTitled } from '../harness/app/act/questions'
import { actionsSent, card, openScene, podKeyIn, type Scene, VOLUME } from '../harness/app/start/scene'
import { openTerminalScene } from '../harness/app/start/terminal-scene'
import { TrayItem } from '../harness/app/desktop/tray'
import { waitUntil } from '../harness/app/act/wait-until'

let endKeyring: () => Promise<void>
beforeAll(async () => {
  endKeyring = await startKeyring()
})
afterAll(() => endKeyring?.())

let scene: Scene
let child: ChildProcess
afterEach(() => scene?.close())

async function openWithPod(settings = {}): Promise<void> {
  scene = await openScene({ pods: [{ id: 'a', name: 'a', mode: 'training', ...VOLUME }], settings })
  await scene.pasteKey()
  await expect.poll(() => card(scene.page, 'a').count()).toBe(1)
  child = scene.running.app.process()
}

async function quitFromTray({ running } = scene): Promise<void> {
  const tray = await TrayItem.of(running)
  // The app may end before it answers.
  await Promise.allSettled([tray.choose('Quit')])
  tray.disconnect()
}

const stop = () => card(scene.page, 'a').getByRole('button', { name: 'Stop a' }).click()
/** Its exit code, or the signal that ended it. */
const exitCode = () => child.exitCode ?? child.signalCode
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

/** Answers the dialog with the keyboard, as a user would. */
async function press(...keys: readonly string[]): Promise<void> {
  // A key that arrives before the focus does is lost, and the next one would press another button. A window that
  // closes may take the focus along, so it is asked for again.
  await waitUntil('the dialog to have the focus', async () => {
    const id = await dialog()
    if (id === '') return false
    if ((await xdotool('getwindowfocus')) === id) return true
    await xdotool('windowactivate', id)
    return false
  })
  await xdotool('key', ...keys)
}

test('the app quits at once if nothing is pending', async () => {
  await openWithPod()
  await quitFromTray()
  await expect.poll(exitCode).toBe(0)
})

test('a user who quits during a pending stop can wait until it is sent, and then the app quits', async () => {
  // Time to answer the question, on a busy machine, too: then the app waits for the rest of it.
  await openWithPod({ undoS: 20 })
  await stop()
  await expect.poll(lastPhase).toBe('scheduled')
  await quitFromTray()
  await press('Return')
  await expect.poll(exitCode).toBe(0)
  expect(actionsSent(scene)).toEqual(['stop a'])
  expect(lastPhase()).toBe('accepted')
})

test('a user who quits anyway cancels the stop, and the next start says so', async () => {
  await openWithPod({ undoS: 60 })
  await stop()
  await expect.poll(lastPhase).toBe('scheduled')
  await quitFromTray()
  await press('Tab', 'Return')
  await expect.poll(exitCode).toBe(0)
  expect(actionsSent(scene)).toEqual([])
  scene.running = await scene.running.relaunch()
  scene.page = await scene.running.popover()
  await expect.poll(() => scene.page.textContent('body')).toMatch(/quit before the stop of a was sent/)
  expect(actionsSent(scene)).toEqual([])
})

test('a user who quits with a terminal open is asked: canceling keeps it, and quitting ends it', async () => {
  const { scene: here, openShell, view } = await openTerminalScene()
  child = here.running.app.process()
  const id = await openShell()
  await quitFromTray(here)
  await press('Return')
  await expect.poll(dialog).toBe('')
  expect((await view(id)).state.kind).toBe('open')
  await quitFromTray(here)
  await press('Tab', 'Return')
  await expect.poll(exitCode).toBe(0)
})

test('SIGTERM ends the app in good order while a terminal is open, and asks nobody', async () => {
  const { scene: here, openShell } = await openTerminalScene()
  child = here.running.app.process()
  await openShell()
  process.kill(here.running.pid, 'SIGTERM')
  await expect.poll(exitCode).toBe(0)
})

test.each([
  ['SIGTERM', () => process.kill(scene.running.pid, 'SIGTERM')],
  ['Quit in the tray', quitFromTray],
] as const)('%s ends the app although several questions are open', async (_, end) => {
  const names = ['a', 'b', 'c']
  scene = await openScene({ pods: names.map((name) => ({ id: name, name, mode: 'training' })) })
  await scene.pasteKey()
  await expect.poll(() => card(scene.page, 'c').count()).toBe(1)
  child = scene.running.app.process()
  const keys = await Promise.all(names.map((name) => podKeyIn(scene.page, name)))
  await scene.page.evaluate(`${JSON.stringify(keys)}.forEach((key) => void window.app.act(key, 'stop'))`)
  await questionTitled(scene.running, 'Stop a?')
  await end()
  await expect.poll(exitCode).toBe(0)
  expect(actionsSent(scene)).toEqual([])
})

test('a page cannot refuse that the app ends', async () => {
  await openWithPod()
  await scene.page.evaluate("window.app.openWindow('pods')")
  for (const page of [scene.page, await scene.running.mainWindow()]) {
    await page.evaluate("window.onbeforeunload = () => 'stay'")
    // Only a page that was used may ask.
    await page.mouse.click(5, 5)
  }
  await quitFromTray()
  await expect.poll(exitCode).toBe(0)
})

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s waits for the response to a stop that was sent, and ends properly',
  async (signal) => {
    await openWithPod({ undoS: 1 })
    // The app waits for 5 s, of which a busy machine needs some.
    scene.runpod.fault({ kind: 'slow', delayMs: 1_000, method: 'POST', action: 'stop' })
    await stop()
    await expect.poll(() => actionsSent(scene)).toEqual(['stop a'])
    process.kill(scene.running.pid, signal)
    await expect.poll(exitCode).toBe(0)
    expect(lastPhase()).toBe('accepted')
    scene.running = await scene.running.relaunch()
    scene.page = await scene.running.popover()
    await expect.poll(() => card(scene.page, 'a').textContent()).toContain('Stopped at')
    expect(actionsSent(scene)).toEqual(['stop a'])
  },
)

test('a missing response delays quitting by no more than five seconds', async () => {
  await openWithPod({ undoS: 1 })
  scene.runpod.fault({ kind: 'hang', method: 'POST', action: 'stop' })
  await stop()
  await expect.poll(() => actionsSent(scene)).toEqual(['stop a'])
  const msToEnd = await measureTimeToEnd()
  process.kill(scene.running.pid, 'SIGTERM')
  await expect.poll(exitCode).toBe(0)
  expect(msToEnd()).toBeLessThan(6_000)
  expect(lastPhase()).toBe('sent')
})
