import { describe, expect, test } from 'vitest'
import { emptyGuard } from '../../../src/core/pod-rules/pod-rules'
import { parseGuard } from '../../../src/core/pod-rules/pod-rules-codec'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time'
import { confirmed } from '../../harness/confirmed'
import { guarded, sentBy, ticked, titlesOf } from '../../harness/guard'
import type { MonitorRig } from '../../harness/monitor'

const rulesOf = ({ guards }: MonitorRig) =>
  parseGuard(JSON.parse(guards.json) as Record<string, unknown>, 'account-1').guard.pods['pod-1']
const said = ({ activity }: MonitorRig) =>
  activity.filter(({ kind }) => kind === 'rule').map(({ text }) => text)

describe('rules of one pod', () => {
  test('are on disk, in the window and in the activity log', async () => {
    const rig = await guarded({ guard: emptyGuard })
    expect(
      rig.monitor.changePodRules('pod-1', { isAutoStopped: true, maxHours: 12, idleAlertAfterMin: 5 }).ok,
    ).toBe(true)
    expect(rulesOf(rig)).toEqual({ isAutoStopped: true, maxHours: 12, idleAlertAfterMin: 5 })
    expect(rig.monitor.snapshot().pods[0]).toMatchObject({
      alertAfterMs: 5 * MINUTE_MS,
      guard: { rules: { maxHours: 12 }, isAutoStopped: false },
    })
    expect(said(rig)).toEqual([
      'trainer: ticked for automatic stops, alert after 5 min, at most 12 h 00 m from its start.',
    ])
  })

  test('are taken back by null', async () => {
    const rig = await guarded({ guard: ticked({ maxHours: 12 }) })
    rig.monitor.changePodRules('pod-1', { maxHours: null, isAutoStopped: null })
    expect(rulesOf(rig)).toBeUndefined()
  })

  test.each([
    [{ idleAlertAfterMin: 60 }, 'must be told of sooner'],
    [{ autoStopAfterMin: 15 }, 'must be told of sooner'],
    [{ autoStopAfterMin: 30 }, 'cannot be warned of 30 minutes before'],
    [{ autoStopAfterMin: 20_000 }, 'must be between'],
    [{ idleAlertAfterMin: Number.NaN }, 'must be a number'],
    [{ maxHours: 0 }, 'more than 0'],
    [{ maxHours: Number.NaN }, 'more than 0'],
    [{ maxHours: 9_000 }, 'at most 8,760'],
    [{ monthlyBudgetUsd: 0.001 }, 'at least $0.01'],
    [{ monthlyBudgetUsd: Number.NaN }, 'at least $0.01'],
    [{ monthlyBudgetUsd: 2_000_000 }, 'at most $1,000,000'],
    [{ atBudget: 'stop' as const }, 'Set a budget'],
  ])('%j are refused where they are typed', async (changes, reason) => {
    const rig = await guarded()
    const before = rig.guards.json
    expect(rig.monitor.changePodRules('pod-1', changes)).toEqual({
      ok: false,
      error: expect.stringContaining(reason) as string,
    })
    expect(rig.guards.json).toBe(before)
  })

  test('of a pod that is not there are refused', async () => {
    const rig = await guarded()
    for (const told of [
      rig.monitor.keepOn('stranger', '1-hour'),
      rig.monitor.endKeepOn('stranger'),
      rig.monitor.changePodRules('stranger', { maxHours: 1 }),
    ])
      expect(told).toEqual({ ok: false, error: 'That pod is not in the list any more.' })
  })

  test('of terminating end with the maximum hours that they were chosen for', async () => {
    const rig = await guarded({ guard: ticked() })
    expect(rig.monitor.terminateAtMaxHours(confirmed(rig.monitor, 'pod-1')).ok).toBe(false)
    rig.monitor.changePodRules('pod-1', { maxHours: 5 })
    expect(rig.monitor.terminateAtMaxHours(confirmed(rig.monitor, 'pod-1')).ok).toBe(true)
    rig.monitor.changePodRules('pod-1', { mayLoseData: true, maxHours: 5 })
    expect(rulesOf(rig)).toMatchObject({ atMaxHours: 'terminate' })
    rig.monitor.changePodRules('pod-1', { maxHours: 1 })
    expect(rulesOf(rig)).not.toHaveProperty('atMaxHours')
  })

  test('of stopping at a budget end with the budget, and not with another one', async () => {
    const rig = await guarded({ guard: ticked() })
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

test('which pods may be stopped is told for the account, and holds from the next look on', async () => {
  const rig = await guarded({ guard: emptyGuard })
  expect(rig.monitor.snapshot().guard.autoStop).toBe('undecided')
  expect(rig.monitor.setAutoStop('all').ok).toBe(true)
  expect(rig.monitor.snapshot().guard.autoStop).toBe('all')
  expect(said(rig)).toEqual([expect.stringContaining('All pods')])
  await rig.clock.pass(65 * MINUTE_MS)
  expect(sentBy(rig)).toEqual(['stop pod-1'])
})

test('a rule holds even when the activity log cannot be written', async () => {
  const rig = await guarded()
  rig.system.isLogFull = true
  expect(rig.monitor.changePodRules('pod-1', { maxHours: 3 }).ok).toBe(true)
  expect(rulesOf(rig)).toMatchObject({ maxHours: 3 })
  expect(rig.reports.join()).toContain('could not be written down')
})

describe('a button of a notification', () => {
  const keyOf = (rig: MonitorRig, kind: string) => rig.alerts.find(({ key }) => key.kind === kind)!.key

  test('keeps the pod on while it still idles', async () => {
    const rig = await guarded()
    await rig.clock.pass(20 * MINUTE_MS)
    expect(rig.monitor.answerAlert(keyOf(rig, 'idle'), 'keep-on')).toEqual({ ok: true, value: 'done' })
    const { sinceMs, untilMs } = rulesOf(rig)!.keepOn!
    expect(untilMs! - sinceMs).toBe(4 * HOUR_MS)
  })

  test('stops it with the usual undo', async () => {
    const rig = await guarded()
    await rig.clock.pass(40 * MINUTE_MS)
    expect(rig.monitor.answerAlert(keyOf(rig, 'auto-stop-soon'), 'stop')).toEqual({ ok: true, value: 'done' })
    expect(rig.monitor.snapshot().pods[0]?.intent).toMatchObject({ phase: 'scheduled', origin: 'person' })
    await rig.clock.pass(6_000)
    expect(sentBy(rig)).toEqual(['stop pod-1'])
  })

  test('pressed late, after things changed, does nothing', async () => {
    const rig = await guarded()
    await rig.clock.pass(40 * MINUTE_MS)
    const keys = ['idle', 'auto-stop-soon'].map((kind) => keyOf(rig, kind))
    rig.monitor.keepOn('pod-1', '1-hour')
    expect(rig.monitor.answerAlert(keys[1]!, 'stop')).toEqual({ ok: true, value: 'stale' })
    rig.monitor.suspend()
    rig.clock.moveWall(8 * HOUR_MS)
    rig.monitor.resume()
    await rig.clock.pass(MINUTE_MS)
    for (const key of keys) expect(rig.monitor.answerAlert(key, 'stop')).toEqual({ ok: true, value: 'stale' })
    expect(rig.monitor.answerAlert({ ...keys[0]!, accountId: 'another' }, 'stop')).toEqual({
      ok: true,
      value: 'stale',
    })
    expect(sentBy(rig)).toEqual([])
    expect(titlesOf(rig, 'idle')).toHaveLength(1)
  })
})
