import { afterEach, beforeEach, expect, test } from 'vitest'
import { Notifications } from '../harness/app/notifications'
import { card, openScene, type Scene, screenshot } from '../harness/app/scene'
import { TrayItem } from '../harness/app/tray'

let scene: Scene
let notifications: Notifications
beforeEach(async () => {
  notifications = await Notifications.listen()
  // What other tests left on the screen.
  await notifications.closeAll()
})
afterEach(async () => {
  await scene?.close()
  notifications.disconnect()
})

test('an idle pod is told once, natively, and the click leads to its card', async () => {
  scene = await openScene({
    pods: [
      { id: 'i', name: 'forgotten <b>one</b>', mode: 'idle', costPerHourUsd: 3.99 },
      { name: 'busy', mode: 'training' },
    ],
    settings: { idleAlertAfterMin: 0.1 },
  })
  await scene.pasteKey()
  const tray = await TrayItem.of(scene.running)
  const told = await notifications.find('forgotten')
  expect(told.title).toMatch(/is idle for/)
  expect(told.body).toMatch(/GPU 0.*%.*memory still.*\$3\.99\/h/)
  await expect.poll(() => tray.tooltip()).toContain('1 idle')
  await screenshot(scene.page, 'idle')

  await scene.running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide())
  await notifications.click(told)
  const isVisible = () =>
    scene.running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible())
  await expect.poll(isVisible).toBe(true)
  await expect.poll(() => scene.page.locator(':focus').textContent()).toContain('forgotten')

  // Well past the alert time again: an episode is told once.
  await expect
    .poll(() => card(scene.page, 'forgotten <b>one</b>').textContent(), { timeout: 20_000 })
    .toMatch(/Idle 1[0-9] s/)
  expect(notifications.all().filter(({ title }) => title.includes('idle'))).toHaveLength(1)
  tray.disconnect()
})

test('a pod that computes, loads data or says nothing is never called idle', async () => {
  scene = await openScene({
    pods: [
      { name: 'computes', mode: 'training' },
      { name: 'spiky', mode: 'spiky' },
      { name: 'silent', mode: 'telemetry-missing' },
    ],
    settings: { idleAlertAfterMin: 0.05 },
  })
  await scene.pasteKey()
  await expect.poll(() => card(scene.page, 'silent').textContent()).toMatch(/unknown/i)
  const lists = () => scene.runpod.requests.filter(({ path }) => path === '/v2/pods').length
  await expect.poll(lists, { timeout: 20_000 }).toBeGreaterThan(8)
  expect(notifications.all().filter(({ title }) => title.includes('idle'))).toEqual([])
})
