import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Result } from '../../src/core/base/result'
import type { PodSpec } from '../../src/simulator/world/pod-spec'
import { Notifications, type ShownNotification } from '../harness/app/notifications'
import { actionsSent, card, openScene, type Scene, type SceneOptions, screenshot } from '../harness/app/scene'
import { TrayItem } from '../harness/app/tray'
import { until } from '../harness/app/waiting'

/*
 * A month in half a minute: a pod that costs $2 a second, in the real app over HTTP, told of by the real notification
 * daemon.
 */

const PER_HOUR_USD = 7_200
const burner: PodSpec = {
  id: 'b',
  name: 'burner',
  mode: 'training',
  costPerHourUsd: PER_HOUR_USD,
  startedAgoMin: 0,
  provisioningS: 0.1,
  startingS: 0.1,
  persistent: { sizeGb: 20, path: '/workspace' },
}
/** With room for a slow machine. */
const SLOW = { timeout: 60_000 }
const MONTH = { timeout: 180_000 }
const PLENTY_USD = 10_000_000

let scene: Scene
let notifications: Notifications
let tray: TrayItem | null = null
beforeEach(async () => {
  notifications = await Notifications.listen()
  await notifications.closeAll()
})
afterEach(async () => {
  tray?.disconnect()
  tray = null
  await scene?.close()
  notifications.disconnect()
})

async function open(options: SceneOptions & { readonly balanceUsd?: number }): Promise<void> {
  scene = await openScene({ pods: [burner], ...options })
  scene.runpod.balance(options.balanceUsd ?? PLENTY_USD)
  await enter()
}

async function enter(): Promise<void> {
  await scene.pasteKey()
  await expect.poll(() => card(scene.page, 'burner').count(), SLOW).toBe(1)
  tray?.disconnect()
  tray = await TrayItem.of(scene.running)
}

/** Over the bridge, as a window asks. */
async function ask(request: string): Promise<void> {
  const answer = await scene.page.evaluate<Result<unknown, { message: string }>>(`window.app.${request}`)
  if (!answer.ok) throw new Error(`${request}: ${answer.error.message}`)
}

const tooltip = async (): Promise<string> => (await tray?.tooltip()) ?? ''
const heard = (title: RegExp): readonly ShownNotification[] =>
  notifications.heard().filter((one) => title.test(one.title))
const meter = () => scene.page.getByRole('region', { name: 'Money' })

/** So many more looks at the pods: whatever is told by them was told. */
async function looks(count: number): Promise<void> {
  const lists = (): number => scene.runpod.requests.filter(({ path }) => path === '/v2/pods').length
  const before = lists()
  await until(`${count} more lists`, () => lists() >= before + count, SLOW.timeout)
}

test(
  'a budget that is passed is told once, in the tray and by the meter, and not again by the next run',
  MONTH,
  async () => {
    await open({ settings: { monthlyBudgetUsd: '60' } })
    await expect.poll(() => meter().textContent(), SLOW).toContain('of $60')
    const iconBefore = await tray?.iconHash()
    expect(await tooltip()).not.toContain('budget')
    await until(
      'half of the budget to be spent',
      () => heard(/^50 % of the budget of the month is spent/).length > 0,
      SLOW.timeout,
    )
    await until(
      'the budget to be passed',
      () => heard(/^The budget of the month is spent/).length > 0,
      SLOW.timeout,
    )
    const [told] = heard(/^The budget of the month is spent/)
    expect(told?.body).toMatch(/^\$6\d\.\d\d of \$60\.00 \(UTC\)$/)
    await expect.poll(tooltip, SLOW).toContain('The budget of the month is spent')
    await expect.poll(() => tray?.iconHash(), SLOW).not.toBe(iconBefore)
    await expect.poll(() => meter().textContent(), SLOW).toContain('The budget is passed')
    await screenshot(scene.page, 'money-budget-passed')
    await looks(3)

    await scene.crashAndRestart()
    await enter()
    await expect.poll(tooltip, SLOW).toContain('The budget of the month is spent')
    await looks(5)
    await scene.running.close()
    scene.running = await scene.running.relaunch()
    scene.page = await scene.running.popover()
    await enter()
    await expect.poll(() => meter().textContent(), SLOW).toContain('The budget is passed')
    await looks(5)
    const ofBudget = heard(/budget/).map(({ title }) => title)
    expect(ofBudget.filter((title) => title === 'The budget of the month is spent')).toHaveLength(1)
    expect(ofBudget).toHaveLength(new Set(ofBudget).size)
  },
)

test(
  'a pod with a budget of its own is told of, warned of twice, and stopped once that is spent',
  MONTH,
  async () => {
    await open({
      settings: { autoStopAfterMin: 60, autoStopFirstWarningMin: 0.1, autoStopLastWarningMin: 0.05 },
    })
    await ask('setAutoStop("ticked")')
    await ask('changePodRules("b", { isAutoStopped: true, monthlyBudgetUsd: 80, atBudget: "stop" })')
    await expect.poll(() => card(scene.page, 'burner').textContent(), SLOW).toContain('of $80.00 this month')
    const warnings = () => heard(/^burner will be stopped in/)
    await until('both warnings', () => warnings().length >= 2, SLOW.timeout)
    expect(actionsSent(scene)).toEqual([])
    for (const { body, isCritical } of warnings()) {
      expect(isCritical).toBe(true)
      expect(body).toContain('Its budget of the month (UTC) is $80.00.')
    }
    await screenshot(scene.page, 'money-pod-budget')
    await expect.poll(() => actionsSent(scene), SLOW).toEqual(['stop b'])
    await until('it to be said', () => heard(/^burner was stopped automatically/).length > 0, SLOW.timeout)
    await expect.poll(() => card(scene.page, 'burner').textContent(), SLOW).toContain('its budget is spent')
    expect(heard(/^burner has spent its budget of the month/)).toHaveLength(1)
  },
)

test(
  'a balance that lasts an hour is critical, and names the pods that Runpod would delete',
  MONTH,
  async () => {
    const others: readonly PodSpec[] = [
      {
        id: 'n',
        name: 'safe',
        mode: 'training',
        costPerHourUsd: 1,
        persistent: null,
        network: { volumeId: 'v', path: '/data' },
      },
      {
        id: 's',
        name: 'resting',
        mode: 'stopped',
        persistent: { sizeGb: 10, path: '/workspace' },
        network: null,
      },
    ]
    await open({ pods: [burner, ...others], balanceUsd: PER_HOUR_USD * 3 })
    await until('the first alert', () => heard(/^The balance lasts [23] h/).length > 0, SLOW.timeout)
    expect(heard(/^The balance lasts [23] h/)[0]).toMatchObject({ isCritical: true })
    await expect.poll(tooltip, SLOW).toMatch(/balance/i)
    // From here on no more than an hour is left in ten seconds.
    scene.runpod.balance(PER_HOUR_USD + 20)
    const named = () => notifications.heard().filter(({ body }) => body.includes('Then Runpod deletes'))
    await until('the last alert', () => named().length > 0, SLOW.timeout)
    const [last] = named()
    expect(last).toMatchObject({ isCritical: true })
    expect(last?.title).toMatch(/^The balance lasts (59 min|1 h 00 m) more$/)
    expect(last?.body).toBe('Then Runpod deletes burner, resting, with their disks.')
    await screenshot(scene.page, 'money-runway')
    await looks(5)
    expect(named()).toHaveLength(1)
  },
)
