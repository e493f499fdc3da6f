import { describe, expect, test } from 'vitest'
import { emptyMonthBook } from '../../../../src/core/money/ledger/month-book'
import { noObservations } from '../../../../src/core/money/ledger/ledger-observation'
import { serializeMonth } from '../../../../src/core/money/ledger/month-book-codec'
import { DAY_MS, HOUR_MS, SECOND_MS } from '../../../../src/core/base/time/time'
import { START_MS } from '../../../harness/base/fake-clock'
import {
  createMonitorFixture,
  type MonitorFixture,
  podWithFreshTelemetry,
} from '../../../harness/monitor/monitor-fixture'
import { memoryFiles } from '../../../harness/money/ledger-fixture'
import { gpus, pod } from '../../../harness/samples/pods'

const running = pod({
  costPerHourUsd: 3.6,
  containerDiskGb: 0,
  persistentMount: null,
  createdAtMs: START_MS - HOUR_MS,
  startedAtMs: START_MS - HOUR_MS,
})
const busy = { ...running, telemetry: { ...running.telemetry!, gpus: gpus(90) } }

interface Rig extends MonitorFixture {
  /** What the server's clock shows beyond the monotonic time since the start, ms. */
  readonly truth: { sleptMs: number; isSilent: boolean }
  readonly files: ReturnType<typeof memoryFiles>
  sleep(ms: number): void
}

function rig(
  options: {
    readonly earlier?: Rig
    readonly settings?: Record<string, unknown>
    readonly of?: typeof running
  } = {},
): Rig {
  const { earlier, settings = {}, of = busy } = options
  const files = earlier?.files ?? memoryFiles()
  const made = createMonitorFixture({ ledgerFiles: files, settings, ...(earlier && { earlier }) })
  const { clock, provider } = made
  const truth = earlier?.truth ?? { sleptMs: 0, isSilent: false }
  const base = podWithFreshTelemetry(clock, of)
  const fresh: typeof of = {
    ...of,
    get telemetry() {
      const { telemetry } = base
      return telemetry && { ...telemetry, uptimeS: telemetry.uptimeS! + truth.sleptMs / SECOND_MS }
    },
  }
  provider.pods = [fresh]
  const startMonotonicMs = clock.now().monotonicMs
  provider.serverTime = () =>
    truth.isSilent
      ? null
      : {
          atMs: START_MS + clock.now().monotonicMs - startMonotonicMs + truth.sleptMs,
          receivedAt: clock.now(),
        }
  return Object.assign(made, {
    truth,
    files,
    sleep(ms: number) {
      clock.shiftWallClock(ms)
      truth.sleptMs += ms
    },
  })
}

/** A monitor that starts with a wall clock that is wrong by `wallErrorMs`, and with files of `months`. */
function rigWith(wallErrorMs: number, months: readonly string[] = [], isSilent = false): Rig {
  const earlier = rig()
  for (const month of months)
    earlier.files.texts.set(month, serializeMonth(emptyMonthBook(month), noObservations))
  earlier.monitor.dispose()
  earlier.truth.isSilent = isSilent
  earlier.clock.restart('run-1b')
  earlier.clock.shiftWallClock(wallErrorMs)
  return rig({ earlier })
}

const spent = ({ monitor }: Rig) => monitor.snapshot().money!.spent
const dollars = (hours: number): number => hours * 3.6

describe('the costs of a month', () => {
  test.each([5 * HOUR_MS, 5 * DAY_MS, 3_650 * DAY_MS, -5 * HOUR_MS, -3_650 * DAY_MS])(
    'are the same when the wall clock is off by %s ms for one poll or for good',
    async (jumpMs) => {
      const made = rig({ settings: { monthlyBudgetUsd: '40' } })
      made.monitor.start()
      await made.clock.advanceAsync(HOUR_MS)
      made.clock.shiftWallClock(jumpMs)
      await made.clock.advanceAsync(15 * SECOND_MS)
      made.clock.shiftWallClock(-jumpMs)
      await made.clock.advanceAsync(HOUR_MS)
      made.clock.shiftWallClock(jumpMs)
      await made.clock.advanceAsync(HOUR_MS)
      expect(spent(made).usd).toBeCloseTo(dollars(4), 0)
      expect(spent(made).minUsd).toBeLessThanOrEqual(dollars(4) + 0.1)
      expect(spent(made).maxUsd).toBeLessThanOrEqual(dollars(4) + 0.1)
      expect(made.alerts.filter(({ key }) => key.kind === 'budget')).toEqual([])
      expect(made.files.months()).toEqual(['2026-11'])
    },
  )

  test('keep every month on disk when the year is 2036 for one save', async () => {
    const months = Array.from({ length: 10 }, (_, month) => `2026-${String(month + 1).padStart(2, '0')}`)
    const made = rigWith(0, months)
    made.monitor.start()
    await made.clock.advanceAsync(HOUR_MS)
    made.clock.shiftWallClock(3_650 * DAY_MS)
    await made.clock.advanceAsync(HOUR_MS)
    made.monitor.dispose()
    expect(made.files.months()).toHaveLength(11)
  })

  test('remove a month that is too old when the time is certain', async () => {
    const made = rigWith(0, ['2025-09'])
    made.monitor.start()
    await made.clock.advanceAsync(HOUR_MS)
    expect(made.files.months()).toEqual(['2026-11'])
  })

  test('include what ran while the computer slept', async () => {
    const made = rig()
    made.monitor.start()
    await made.clock.advanceAsync(HOUR_MS)
    made.sleep(8 * HOUR_MS)
    await made.clock.advanceAsync(HOUR_MS)
    expect(spent(made).usd).toBeCloseTo(dollars(11), 0)
    expect(spent(made).minUsd).toBeCloseTo(dollars(11), 0)
  })

  test('include ten hours of a run whose clock was 300 days ahead, after a restart with the right clock', async () => {
    const wrong = rigWith(300 * DAY_MS, [], true)
    wrong.monitor.start()
    await wrong.clock.advanceAsync(10 * HOUR_MS)
    wrong.monitor.dispose()
    wrong.clock.restart('run-2')
    wrong.clock.shiftWallClock(-300 * DAY_MS)
    wrong.truth.isSilent = false
    wrong.truth.sleptMs = 10 * HOUR_MS
    const right = rig({ earlier: wrong })
    right.monitor.start()
    await right.clock.advanceAsync(HOUR_MS)
    expect(right.monitor.snapshot().money?.month).toBe('2026-11')
    expect(spent(right).usd).toBeCloseTo(dollars(12), 0)
    expect(right.files.months()).toEqual(['2026-11'])
    expect(right.auditEntries.filter(({ what }) => what === 'costs')).toHaveLength(1)
    expect(right.files.copies.length).toBeGreaterThan(0)
  })

  test('book nothing before a wrong clock at the start is recognized, and then everything', async () => {
    const made = rigWith(5 * DAY_MS)
    made.monitor.start()
    await made.clock.advanceAsync(SECOND_MS)
    expect(spent(made).maxUsd).toBe(0)
    await made.clock.advanceAsync(HOUR_MS)
    expect(made.monitor.snapshot().money?.month).toBe('2026-11')
    expect(spent(made).usd).toBeCloseTo(dollars(2), 0)
  })
})

describe('the idle cost', () => {
  test('is what was observed idle, without a sleep of eight hours', async () => {
    const made = rig({ of: running })
    made.monitor.start()
    await made.clock.advanceAsync(HOUR_MS)
    made.sleep(8 * HOUR_MS)
    await made.clock.advanceAsync(HOUR_MS)
    expect(spent(made).usd).toBeCloseTo(dollars(11), 0)
    expect(spent(made).idleUsd).toBeGreaterThan(dollars(1.8))
    expect(spent(made).idleUsd).toBeLessThanOrEqual(dollars(2))
  })

  test('is counted with polls that are minutes apart, too', async () => {
    const made = rig({ of: running, settings: { pollActiveS: 90 } })
    made.monitor.start()
    await made.clock.advanceAsync(3 * HOUR_MS)
    expect(spent(made).idleUsd).toBeGreaterThan(dollars(2.5))
    expect(spent(made).idleUsd).toBeLessThanOrEqual(dollars(3))
  })
})

test('a credit on the bill is logged once, however often the bill is read', async () => {
  const made = rig()
  const row = { subjectId: 'pod-1', startMs: Date.UTC(2026, 10, 24, 10), endMs: Date.UTC(2026, 10, 24, 11) }
  Object.assign(made.provider, {
    readBills: async () => ({
      ok: true,
      value: { rows: [{ ...row, totalUsd: -50, diskUsd: 0 }], unreadableCount: 1 },
    }),
  })
  made.monitor.start()
  await made.clock.advanceAsync(6 * HOUR_MS)
  const logged = made.auditEntries.filter(({ what }) => what === 'bill')
  expect(logged.filter(({ text }) => /negative/.test(text))).toHaveLength(3)
  expect(logged.length).toBeLessThanOrEqual(6)
})
