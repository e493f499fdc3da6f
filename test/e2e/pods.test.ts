import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  actionsSent,
  card,
  openScene,
  type Scene,
  screenshot,
  toasts,
  VOLUME,
} from '../harness/app/start/scene'
import { TrayItem } from '../harness/app/desktop/tray'

/** Time to undo something at leisure. */
const LONG_UNDO_S = 60

let scene: Scene
let tray: TrayItem
/** The menu of the tray without a key. */
let calmIcon: string
beforeAll(async () => {
  scene = await openScene({
    pods: [
      {
        id: 'a',
        name: 'a',
        mode: 'training',
        costPerHourUsd: 1.5,
        ...VOLUME,
      },
      { id: 't', name: 'train_a & co', mode: 'training', costPerHourUsd: 3, ...VOLUME },
    ],
    settings: { undoS: LONG_UNDO_S },
  })
  tray = await TrayItem.of(scene.running)
  calmIcon = await tray.iconHash()
  await scene.pasteKey()
})
afterAll(async () => {
  tray?.disconnect()
  await scene?.close()
})

const setUndoS = (seconds: number) => scene.page.evaluate(`window.app.changeSetting('undoS', ${seconds})`)

test('the tray shows what runs and what it costs, stops a pod, and undoes that', async () => {
  await expect.poll(() => tray.tooltip()).toBe('2 running · $4.50/hr')
  await expect.poll(() => tray.iconHash()).not.toBe(calmIcon)

  const name = await podLabel(tray, 'train')
  await tray.choose(name, 'Stop')
  await expect.poll(async () => (await tray.menu()).some(({ label }) => label.startsWith('Undo'))).toBe(true)
  const undo = (await tray.menu()).find(({ label }) => label.startsWith('Undo'))
  await tray.choose(undo?.label ?? '')
  await expect.poll(async () => (await tray.menu()).some(({ label }) => label.startsWith('Undo'))).toBe(false)
  expect(actionsSent(scene)).toEqual([])

  await setUndoS(1)
  await tray.choose('a', 'Stop')
  await expect.poll(() => actionsSent(scene)).toEqual(['stop a'])
  await expect.poll(() => tray.tooltip()).toBe('1 running · $3.00/hr')
  await expect
    .poll(async () => (await tray.menu()).find(({ label }) => label === 'a')?.children.map((c) => c.label))
    .toEqual(['Stopped', 'Start', 'Terminate…', 'Show'])
})

test('pods appear and change, and count as gone only after two lists and a 404', async () => {
  scene.runpod.addPod({ id: 'first', name: 'first', mode: 'training' })
  await expect.poll(() => card(scene.page, 'first').count()).toBe(1)
  await expect.poll(() => card(scene.page, 'first').textContent()).toMatch(/Busy \d+%/)

  scene.runpod.addPod({ id: 'second', name: 'second', mode: 'training' })
  await expect.poll(() => card(scene.page, 'second').count()).toBe(1)
  scene.runpod.act('second', 'stop')
  await expect.poll(() => card(scene.page, 'second').textContent()).toContain('Stopped')

  // Lists without the pod, and even failed reads of it, are not proof.
  scene.runpod.fault({ kind: 'list-without', withoutPodId: 'first' })
  const lists = () =>
    scene.runpod.requests.filter(({ method, path }) => method === 'GET' && path === '/v2/pods').length
  const reads = () => scene.runpod.requests.filter(({ path }) => path === '/v2/pods/first').length
  const before = lists()
  await expect.poll(() => lists() - before).toBeGreaterThan(4)
  expect(reads()).toBeGreaterThan(0)
  expect(await card(scene.page, 'first').count()).toBe(1)
  scene.runpod.clearFaults()

  scene.runpod.removePod('first')
  await expect.poll(() => card(scene.page, 'first').count()).toBe(0)
  await expect.poll(() => scene.page.textContent('body')).toMatch(/first is gone/)
  await screenshot(scene.page, 'pods-one-gone')
})

test('a stop from the card can be undone, and is otherwise sent once', async () => {
  scene.runpod.addPod({
    id: 's',
    name: 'saved',
    mode: 'training',
    persistent: { sizeGb: 100, path: '/workspace' },
  })
  const actions = () => actionsSent(scene).filter((action) => action.endsWith(' s'))
  const saved = card(scene.page, 'saved')
  await setUndoS(LONG_UNDO_S)
  await saved.getByRole('button', { name: 'Stop saved' }).click()
  await expect
    .poll(() => toasts(scene.page).textContent())
    .toMatch(/Stopping saved in .*\/workspace.*100 GB.*\$0\.67 a day/)
  await screenshot(scene.page, 'stop-with-undo')
  await scene.page.getByRole('button', { name: 'Undo: stop saved' }).click()
  await expect.poll(() => toasts(scene.page).textContent()).toContain('Stop undone: saved')

  await setUndoS(1)
  await saved.getByRole('button', { name: 'Stop saved' }).click()
  await expect.poll(() => toasts(scene.page).textContent()).toContain('saved stopped')
  expect(actions()).toEqual(['stop s'])
  expect(scene.runpod.pod('s')['status']).toBe('EXITED')

  await saved.getByRole('button', { name: 'Start saved' }).click()
  await expect.poll(() => scene.runpod.pod('s')['status']).not.toBe('EXITED')
  expect(actions()).toEqual(['stop s', 'start s'])
})

test('an empty response does not count as an empty account', async () => {
  scene.runpod.fault({ kind: 'empty-object' })
  await expect.poll(() => scene.page.textContent('body')).toMatch(/answer not from Runpod/)
  expect(await card(scene.page, 'a').count()).toBe(1)
})

async function podLabel(tray: TrayItem, start: string): Promise<string> {
  return (await tray.menu()).find(({ label }) => label.startsWith(start))?.label ?? ''
}
