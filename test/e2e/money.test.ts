import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Result } from '../../src/core/base/result'
import { HOUR_MS } from '../../src/core/base/time/time'
import type { SimulatedPodSpec } from '../../src/simulator/world/pod-spec'
import { Notifications, type DaemonNotification } from '../harness/app/desktop/notifications'
import {
  accountIdOf,
  actionsSent,
  card,
  openCard,
  openScene,
  podKeyIn,
  type Scene,
  screenshot,
} from '../harness/app/start/scene'
import { TrayItem } from '../harness/app/desktop/tray'
import { waitUntil } from '../harness/app/act/wait-until'

/*
 * A month in half a minute: two pods that cost $2.50 per second each, in the real app over HTTP, with the real
 * notification daemon. The tests share one app and depend on each other's order.
 */

const PER_HOUR_USD = 9_000
const spender = (id: string, name: string): SimulatedPodSpec => ({
  id,
  name,
  mode: 'training',
  costPerHourUsd: PER_HOUR_USD,
  startedAgoMin: 0,
  provisioningS: 0.1,
  startingS: 0.1,
  stoppingS: 1,
  persistent: { sizeGb: 20, path: '/workspace' },
})
const safe: SimulatedPodSpec = {
  id: 'n',
  name: 'safe',
  mode: 'training',
  costPerHourUsd: 1,
  persistent: null,
  network: { volumeId: 'v', path: '/data' },
}
/** With a margin for a slow machine. */
const SLOW = { timeout: 60_000 }
const MONTH = { timeout: 120_000 }
const PLENTY_USD = 10_000_000
const OVER_100_USD = /\$(\d+,)?\d{3}\.\d\d$/

let scene: Scene
let notifications: Notifications
let tray: TrayItem
let iconBefore: string
/** Since when the spenders cost something, Unix ms. */
let spendingSinceMs: number

beforeAll(async () => {
  notifications = await Notifications.listen()
  await notifications.closeAll()
  scene = await openScene({
    pods: [safe],
    settings: {
      monthlyBudgetUsd: '140',
      autoStopAfterMin: 60,
      autoStopFirstWarningMin: 0.2,
      // So long goes by at least between the last warning and the stop.
      autoStopLastWarningMin: 0.15,
    },
  })
  scene.runpod.balance(PLENTY_USD)
  await enter()
  await ask(`setAutoStop('${await accountIdOf(scene.page)}', 'ticked')`)
})
afterAll(async () => {
  tray?.disconnect()
  await scene?.close()
  notifications?.disconnect()
})

async function enter(): Promise<void> {
  await scene.pasteKey()
  await waitUntil('the pods', async () => (await card(scene.page, 'safe').count()) === 1)
  tray?.disconnect()
  tray = await TrayItem.of(scene.running)
}

/** Sends a request over the bridge, as a window does. */
async function ask(request: string): Promise<void> {
  const answer = await scene.page.evaluate<Result<unknown, { message: string }>>(`window.app.${request}`)
  if (!answer.ok) throw new Error(`${request}: ${answer.error.message}`)
}

const allIncludingReplaced = (title: RegExp): readonly DaemonNotification[] =>
  notifications.allIncludingReplaced().filter((one) => title.test(one.title))
const meter = () => scene.page.getByRole('region', { name: 'Money and counts' })
/** The spent amount, once it is marked as more than the budget. */
const overspent = () =>
  meter()
    .getByRole('button', { name: /^Spent in/ })
    .locator('b.bad-text')
    .textContent()

/** Waits for this many more polls of the pods, after which all their alerts have appeared. */
async function polls(count: number): Promise<void> {
  const lists = (): number => scene.runpod.requests.filter(({ path }) => path === '/v2/pods').length
  const before = lists()
  await waitUntil(`${count} more lists`, () => lists() >= before + count, SLOW.timeout)
}

test('a budget that is not spent is shown by the meter but not by the tray', MONTH, async () => {
  await expect.poll(() => meter().textContent(), SLOW).toContain('of $140')
  iconBefore = await tray.iconHash()
  expect(await tray.tooltip()).not.toContain('budget')
})

test(
  'a pod with its own budget is warned about twice and stopped once the budget is spent',
  MONTH,
  async () => {
    // Only now, so that nothing of the budgets was spent before, however long the app took to start.
    spendingSinceMs = Date.now()
    for (const spec of [spender('b', 'burner'), spender('c', 'capped')]) scene.runpod.addPod(spec)
    await card(scene.page, 'capped').waitFor()
    const c = await podKeyIn(scene.page, 'c')
    await ask(`changePodRules('${c}', { isAutoStopped: true, monthlyBudgetUsd: 70, atBudget: 'stop' })`)
    await openCard(scene.page, 'capped')
    await expect.poll(() => card(scene.page, 'capped').textContent(), SLOW).toContain('of $70.00 this month')
    const warnings = () => allIncludingReplaced(/^capped will be stopped in/)
    await waitUntil('both warnings', () => warnings().length >= 2, SLOW.timeout)
    expect(actionsSent(scene)).toEqual([])
    for (const { body, isCritical } of warnings()) {
      expect(isCritical).toBe(true)
      expect(body).toContain('Its monthly budget (UTC) is $70.00.')
    }
    await screenshot(scene.page, 'money-pod-budget')
    await expect.poll(() => actionsSent(scene), SLOW).toEqual(['stop c'])
    await waitUntil(
      'it to be said',
      () => allIncludingReplaced(/^capped was stopped automatically/).length > 0,
      SLOW.timeout,
    )
    await expect.poll(() => card(scene.page, 'capped').textContent(), SLOW).toContain('its budget is spent')
    expect(allIncludingReplaced(/^capped has spent its monthly budget/)).toHaveLength(1)
  },
)

test(
  'a monthly budget raises an alert in the tray and at the meter when it is half spent and when it is spent',
  MONTH,
  async () => {
    await waitUntil(
      'half of the budget to be spent',
      () => allIncludingReplaced(/^50% of the monthly budget is spent/).length > 0,
      SLOW.timeout,
    )
    await waitUntil(
      'the budget to be passed',
      () => allIncludingReplaced(/^The monthly budget is spent/).length > 0,
      SLOW.timeout,
    )
    const [alert] = allIncludingReplaced(/^The monthly budget is spent/)
    const [, spentUsd] = /^\$(\d+\.\d\d) of \$140\.00 \(UTC\)$/.exec(alert?.body ?? '') ?? []
    expect(Number(spentUsd)).toBeGreaterThanOrEqual(140)
    // What both have cost by now, and the other pod.
    const mostUsd = (2 * PER_HOUR_USD * (Date.now() - spendingSinceMs)) / HOUR_MS + 10
    expect(Number(spentUsd)).toBeLessThan(mostUsd)
    await expect.poll(() => tray.tooltip(), SLOW).toContain('The monthly budget is spent')
    await expect.poll(() => tray.iconHash(), SLOW).not.toBe(iconBefore)
    await expect.poll(overspent, SLOW).toMatch(OVER_100_USD)
    await screenshot(scene.page, 'money-budget-passed')
    await polls(2)
  },
)

test('a spent budget raises no alert again after a crash or a restart', MONTH, async () => {
  await scene.crashAndRestart()
  await enter()
  await expect.poll(() => tray.tooltip(), SLOW).toContain('The monthly budget is spent')
  await polls(3)
  scene.runpod.balance(PER_HOUR_USD * 3)
  await scene.running.close()
  scene.running = await scene.running.relaunch()
  scene.page = await scene.running.popover()
  await enter()
  await expect.poll(overspent, SLOW).toMatch(OVER_100_USD)
  await polls(3)
  const ofBudget = allIncludingReplaced(/budget/).map(({ title }) => title)
  expect(ofBudget.filter((title) => title === 'The monthly budget is spent')).toHaveLength(1)
  expect(ofBudget).toHaveLength(new Set(ofBudget).size)
})

test(
  'a balance that lasts an hour is critical, and the alert names the pods that Runpod would delete',
  MONTH,
  async () => {
    await waitUntil(
      'the first alert',
      () => allIncludingReplaced(/^At the current rate, your balance lasts [23] h/).length > 0,
      SLOW.timeout,
    )
    expect(allIncludingReplaced(/^At the current rate, your balance lasts [23] h/)[0]).toMatchObject({
      isCritical: true,
    })
    await expect.poll(() => tray.tooltip(), SLOW).toMatch(/balance/i)
    // The balance is read every 10 s, in which $25 are spent, so no more than an hour is left by then.
    scene.runpod.balance(PER_HOUR_USD + 20)
    const named = () =>
      notifications.allIncludingReplaced().filter(({ body }) => body.includes('Runpod deletes capped'))
    await waitUntil('the last alert', () => named().length > 0, SLOW.timeout)
    const [last] = named()
    expect(last).toMatchObject({ isCritical: true })
    expect(last?.title).toMatch(/^At the current rate, your balance lasts (5\d min|1 h)$/)
    expect(last?.body).toBe('At $0, Runpod deletes capped, burner, with their disks.')
    await screenshot(scene.page, 'money-runway')
    await polls(3)
    expect(named()).toHaveLength(1)
  },
)
