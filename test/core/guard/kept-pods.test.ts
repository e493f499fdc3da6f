import { describe, expect, test } from 'vitest'
import { noGuard } from '../../../src/core/guard/guard-view'
import { trayModel } from '../../../src/core/view/tray/tray-model'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import { START_MS } from '../../harness/base/fake-clock'
import { startGuardedMonitor, ticked } from '../../harness/guard/guarded-monitor'
import type { MonitorFixture } from '../../harness/monitor/monitor-fixture'
import { idleFor, podView, snapshotOf } from '../../harness/samples/pod-views'

const heldStopsOf = ({ monitor }: MonitorFixture) => monitor.snapshot().pods[0]!.guard.heldStops
const minutesFromStart = (rig: MonitorFixture) =>
  heldStopsOf(rig).map(({ cause, dueAtMs }) => [cause, Math.round((dueAtMs - START_MS) / MINUTE_MS)])

describe('keep running', () => {
  test('shows the auto-stop that it holds, before and after that is due', async () => {
    const rig = await startGuardedMonitor()
    await rig.clock.advanceAsync(20 * MINUTE_MS)
    expect(heldStopsOf(rig)).toEqual([])
    rig.monitor.keepOn('pod-1', '4-hours')
    await rig.clock.advanceAsync(MINUTE_MS)
    const [[cause, dueMin] = []] = minutesFromStart(rig)
    expect(cause).toBe('quiet')
    expect(dueMin).toBeGreaterThan(59)
    expect(dueMin).toBeLessThan(63)
    await rig.clock.advanceAsync(2 * HOUR_MS)
    expect(minutesFromStart(rig)).toEqual([['quiet', dueMin]])
  })

  test('shows maximum hours that it holds', async () => {
    // The pod started an hour before the test.
    const rig = await startGuardedMonitor({ guard: { autoStop: 'off', pods: { 'pod-1': { maxHours: 2 } } } })
    rig.monitor.keepOn('pod-1', 'until-told')
    await rig.clock.advanceAsync(2 * HOUR_MS)
    expect(minutesFromStart(rig)).toEqual([['max-hours', 60]])
  })

  test('shows no stop that comes due only after it has ended', async () => {
    const rig = await startGuardedMonitor({ guard: ticked({ maxHours: 10, autoStopAfterMin: 300 }) })
    rig.monitor.keepOn('pod-1', '1-hour')
    await rig.clock.advanceAsync(10 * MINUTE_MS)
    expect(heldStopsOf(rig)).toEqual([])
  })

  test('shows no auto-stop for a pod that is not selected', async () => {
    const rig = await startGuardedMonitor({ guard: { autoStop: 'ticked', pods: {} } })
    rig.monitor.keepOn('pod-1', 'until-told')
    await rig.clock.advanceAsync(2 * HOUR_MS)
    expect(heldStopsOf(rig)).toEqual([])
  })

  test('holds nothing any more once it has ended', async () => {
    const rig = await startGuardedMonitor()
    rig.monitor.keepOn('pod-1', '4-hours')
    await rig.clock.advanceAsync(2 * HOUR_MS)
    rig.monitor.endKeepOn('pod-1')
    await rig.clock.advanceAsync(MINUTE_MS)
    expect(heldStopsOf(rig)).toEqual([])
  })
})

test('the tray calls a kept pod kept, not just idle', () => {
  const keepOn = { sinceMs: START_MS, untilMs: null }
  const stateOf = (guard: typeof noGuard) => {
    const menu = trayModel(snapshotOf([podView({ activity: idleFor(180), guard })])).menu
    const entry = menu.find(({ kind }) => kind === 'submenu')
    return entry?.kind === 'submenu' && entry.entries[0]?.kind === 'text' ? entry.entries[0].text : ''
  }
  expect(stateOf({ ...noGuard, keepOn })).toMatch(/^Kept running · \$/)
  expect(stateOf(noGuard)).toMatch(/^Idle 3 h · \$/)
})
