import { afterAll, beforeAll, expect, test } from 'vitest'
import { Notifications } from '../harness/app/desktop/notifications'
import { card, openScene, type Scene, screenshot } from '../harness/app/start/scene'
import { TrayItem } from '../harness/app/desktop/tray'

/** The tests share one app and depend on each other's order. */
let scene: Scene
let notifications: Notifications
beforeAll(async () => {
  notifications = await Notifications.listen()
  // Closes notifications that other tests left on the screen.
  await notifications.closeAll()
  scene = await openScene({
    pods: [
      { id: 'i', name: 'forgotten <b>one</b>', mode: 'idle', costPerHourUsd: 3.99 },
      { name: 'computes', mode: 'training' },
      { name: 'silent', mode: 'telemetry-missing' },
    ],
    settings: { idleAlertAfterMin: 0.05 },
  })
})
afterAll(async () => {
  await scene?.close()
  notifications.disconnect()
})

const lists = () => scene.runpod.requests.filter(({ path }) => path === '/v2/pods').length
const aboutIdle = () => notifications.all().filter(({ title }) => title.includes('idle'))

test('alerts can be paused in the menu, also across a restart, and deferred ones appear when resumed', async () => {
  const first = await TrayItem.of(scene.running)
  const calm = await first.iconHash()
  await first.choose('Pause alerts for 1 hour')
  await expect.poll(() => first.tooltip()).toMatch(/alerts paused until/)
  await expect.poll(() => first.iconHash()).not.toBe(calm)
  first.disconnect()

  await scene.crashAndRestart()
  const tray = await TrayItem.of(scene.running)
  await expect.poll(() => tray.tooltip()).toMatch(/alerts paused until/)
  await scene.pasteKey()
  await expect.poll(() => tray.tooltip()).toMatch(/1 idle/)
  const before = lists()
  await expect.poll(lists).toBeGreaterThan(before + 2)
  expect(notifications.all()).toEqual([])
  await expect.poll(() => scene.page.textContent('body')).toMatch(/Alerts are paused until/)
  await screenshot(scene.page, 'alerts-paused')

  await scene.page.getByRole('button', { name: '1 more message' }).click()
  await scene.page.getByRole('button', { name: 'Resume alerts' }).click()
  await notifications.find('forgotten')
  await expect.poll(() => scene.page.textContent('body')).not.toMatch(/Alerts are paused/)
  await expect.poll(() => tray.tooltip()).not.toMatch(/paused/)
  expect(await tray.tooltip()).toContain('1 idle')
  tray.disconnect()
})

test('an idle pod raises one native alert, and a click on it leads to the page of the pod', async () => {
  const told = await notifications.find('forgotten')
  expect(told.title).toMatch(/has been idle for/)
  expect(told.body).toMatch(/GPU [0-2].*%.*memory unchanged.*\$3\.99\/hr/)
  await screenshot(scene.page, 'idle')

  await notifications.click(told)
  const window = await scene.running.mainWindow()
  await window.getByRole('heading', { name: 'forgotten <b>one</b>', exact: true }).waitFor()
  const shown = () =>
    scene.running.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()
        .filter((one) => one.isVisible())
        .map((one) => one.webContents.getURL()),
    )
  await expect.poll(shown).toContainEqual(expect.stringContaining('window.html'))

  // Well past the alert time again, because an episode is reported only once.
  await expect
    .poll(() => card(scene.page, 'forgotten <b>one</b>').textContent())
    .toMatch(/Idle ([7-9]|[1-5]\d) s|Idle \d+ min/)
  expect(aboutIdle()).toHaveLength(1)
})

test('a pod that computes, steadily or in bursts, or has no telemetry is not called idle', async () => {
  await expect.poll(() => card(scene.page, 'silent').textContent()).toMatch(/unknown/i)
  // At the start of a 45 s burst, because the pod really is idle between bursts.
  scene.runpod.addPod({ id: 'spiky', name: 'spiky', mode: 'spiky', startedAgoMin: 3_535 / 60 })
  const before = lists()
  await expect.poll(lists).toBeGreaterThan(before + 8)
  await card(scene.page, 'spiky').waitFor()
  expect(aboutIdle().filter(({ title }) => !title.startsWith('forgotten'))).toEqual([])
})
