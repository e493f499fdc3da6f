import { afterEach, expect, test } from 'vitest'
import { card, openScene, type Scene } from '../harness/app/start/scene'

let scene: Scene
afterEach(() => scene?.close())

const lists = () => scene.runpod.requests.filter(({ path }) => path === '/v2/pods').length
const tell = (event: string) =>
  scene.running.app.evaluate(({ powerMonitor }, name) => powerMonitor.emit(name), event)

test('a sleeping app sends nothing, and waking up causes one poll', async () => {
  scene = await openScene({
    pods: [{ name: 'a', mode: 'training' }],
    settings: { pollActiveS: 1, pollIdleS: 1, undoS: 1 },
  })
  await scene.pasteKey()
  await expect.poll(() => card(scene.page, 'a').count()).toBe(1)
  await tell('suspend')
  const asleep = lists()
  // Not even on request. Each response arrives after the poll that the request would have caused.
  for (let asked = 0; asked < 3; asked += 1)
    expect(await scene.page.evaluate('window.app.refresh()')).toMatchObject({ ok: true })
  expect(lists() - asleep).toBeLessThanOrEqual(1)

  const before = lists()
  await tell('resume')
  await tell('unlock-screen')
  await tell('resume')
  await expect.poll(lists, { interval: 20 }).toBe(before + 1)
  await expect.poll(lists).toBeGreaterThan(before + 2)
})
