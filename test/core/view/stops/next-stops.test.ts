import { expect, test } from 'vitest'
import { HOUR_MS, MINUTE_MS } from '../../../../src/core/base/time/time'
import { type NextStop, nextStops } from '../../../../src/core/view/stops/next-stops'
import { defaultSettings } from '../../../../src/core/settings/settings'
import { noGuard, type PodGuardView } from '../../../../src/core/guard/guard-view'
import { startGuardedMonitor, ticked } from '../../../harness/guard/guarded-monitor'
import type { MonitorFixture } from '../../../harness/monitor/monitor-fixture'
import { NOW_MS, podView, snapshotOf } from '../../../harness/samples/pod-views'

const stopsOf = ({ monitor }: MonitorFixture, hasHistory = true): readonly NextStop[] =>
  nextStops(monitor.snapshot(), { settings: { ...defaultSettings, autoStopAfterMin: 60 }, hasHistory })

const stopsOfViews = (...guards: Partial<PodGuardView>[]): readonly NextStop[] =>
  nextStops(
    snapshotOf(guards.map((guard, index) => podView({ id: `${index}`, guard: { ...noGuard, ...guard } }))),
    { settings: defaultSettings, hasHistory: true },
  )

test('a quiet pod has a time once nothing holds its stop, which its warnings plan', async () => {
  const rig = await startGuardedMonitor()
  await rig.clock.advanceAsync(20 * MINUTE_MS)
  const [expected] = stopsOf(rig)
  expect(expected).toMatchObject({
    state: 'expected',
    cause: 'quiet',
    action: 'stop',
    text: 'stops if it stays quiet',
  })
  await rig.clock.advanceAsync(20 * MINUTE_MS)
  const [planned] = stopsOf(rig)
  expect(planned).toMatchObject({ state: 'planned', cause: 'quiet' })
  expect(Math.abs((planned?.atMs ?? 0) - (expected?.atMs ?? 0))).toBeLessThan(3 * MINUTE_MS)
})

test('a single look names neither a time of quiet nor a plan', async () => {
  const rig = await startGuardedMonitor()
  await rig.clock.advanceAsync(20 * MINUTE_MS)
  expect(stopsOf(rig, false)).toMatchObject([
    {
      state: 'waiting',
      atMs: null,
      text: expect.stringMatching(/^stops after 1 h.* of quiet; a single check can’t/),
    },
  ])
  await rig.clock.advanceAsync(20 * MINUTE_MS)
  expect(stopsOf(rig, false)).toMatchObject([
    { state: 'held', atMs: null, text: expect.stringContaining('once you have been warned') },
  ])
})

test('a pod that is kept running has no time, and what would come is shown', async () => {
  const rig = await startGuardedMonitor({ guard: ticked({ maxHours: 2 }) })
  await rig.clock.advanceAsync(20 * MINUTE_MS)
  rig.monitor.keepOn('pod-1', 'until-told')
  await rig.clock.advanceAsync(MINUTE_MS)
  const stops = stopsOf(rig)
  expect(stops.map(({ state, atMs }) => [state, atMs])).toEqual([
    ['held', null],
    ['held', null],
  ])
  expect(stops.map(({ text }) => text)).toEqual([
    expect.stringMatching(
      /^is kept running until you cancel; a stop if it stays quiet would come at \d\d:\d\d$/,
    ),
    expect.stringMatching(
      /^is kept running until you cancel; a stop at its maximum hours would come at \d\d:\d\d$/,
    ),
  ])
  // A single look cannot know when quiet would stop it.
  expect(stopsOf(rig, false).map(({ cause }) => cause)).toEqual(['max-hours'])
  await rig.clock.advanceAsync(3 * HOUR_MS)
  expect(stopsOf(rig).map(({ text }) => text)).toContain(
    'is kept running until you cancel; a stop at its maximum hours is due',
  )
})

test('a pod whose data would be lost has no time, and the reason is shown', async () => {
  const rig = await startGuardedMonitor({ pod: { persistentMount: null } })
  await rig.clock.advanceAsync(40 * MINUTE_MS)
  expect(stopsOf(rig)).toMatchObject([
    { state: 'held', atMs: null, text: expect.stringMatching(/^is not stopped.*it has no volume/) },
  ])
})

test('stops come soonest first, those that are held last, and pods without a rule not at all', () => {
  const at = (hours: number): number => NOW_MS + hours * HOUR_MS
  const stops = stopsOfViews(
    { autoStop: { kind: 'watching', dueAtMs: null }, isAutoStopEnabled: true },
    { autoStop: { kind: 'off' } },
    {
      autoStop: { kind: 'planned', cause: 'max-hours', action: 'terminate', atMs: at(2) },
      rules: { maxHours: 8, atMaxHours: 'terminate' },
    },
    {
      autoStop: {
        kind: 'watching',
        dueAtMs: at(1),
        cause: 'quiet',
        held: { cause: 'budget', why: 'it is locked' },
      },
    },
  )
  expect(stops.map(({ podId, atMs, action, text }) => [podId, atMs, action, text])).toEqual([
    ['3', at(1), 'stop', 'stops if it stays quiet'],
    ['2', at(2), 'terminate', 'terminates at its maximum hours'],
    ['0', null, 'stop', 'was not seen to be quiet, so no stop is due'],
    ['3', null, 'stop', 'has a budget that would not stop it: it is locked'],
  ])
})

test('a pod without a time is not shown as busy: a budget stops it once it is spent', () => {
  const stops = stopsOfViews(
    {
      autoStop: { kind: 'watching', dueAtMs: null },
      isAutoStopEnabled: false,
      rules: { monthlyBudgetUsd: 50, atBudget: 'stop' },
    },
    { autoStop: { kind: 'watching', dueAtMs: null }, isAutoStopEnabled: false, rules: { maxHours: 8 } },
  )
  expect(stops.map(({ cause, text }) => [cause, text])).toEqual([
    ['budget', 'stops once its budget is spent'],
    ['max-hours', 'stops at its maximum hours, but when it started is not known'],
  ])
})
