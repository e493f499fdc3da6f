import { afterAll, beforeAll, expect, test } from 'vitest'
import { actionsSent, card, openScene, type Scene, VOLUME } from '../harness/app/start/scene'
import { TrayItem } from '../harness/app/desktop/tray'

/** The tests share one app and depend on each other's order. */
let scene: Scene
let tray: TrayItem
/** The icon without a key. */
let calmIcon: string
beforeAll(async () => {
  scene = await openScene({
    pods: [
      { id: 'a', name: 'a', mode: 'training', costPerHourUsd: 1.5, ...VOLUME },
      { id: 't', name: 'train_a & co', mode: 'training', costPerHourUsd: 3, ...VOLUME },
    ],
    settings: { undoS: 60 },
  })
  tray = await TrayItem.of(scene.running)
  calmIcon = await tray.iconHash()
  await scene.pasteKey()
})
afterAll(async () => {
  tray?.disconnect()
  await scene?.close()
})

const hasUndo = async () => (await tray.menu()).some(({ label }) => label.startsWith('Undo'))

test('the tray shows what runs and what it costs, and the time of an outage', async () => {
  await expect.poll(() => tray.tooltip()).toBe('2 running · $4.50/hr')
  await expect.poll(() => tray.iconHash()).not.toBe(calmIcon)
  scene.runpod.fault({ kind: 'reset-before' })
  await expect.poll(() => tray.tooltip()).toMatch(/^No response since/)
  expect(await card(scene.page, 'a').count()).toBe(1)
  scene.runpod.clearFaults()
  await expect.poll(() => tray.tooltip()).toBe('2 running · $4.50/hr')
})

test('the menu stops a pod, and undoes that', async () => {
  const name = (await tray.menu()).find(({ label }) => label.startsWith('train'))?.label ?? ''
  await tray.choose(name, 'Stop')
  await expect.poll(hasUndo).toBe(true)
  const undo = (await tray.menu()).find(({ label }) => label.startsWith('Undo'))
  await tray.choose(undo?.label ?? '')
  await expect.poll(hasUndo).toBe(false)
  expect(actionsSent(scene)).toEqual([])

  await scene.page.evaluate("window.app.changeSetting('undoS', 1)")
  await tray.choose('a', 'Stop')
  await expect.poll(() => actionsSent(scene)).toEqual(['stop a'])
  await expect.poll(() => tray.tooltip()).toBe('1 running · $3.00/hr')
  await expect
    .poll(async () => (await tray.menu()).find(({ label }) => label === 'a')?.children.map((c) => c.label))
    .toEqual(['Stopped', 'Start', 'Terminate…', 'Show'])
})

test('the menu is replaced when it changes, and not at every poll', async () => {
  const lists = () => scene.runpod.requests.filter(({ path }) => path === '/v2/pods').length
  const changes = await tray.countMenuChanges()
  const before = lists()
  await expect.poll(lists).toBeGreaterThan(before + 6)
  expect(changes()).toBe(0)
  scene.runpod.act('t', 'stop')
  await expect.poll(() => tray.tooltip()).toMatch(/^0 running/)
  await expect.poll(changes).toBeGreaterThan(0)
})
