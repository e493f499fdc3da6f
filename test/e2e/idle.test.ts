import { afterAll, beforeAll, expect, test } from 'vitest'
import { Notifications } from '../harness/app/desktop/notifications'
import { card, openScene, type Scene, screenshot } from '../harness/app/start/scene'
import { TrayItem } from '../harness/app/desktop/tray'

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
  await scene.pasteKey()
})
afterAll(async () => {
  await scene?.close()
  notifications.disconnect()
})

test('an idle pod raises one native alert, and a click on it leads to the page of the pod', async () => {
  const tray = await TrayItem.of(scene.running)
  const told = await notifications.find('forgotten')
  expect(told.title).toMatch(/has been idle for/)
  expect(told.body).toMatch(/GPU [0-2].*%.*memory unchanged.*\$3\.99\/hr/)
  await expect.poll(() => tray.tooltip()).toContain('1 idle')
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
  expect(notifications.all().filter(({ title }) => title.includes('idle'))).toHaveLength(1)
  tray.disconnect()
})

test('a pod that computes, steadily or in bursts, or has no telemetry is not called idle', async () => {
  await expect.poll(() => card(scene.page, 'silent').textContent()).toMatch(/unknown/i)
  // At the start of a 45 s burst, because the pod really is idle between bursts.
  scene.runpod.addPod({ id: 'spiky', name: 'spiky', mode: 'spiky', startedAgoMin: 3_535 / 60 })
  const lists = () => scene.runpod.requests.filter(({ path }) => path === '/v2/pods').length
  const before = lists()
  await expect.poll(lists).toBeGreaterThan(before + 8)
  await card(scene.page, 'spiky').waitFor()
  const idle = notifications.all().filter(({ title }) => title.includes('idle'))
  expect(idle.filter(({ title }) => !title.startsWith('forgotten'))).toEqual([])
})
