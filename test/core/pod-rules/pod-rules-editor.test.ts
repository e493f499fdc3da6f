import { describe, expect, test } from 'vitest'
import { emptyAccountRules } from '../../../src/core/pod-rules/pod-rules'
import { parseAccountRules } from '../../../src/core/pod-rules/pod-rules-codec'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import { confirmed } from '../../harness/monitor/confirm-as-user'
import {
  actionsSentBy,
  alertTitlesOf,
  startGuardedMonitor,
  ticked,
} from '../../harness/guard/guarded-monitor'
import type { MonitorFixture } from '../../harness/monitor/monitor-fixture'

const rulesOf = ({ guards }: MonitorFixture) =>
  parseAccountRules(JSON.parse(guards.json) as Record<string, unknown>, 'account-1').rules.pods['pod-1']
const said = ({ auditEntries }: MonitorFixture) =>
  auditEntries.filter(({ kind }) => kind === 'rule').map(({ text }) => text)

describe('the rules of one pod', () => {
  test('are on disk, in the window and in the activity log', async () => {
    const rig = await startGuardedMonitor({ guard: emptyAccountRules })
    expect(
      rig.monitor.changePodRules('pod-1', { isAutoStopped: true, maxHours: 12, idleAlertAfterMin: 5 }).ok,
    ).toBe(true)
    expect(rulesOf(rig)).toEqual({ isAutoStopped: true, maxHours: 12, idleAlertAfterMin: 5 })
    expect(rig.monitor.snapshot().pods[0]).toMatchObject({
      alertAfterMs: 5 * MINUTE_MS,
      guard: { rules: { maxHours: 12 }, isAutoStopEnabled: false },
    })
    expect(said(rig)).toEqual([
      'trainer: selected for auto-stop, alert after 5 min, at most 12 h from its start.',
    ])
  })

  test('are removed by null', async () => {
    const rig = await startGuardedMonitor({ guard: ticked({ maxHours: 12 }) })
    rig.monitor.changePodRules('pod-1', { maxHours: null, isAutoStopped: null })
    expect(rulesOf(rig)).toBeUndefined()
  })

  test('count low CPU as idle only while the user says so', async () => {
    const rig = await startGuardedMonitor({ guard: ticked() })
    expect(rulesOf(rig)).not.toHaveProperty('isLowCpuIdle')
    expect(rig.monitor.changePodRules('pod-1', { isLowCpuIdle: true }).ok).toBe(true)
    expect(rulesOf(rig)).toMatchObject({ isLowCpuIdle: true })
    expect(rig.monitor.snapshot().pods[0]!.guard.rules).toMatchObject({ isLowCpuIdle: true })
    rig.monitor.changePodRules('pod-1', { isLowCpuIdle: null })
    expect(rulesOf(rig)).not.toHaveProperty('isLowCpuIdle')
    expect(said(rig)).toEqual([
      'trainer: CPU below 3% counts as idle.',
      'trainer: CPU below 3% counts as idle only where it can be told apart from a busy core.',
    ])
  })

  test.each([
    [{ idleAlertAfterMin: 60 }, 'must come before the stop'],
    [{ autoStopAfterMin: 15 }, 'must come before the stop'],
    [{ autoStopAfterMin: 30 }, 'too early for its first warning (30 min before)'],
    [{ autoStopAfterMin: 20_000 }, 'must be between'],
    [{ idleAlertAfterMin: Number.NaN }, 'must be a number'],
    [{ maxHours: 0 }, 'more than 0'],
    [{ maxHours: Number.NaN }, 'more than 0'],
    [{ maxHours: 9_000 }, 'at most 8,760'],
    [{ monthlyBudgetUsd: 0.001 }, 'at least $0.01'],
    [{ monthlyBudgetUsd: Number.NaN }, 'at least $0.01'],
    [{ monthlyBudgetUsd: 2_000_000 }, 'at most $1,000,000'],
    [{ atBudget: 'stop' as const }, 'Set a monthly budget'],
  ])('%j are rejected when they are entered', async (changes, reason) => {
    const rig = await startGuardedMonitor()
    const before = rig.guards.json
    expect(rig.monitor.changePodRules('pod-1', changes)).toEqual({
      ok: false,
      error: expect.stringContaining(reason) as string,
    })
    expect(rig.guards.json).toBe(before)
  })

  test('are rejected for a pod that does not exist', async () => {
    const rig = await startGuardedMonitor()
    for (const told of [
      rig.monitor.keepOn('stranger', '1-hour'),
      rig.monitor.endKeepOn('stranger'),
      rig.monitor.changePodRules('stranger', { maxHours: 1 }),
    ])
      expect(told).toEqual({ ok: false, error: 'That pod is no longer in the list.' })
  })

  test('no longer terminate when their maximum hours change', async () => {
    const rig = await startGuardedMonitor({ guard: ticked() })
    expect(rig.monitor.terminateAtMaxHours(confirmed(rig.monitor, 'pod-1')).ok).toBe(false)
    rig.monitor.changePodRules('pod-1', { maxHours: 5 })
    expect(rig.monitor.terminateAtMaxHours(confirmed(rig.monitor, 'pod-1')).ok).toBe(true)
    rig.monitor.changePodRules('pod-1', { mayLoseData: true, maxHours: 5 })
    expect(rulesOf(rig)).toMatchObject({ atMaxHours: 'terminate' })
    rig.monitor.changePodRules('pod-1', { maxHours: 1 })
    expect(rulesOf(rig)).not.toHaveProperty('atMaxHours')
  })

  test('no longer stop at a budget when the budget is removed, but do when it changes', async () => {
    const rig = await startGuardedMonitor({ guard: ticked() })
    expect(rig.monitor.changePodRules('pod-1', { monthlyBudgetUsd: 20, atBudget: 'stop' }).ok).toBe(true)
    rig.monitor.changePodRules('pod-1', { monthlyBudgetUsd: 30 })
    expect(rulesOf(rig)).toMatchObject({ monthlyBudgetUsd: 30, atBudget: 'stop' })
    expect(said(rig)).toEqual([
      'trainer: a budget of $20.00 a month (UTC), stopped once its budget is spent.',
      'trainer: a budget of $30.00 a month (UTC).',
    ])
    rig.monitor.changePodRules('pod-1', { monthlyBudgetUsd: null })
    expect(rulesOf(rig)).not.toHaveProperty('monthlyBudgetUsd')
    expect(rulesOf(rig)).not.toHaveProperty('atBudget')
  })
})

test('the auto-stop mode of the account applies from the next poll on', async () => {
  const rig = await startGuardedMonitor({ guard: emptyAccountRules })
  expect(rig.monitor.snapshot().guard.autoStop).toBe('undecided')
  expect(rig.monitor.setAutoStop('all').ok).toBe(true)
  expect(rig.monitor.snapshot().guard.autoStop).toBe('all')
  expect(said(rig)).toEqual([expect.stringContaining('on for all pods')])
  await rig.clock.advanceAsync(65 * MINUTE_MS)
  expect(actionsSentBy(rig)).toEqual(['stop pod-1'])
})

test('a rule applies even when the activity log cannot be written', async () => {
  const rig = await startGuardedMonitor()
  rig.system.isLogFull = true
  expect(rig.monitor.changePodRules('pod-1', { maxHours: 3 }).ok).toBe(true)
  expect(rulesOf(rig)).toMatchObject({ maxHours: 3 })
  expect(rig.reports.join()).toContain('could not be saved')
})

describe('a notification button', () => {
  const keyOf = (rig: MonitorFixture, kind: string) => rig.alerts.find(({ key }) => key.kind === kind)!.key

  test('keeps the pod running while it is still idle', async () => {
    const rig = await startGuardedMonitor()
    await rig.clock.advanceAsync(20 * MINUTE_MS)
    expect(rig.monitor.runAlertAction(keyOf(rig, 'idle'), 'keep-on')).toEqual({ ok: true, value: 'done' })
    const { sinceMs, untilMs } = rulesOf(rig)!.keepOn!
    expect(untilMs! - sinceMs).toBe(4 * HOUR_MS)
  })

  test('stops the pod with the usual undo', async () => {
    const rig = await startGuardedMonitor()
    await rig.clock.advanceAsync(40 * MINUTE_MS)
    expect(rig.monitor.runAlertAction(keyOf(rig, 'auto-stop-soon'), 'stop')).toEqual({
      ok: true,
      value: 'done',
    })
    expect(rig.monitor.snapshot().pods[0]?.intent).toMatchObject({ phase: 'scheduled', origin: 'person' })
    await rig.clock.advanceAsync(6_000)
    expect(actionsSentBy(rig)).toEqual(['stop pod-1'])
  })

  test('does nothing when it is pressed after the situation changed', async () => {
    const rig = await startGuardedMonitor()
    await rig.clock.advanceAsync(40 * MINUTE_MS)
    const keys = ['idle', 'auto-stop-soon'].map((kind) => keyOf(rig, kind))
    rig.monitor.keepOn('pod-1', '1-hour')
    expect(rig.monitor.runAlertAction(keys[1]!, 'stop')).toEqual({ ok: true, value: 'stale' })
    rig.monitor.suspend()
    rig.clock.shiftWallClock(8 * HOUR_MS)
    rig.monitor.resume()
    await rig.clock.advanceAsync(MINUTE_MS)
    for (const key of keys)
      expect(rig.monitor.runAlertAction(key, 'stop')).toEqual({ ok: true, value: 'stale' })
    expect(rig.monitor.runAlertAction({ ...keys[0]!, accountId: 'another' }, 'stop')).toEqual({
      ok: true,
      value: 'stale',
    })
    expect(actionsSentBy(rig)).toEqual([])
    expect(alertTitlesOf(rig, 'idle')).toHaveLength(1)
  })
})
