import { describe, expect, test } from 'vitest'
import type { BillKind, BillRow, NetworkVolume } from '../../../../src/core/pods/provider'
import { ok } from '../../../../src/core/base/result'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../../src/core/base/time/time'
import { START_MS } from '../../../harness/base/fake-clock'
import { createMonitorFixture, type MonitorFixture } from '../../../harness/monitor/monitor-fixture'
import { pod, stoppedPod } from '../../../harness/samples/pods'
import { failure } from '../../../harness/monitor/scripted-provider'
import { type MemoryFiles, memoryFiles } from '../../../harness/money/ledger-fixture'

interface MoneyRig extends MonitorFixture {
  readonly files: MemoryFiles
  readonly asked: { readonly kind: BillKind; readonly fromMs: number; readonly toMs: number }[]
  bill(kind: BillKind): readonly BillRow[]
  volumes: readonly NetworkVolume[]
}

const running = pod({
  costPerHourUsd: 3.6,
  containerDiskGb: 0,
  persistentMount: null,
  startedAtMs: START_MS - HOUR_MS,
})

function rig(pods = [running], files = memoryFiles()): MoneyRig {
  const made = createMonitorFixture({ pods, ledgerFiles: files })
  const asked: MoneyRig['asked'] = []
  const money: MoneyRig = Object.assign(made, { files, asked, bill: () => [], volumes: [] })
  Object.assign(made.provider, {
    listNetworkVolumes: async () => ok(money.volumes),
    async readBills(kind: BillKind, fromMs: number, toMs: number) {
      asked.push({ kind, fromMs, toMs })
      return ok({ rows: money.bill(kind), unreadable: 0 })
    },
  })
  return money
}

const moneyOf = ({ monitor }: MonitorFixture) => monitor.snapshot().money!

// Hours of polls take time on a slow machine.
describe('a monitor that tracks costs', { timeout: 120_000 }, () => {
  test('shows the spend of the day and of the month, and the forecast', async () => {
    const { monitor, clock } = rig()
    monitor.start()
    await clock.advanceAsync(HOUR_MS)
    const { spent, today, forecast, month, pods } = monitor.snapshot().money!
    expect(month).toBe('2026-11')
    expect(spent.usd).toBeCloseTo(7.2, 1)
    expect(today).toEqual(spent)
    expect(spent.estimatedUsd).toBe(spent.usd)
    expect(pods['pod-1']?.monthUsd).toBe(spent.usd)
    // At 16:05 on the 24th, 6 d 8 h are left.
    const left = (Date.UTC(2026, 11, 1) - START_MS - HOUR_MS) / HOUR_MS
    expect(forecast!.atBurnUsd).toBeCloseTo(spent.usd + 3.6 * left, 1)
    expect(forecast!.usd).toBeCloseTo(spent.usd + 3.6 * left, -2)
  })

  test('reads bills by the week, the newest first, with pauses, and then every quarter of an hour', async () => {
    const { monitor, clock, asked } = rig()
    monitor.start()
    await clock.advanceAsync(SECOND_MS)
    expect(asked).toEqual([])
    await clock.advanceAsync(MINUTE_MS)
    const rounds = asked.filter(({ kind }) => kind === 'pods')
    expect(rounds[0]).toEqual({
      kind: 'pods',
      fromMs: Date.UTC(2026, 10, 17, 15),
      toMs: Date.UTC(2026, 10, 24, 15),
    })
    expect(rounds).toHaveLength(6)
    expect(asked).toHaveLength(18)
    await clock.advanceAsync(13 * MINUTE_MS)
    expect(asked).toHaveLength(18)
    // While older hours are read for the first time, a round includes one older week; then two days and one
    // older week.
    await clock.advanceAsync(90 * MINUTE_MS)
    const last = asked.filter(({ kind }) => kind === 'pods').slice(-2)
    expect(last.map(({ fromMs, toMs }) => (toMs - fromMs) / HOUR_MS)).toEqual([49, 168])
  })

  test('says that amounts will change until the bills of the month were read once', async () => {
    const made = rig()
    const { monitor, clock } = made
    // The hours in which it was not watched are known only from the bill.
    made.bill = (kind) =>
      kind === 'pods'
        ? [
            {
              subjectId: 'pod-1',
              startMs: START_MS - 30 * HOUR_MS - 5 * MINUTE_MS,
              endMs: START_MS - 29 * HOUR_MS - 5 * MINUTE_MS,
              totalUsd: 90,
              diskUsd: 0,
            },
          ]
        : []
    monitor.start()
    await clock.advanceAsync(SECOND_MS)
    expect(moneyOf(made).isReadingBills).toBe(true)
    expect(monitor.costs(null)).toMatchObject({ bills: 'reading' })
    await clock.advanceAsync(MINUTE_MS)
    expect(moneyOf(made)).not.toHaveProperty('isReadingBills')
    expect(monitor.costs(null)?.bills).toBe('once')
    expect(moneyOf(made).spent.usd).toBeGreaterThan(90)
    expect(monitor.costs(null)?.rows[0]).toMatchObject({ state: 'on' })
  })

  test('withholds no sum when the bills cannot be read, or there are none', async () => {
    const failing = rig()
    Object.assign(failing.provider, { readBills: async () => failure('forbidden') })
    failing.monitor.start()
    await failing.clock.advanceAsync(MINUTE_MS)
    expect(moneyOf(failing)).not.toHaveProperty('isReadingBills')
    expect(failing.monitor.costs(null)?.bills).toBe('unread')
    const none = rig()
    Object.assign(none.provider, { readBills: undefined })
    none.monitor.start()
    await none.clock.advanceAsync(MINUTE_MS)
    expect(none.monitor.costs(null)?.bills).toBe('none')
  })

  test('requests no bill while Runpod does not reply, and continues afterwards', async () => {
    const { monitor, clock, provider, asked } = rig()
    provider.script.lists.push(...Array.from({ length: 200 }, () => () => failure('unauthorized')))
    monitor.start()
    await clock.advanceAsync(20 * MINUTE_MS)
    expect(asked).toEqual([])
    provider.script.lists.length = 0
    monitor.refresh()
    await clock.advanceAsync(MINUTE_MS)
    expect(asked.length).toBeGreaterThan(0)
  })

  test('leaves enough of the quota for the pods', async () => {
    const { monitor, clock, provider, asked } = rig()
    Object.assign(provider, { remainingQuota: () => ({ requests: 10 }) })
    monitor.start()
    await clock.advanceAsync(HOUR_MS)
    expect(asked).toEqual([])
  })

  test('reports why there is no bill, and anomalies in one', async () => {
    const made = rig()
    const { monitor, clock, auditEntries } = made
    made.bill = () => [{ subjectId: 'x', startMs: START_MS, endMs: START_MS, totalUsd: -1, diskUsd: 0 }]
    monitor.start()
    await clock.advanceAsync(MINUTE_MS)
    expect(auditEntries[0]?.text).toMatch(/bill of pods had 1 row with a negative amount\. None of that/)
    Object.assign(made.provider, { readBills: async () => failure('forbidden') })
    await clock.advanceAsync(HOUR_MS)
    expect(moneyOf(made).billProblem).toBe('It said forbidden.')
  })

  test('includes network volumes in the current rate, and reports unmounted ones', async () => {
    const made = rig([
      running,
      stoppedPod({ id: 'off', persistentMount: { sizeGb: 72, path: '/workspace' } }),
    ])
    const volume = { name: 'data', sizeGb: 720, dataCenterId: null, isHighPerformance: false }
    made.volumes = [
      { ...volume, id: 'v' },
      { ...volume, id: 'fast', isHighPerformance: true },
    ]
    const { monitor, clock } = made
    monitor.start()
    await clock.advanceAsync(2 * HOUR_MS)
    expect(monitor.snapshot().burn.perHourUsd).toBeCloseTo(3.6 + 0.02 + 0.07, 9)
    expect(monitor.snapshot().burn.isAtLeast).toBe(true)
    const { unused, volumesPerHourUsd } = moneyOf(made)
    expect(volumesPerHourUsd).toBeCloseTo(0.07, 9)
    expect(unused.map(({ id, perDayUsd }) => [id, perDayUsd?.toFixed(2)])).toEqual([
      ['fast', undefined],
      ['v', '1.68'],
      ['off', '0.48'],
    ])
    const costs = monitor.costs(null)!
    expect(costs.rows.map(({ id }) => id)).toEqual(['pod/pod-1', 'volume/v', 'pod/off', 'volume/fast'])
    expect(costs.rows[1]?.spent.usd).toBeGreaterThan(0.12)
  })

  test('continues after a restart, and counts nothing twice', async () => {
    const first = rig()
    first.monitor.start()
    await first.clock.advanceAsync(HOUR_MS)
    first.monitor.dispose()
    const before = moneyOf(first).spent.usd
    const second = rig([running], first.files)
    second.monitor.start()
    await second.clock.advanceAsync(MINUTE_MS)
    // The second fixture's clock starts when the first one's did.
    expect(moneyOf(second).spent.usd).toBeGreaterThanOrEqual(before)
    expect(moneyOf(second).spent.usd).toBeLessThan(before + 0.1)
  })

  test('has nothing to show when costs are not tracked', () => {
    const { monitor } = createMonitorFixture({ pods: [running] })
    expect(monitor.snapshot().money).toBeNull()
    expect(monitor.costs(null)).toBeNull()
  })
})
