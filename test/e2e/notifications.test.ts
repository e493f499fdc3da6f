import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FakeServer, startBus } from '../harness/app/fake-notification-server'
import { Notifications } from '../harness/app/notifications'
import { actionsSent, card, openScene, type Scene, type SceneOptions } from '../harness/app/scene'

let scene: Scene
const ends: (() => unknown)[] = []
beforeEach(() => {
  ends.length = 0
})
afterEach(async () => {
  await scene?.close()
  for (const end of ends.reverse()) await end()
})

const NAME = 'forgotten <b>one</b> & co'
const idleScene = (over: SceneOptions = {}): SceneOptions => ({
  pods: [{ id: 'i', name: NAME, mode: 'idle', costPerHourUsd: 3.99 }],
  settings: { idleAlertAfterMin: 0.05, undoS: 30 },
  ...over,
})

async function dunst(): Promise<Notifications> {
  const notifications = await Notifications.listen()
  ends.push(() => notifications.disconnect())
  await notifications.closeAll()
  return notifications
}

/** What the activity log holds, oldest first, as whoever opens its files reads it. */
function written(): { kind: string; what: string; text: string }[] {
  const folder = join(scene.running.dataDir, 'activity')
  return readdirSync(folder)
    .sort()
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').trimEnd().split('\n'))
    .map((line) => JSON.parse(line))
}
const texts = (): string[] => written().map(({ text }) => text)

const isPopoverShown = (): Promise<boolean | undefined> =>
  scene.running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible())
const hidePopover = (): Promise<void> =>
  scene.running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide())

test('Stop of a notification is an action that can be taken back, and shows where', async () => {
  const notifications = await dunst()
  scene = await openScene(idleScene())
  await scene.pasteKey()
  const told = await notifications.find('forgotten')
  expect(told.title).toContain(NAME)
  expect(told.actions.map(({ label }) => label)).toContain('Stop')
  await hidePopover()
  await notifications.press(told, 'Stop')
  await expect.poll(isPopoverShown).toBe(true)
  await card(scene.page, NAME).getByRole('button', { name: /Undo/ }).click()
  await expect.poll(() => texts().at(-1)).toContain('was taken back')
  expect(texts()).toContain(`You asked for ${NAME} to stop.`)
  expect(actionsSent(scene)).toEqual([])
  await expect.poll(() => notifications.open().some(({ id }) => id === told.id)).toBe(false)
})

test('Keep on of a notification keeps the pod on, and nothing else comes up', async () => {
  const notifications = await dunst()
  scene = await openScene(idleScene())
  await scene.pasteKey()
  const told = await notifications.find('forgotten')
  await hidePopover()
  await notifications.press(told, 'Keep on')
  await expect.poll(texts).toContainEqual(expect.stringContaining('is kept on until '))
  expect(await isPopoverShown()).toBe(false)
  await expect.poll(() => card(scene.page, NAME).textContent()).toMatch(/Kept on until/)
  await expect.poll(() => notifications.open().some(({ id }) => id === told.id)).toBe(false)
  expect(actionsSent(scene)).toEqual([])
})

test('what is told was written down before the server heard of it', async () => {
  const bus = await startBus()
  ends.push(bus.stop)
  const server = await FakeServer.start(bus.address, ['actions', 'body', 'body-markup'])
  const writtenBefore: boolean[] = []
  server.onNotify = (title) => writtenBefore.push(texts().some((text) => text.includes(title)))
  scene = await openScene(idleScene({ launch: { env: { DBUS_SESSION_BUS_ADDRESS: bus.address } } }))
  await scene.pasteKey()
  await expect.poll(() => writtenBefore).toEqual([true])
})

test('a notification goes when its pod works again', async () => {
  const notifications = await dunst()
  scene = await openScene(idleScene())
  await scene.pasteKey()
  const told = await notifications.find('forgotten')
  scene.runpod.setPod('i', { mode: 'training' })
  await expect.poll(() => notifications.open().some(({ id }) => id === told.id)).toBe(false)
})

test('a button that is pressed late opens the pod and does nothing else', async () => {
  const bus = await startBus()
  ends.push(bus.stop)
  const server = await FakeServer.start(bus.address, ['actions', 'body', 'body-markup'])
  const env = { DBUS_SESSION_BUS_ADDRESS: bus.address }
  scene = await openScene(idleScene({ launch: { env } }))
  await scene.pasteKey()
  await expect.poll(() => server.received.length).toBe(1)
  const [told] = server.received
  expect(told?.title).toContain(NAME)
  scene.runpod.setPod('i', { mode: 'training' })
  await expect.poll(() => server.closed).toEqual([1])
  // This server has not taken it off its screen yet.
  await hidePopover()
  server.press(1, 'stop')
  await expect.poll(isPopoverShown).toBe(true)
  await expect.poll(() => scene.page.locator(':focus').textContent()).toContain('forgotten')
  server.press(1, 'stop')
  expect(texts().filter((text) => text.includes('asked'))).toEqual([])
  expect(actionsSent(scene)).toEqual([])
})

test('a server without actions gets what Electron shows, without a button that nobody could press', async () => {
  const bus = await startBus()
  ends.push(bus.stop)
  const server = await FakeServer.start(bus.address, ['body', 'body-markup'])
  scene = await openScene(idleScene({ launch: { env: { DBUS_SESSION_BUS_ADDRESS: bus.address } } }))
  await scene.pasteKey()
  await expect.poll(() => server.received.length).toBe(1)
  expect(server.received[0]?.title).toContain('forgotten')
  expect(server.received[0]?.body).toMatch(/^GPU \d.*%/)
  expect(server.received[0]?.actions).toEqual([])
})

test('where Electron cannot show it, a program of its own does', async () => {
  const bus = await startBus()
  ends.push(bus.stop)
  const server = await FakeServer.start(bus.address, ['body', 'body-markup'])
  server.isRefused = (program) => program !== 'notify-send'
  scene = await openScene({ launch: { env: { DBUS_SESSION_BUS_ADDRESS: bus.address } } })
  expect(await scene.page.evaluate('window.app.sendTestNotification()')).toEqual({ ok: true, value: 'shown' })
  expect(server.received.map(({ title }) => title)).toEqual(['Podkeeper can reach you'])
  expect(scene.running.output()).toMatch(/A notification could not be shown/)
})

test('without any server the test notification says that it failed', async () => {
  const bus = await startBus()
  ends.push(bus.stop)
  scene = await openScene({ launch: { env: { DBUS_SESSION_BUS_ADDRESS: bus.address } } })
  const said = await scene.page.evaluate('window.app.sendTestNotification()')
  expect(said).toEqual({ ok: true, value: 'failed' })
  const late = await FakeServer.start(bus.address, ['actions', 'body'])
  const bodyOf = () => scene.page.evaluate('window.app.sendTestNotification()')
  await expect.poll(bodyOf).toEqual({ ok: true, value: 'shown' })
  expect(late.received[0]?.title).toBe('Podkeeper can reach you')
})

test('the log tells how the run before ended, and windows ask for it page by page', async () => {
  scene = await openScene({ pods: [{ id: 'a', name: 'a', mode: 'training' }] })
  await scene.pasteKey()
  await expect.poll(() => texts().some((text) => /with the key ending in cess/.test(text))).toBe(true)
  await scene.crashAndRestart()
  await expect.poll(() => texts().at(-1)).toMatch(/started\. The run before did not end by itself/)
  const answer = await scene.page.evaluate('window.app.activity(null, null, null)')
  expect(answer).toMatchObject({
    ok: true,
    value: { entries: [{ what: 'started' }, { what: 'connected' }, { what: 'started' }], before: null },
  })
  scene.running = await scene.running.relaunch()
  await expect.poll(() => texts().slice(-2)).toEqual(['Podkeeper ended.', 'Podkeeper started.'])
})
