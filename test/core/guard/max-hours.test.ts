import { describe, expect, test } from 'vitest'
import { confirmedUptimeMs } from '../../../src/core/pods/confirmed-uptime'
import type { PodRules } from '../../../src/core/pod-rules/pod-rules'
import type { Telemetry } from '../../../src/core/pods/pod'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import { START_MS } from '../../harness/base/fake-clock'
import { confirmed } from '../../harness/monitor/confirm-as-user'
import {
  actionsSentBy,
  alertTitlesOf,
  oneHourAutoStop,
  startGuardedMonitor,
  ticked,
} from '../../harness/guard/guarded-monitor'
import { type MonitorFixture, podWithFreshTelemetry } from '../../harness/monitor/monitor-fixture'
import { gpus, pod } from '../../harness/samples/pods'

/** A busy pod that has run for an hour and may run for two. */
async function working(
  rules: PodRules = {},
  options: Parameters<typeof startGuardedMonitor>[0] = {},
): Promise<MonitorFixture> {
  const telemetry: Telemetry = { ...pod().telemetry!, gpus: gpus(90) }
  return startGuardedMonitor({ pod: { telemetry }, guard: ticked({ maxHours: 2, ...rules }), ...options })
}
const DUE_MS = HOUR_MS + 2 * MINUTE_MS + SECOND_MS

describe('maximum hours', () => {
  test('stop a busy pod, with the same warnings', async () => {
    const rig = await working()
    await rig.clock.advanceAsync(32 * MINUTE_MS)
    expect(alertTitlesOf(rig, 'max-hours-soon')).toEqual(['trainer will be stopped in 30 min'])
    expect(rig.alerts[0]).toMatchObject({ isCritical: true })
    await rig.clock.advanceAsync(26 * MINUTE_MS)
    expect(alertTitlesOf(rig, 'max-hours-soon')).toHaveLength(2)
    await rig.clock.advanceAsync(DUE_MS - 58 * MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual(['stop pod-1'])
    expect(rig.journal.records.at(-1)).toMatchObject({ origin: 'max-hours' })
  })

  test('terminate only where that was chosen by typing the name and the first warning was delivered', async () => {
    const rig = await working({ atMaxHours: 'terminate' })
    await rig.clock.advanceAsync(32 * MINUTE_MS)
    expect(alertTitlesOf(rig, 'max-hours-soon')).toEqual(['trainer will be terminated in 30 min'])
    await rig.clock.advanceAsync(DUE_MS - 32 * MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual(['terminate pod-1'])
  })

  test('announce once that they terminated a pod, and not that it is gone', async () => {
    const rig = await working({ atMaxHours: 'terminate' })
    await rig.clock.advanceAsync(DUE_MS)
    rig.provider.pods = []
    await rig.clock.advanceAsync(HOUR_MS)
    expect(alertTitlesOf(rig, 'auto-stopped')).toEqual([
      'trainer was terminated after 2 h 2 min, as you chose',
    ])
    expect(alertTitlesOf(rig, 'pod-gone')).toEqual([])
    const told = rig.auditEntries.filter(({ kind, what }) => kind === 'alert' && what === 'auto-stopped')
    expect(told).toHaveLength(1)
  })

  test('announce that too when Podkeeper restarted before the pod was observed gone', async () => {
    const rig = await working({ atMaxHours: 'terminate' })
    await rig.clock.advanceAsync(DUE_MS)
    rig.monitor.dispose()
    rig.clock.restart('run-2')
    const next = await startGuardedMonitor({ earlier: rig, pods: [] })
    await next.clock.advanceAsync(HOUR_MS)
    expect(alertTitlesOf(next, 'auto-stopped')).toEqual([
      'trainer was terminated after 2 h 2 min, as you chose',
    ])
  })

  test('stop instead of terminate when the warning was undelivered and undelivered stops are allowed', async () => {
    const rig = await working(
      { atMaxHours: 'terminate' },
      { settings: { ...oneHourAutoStop, mayStopUnheard: true } },
    )
    rig.system.delivery = 'failed'
    await rig.clock.advanceAsync(2 * HOUR_MS)
    expect(actionsSentBy(rig)).toEqual(['stop pod-1'])
  })

  test('are postponed when terminating is chosen after a warning that announced a stop', async () => {
    const rig = await working()
    await rig.clock.advanceAsync(50 * MINUTE_MS)
    rig.monitor.terminateAtMaxHours(confirmed(rig.monitor, 'pod-1'))
    await rig.clock.advanceAsync(29 * MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual([])
    await rig.clock.advanceAsync(5 * MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual(['terminate pod-1'])
  })

  test('that are over stop a pod whose uptime is frozen, after one pair of warnings', async () => {
    const rig = await working({ maxHours: 1 })
    const [frozen] = rig.provider.pods
    for (let minute = 0; minute < 50 && actionsSentBy(rig).length === 0; minute += 1) {
      rig.provider.pods = [{ ...frozen!, telemetry: { ...frozen!.telemetry!, uptimeS: 3_600 } }]
      await rig.clock.advanceAsync(MINUTE_MS)
    }
    expect(alertTitlesOf(rig, 'max-hours-soon')).toEqual([
      'trainer will be stopped in 30 min',
      'trainer will be stopped in 5 min',
    ])
    expect(actionsSentBy(rig)).toEqual(['stop pod-1'])
  })

  test('are held by keep running', async () => {
    const rig = await working({ keepOn: { sinceMs: START_MS, untilMs: START_MS + 3 * HOUR_MS } })
    await rig.clock.advanceAsync(3 * HOUR_MS - MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual([])
  })

  test('stop a pod that is not selected for auto-stop, too', async () => {
    const rig = await working({ isAutoStopped: false })
    await rig.clock.advanceAsync(2 * HOUR_MS)
    expect(actionsSentBy(rig)).toEqual(['stop pod-1'])
  })

  test('start over when the pod is started again', async () => {
    const rig = await working()
    await rig.clock.advanceAsync(58 * MINUTE_MS)
    rig.provider.pods = [podWithFreshTelemetry(rig.clock, pod({ startedAtMs: rig.clock.now().wallMs }))]
    await rig.clock.advanceAsync(30 * MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual([])
  })
})

describe('a clock change', () => {
  test('ahead stops no pod before its hours are over', async () => {
    const rig = await working()
    rig.clock.shiftWallClock(HOUR_MS)
    await rig.clock.advanceAsync(59 * MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual([])
    await rig.clock.advanceAsync(DUE_MS - 59 * MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual(['stop pod-1'])
  })

  test('back postpones the stop', async () => {
    const rig = await working()
    rig.clock.shiftWallClock(-HOUR_MS)
    await rig.clock.advanceAsync(90 * MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual([])
  })
})

describe('the confirmed uptime of a pod', () => {
  const MINUTES_30 = 30 * MINUTE_MS
  test.each([
    ['is what clock and pod say', MINUTES_30, 30, MINUTES_30],
    ['is not what the wall clock says alone', MINUTES_30 + HOUR_MS, 30, MINUTES_30],
    ['is less when the wall clock was set back', 20 * MINUTE_MS, 30, 20 * MINUTE_MS],
    ['is that of its container, when that was restarted', 5 * HOUR_MS, 2, 2 * MINUTE_MS],
  ])('%s', (_, sinceStartMs, uptimeMin, expected) => {
    expect(confirmedUptimeMs(START_MS, uptimeMin * MINUTE_MS, START_MS + sinceStartMs)).toBe(expected)
  })

  test('is unknown without a start time or an uptime', () => {
    expect(confirmedUptimeMs(null, HOUR_MS, START_MS + HOUR_MS)).toBeNull()
    expect(confirmedUptimeMs(START_MS, null, START_MS + HOUR_MS)).toBeNull()
  })
})
