import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newKeyringFolder, startKeyring } from '../harness/app/desktop/keyring'
import { questionTitled } from '../harness/app/act/questions'
import { openScene, type Scene, screenshot, VOLUME } from '../harness/app/start/scene'
import { waitUntil } from '../harness/app/act/wait-until'
import type { ReceivingServer } from '../harness/channels/receiving-server'
import { type SeenMessage, startNtfy } from '../harness/channels/services'

const run = promisify(execFile)

/* One app and what it stored. The tests run in order, and each pod that disappears raises an alert. */

let scene: Scene
let servers: readonly ReceivingServer<SeenMessage>[] = []
const none = (): Promise<void> => Promise.resolve()
let endRunning = none
async function endKeyring(): Promise<void> {
  const end = endRunning
  endRunning = none
  await end()
}
let folder: string
let window: Page
beforeAll(async () => {
  folder = await newKeyringFolder()
  endRunning = await startKeyring({ folder })
  window = await openWithChannels()
})
afterAll(async () => {
  await scene?.close()
  await Promise.all(servers.map((server) => server.close()))
  await endKeyring()
})

const pods = ['a', 'b', 'c', 'd', 'e'].map((id) => ({
  id,
  name: `pod-${id}`,
  mode: 'training' as const,
  ...VOLUME,
}))
const testButton = (window: Page) => window.getByRole('button', { name: /^Test ntfy/ }).first()

async function openChannels(): Promise<Page> {
  scene.page = await scene.running.popover()
  await scene.page.evaluate("window.app.openWindowAt('settings', 'channels')")
  const window = await scene.running.mainWindow()
  await window.getByRole('button', { name: 'Add channel' }).waitFor()
  return window
}

/** The app with a key and two channels, whose address and token a person types in the app's own window. */
async function openWithChannels(): Promise<Page> {
  servers = [await startNtfy(), await startNtfy()]
  scene = await openScene({ pods })
  await scene.pasteKey()
  const window = await openChannels()
  for (const { origin } of servers) {
    await window.evaluate("void window.app.addChannel('ntfy')")
    const address = await questionTitled(scene.running, 'Send alerts to ntfy?')
    await address.keyboard.type(`${origin}/secret`)
    // The window may close before the key is let go.
    await address.keyboard.press('Enter').catch(() => undefined)
    const token = await questionTitled(scene.running, /need an access token\?$/)
    await token.keyboard.type('tk_right')
    await token.keyboard.press('Enter').catch(() => undefined)
    await window.getByText(new URL(origin).host).first().waitFor()
  }
  await changeChannels([{ groupMinutes: 0 }, { groupMinutes: 0 }])
  return window
}

const changeChannels = (changes: readonly object[]) =>
  scene.page.evaluate(`window.app.channels().then(({ value }) => Promise.all(
    ${JSON.stringify(changes)}.map((change, index) => window.app.changeChannel(value.channels[index].id, change))))`)

const toldOf = (name: string): readonly boolean[] =>
  servers.map(({ received }) => received.some(({ text }) => text.includes(name)))

/* By the X server's screen saver Electron tells on Linux whether a computer is locked. */
const lock = () => run('xset', ['s', 'activate'])
const unlock = () => run('xset', ['s', 'reset'])

test('a channel for a locked computer gets alerts while it is locked, and none before or after', async () => {
  await changeChannels([{ route: 'always' }, { route: 'locked' }])
  await unlock()
  scene.runpod.removePod('a')
  await waitUntil('the alert', () => Promise.resolve(toldOf('pod-a')[0] === true))
  await lock()
  scene.runpod.removePod('b')
  await waitUntil('both alerts', () => Promise.resolve(!toldOf('pod-b').includes(false)))
  await unlock()
  scene.runpod.removePod('c')
  await waitUntil('the alert', () => Promise.resolve(toldOf('pod-c')[0] === true))
  // One that were late would come with a later one.
  await lock()
  scene.runpod.removePod('d')
  await waitUntil('both alerts', () => Promise.resolve(!toldOf('pod-d').includes(false)))
  await unlock()
  expect(['pod-a', 'pod-c'].map(toldOf)).toEqual([
    [true, false],
    [true, false],
  ])
})

test('address and token of a channel are kept in a real keyring: after a restart an alert goes there with them', async () => {
  await changeChannels([{ route: 'always' }, { route: 'always' }])
  const stored = readFileSync(join(scene.running.dataDir, 'channel-secrets.json'), 'utf8')
  expect(stored).toContain('"encrypted"')
  expect(stored).not.toMatch(/tk_right|secret"|127\.0\.0\.1/)
  await scene.running.close()
  await endKeyring()

  // While it is locked, nothing is sent and nothing is lost.
  endRunning = await startKeyring({ folder, isLocked: true })
  scene.running = await scene.running.relaunch()
  const before = servers.flatMap(({ received }) => received).length
  window = await openChannels()
  await testButton(window).click()
  await expect.poll(() => window.textContent('body')).toMatch(/keyring/)
  await screenshot(window, 'channels-keyring-locked')
  expect(servers.flatMap(({ received }) => received)).toHaveLength(before)
  expect(readFileSync(join(scene.running.dataDir, 'channel-secrets.json'), 'utf8')).toBe(stored)
  await scene.running.close()
  await endKeyring()

  endRunning = await startKeyring({ folder })
  scene.running = await scene.running.relaunch()
  window = await openChannels()
  // Those that the windows show before are of the earlier run.
  await waitUntil('the pods', () =>
    scene.page.evaluate<boolean>(
      "window.app.snapshot().then(({ value }) => value.connection.kind === 'live' && value.pods.length > 0)",
    ),
  )
  scene.runpod.removePod('e')
  await waitUntil('the alerts', () => Promise.resolve(!toldOf('pod-e').includes(false)))
  await testButton(window).click()
  await expect.poll(() => window.textContent('body')).toContain('answered HTTP 200')
})
