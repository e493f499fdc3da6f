import { describe, expect, test } from 'vitest'
import { type Locator, page } from 'vitest/browser'
import { HOUR_MS, MINUTE_MS } from '../../src/core/base/time/time'
import { expectGoodLook } from '../harness/browser/expect-look'
import { openWindow, type TestWindow } from '../harness/browser/open-window'
import { type BrowserScene, openScene, podOf } from '../harness/browser/scene'
import { trainer } from '../harness/browser/volumes-scene'

// Serverless endpoints that keep workers running, on the Costs page. See docs/product-rules.md#59-idle-serverless-workers.

interface ServerlessScene {
  readonly scene: BrowserScene
  readonly window: TestWindow
  readonly section: Locator
  readonly row: (name: string) => Locator
  readonly changes: () => Promise<number>
}

async function openServerless(): Promise<ServerlessScene> {
  const scene = await openScene({
    pods: [trainer],
    settings: { pollActiveS: 120, pollIdleS: 120 },
    endpoints: [
      { id: 'idle', name: 'image-generator', minWorkers: 2 },
      { id: 'busy', name: 'chat', minWorkers: 1, isBusy: true },
      { id: 'balanced', name: 'web', type: 'LOAD_BALANCER', minWorkers: 1 },
      { id: 'off', name: 'scaled-to-zero' },
    ],
  })
  const window = await openWindow(scene, 'main', { page: 'costs' })
  await scene.advance(3 * MINUTE_MS)
  const section = window.getByRole('region', { name: 'Serverless workers' })
  await expect.element(section).toBeVisible()
  return {
    scene,
    window,
    section,
    row: (name) => section.getByRole('listitem').filter({ has: page.getByText(name, { exact: true }) }),
    changes: async () =>
      (await scene.runpod.requests()).filter(
        ({ method, path }) => method === 'PATCH' && path.startsWith('/v2/serverless'),
      ).length,
  }
}

const alertsOf = async (scene: BrowserScene) =>
  (await scene.host()).notifications.filter(({ key }) => key.kind === 'idle-endpoint')

describe('serverless workers on the Costs page', () => {
  test('have a row per endpoint that keeps some, with price and idle time, and one alert after an hour', async () => {
    const { scene, window, section, row } = await openServerless()
    await expect.element(row('image-generator')).toHaveTextContent(/minimum 2 workersIdle since.*up to \$\d/)
    await expect.element(row('chat')).toHaveTextContent(/minimum 1 workerGot requests, last seen/)
    await expect.element(row('web')).toHaveTextContent('Its requests pass no queue')
    await expect.element(section).not.toHaveTextContent('scaled-to-zero')
    await expectGoodLook(window)
    expect(await alertsOf(scene)).toEqual([])
    await scene.advance(HOUR_MS + 15 * MINUTE_MS)
    await scene.advance(HOUR_MS)
    const alerts = await alertsOf(scene)
    expect(alerts.map(({ title }) => title)).toEqual(['Idle serverless workers: image-generator'])
    expect(alerts[0]?.body).toMatch(/No request seen since .* · up to \$\d.* so far\./)
    await expect.element(row('image-generator')).toHaveTextContent(/up to \$\d+\.\d\d so far/)
  })

  test('are set to 0 only after a question in the app’s own window, with one request', async () => {
    const { scene, section, row, changes } = await openServerless()
    const set = row('image-generator').getByRole('button', { name: 'image-generator: Set minimum to 0…' })
    await set.click()
    const title = 'Set the minimum of image-generator to 0 workers?'
    const { lines } = await scene.bridge.question(title)
    expect(JSON.stringify(lines)).toMatch(/always keeps 2 workers now \(up to \$/)
    expect(JSON.stringify(lines)).toContain('waits until a worker has started')
    expect(JSON.stringify(lines)).toContain('Requests still work')
    await scene.bridge.answerQuestion(title, 'Cancel')
    expect(await changes()).toBe(0)
    await set.click()
    await scene.bridge.answerQuestion(title, 'Set minimum to 0')
    await expect.element(section).not.toHaveTextContent('image-generator')
    expect(await changes()).toBe(1)
  })

  test('stay away although a copy of Runpod’s data shows the earlier minimum, and a lost answer is found out', async () => {
    const { scene, section, row, changes } = await openServerless()
    await scene.runpod.fault({ kind: 'reset-after', method: 'PATCH', path: '/v2/serverless/idle', count: 1 })
    await row('image-generator').getByRole('button').click()
    await scene.bridge.answerQuestion('Set the minimum of image-generator to 0 workers?', 'Set minimum to 0')
    await scene.advance(30_000)
    await expect.element(section).not.toHaveTextContent('image-generator')
    expect(await changes()).toBe(1)
    await scene.runpod.setEndpoint('idle', { oldReads: 1 })
    await scene.advance(2 * MINUTE_MS)
    await expect.element(section).not.toHaveTextContent('image-generator')
    await scene.advance(HOUR_MS)
    expect(await alertsOf(scene)).toEqual([])
  })

  test('aren’t changed by a page that claims what isn’t so', async () => {
    const { scene, changes } = await openServerless()
    const { accountId } = await podOf(scene, 'trainer')
    for (const shown of [
      { id: 'off', name: 'scaled-to-zero', minWorkers: 1 },
      { id: 'idle', name: 'image-generator', minWorkers: 1 },
      { id: 'idle', name: 'chat', minWorkers: 2 },
    ])
      expect(await scene.bridge.request('setMinimumToZero', accountId, shown)).toMatchObject({
        ok: true,
        value: { kind: 'refused' },
      })
    expect(await changes()).toBe(0)
  })
})
