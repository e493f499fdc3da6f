import { describe, expect, test } from 'vitest'
import type { PodRules } from '../../../src/core/pod-rules/pod-rules'
import { confirmedSpendUsd } from '../../../src/core/money/confirmed-spend'
import type { Telemetry } from '../../../src/core/pods/pod'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import { START_MS } from '../../harness/base/fake-clock'
import {
  actionsSentBy,
  alertTitlesOf,
  decisionTextsOf,
  oneHourAutoStop,
  startGuardedMonitor,
  stopStatusOf,
  ticked,
} from '../../harness/guard/guarded-monitor'
import {
  createMonitorFixture,
  type MonitorFixture,
  podWithFreshTelemetry,
  withServerClock,
} from '../../harness/monitor/monitor-fixture'
import { gpus, pod, stoppedPod } from '../../harness/samples/pods'
import {
  applyBillTwice,
  billRow,
  memoryFiles,
  MONTH_START_MS,
  openLedger,
  recordPoll,
  recordPolls,
} from '../../harness/money/ledger-fixture'

/** A busy pod that has run for an hour at $2 and may cost $4 in the month, so another hour is left. */
async function working(
  rules: PodRules = {},
  options: Parameters<typeof startGuardedMonitor>[0] = {},
): Promise<MonitorFixture> {
  const telemetry: Telemetry = { ...pod().telemetry!, gpus: gpus(90) }
  return startGuardedMonitor({
    pod: { telemetry, containerDiskGb: 0, persistentMount: { sizeGb: 0, path: '/workspace' } },
    guard: ticked({ monthlyBudgetUsd: 4, atBudget: 'stop', ...rules }),
    ledgerFiles: memoryFiles(),
    ...options,
  })
}
const DUE_MS = HOUR_MS + 2 * MINUTE_MS + SECOND_MS

describe('the budget of one pod', { timeout: 120_000 }, () => {
  test('causes one alert when it is spent, and no stop unless that was chosen', async () => {
    const rig = await startGuardedMonitor({
      pod: { telemetry: { ...pod().telemetry!, gpus: gpus(90) } },
      guard: ticked({ monthlyBudgetUsd: 4 }),
      ledgerFiles: memoryFiles(),
    })
    await rig.clock.advanceAsync(50 * MINUTE_MS)
    expect(alertTitlesOf(rig, 'budget')).toEqual([])
    await rig.clock.advanceAsync(2 * HOUR_MS)
    expect(alertTitlesOf(rig, 'budget')).toEqual(['trainer has spent its monthly budget'])
    expect(rig.alerts[0]).toMatchObject({ key: { podId: 'pod-1' }, isCritical: false })
    expect(rig.alerts[0]?.body).toMatch(/^\$4\.\d\d of \$4\.00 \(UTC\)\.$/)
    expect(actionsSentBy(rig)).toEqual([])
    expect(stopStatusOf(rig)).toMatchObject({ kind: 'watching', dueAtMs: null })
  })

  test('causes no further alert in the next run, but one in the next month', async () => {
    const files = memoryFiles()
    const options = { guard: ticked({ monthlyBudgetUsd: 1 }), ledgerFiles: files, settings: oneHourAutoStop }
    const before = await startGuardedMonitor(options)
    await before.clock.advanceAsync(5 * MINUTE_MS)
    expect(alertTitlesOf(before, 'budget')).toHaveLength(1)
    await before.monitor.shutDown()
    before.clock.restart('run-2')
    const after = withServerClock(createMonitorFixture({ ...options, earlier: before }))
    after.provider.pods = [podWithFreshTelemetry(after.clock, pod())]
    after.monitor.start()
    await after.clock.advanceAsync(5 * MINUTE_MS)
    expect(alertTitlesOf(after, 'budget')).toEqual([])
    after.clock.shiftWallClock(Date.UTC(2026, 11, 1) - after.clock.now().wallMs)
    await after.clock.advanceAsync(40 * MINUTE_MS)
    expect(alertTitlesOf(after, 'budget')).toEqual(['trainer has spent its monthly budget'])
  })
})

describe('a stop at the budget', { timeout: 120_000 }, () => {
  test('follows the same two warnings as any other, and states its reason', async () => {
    const rig = await working({}, { settings: { ...oneHourAutoStop, morningSummaryAt: '16:00' } })
    await rig.clock.advanceAsync(32 * MINUTE_MS)
    expect(alertTitlesOf(rig, 'auto-stop-soon')).toEqual(['trainer will be stopped in 30 min'])
    expect(rig.alerts[0]).toMatchObject({ isCritical: true, buttons: ['keep-on', 'stop'] })
    expect(rig.alerts[0]?.body).toContain('Its monthly budget (UTC) is $4.00.')
    expect(stopStatusOf(rig)).toMatchObject({ kind: 'planned', cause: 'budget', action: 'stop' })
    await rig.clock.advanceAsync(26 * MINUTE_MS)
    expect(alertTitlesOf(rig, 'auto-stop-soon')).toHaveLength(2)
    expect(actionsSentBy(rig)).toEqual([])
    await rig.clock.advanceAsync(DUE_MS - 58 * MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual(['stop pod-1'])
    expect(rig.journal.records.at(-1)).toMatchObject({ origin: 'budget' })
    await rig.clock.advanceAsync(2 * MINUTE_MS)
    expect(rig.alerts.find(({ key }) => key.kind === 'auto-stopped')?.body).toContain(
      'Its monthly budget is spent.',
    )
    expect(rig.monitor.costs(null)?.stops).toMatchObject({ count: 1, last: { name: 'trainer' } })
    // From the stop on, each hour saves the $2 that it would have cost, less the disk of 100 GB that stays.
    const savedUsd = (): number => rig.monitor.costs(null)?.stops.saved.usd ?? -1
    const before = savedUsd()
    await rig.clock.advanceAsync(3 * HOUR_MS)
    expect(savedUsd() - before).toBeCloseTo(3 * (2 - (100 * 0.2) / 720), 3)
    // It was stopped at 15:07, so 53 min before the end of the night.
    expect(alertTitlesOf(rig, 'overnight')).toEqual(['Overnight: 1 pod stopped, $1.74 saved'])
  })

  test.each<[string, PodRules, Parameters<typeof startGuardedMonitor>[0]]>([
    ['it is kept on', { keepOn: { sinceMs: START_MS, untilMs: null } }, {}],
    ['automatic stops are paused', {}, { settings: { ...oneHourAutoStop, areAutoStopsPaused: true } }],
    ['they are dry runs', {}, { settings: { ...oneHourAutoStop, isAutoStopDryRun: true } }],
  ])('does not happen while %s', async (_, rules, options) => {
    const rig = await working(rules, options)
    await rig.clock.advanceAsync(3 * HOUR_MS)
    expect(actionsSentBy(rig)).toEqual([])
  })

  test('happens without the pod being selected for auto-stop', async () => {
    const rig = await working({ isAutoStopped: false })
    await rig.clock.advanceAsync(DUE_MS)
    expect(actionsSentBy(rig)).toEqual(['stop pod-1'])
  })

  test('does not happen while no warning can be shown, and the window says so', async () => {
    const rig = await working()
    rig.system.delivery = 'failed'
    await rig.clock.advanceAsync(2 * HOUR_MS)
    expect(actionsSentBy(rig)).toEqual([])
    expect(stopStatusOf(rig)).toMatchObject({ kind: 'blocked', cause: 'budget', conditions: ['warned'] })
  })

  test('is canceled when the budget is raised', async () => {
    const rig = await working()
    await rig.clock.advanceAsync(50 * MINUTE_MS)
    expect(rig.monitor.changePodRules('pod-1', { monthlyBudgetUsd: 40 }).ok).toBe(true)
    await rig.clock.advanceAsync(2 * HOUR_MS)
    expect(actionsSentBy(rig)).toEqual([])
    expect(alertTitlesOf(rig, 'auto-stop-soon')).toHaveLength(1)
  })

  test('is planned again with both warnings for a pod that is restarted', async () => {
    const rig = await working()
    await rig.clock.advanceAsync(DUE_MS)
    expect(actionsSentBy(rig)).toEqual(['stop pod-1'])
    const startedAtMs = rig.clock.now().wallMs
    rig.provider.pods = [
      podWithFreshTelemetry(
        rig.clock,
        pod({ startedAtMs, telemetry: { ...pod().telemetry!, gpus: gpus(90), uptimeS: 0 } }),
      ),
    ]
    await rig.clock.advanceAsync(29 * MINUTE_MS)
    expect(actionsSentBy(rig)).toHaveLength(1)
    await rig.clock.advanceAsync(6 * MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual(['stop pod-1', 'stop pod-1'])
  })

  test('does not happen for a month that ends before', async () => {
    const rig = withServerClock(await working())
    rig.clock.shiftWallClock(Date.UTC(2026, 11, 1) - 20 * MINUTE_MS - rig.clock.now().wallMs)
    await rig.clock.advanceAsync(90 * MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual([])
    expect(decisionTextsOf(rig).filter((text) => text.includes('stopped automatically'))).toEqual([])
  })

  test('does not happen for costs that result from a clock set ahead', async () => {
    const rig = await working()
    rig.clock.shiftWallClock(HOUR_MS)
    await rig.clock.advanceAsync(59 * MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual([])
    await rig.clock.advanceAsync(DUE_MS - 59 * MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual(['stop pod-1'])
  })

  test('does not happen while the clock is set back', async () => {
    const rig = await working()
    await rig.clock.advanceAsync(2 * MINUTE_MS)
    rig.clock.shiftWallClock(-HOUR_MS)
    await rig.clock.advanceAsync(55 * MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual([])
  })
})

describe('the confirmed cost of a pod in a month', () => {
  const HOURS_2 = 2 * HOUR_MS
  const one = pod({ costPerHourUsd: 2, startedAtMs: MONTH_START_MS, createdAtMs: MONTH_START_MS })
  const sure = (ledger: ReturnType<typeof openLedger>, nowMs: number, uptimeMs: number | null, of = one) =>
    confirmedSpendUsd(ledger, of, uptimeMs, nowMs)
  function watched(toMs: number) {
    const ledger = openLedger()
    recordPolls(ledger, MONTH_START_MS, toMs, [one])
    return ledger
  }

  test('is the observed cost, without disks that the price may include', () => {
    expect(sure(watched(MONTH_START_MS + HOURS_2), MONTH_START_MS + HOURS_2, HOURS_2)).toBeCloseTo(4, 6)
  })

  test('is reduced where the pod’s uptime does not confirm the clock', () => {
    expect(sure(watched(MONTH_START_MS + HOURS_2), MONTH_START_MS + HOURS_2, HOUR_MS)!).toBeLessThanOrEqual(2)
    expect(sure(watched(MONTH_START_MS + HOURS_2), MONTH_START_MS + HOURS_2, 0)).toBe(0)
  })

  test('is the bill where that is final, whatever the uptime says after a restart', () => {
    const ledger = watched(MONTH_START_MS + HOURS_2)
    applyBillTwice(ledger, MONTH_START_MS + 6 * HOUR_MS, MONTH_START_MS, MONTH_START_MS + HOURS_2, [
      billRow('pod-1', MONTH_START_MS, 1.5),
      billRow('pod-1', MONTH_START_MS + HOUR_MS, 1.75),
    ])
    expect(sure(ledger, MONTH_START_MS + HOURS_2, 0)).toBeCloseTo(3.25, 6)
  })

  test('excludes an hour that is missing from the final bill', () => {
    const ledger = watched(MONTH_START_MS + HOURS_2)
    applyBillTwice(ledger, MONTH_START_MS + 6 * HOUR_MS, MONTH_START_MS, MONTH_START_MS + HOURS_2, [
      billRow('pod-1', MONTH_START_MS, 1.5),
    ])
    expect(sure(ledger, MONTH_START_MS + HOURS_2, HOURS_2)).toBeCloseTo(1.5, 6)
  })

  test('includes only bills for a pod on a savings plan', () => {
    const ledger = watched(MONTH_START_MS + 12 * HOUR_MS)
    const rows = Array.from({ length: 8 }, (_, hour) => billRow('pod-1', MONTH_START_MS + hour * HOUR_MS, 1))
    expect(sure(ledger, MONTH_START_MS + 12 * HOUR_MS, 12 * HOUR_MS)).toBeCloseTo(24, 6)
    applyBillTwice(
      ledger,
      MONTH_START_MS + 11.5 * HOUR_MS,
      MONTH_START_MS,
      MONTH_START_MS + 8 * HOUR_MS,
      rows,
    )
    expect(sure(ledger, MONTH_START_MS + 12 * HOUR_MS, 12 * HOUR_MS)).toBeCloseTo(8, 6)
  })

  test('excludes the uncertain part of a gap', () => {
    const ledger = openLedger()
    recordPoll(ledger, MONTH_START_MS, [stoppedPod()])
    recordPoll(ledger, MONTH_START_MS + HOURS_2, [stoppedPod()])
    recordPoll(ledger, MONTH_START_MS + 3 * HOUR_MS, [
      { ...one, startedAtMs: MONTH_START_MS + 2.5 * HOUR_MS },
    ])
    const usd = sure(ledger, MONTH_START_MS + 3 * HOUR_MS, HOUR_MS / 2, {
      ...one,
      startedAtMs: MONTH_START_MS + 2.5 * HOUR_MS,
    })!
    expect(usd).toBeGreaterThan(0.9)
    expect(usd).toBeLessThan(1.1)
  })

  test('is unknown without an uptime, before the last poll, for an unknown pod or in a cluster', () => {
    const ledger = watched(MONTH_START_MS + HOURS_2)
    expect(sure(ledger, MONTH_START_MS + HOURS_2, null)).toBeNull()
    expect(sure(ledger, MONTH_START_MS + HOUR_MS, HOURS_2)).toBeNull()
    expect(sure(ledger, MONTH_START_MS + HOURS_2, HOURS_2, pod({ id: 'stranger' }))).toBeNull()
    expect(sure(ledger, MONTH_START_MS + HOURS_2, HOURS_2, pod({ clusterId: 'c' }))).toBeNull()
  })
})
