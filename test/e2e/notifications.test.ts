import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AuditPage } from '../../src/core/audit-log/audit-log'
import { FakeNotificationServer, startBus } from '../harness/app/desktop/fake-notification-server'
import { Notifications, type DaemonNotification } from '../harness/app/desktop/notifications'
import { actionsSent, card, openCard, openScene, type Scene, VOLUME } from '../harness/app/start/scene'

const SETTINGS = { idleAlertAfterMin: 0.05, undoS: 30 }

let scene: Scene

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
describe('the app with the notification daemon', () => {
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
    scene = await openScene({ pods, settings: SETTINGS })
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
    await expect
      .poll(texts)
      .toContainEqual(expect.stringContaining(`${nameOf('kept')} is kept running until `))
    expect(await isPopoverShown()).toBe(false)
    await openCard(scene.page, nameOf('kept'))
    await expect.poll(() => card(scene.page, nameOf('kept')).textContent()).toMatch(/Keeping until/)
    await expect.poll(() => notifications.open().some(({ id }) => id === told.id)).toBe(false)
    expect(actionsSent(scene)).toEqual([])
  })

  test('withdraws a notification when its pod is busy again', async () => {
    const told = await forget('resumed')
    scene.runpod.setPod('resumed', { mode: 'training' })
    await expect.poll(() => notifications.open().some(({ id }) => id === told.id)).toBe(false)
  })

  test('says in its log how the previous run ended, which a window reads page by page', async () => {
    await expect.poll(() => texts().some((text) => /with the key ending in cess/.test(text))).toBe(true)
    await scene.crashAndRestart()
    await expect.poll(() => texts().at(-1)).toMatch(/started\. The previous run didn’t exit normally/)
    const answer = await scene.page.evaluate<{ ok: boolean; value: AuditPage }>(
      'window.app.auditPage(null, {})',
    )
    expect(answer).toMatchObject({ ok: true, value: { before: null } })
    const read = answer.value.entries.map(({ what }) => what)
    expect([read[0], read.at(-2), read.at(-1)]).toEqual(['started', 'connected', 'started'])
    expect(read).toEqual(
      written()
        .map(({ what }) => what)
        .reverse(),
    )
    scene.running = await scene.running.relaunch()
    await expect.poll(() => texts().slice(-2)).toEqual(['Podkeeper ended.', 'Podkeeper started.'])
  })
})

/** On a bus of their own, whose servers come and go. These tests share an app and run in order. */
describe('a notification server', () => {
  const NAME = 'forgotten <b>one</b> & co'
  let bus: Awaited<ReturnType<typeof startBus>>
  let server: FakeNotificationServer
  const sendTest = () => scene.page.evaluate('window.app.sendTestNotification()')
  beforeAll(async () => {
    bus = await startBus()
    scene = await openScene({
      pods: [
        // So cheap that no alert of the balance comes in between.
        { id: 'i', name: NAME, mode: 'training', costPerHourUsd: 0.5 },
        { id: 'j', name: 'second', mode: 'training', costPerHourUsd: 0.5 },
      ],
      settings: SETTINGS,
      launch: { env: { DBUS_SESSION_BUS_ADDRESS: bus.address } },
    })
    await scene.pasteKey()
  })
  afterAll(async () => {
    await scene?.close()
    bus?.stop()
  })

  test('that is missing makes a test notification fail, until there is one', async () => {
    expect(await sendTest()).toEqual({ ok: true, value: 'failed' })
    server = await FakeNotificationServer.start(bus.address, ['actions', 'body', 'body-markup'])
    await expect.poll(sendTest).toEqual({ ok: true, value: 'shown' })
    expect(server.received[0]?.title).toBe('Podkeeper can reach you')
  })

  test('gets an alert after it was recorded', async () => {
    const writtenBefore: boolean[] = []
    server.onNotify = (title) => writtenBefore.push(texts().some((text) => text.includes(title)))
    scene.runpod.setPod('i', { mode: 'idle' })
    await expect.poll(() => writtenBefore).toEqual([true])
    expect(server.received.at(-1)?.title).toContain(NAME)
  })

  test('only opens the pod with a button that is pressed late', async () => {
    const told = server.received.at(-1) ?? expect.fail('no alert')
    scene.runpod.setPod('i', { mode: 'training' })
    await expect.poll(() => server.closed).toContain(told.id)
    // This server hasn't removed it from its screen yet.
    await hidePopover()
    server.press(told.id, 'stop')
    const window = await scene.running.mainWindow()
    await expect.poll(() => window.locator(':focus').textContent()).toContain('forgotten')
    server.press(told.id, 'stop')
    // Polling continues meanwhile, so there was enough time.
    const looks = (): number => scene.runpod.requests.length
    const before = looks()
    await expect.poll(looks).toBeGreaterThan(before + 3)
    expect(texts().filter((text) => text.includes('requested a stop'))).toEqual([])
    expect(actionsSent(scene)).toEqual([])
  })

  test("without actions gets Electron's notification without a button", async () => {
    server.stop()
    server = await FakeNotificationServer.start(bus.address, ['body', 'body-markup'])
    scene.runpod.setPod('j', { mode: 'idle' })
    await expect.poll(() => server.received.length).toBe(1)
    expect(server.received[0]?.title).toContain('second')
    expect(server.received[0]?.body).toMatch(/^GPU \d.*%/)
    expect(server.received[0]?.actions).toEqual([])
  })

  test('that refuses what Electron shows gets it from an external program', async () => {
    server.isRefused = (program) => program !== 'notify-send'
    expect(await sendTest()).toEqual({ ok: true, value: 'shown' })
    expect(server.received.slice(1).map(({ title }) => title)).toEqual(['Podkeeper can reach you'])
    await expect.poll(() => scene.running.output()).toMatch(/A notification could not be shown/)
  })
})
