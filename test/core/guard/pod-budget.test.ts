import { describe, expect, test } from 'vitest'
import type { PodRules } from '../../../src/core/pod-rules/pod-rules'
import { certainSpendUsd } from '../../../src/core/money/confirmed-spend'
import type { Telemetry } from '../../../src/core/pods/pod'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/core/base/time'
import { START_MS } from '../../harness/clock'
import { decisionsOf, guarded, sentBy, soon, standingOf, ticked, titlesOf } from '../../harness/guard'
import { createMonitorRig, livePod, type MonitorRig } from '../../harness/monitor'
import { gpus, pod, stoppedPod } from '../../harness/pods'
import { billRow, look, lookOn, memoryFiles, openLedger, readTwice, T0 } from '../../harness/money'

/** Running for an hour at $2, at work, and allowed $4 in the month: for another hour. */
async function working(
  rules: PodRules = {},
  options: Parameters<typeof guarded>[0] = {},
): Promise<MonitorRig> {
  const telemetry: Telemetry = { ...pod().telemetry!, gpus: gpus(90) }
  return guarded({
    pod: { telemetry, containerDiskGb: 0, persistentMount: { sizeGb: 0, path: '/workspace' } },
    guard: ticked({ monthlyBudgetUsd: 4, atBudget: 'stop', ...rules }),
    ledgerFiles: memoryFiles(),
    ...options,
  })
}
const DUE_MS = HOUR_MS + 2 * MINUTE_MS + SECOND_MS

describe('a budget of one pod', { timeout: 30_000 }, () => {
  test('is told once when it is spent, and nothing is stopped unless that was chosen', async () => {
    const rig = await guarded({
      pod: { telemetry: { ...pod().telemetry!, gpus: gpus(90) } },
      guard: ticked({ monthlyBudgetUsd: 4 }),
      ledgerFiles: memoryFiles(),
    })
    await rig.clock.pass(50 * MINUTE_MS)
    expect(titlesOf(rig, 'budget')).toEqual([])
    await rig.clock.pass(2 * HOUR_MS)
    expect(titlesOf(rig, 'budget')).toEqual(['trainer has spent its budget of the month'])
    expect(rig.alerts[0]).toMatchObject({ key: { podId: 'pod-1' }, isCritical: false })
    expect(rig.alerts[0]?.body).toMatch(/^\$4\.\d\d of \$4\.00 \(UTC\)\.$/)
    expect(sentBy(rig)).toEqual([])
    expect(standingOf(rig)).toMatchObject({ kind: 'watching', dueAtMs: null })
  })

  test('is not told again by the next run, but anew in the next month', async () => {
    const files = memoryFiles()
    const options = { guard: ticked({ monthlyBudgetUsd: 1 }), ledgerFiles: files, settings: soon }
    const before = await guarded(options)
    await before.clock.pass(5 * MINUTE_MS)
    expect(titlesOf(before, 'budget')).toHaveLength(1)
    await before.monitor.end()
    before.clock.restart('run-2')
    const after = createMonitorRig({ ...options, earlier: before })
    after.provider.pods = [livePod(after.clock, pod())]
    after.monitor.start()
    await after.clock.pass(5 * MINUTE_MS)
    expect(titlesOf(after, 'budget')).toEqual([])
    after.clock.moveWall(Date.UTC(2026, 11, 1) - after.clock.now().wallMs)
    await after.clock.pass(40 * MINUTE_MS)
    expect(titlesOf(after, 'budget')).toEqual(['trainer has spent its budget of the month'])
  })
})

describe('a stop at the budget', { timeout: 30_000 }, () => {
  test('comes after the same two warnings as any other, and says why', async () => {
    const rig = await working()
    await rig.clock.pass(32 * MINUTE_MS)
    expect(titlesOf(rig, 'auto-stop-soon')).toEqual(['trainer will be stopped in 30 min'])
    expect(rig.alerts[0]).toMatchObject({ isCritical: true, buttons: ['keep-on', 'stop'] })
    expect(rig.alerts[0]?.body).toContain('Its budget of the month (UTC) is $4.00.')
    expect(standingOf(rig)).toMatchObject({ kind: 'planned', because: 'budget', action: 'stop' })
    await rig.clock.pass(26 * MINUTE_MS)
    expect(titlesOf(rig, 'auto-stop-soon')).toHaveLength(2)
    expect(sentBy(rig)).toEqual([])
    await rig.clock.pass(DUE_MS - 58 * MINUTE_MS)
    expect(sentBy(rig)).toEqual(['stop pod-1'])
    expect(rig.journal.records.at(-1)).toMatchObject({ origin: 'budget' })
    await rig.clock.pass(2 * MINUTE_MS)
    expect(rig.alerts.find(({ key }) => key.kind === 'auto-stopped')?.body).toContain(
      'Its budget of the month is spent.',
    )
    expect(rig.monitor.costs(null)?.stops).toMatchObject({ count: 1, last: { name: 'trainer' } })
  })

  test.each<[string, PodRules, Parameters<typeof guarded>[0]]>([
    ['it is kept on', { keepOn: { sinceMs: START_MS, untilMs: null } }, {}],
    ['it is not ticked', { isAutoStopped: false }, {}],
    ['automatic stops are paused', {}, { settings: { ...soon, areAutoStopsPaused: true } }],
    ['they are only rehearsed', {}, { settings: { ...soon, isAutoStopDryRun: true } }],
  ])('does not come while %s', async (_, rules, options) => {
    const rig = await working(rules, options)
    await rig.clock.pass(3 * HOUR_MS)
    expect(sentBy(rig)).toEqual([])
  })

  test('does not come while no warning can be shown, and the window says so', async () => {
    const rig = await working()
    rig.system.delivery = 'failed'
    await rig.clock.pass(2 * HOUR_MS)
    expect(sentBy(rig)).toEqual([])
    expect(standingOf(rig)).toMatchObject({ kind: 'held', because: 'budget', by: ['warned'] })
  })

  test('is called off when more is allowed', async () => {
    const rig = await working()
    await rig.clock.pass(50 * MINUTE_MS)
    expect(rig.monitor.changePodRules('pod-1', { monthlyBudgetUsd: 40 }).ok).toBe(true)
    await rig.clock.pass(2 * HOUR_MS)
    expect(sentBy(rig)).toEqual([])
    expect(titlesOf(rig, 'auto-stop-soon')).toHaveLength(1)
  })

  test('is planned anew for a pod that is started again, with both warnings', async () => {
    const rig = await working()
    await rig.clock.pass(DUE_MS)
    expect(sentBy(rig)).toEqual(['stop pod-1'])
    const startedAtMs = rig.clock.now().wallMs
    rig.provider.pods = [
      livePod(
        rig.clock,
        pod({ startedAtMs, telemetry: { ...pod().telemetry!, gpus: gpus(90), uptimeS: 0 } }),
      ),
    ]
    await rig.clock.pass(29 * MINUTE_MS)
    expect(sentBy(rig)).toHaveLength(1)
    await rig.clock.pass(6 * MINUTE_MS)
    expect(sentBy(rig)).toEqual(['stop pod-1', 'stop pod-1'])
  })

  test('does not come for a month that ends before', async () => {
    const rig = await working()
    rig.clock.moveWall(Date.UTC(2026, 11, 1) - 20 * MINUTE_MS - rig.clock.now().wallMs)
    await rig.clock.pass(90 * MINUTE_MS)
    expect(sentBy(rig)).toEqual([])
    expect(decisionsOf(rig).filter((text) => text.includes('stopped automatically'))).toEqual([])
  })

  test('does not come for money that a clock set ahead has made', async () => {
    const rig = await working()
    rig.clock.moveWall(HOUR_MS)
    await rig.clock.pass(59 * MINUTE_MS)
    expect(sentBy(rig)).toEqual([])
    await rig.clock.pass(DUE_MS - 59 * MINUTE_MS)
    expect(sentBy(rig)).toEqual(['stop pod-1'])
  })

  test('does not come while the clock is set back', async () => {
    const rig = await working()
    await rig.clock.pass(2 * MINUTE_MS)
    rig.clock.moveWall(-HOUR_MS)
    await rig.clock.pass(55 * MINUTE_MS)
    expect(sentBy(rig)).toEqual([])
  })
})

describe('what a pod surely cost in the month', () => {
  const HOURS_2 = 2 * HOUR_MS
  const one = pod({ costPerHourUsd: 2, startedAtMs: T0, createdAtMs: T0 })
  const sure = (ledger: ReturnType<typeof openLedger>, nowMs: number, uptimeMs: number | null, of = one) =>
    certainSpendUsd(ledger, of, uptimeMs === null ? null : uptimeMs / SECOND_MS, nowMs)
  function watched(toMs: number) {
    const ledger = openLedger()
    lookOn(ledger, T0, toMs, [one])
    return ledger
  }

  test('is what was seen, without disks that the price may hold', () => {
    expect(sure(watched(T0 + HOURS_2), T0 + HOURS_2, HOURS_2)).toBeCloseTo(4, 6)
  })

  test('is less by what the clock says and the pod does not', () => {
    expect(sure(watched(T0 + HOURS_2), T0 + HOURS_2, HOUR_MS)!).toBeLessThanOrEqual(2)
    expect(sure(watched(T0 + HOURS_2), T0 + HOURS_2, 0)).toBe(0)
  })

  test('is what the bill says where that is final, whatever the uptime says after a restart', () => {
    const ledger = watched(T0 + HOURS_2)
    readTwice(ledger, T0 + 6 * HOUR_MS, T0, T0 + HOURS_2, [
      billRow('pod-1', T0, 1.5),
      billRow('pod-1', T0 + HOUR_MS, 1.75),
    ])
    expect(sure(ledger, T0 + HOURS_2, 0)).toBeCloseTo(3.25, 6)
  })

  test('does not count an hour that the final bill does not name', () => {
    const ledger = watched(T0 + HOURS_2)
    readTwice(ledger, T0 + 6 * HOUR_MS, T0, T0 + HOURS_2, [billRow('pod-1', T0, 1.5)])
    expect(sure(ledger, T0 + HOURS_2, HOURS_2)).toBeCloseTo(1.5, 6)
  })

  test('is only what bills say of a pod that is paid for by a savings plan', () => {
    const ledger = watched(T0 + 12 * HOUR_MS)
    const rows = Array.from({ length: 8 }, (_, hour) => billRow('pod-1', T0 + hour * HOUR_MS, 1))
    expect(sure(ledger, T0 + 12 * HOUR_MS, 12 * HOUR_MS)).toBeCloseTo(24, 6)
    readTwice(ledger, T0 + 11.5 * HOUR_MS, T0, T0 + 8 * HOUR_MS, rows)
    expect(sure(ledger, T0 + 12 * HOUR_MS, 12 * HOUR_MS)).toBeCloseTo(8, 6)
  })

  test('does not count what a gap leaves open', () => {
    const ledger = openLedger()
    look(ledger, T0, [stoppedPod()])
    look(ledger, T0 + HOURS_2, [stoppedPod()])
    look(ledger, T0 + 3 * HOUR_MS, [{ ...one, startedAtMs: T0 + 2.5 * HOUR_MS }])
    const usd = sure(ledger, T0 + 3 * HOUR_MS, HOUR_MS / 2, { ...one, startedAtMs: T0 + 2.5 * HOUR_MS })!
    expect(usd).toBeGreaterThan(0.9)
    expect(usd).toBeLessThan(1.1)
  })

  test('is not known without an uptime, before the last look, for a stranger or in a cluster', () => {
    const ledger = watched(T0 + HOURS_2)
    expect(sure(ledger, T0 + HOURS_2, null)).toBeNull()
    expect(sure(ledger, T0 + HOUR_MS, HOURS_2)).toBeNull()
    expect(sure(ledger, T0 + HOURS_2, HOURS_2, pod({ id: 'stranger' }))).toBeNull()
    expect(sure(ledger, T0 + HOURS_2, HOURS_2, pod({ clusterId: 'c' }))).toBeNull()
  })
})
