import { afterEach, expect, test } from 'vitest'
import { Notifications } from '../harness/app/desktop/notifications'
import { openScene, type Scene, screenshot } from '../harness/app/start/scene'
import { TrayItem } from '../harness/app/desktop/tray'

let scene: Scene
afterEach(() => scene?.close())

const lists = () => scene.runpod.requests.filter(({ path }) => path === '/v2/pods').length

test('the menu is replaced when it changes, and not at every poll', async () => {
  scene = await openScene({ pods: [{ id: 'a', name: 'a', mode: 'training', costPerHourUsd: 3 }] })
  await scene.pasteKey()
  const tray = await TrayItem.of(scene.running)
  await expect.poll(() => tray.tooltip()).toBe('1 running · $3.00/hr')
  const changes = await tray.countMenuChanges()
  const before = lists()
  await expect.poll(lists).toBeGreaterThan(before + 6)
  expect(changes()).toBe(0)
  scene.runpod.act('a', 'stop')
  await expect.poll(() => tray.tooltip()).toMatch(/^0 running/)
  await expect.poll(changes).toBeGreaterThan(0)
  tray.disconnect()
})

test('alerts can be paused in the menu, also across a restart, and deferred ones appear when resumed', async () => {
  const notifications = await Notifications.listen()
  await notifications.closeAll()
  try {
    scene = await openScene({
      pods: [{ id: 'i', name: 'forgotten', mode: 'idle' }],
      settings: { idleAlertAfterMin: 0.05 },
    })
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
    tray.disconnect()
  } finally {
    notifications.disconnect()
  }
})
