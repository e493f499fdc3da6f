import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { FakeNotificationServer, startBus } from '../harness/app/desktop/fake-notification-server'
import { Notifications, type DaemonNotification } from '../harness/app/desktop/notifications'
import {
  actionsSent,
  card,
  openCard,
  openScene,
  type Scene,
  type SceneOptions,
  VOLUME,
} from '../harness/app/start/scene'

let scene: Scene
/** Cleanup for a test with its own bus. */
const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const NAME = 'forgotten <b>one</b> & co'
const idleScene = (over: SceneOptions = {}): SceneOptions => ({
  pods: [{ id: 'i', name: NAME, mode: 'idle', costPerHourUsd: 3.99 }],
  settings: { idleAlertAfterMin: 0.05, undoS: 30 },
  ...over,
})

/** The entries of the audit log, oldest first, read from its files. */
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

/** These tests share an app. Each has its own pod, which is busy until then, so that alerts are not combined. */
describe('the notification daemon', () => {
  let notifications: Notifications
  const nameOf = (id: string): string => `${id} <b>one</b> & co`
  const forget = async (id: string): Promise<DaemonNotification> => {
    scene.runpod.setPod(id, { mode: 'idle' })
    return notifications.find(nameOf(id))
  }
  beforeAll(async () => {
    notifications = await Notifications.listen()
    await notifications.closeAll()
    const pods = ['stopped', 'kept', 'resumed'].map((id) => ({
      id,
      name: nameOf(id),
      mode: 'training' as const,
      costPerHourUsd: 3.99,
      ...VOLUME,
    }))
    scene = await openScene(idleScene({ pods }))
    await scene.pasteKey()
  })
  afterAll(async () => {
    await scene?.close()
    notifications.disconnect()
  })

  test('shows a Stop button, which starts an action that can be undone and shows where', async () => {
    const told = await forget('stopped')
    expect(told.title).toContain(nameOf('stopped'))
    expect(told.actions.map(({ label }) => label)).toContain('Stop')
    await hidePopover()
    await notifications.press(told, 'Stop')
    await expect.poll(isPopoverShown).toBe(true)
    await scene.page.getByRole('button', { name: `Undo: stop ${nameOf('stopped')}` }).click()
    await expect.poll(() => texts().at(-1)).toContain('was undone')
    expect(texts()).toContain(`You requested a stop of ${nameOf('stopped')}.`)
    expect(actionsSent(scene)).toEqual([])
    await expect.poll(() => notifications.open().some(({ id }) => id === told.id)).toBe(false)
  })

  test('shows a Keep running button, which keeps the pod on and opens no window', async () => {
    const told = await forget('kept')
    await hidePopover()
    await notifications.press(told, 'Keep running')
    await expect.poll(texts).toContainEqual(expect.stringContaining(`${nameOf('kept')} is kept on until `))
    expect(await isPopoverShown()).toBe(false)
    await openCard(scene.page, nameOf('kept'))
    await expect.poll(() => card(scene.page, nameOf('kept')).textContent()).toMatch(/Kept on until/)
    await expect.poll(() => notifications.open().some(({ id }) => id === told.id)).toBe(false)
    expect(actionsSent(scene)).toEqual([])
  })

  test('withdraws a notification when its pod is busy again', async () => {
    const told = await forget('resumed')
    scene.runpod.setPod('resumed', { mode: 'training' })
    await expect.poll(() => notifications.open().some(({ id }) => id === told.id)).toBe(false)
  })
})

test('an alert is recorded before it is sent to the server', async () => {
  const bus = await startBus()
  ends.push(bus.stop, () => scene.close())
  const server = await FakeNotificationServer.start(bus.address, ['actions', 'body', 'body-markup'])
  const writtenBefore: boolean[] = []
  server.onNotify = (title) => writtenBefore.push(texts().some((text) => text.includes(title)))
  scene = await openScene(idleScene({ launch: { env: { DBUS_SESSION_BUS_ADDRESS: bus.address } } }))
  await scene.pasteKey()
  await expect.poll(() => writtenBefore).toEqual([true])
})

test('a button pressed late only opens the pod', async () => {
  const bus = await startBus()
  ends.push(bus.stop, () => scene.close())
  const server = await FakeNotificationServer.start(bus.address, ['actions', 'body', 'body-markup'])
  const env = { DBUS_SESSION_BUS_ADDRESS: bus.address }
  scene = await openScene(idleScene({ launch: { env } }))
  await scene.pasteKey()
  await expect.poll(() => server.received.length).toBe(1)
  const [told] = server.received
  expect(told?.title).toContain(NAME)
  scene.runpod.setPod('i', { mode: 'training' })
  await expect.poll(() => server.closed).toEqual([1])
  // This server hasn't removed it from its screen yet.
  await hidePopover()
  server.press(1, 'stop')
  const window = await scene.running.mainWindow()
  await expect.poll(() => window.locator(':focus').textContent()).toContain('forgotten')
  server.press(1, 'stop')
  // Polling continues meanwhile, so there was enough time.
  const looks = (): number => scene.runpod.requests.length
  const before = looks()
  await expect.poll(looks).toBeGreaterThan(before + 3)
  expect(texts().filter((text) => text.includes('requested a stop'))).toEqual([])
  expect(actionsSent(scene)).toEqual([])
})

test("a server without actions gets Electron's notification without a button", async () => {
  const bus = await startBus()
  ends.push(bus.stop, () => scene.close())
  const server = await FakeNotificationServer.start(bus.address, ['body', 'body-markup'])
  scene = await openScene(idleScene({ launch: { env: { DBUS_SESSION_BUS_ADDRESS: bus.address } } }))
  await scene.pasteKey()
  await expect.poll(() => server.received.length).toBe(1)
  expect(server.received[0]?.title).toContain('forgotten')
  expect(server.received[0]?.body).toMatch(/^GPU \d.*%/)
  expect(server.received[0]?.actions).toEqual([])
})

test('an external program shows what Electron cannot show', async () => {
  const bus = await startBus()
  ends.push(bus.stop, () => scene.close())
  const server = await FakeNotificationServer.start(bus.address, ['body', 'body-markup'])
  server.isRefused = (program) => program !== 'notify-send'
  scene = await openScene({ launch: { env: { DBUS_SESSION_BUS_ADDRESS: bus.address } } })
  expect(await scene.page.evaluate('window.app.sendTestNotification()')).toEqual({ ok: true, value: 'shown' })
  expect(server.received.map(({ title }) => title)).toEqual(['Podkeeper can reach you'])
  await expect.poll(() => scene.running.output()).toMatch(/A notification could not be shown/)
})

test('a test notification without any server reports a failure', async () => {
  const bus = await startBus()
  ends.push(bus.stop, () => scene.close())
  scene = await openScene({ launch: { env: { DBUS_SESSION_BUS_ADDRESS: bus.address } } })
  const said = await scene.page.evaluate('window.app.sendTestNotification()')
  expect(said).toEqual({ ok: true, value: 'failed' })
  const late = await FakeNotificationServer.start(bus.address, ['actions', 'body'])
  const bodyOf = () => scene.page.evaluate('window.app.sendTestNotification()')
  await expect.poll(bodyOf).toEqual({ ok: true, value: 'shown' })
  expect(late.received[0]?.title).toBe('Podkeeper can reach you')
})

test('the log says how the previous run ended, and a window reads it page by page', async () => {
  ends.push(() => scene.close())
  scene = await openScene({ pods: [{ id: 'a', name: 'a', mode: 'training' }] })
  await scene.pasteKey()
  await expect.poll(() => texts().some((text) => /with the key ending in cess/.test(text))).toBe(true)
  await scene.crashAndRestart()
  await expect.poll(() => texts().at(-1)).toMatch(/started\. The previous run didn’t exit normally/)
  const answer = await scene.page.evaluate('window.app.auditPage(null, {})')
  expect(answer).toMatchObject({
    ok: true,
    value: { entries: [{ what: 'started' }, { what: 'connected' }, { what: 'started' }], before: null },
  })
  scene.running = await scene.running.relaunch()
  await expect.poll(() => texts().slice(-2)).toEqual(['Podkeeper ended.', 'Podkeeper started.'])
})
