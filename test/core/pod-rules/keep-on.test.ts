import { describe, expect, test } from 'vitest'
import { afterClockSetBack, createKeepOn, isKeepOnActive } from '../../../src/core/pod-rules/keep-on'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import { START_MS } from '../../harness/base/fake-clock'
import { actionsSentBy, alertTitlesOf, startGuardedMonitor } from '../../harness/guard/guarded-monitor'

const utc = (): number => 0
const at = (text: string): number => Date.parse(text)

describe('a pod is kept running', () => {
  test.each([
    ['1-hour', START_MS + HOUR_MS],
    ['4-hours', START_MS + 4 * HOUR_MS],
    ['until-told', null],
  ] as const)('for %s', (choice, untilMs) => {
    expect(createKeepOn(choice, START_MS, utc)).toEqual({ sinceMs: START_MS, untilMs })
  })

  test.each([
    ['2026-11-24T14:05Z', '2026-11-25T09:00Z'],
    ['2026-11-24T07:59Z', '2026-11-24T09:00Z'],
    ['2026-11-24T08:00Z', '2026-11-24T09:00Z'],
    ['2026-11-24T08:01Z', '2026-11-25T09:00Z'],
    ['2026-11-24T23:59Z', '2026-11-25T09:00Z'],
  ])('at %s until the next 09:00 that is at least an hour away: %s', (now, morning) => {
    expect(createKeepOn('morning', at(now), utc).untilMs).toBe(at(morning))
  })

  test('until the local morning, on either side of UTC and across a daylight saving change', () => {
    expect(createKeepOn('morning', at('2026-11-24T14:05Z'), () => -8 * HOUR_MS).untilMs).toBe(
      at('2026-11-24T17:00Z'),
    )
    expect(createKeepOn('morning', at('2026-11-24T14:05Z'), () => 12 * HOUR_MS).untilMs).toBe(
      at('2026-11-24T21:00Z'),
    )
    const changesAtMs = at('2026-10-25T01:00Z')
    const berlin = (ms: number): number => (ms < changesAtMs ? 2 : 1) * HOUR_MS
    expect(createKeepOn('morning', at('2026-10-24T20:00Z'), berlin).untilMs).toBe(at('2026-10-25T08:00Z'))
    const losAngelesAtMs = at('2026-11-01T09:00Z')
    const losAngeles = (ms: number): number => (ms < losAngelesAtMs ? -7 : -8) * HOUR_MS
    expect(createKeepOn('morning', at('2026-11-01T03:00Z'), losAngeles).untilMs).toBe(at('2026-11-01T17:00Z'))
  })

  test('until the morning of the same local day, even if it is another day in UTC by then', () => {
    expect(createKeepOn('morning', at('2026-11-24T15:00Z'), () => -10 * HOUR_MS).untilMs).toBe(
      at('2026-11-24T19:00Z'),
    )
  })

  test('until that time and no longer', () => {
    const keepOn = createKeepOn('1-hour', START_MS, utc)
    expect(isKeepOnActive(keepOn, START_MS + HOUR_MS - 1)).toBe(true)
    expect(isKeepOnActive(keepOn, START_MS + HOUR_MS)).toBe(false)
    expect(isKeepOnActive(undefined, START_MS)).toBe(false)
    expect(isKeepOnActive(createKeepOn('until-told', START_MS, utc), START_MS + 1_000 * DAY_MS)).toBe(true)
  })

  test('for no longer than chosen after the clock was set back', () => {
    const keepOn = createKeepOn('1-hour', START_MS, utc)
    const yearBefore = START_MS - 365 * DAY_MS
    expect(afterClockSetBack(keepOn, yearBefore)).toEqual({
      sinceMs: yearBefore,
      untilMs: yearBefore + HOUR_MS,
    })
    expect(afterClockSetBack(keepOn, START_MS - MINUTE_MS)).toBeNull()
    expect(afterClockSetBack(keepOn, START_MS + MINUTE_MS)).toBeNull()
  })

  test('until canceled, starting over, after the clock was set back', () => {
    const dayBefore = START_MS - DAY_MS
    const keepOn = createKeepOn('until-told', START_MS, utc)
    expect(afterClockSetBack(keepOn, dayBefore)).toEqual({ sinceMs: dayBefore, untilMs: null })
  })

  test('no longer after the clock was set back, when its stored end is before its start', () => {
    const keepOn = { sinceMs: START_MS, untilMs: START_MS - 9 * HOUR_MS }
    const dayBefore = START_MS - DAY_MS
    expect(afterClockSetBack(keepOn, dayBefore)).toEqual({ sinceMs: dayBefore, untilMs: dayBefore })
  })
})

describe('keep running', () => {
  test('holds alerts and automatic stops, and both start over after it', async () => {
    const rig = await startGuardedMonitor()
    expect(rig.monitor.keepOn('pod-1', '4-hours')).toEqual({ ok: true, value: undefined })
    await rig.clock.advanceAsync(4 * HOUR_MS - 2 * MINUTE_MS)
    expect([rig.alerts, actionsSentBy(rig)]).toEqual([[], []])
    expect(rig.monitor.snapshot().idleCount).toBe(0)
    await rig.clock.advanceAsync(HOUR_MS)
    expect(alertTitlesOf(rig, 'idle')).toHaveLength(1)
    expect(actionsSentBy(rig)).toEqual(['stop pod-1'])
    const [warned] = rig.alerts.filter(({ key }) => key.kind === 'auto-stop-soon')
    expect(warned?.title).toBe('trainer will be stopped in 30 min')
  })

  test('cancels the stop after a warning', async () => {
    const rig = await startGuardedMonitor()
    await rig.clock.advanceAsync(50 * MINUTE_MS)
    rig.monitor.keepOn('pod-1', '1-hour')
    expect(rig.monitor.snapshot().pods[0]?.guard.autoStop).toEqual({ kind: 'watching', dueAtMs: null })
    await rig.clock.advanceAsync(58 * MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual([])
  })

  test('survives a restart of Podkeeper', async () => {
    const first = await startGuardedMonitor()
    first.monitor.keepOn('pod-1', 'until-told')
    first.monitor.dispose()
    first.clock.restart('run-2')
    const next = await startGuardedMonitor({ earlier: first })
    await next.clock.advanceAsync(5 * HOUR_MS)
    expect(next.alerts).toEqual([])
    expect(next.monitor.snapshot().pods[0]?.guard.keepOn).toMatchObject({ untilMs: null })
  })

  test('until canceled reminds every day of the cost', async () => {
    const rig = await startGuardedMonitor({ settings: { pollActiveS: 1_800, gapMin: 60 } })
    rig.monitor.keepOn('pod-1', 'until-told')
    await rig.clock.advanceAsync(2 * DAY_MS + HOUR_MS)
    const told = rig.alerts.filter(({ key }) => key.kind === 'kept-on')
    expect(told.map(({ title }) => title)).toEqual([
      'trainer is still kept running',
      'trainer is still kept running',
    ])
    expect(told[0]?.body).toContain('That is $48.00 a day at $2.00/hr.')
    expect(told[0]?.buttons).toEqual(['stop'])
  })

  test('can be ended', async () => {
    const rig = await startGuardedMonitor()
    rig.monitor.keepOn('pod-1', 'until-told')
    expect(rig.monitor.endKeepOn('pod-1').ok).toBe(true)
    expect(rig.monitor.snapshot().pods[0]?.guard.keepOn).toBeNull()
    await rig.clock.advanceAsync(20 * MINUTE_MS)
    expect(alertTitlesOf(rig, 'idle')).toHaveLength(1)
  })

  test('is limited to its duration after the clock was set back', async () => {
    const rig = await startGuardedMonitor()
    rig.monitor.keepOn('pod-1', '1-hour')
    rig.clock.shiftWallClock(-365 * DAY_MS)
    await rig.clock.advanceAsync(59 * MINUTE_MS)
    expect(rig.alerts).toEqual([])
    await rig.clock.advanceAsync(20 * MINUTE_MS)
    expect(alertTitlesOf(rig, 'idle')).toHaveLength(1)
  })

  test('is rejected when it cannot be saved', async () => {
    const rig = await startGuardedMonitor()
    rig.guards.isFull = true
    expect(rig.monitor.keepOn('pod-1', '1-hour')).toEqual({
      ok: false,
      error: 'Nothing was changed: the disk is full.',
    })
    expect(rig.monitor.snapshot().pods[0]?.guard.keepOn).toBeNull()
  })
})
