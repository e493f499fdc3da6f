import { afterEach, expect, test } from 'vitest'
import type { Scene } from './harness/scene'
import { openScene } from './harness/scene'
import { TrayItem } from './harness/tray'

let scene: Scene
afterEach(() => scene?.close())

const lists = () => scene.runpod.requests.filter(({ path }) => path === '/v2/pods').length

test('the menu is set anew when it changes, and not at every look', async () => {
  scene = await openScene({ pods: [{ id: 'a', name: 'a', mode: 'training', costPerHourUsd: 3 }] })
  await scene.pasteKey()
  const tray = await TrayItem.of(scene.running)
  await expect.poll(() => tray.tooltip()).toBe('1 running · $3.00/h')
  const changes = await tray.countMenuChanges()
  const before = lists()
  await expect.poll(lists, { timeout: 30_000 }).toBeGreaterThan(before + 6)
  expect(changes()).toBe(0)
  scene.runpod.act('a', 'stop')
  await expect.poll(() => tray.tooltip()).toMatch(/^0 running/)
  expect(changes()).toBeGreaterThan(0)
  tray.disconnect()
})
