import { afterEach, expect, test } from 'vitest'
import { actionsSent, card, openScene, type Scene, screenshot } from '../harness/app/scene'
import { TrayItem } from '../harness/app/tray'

let scene: Scene
afterEach(() => scene?.close())

test('pods appear, change, and are called gone only after two lists and a 404', async () => {
  scene = await openScene({ pods: [{ id: 'first', name: 'first', mode: 'training' }] })
  await scene.pasteKey()
  await expect.poll(() => card(scene.page, 'first').count()).toBe(1)
  expect(await card(scene.page, 'first').textContent()).toContain('Running')

  scene.runpod.addPod({ id: 'second', name: 'second', mode: 'training' })
  await expect.poll(() => card(scene.page, 'second').count()).toBe(1)
  scene.runpod.act('second', 'stop')
  await expect.poll(() => card(scene.page, 'second').textContent()).toContain('Stopped')

  // Lists without it, and even failing reads of it, prove nothing.
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
  expect(await scene.page.textContent('body')).toMatch(/first is gone/)
  await screenshot(scene.page, 'pods-one-gone')
})

test('an empty answer is not an empty account', async () => {
  scene = await openScene({ pods: [{ name: 'kept', mode: 'training' }] })
  await scene.pasteKey()
  await expect.poll(() => card(scene.page, 'kept').count()).toBe(1)
  scene.runpod.fault({ kind: 'empty-object' })
  await expect.poll(() => scene.page.textContent('body')).toMatch(/not Runpod's answer/)
  expect(await card(scene.page, 'kept').count()).toBe(1)
})

test('a stop from the card can be undone, and is sent once when it is not', async () => {
  const pods = [
    { id: 'a', name: 'a', mode: 'training', persistent: { sizeGb: 100, path: '/workspace' } },
  ] as const
  scene = await openScene({ pods, settings: { undoS: 2 } })
  await scene.pasteKey()
  const a = card(scene.page, 'a')
  await a.getByRole('button', { name: 'Stop a' }).click()
  await expect.poll(() => a.textContent()).toMatch(/Stopping in .*\/workspace.*100 GB.*\$0\.67 a day/)
  await screenshot(scene.page, 'stop-with-undo')
  await a.getByRole('button', { name: 'Undo: stop a' }).click()
  await expect.poll(() => a.textContent()).toContain('cancelled')

  await a.getByRole('button', { name: 'Stop a' }).click()
  await expect.poll(() => a.textContent()).toContain('Stopped at')
  expect(actionsSent(scene)).toEqual(['stop a'])
  expect(scene.runpod.pod('a')['status']).toBe('EXITED')

  await a.getByRole('button', { name: 'Start a' }).click()
  await expect.poll(() => scene.runpod.pod('a')['status']).not.toBe('EXITED')
  expect(actionsSent(scene)).toEqual(['stop a', 'start a'])
})

test('the tray says what runs and what it burns, stops a pod, and takes it back', async () => {
  const pods = [
    { id: 'a', name: 'train_a & co', mode: 'training', costPerHourUsd: 3 },
    { id: 'b', name: 'b', mode: 'training', costPerHourUsd: 1.5 },
  ] as const
  scene = await openScene({ pods, settings: { undoS: 3 } })
  const tray = await TrayItem.of(scene.running)
  const calm = await tray.iconHash()
  await scene.pasteKey()
  await expect.poll(() => tray.tooltip()).toBe('2 running · $4.50/h')
  expect(await tray.iconHash()).not.toBe(calm)

  const name = await podLabel(tray, 'train')
  await tray.choose(name, 'Stop')
  await expect.poll(async () => (await tray.menu()).some(({ label }) => label.startsWith('Undo'))).toBe(true)
  const undo = (await tray.menu()).find(({ label }) => label.startsWith('Undo'))
  await tray.choose(undo?.label ?? '')
  await expect.poll(async () => (await tray.menu()).some(({ label }) => label.startsWith('Undo'))).toBe(false)
  expect(actionsSent(scene)).toEqual([])

  await tray.choose('b', 'Stop')
  await expect.poll(() => actionsSent(scene)).toEqual(['stop b'])
  await expect.poll(() => tray.tooltip()).toBe('1 running · $3.00/h')
  await expect
    .poll(async () => (await tray.menu()).find(({ label }) => label === 'b')?.children.map((c) => c.label))
    .toEqual(['Stopped', 'Start', 'Terminate…', 'Show'])
  tray.disconnect()
})

async function podLabel(tray: TrayItem, start: string): Promise<string> {
  return (await tray.menu()).find(({ label }) => label.startsWith(start))?.label ?? ''
}
