import { describe, expect, test } from 'vitest'
import type { Pod } from '../../../src/core/pods/pod'
import type { AutoStopView } from '../../../src/core/guard/guard-view'
import type { PodRules } from '../../../src/core/pod-rules/pod-rules'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import { startGuardedMonitor, stopStatusOf, ticked } from '../../harness/guard/guarded-monitor'
import { type MonitorFixture, podWithFreshTelemetry } from '../../harness/monitor/monitor-fixture'
import { pod, telemetry } from '../../harness/samples/pods'

/* What windows show of a stop: its time, or what holds it, and that its time moved. See docs/product-rules.md#34-showing-the-plan. */

/** An hour of quiet stops the pod; warnings come 30 and 5 min before. */
const start = (over: Partial<Pod> = {}, rules: PodRules = {}): Promise<MonitorFixture> =>
  startGuardedMonitor({ pod: over, guard: ticked(rules) })

/** The next polls observe the pod like this. */
function change({ provider, clock }: MonitorFixture, over: Partial<Pod>): void {
  provider.pods = [podWithFreshTelemetry(clock, pod(over))]
}

/** For `minutes` the pod reports no figures. */
async function withoutTelemetry(rig: MonitorFixture, minutes: number): Promise<void> {
  change(rig, { telemetry: null })
  await rig.clock.advanceAsync(minutes * MINUTE_MS)
  change(rig, {})
}

const movedOf = (rig: MonitorFixture) => {
  const shown: AutoStopView | undefined = stopStatusOf(rig)
  return shown?.kind === 'watching' || shown?.kind === 'planned' ? shown.moved : undefined
}

describe('long before the first warning', () => {
  test.each<[string, Partial<Pod>]>([
    ['it is locked', { isLocked: true }],
    ['Runpod does not say whether it is locked', { isLocked: null }],
    ['it has no volume and stopping would lose the container disk', { persistentMount: null }],
    ['it is not known whether it has a volume', { areMountsKnown: false }],
    ['Runpod does not offer to stop it now', { actions: [] }],
    ['it belongs to a cluster', { clusterId: 'c-1' }],
  ])('a pod shows no time for its stop while %s', async (why, over) => {
    const rig = await start(over)
    await rig.clock.advanceAsync(5 * MINUTE_MS)
    expect(stopStatusOf(rig)).toEqual({ kind: 'watching', dueAtMs: null, held: { cause: 'quiet', why } })
  })

  test('a pod shows its time again once nothing holds its stop any more', async () => {
    const rig = await start({ isLocked: true })
    const dueAtMs = rig.clock.now().wallMs + HOUR_MS
    await rig.clock.advanceAsync(5 * MINUTE_MS)
    change(rig, {})
    await rig.clock.advanceAsync(MINUTE_MS)
    expect(stopStatusOf(rig)).toMatchObject({ kind: 'watching', cause: 'quiet' })
    expect(stopStatusOf(rig)).not.toHaveProperty('held')
    expect(movedOf(rig)).toBeUndefined()
    const shown = stopStatusOf(rig)
    expect(Math.abs((shown?.kind === 'watching' ? (shown.dueAtMs ?? 0) : 0) - dueAtMs)).toBeLessThan(
      MINUTE_MS,
    )
  })

  test('maximum hours that would lose data say so at once, also for a busy pod', async () => {
    const busy = telemetry({ gpus: [{ utilPercent: 90, memoryUtilPercent: 40 }] })
    const rig = await start(
      { persistentMount: null, telemetry: busy },
      { isAutoStopped: false, maxHours: 12 },
    )
    expect(stopStatusOf(rig)).toEqual({
      kind: 'watching',
      dueAtMs: null,
      held: { cause: 'max-hours', why: 'it has no volume and stopping would lose the container disk' },
    })
  })

  test('a stop that nothing holds is shown beside a rule that is held', async () => {
    const rig = await start({ persistentMount: null }, { mayLoseData: true, maxHours: 12 })
    expect(stopStatusOf(rig)).toMatchObject({ kind: 'watching', cause: 'quiet' })
    expect(stopStatusOf(rig)).not.toHaveProperty('held')
  })
})

describe('the time of a stop', () => {
  test('that does not move is not said to have moved', async () => {
    const rig = await start()
    for (let minute = 0; minute < 59; minute++) {
      await rig.clock.advanceAsync(MINUTE_MS)
      expect(movedOf(rig)).toBeUndefined()
    }
  })

  test('that moved because telemetry was missing says so, before and after the first warning', async () => {
    const rig = await start()
    const dueAtMs = rig.clock.now().wallMs + HOUR_MS
    await rig.clock.advanceAsync(5 * MINUTE_MS)
    for (let count = 0; count < 3; count++) {
      await withoutTelemetry(rig, 3)
      await rig.clock.advanceAsync(2 * MINUTE_MS)
    }
    const moved = movedOf(rig)
    expect(moved?.why).toMatch(/^telemetry was missing for \d+ min$/)
    expect(Math.abs(moved!.fromAtMs - dueAtMs)).toBeLessThan(MINUTE_MS)
    await rig.clock.advanceAsync(25 * MINUTE_MS)
    expect(stopStatusOf(rig)).toMatchObject({ kind: 'planned' })
    expect(movedOf(rig)?.why).toMatch(/^telemetry was missing/)
  })

  test('that moved because single polls had no telemetry says so', async () => {
    const rig = await start()
    rig.settings.now = { autoStopAfterMin: 60, pollActiveS: 40 }
    await rig.clock.advanceAsync(2 * MINUTE_MS)
    for (let count = 0; count < 6; count++)
      await withoutTelemetry(rig, 40 / 60).then(() => rig.clock.advanceAsync(40_000))
    expect(movedOf(rig)?.why).toMatch(/^telemetry was missing for \d+ min$/)
  })

  test('is not shown while telemetry is missing', async () => {
    const rig = await start()
    await rig.clock.advanceAsync(5 * MINUTE_MS)
    change(rig, { telemetry: null })
    await rig.clock.advanceAsync(2 * MINUTE_MS)
    expect(stopStatusOf(rig)).toEqual({
      kind: 'watching',
      dueAtMs: null,
      held: { cause: 'quiet', why: 'it reports no metrics' },
    })
  })

  test('that moved because a warning could be shown only later says so', async () => {
    const rig = await start()
    await rig.clock.advanceAsync(29 * MINUTE_MS)
    rig.system.delivery = 'failed'
    await rig.clock.advanceAsync(4 * MINUTE_MS)
    rig.system.delivery = 'shown'
    await rig.clock.advanceAsync(3 * MINUTE_MS)
    expect(stopStatusOf(rig)).toMatchObject({ kind: 'planned' })
    expect(movedOf(rig)?.why).toBe('you could only be warned later')
  })

  test('that moved because the pod’s memory changed says so', async () => {
    const rig = await start()
    await rig.clock.advanceAsync(10 * MINUTE_MS)
    change(rig, { telemetry: telemetry({ memoryUtilPercent: 60 }) })
    await rig.clock.advanceAsync(2 * MINUTE_MS)
    expect(movedOf(rig)?.why).toBe('its CPU or memory was not at rest for a while')
  })

  test('of a pod that worked meanwhile is a new time, which did not move', async () => {
    const rig = await start()
    await rig.clock.advanceAsync(10 * MINUTE_MS)
    change(rig, { telemetry: telemetry({ gpus: [{ utilPercent: 90, memoryUtilPercent: 40 }] }) })
    await rig.clock.advanceAsync(5 * MINUTE_MS)
    change(rig, {})
    await rig.clock.advanceAsync(5 * MINUTE_MS)
    expect(stopStatusOf(rig)).toMatchObject({ kind: 'watching', cause: 'quiet' })
    expect(movedOf(rig)).toBeUndefined()
  })

  test('that keep running held is a new time, which did not move', async () => {
    const rig = await start()
    rig.monitor.keepOn('pod-1', '1-hour')
    await rig.clock.advanceAsync(HOUR_MS + 5 * MINUTE_MS)
    expect(stopStatusOf(rig)).toMatchObject({ kind: 'planned' })
    expect(movedOf(rig)).toBeUndefined()
  })

  test('after a change of the rules is a new time, which did not move', async () => {
    const rig = await start()
    await rig.clock.advanceAsync(5 * MINUTE_MS)
    rig.monitor.changePodRules('pod-1', { autoStopAfterMin: 300 })
    await rig.clock.advanceAsync(2 * MINUTE_MS)
    expect(movedOf(rig)).toBeUndefined()
  })
})
