import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Snapshot } from '../../src/core/view/snapshot'
import { HOUR_MS, MINUTE_MS } from '../../src/core/base/time/time'
import { card, openCard, openScene, type Scene } from '../harness/app/start/scene'
import { waitUntil } from '../harness/app/act/wait-until'

/*
 * What the window shows right after a pod was stopped and started: the runway, the balance and since when it is
 * creating. The balance is read every 5 min, as by default. The tests share one app and depend on each other's order.
 */

const persistent = { sizeGb: 100, path: '/workspace' }
const DAYS_AGO_MIN = 8 * 24 * 60
/** With a margin for a slow machine; far less than the 5 min between two reads of the balance. */
const SOON = { timeout: 60_000 }

let scene: Scene

beforeAll(async () => {
  scene = await openScene({
    pods: [
      {
        id: 'big',
        name: 'big',
        mode: 'training',
        costPerHourUsd: 10,
        startedAgoMin: DAYS_AGO_MIN,
        stoppingS: 0,
        provisioningS: 3_600,
        persistent,
      },
      { id: 'small', name: 'small', mode: 'training', costPerHourUsd: 4, persistent },
    ],
    settings: { pollBalanceS: 300 },
  })
  scene.runpod.balance(140)
  await scene.pasteKey()
  await waitUntil('the pods', async () => (await card(scene.page, 'big').count()) === 1)
})
afterAll(() => scene?.close())

const snapshot = (): Promise<Snapshot> =>
  scene.page.evaluate<Snapshot>('window.app.snapshot().then(({ value }) => value)')
const runwayH = async () => ((await snapshot()).runwayMs ?? 0) / HOUR_MS

test('the runway is right as soon as a stop was observed', async () => {
  await expect.poll(runwayH, SOON).toBeCloseTo(10, 0)
  scene.runpod.act('big', 'stop')
  await expect.poll(async () => (await snapshot()).pods.find(({ id }) => id === 'big')?.phase).toBe('stopped')
  // $4 for the other pod, and less than 3 cents for the disk of this one.
  expect(await runwayH()).toBeGreaterThan(34)
  expect(await runwayH()).toBeLessThan(35)
})

test('a refresh reads the balance again', async () => {
  // Longer than the interval between two reads however often someone asks.
  await waitUntil('an older balance', async () => {
    const { balance, atMs } = await snapshot()
    return balance.kind === 'known' && atMs - balance.atMs > 6_000
  })
  scene.runpod.balance(400)
  await scene.page.evaluate('window.app.refresh()')
  await expect
    .poll(async () => {
      const { balance } = await snapshot()
      return balance.kind === 'known' ? Math.round(balance.usd) : null
    })
    .toBe(400)
})

test('a pod that was started again is creating since then, not for 8 days', async () => {
  scene.runpod.act('big', 'start')
  const text = (await openCard(scene.page, 'big')).getByText(/^Creating for /)
  await text.waitFor()
  expect(await text.textContent()).toMatch(/^Creating for \d+ (s|min)\. You may already be paying for it\.$/)
  const big = (await snapshot()).pods.find(({ id }) => id === 'big')
  expect(big).toMatchObject({ phase: 'creating', costSinceStartUsd: null, creating: { isAtLeast: false } })
  expect(Date.now() - big!.createdAtMs!).toBeGreaterThan(DAYS_AGO_MIN * MINUTE_MS - HOUR_MS)
})
