import { afterAll, beforeAll, expect, test } from 'vitest'
import { card, openScene, type Scene } from '../harness/app/start/scene'
import { TrayItem } from '../harness/app/desktop/tray'

let scene: Scene
/** The tests share one app and depend on each other's order. */
beforeAll(async () => {
  // For so long a key is doubted.
  scene = await openScene({ pods: [{ id: 'a', name: 'a', mode: 'training' }], settings: { keyRetryS: 8 } })
})
afterAll(() => scene?.close())

test('a web page in place of the API does not count as a rejected key', async () => {
  scene.runpod.fault({ kind: 'forbidden-html' })
  await scene.pasteKeyByHand()
  await expect.poll(() => scene.page.textContent('body')).toMatch(/between you and Runpod/)
  scene.runpod.clearFaults()
})

test('the last pods stay with their age during an outage and are live again afterwards', async () => {
  await scene.pasteKey()
  await expect.poll(() => card(scene.page, 'a').count()).toBe(1)
  const tray = await TrayItem.of(scene.running)
  scene.runpod.fault({ kind: 'reset-before' })
  await expect.poll(() => scene.page.textContent('body')).toMatch(/no answer for/)
  expect(await card(scene.page, 'a').count()).toBe(1)
  await expect.poll(() => scene.page.textContent('body')).toMatch(/Data from/)
  await expect.poll(() => tray.tooltip()).toMatch(/^No response since/)
  scene.runpod.clearFaults()
  await expect.poll(() => scene.page.textContent('body')).toMatch(/just now|\d s ago/)
  await expect.poll(() => tray.tooltip()).toBe('1 running · $0.69/hr')
  tray.disconnect()
})

test('a single 401 is doubted, a second one later rejects the key, and another key is accepted', async () => {
  await expect.poll(() => card(scene.page, 'a').count()).toBe(1)
  scene.runpod.fault({ kind: 'unauthorized', path: '/v2/pods', count: 1 })
  await expect.poll(() => scene.page.textContent('body')).toMatch(/checking the key again/)
  await expect.poll(() => scene.page.textContent('body')).toMatch(/just now|\d s ago/)

  scene.runpod.fault({ kind: 'unauthorized', path: '/v2/*' })
  await expect
    .poll(() => scene.page.textContent('body'))
    .toMatch(/refused the key \(401\) at .* and again at/)
  const asked = () => scene.runpod.requests.filter(({ path }) => path.startsWith('/v2')).length
  const whenRefused = asked()
  // Two poll intervals, to show that a rejected key is not sent again and again.
  await new Promise((resolve) => setTimeout(resolve, 2_500))
  expect(asked()).toBe(whenRefused)

  scene.runpod.clearFaults()
  await scene.page.getByRole('button', { name: 'Replace key' }).click()
  await scene.pasteKeyByHand()
  await expect.poll(() => card(scene.page, 'a').count()).toBe(1)
})
