import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toCostsView } from '../../src/core/money/costs/costs-view'
import { createLedger } from '../../src/core/money/ledger/ledger'
import { noBudgets } from '../../src/core/money/money-view'
import { monthOf } from '../../src/core/money/ledger/months'
import { openLedgerFiles } from '../../src/node/data-folder/records/ledger-files'
import { type Measurement, median, spreadOf } from '../measurement'
import { type MonthOutcome, runMonth } from './month'
import { runWrongClocks, type WrongClockOutcome } from './wrong-clocks'
import { fillYear } from './year'

/** `PODKEEPER_BENCH_MONTHS` reduces the number for a quick run. */
const MONTHS = Number(process.env['PODKEEPER_BENCH_MONTHS'] ?? 1_000)

/** Compares the app's counts for simulated months with their true cost. */
export async function measureAccuracy(): Promise<readonly Measurement[]> {
  const outcomes: MonthOutcome[] = []
  for (let seed = 1; seed <= MONTHS; seed++) {
    outcomes.push(runMonth(seed))
    if (seed % 50 === 0) console.log(`  ${seed} of ${MONTHS} months`)
  }
  return toMeasurements(outcomes)
}

export function toMeasurements(outcomes: readonly MonthOutcome[]): readonly Measurement[] {
  const final = outcomes.map(({ finalError }) => finalError * 100)
  const awake = outcomes.flatMap(({ awakeErrors }) => awakeErrors.map((error) => error * 100))
  const withShort = outcomes.flatMap(({ awakeErrorsWithShort }) =>
    awakeErrorsWithShort.map((error) => error * 100),
  )
  const width = outcomes.flatMap(({ widths }) => widths.map((each) => each * 100))
  const sum = (of: (outcome: MonthOutcome) => number): number =>
    outcomes.reduce((total, outcome) => total + of(outcome), 0)
  const percent = (name: string, values: readonly number[], atMost: number | null): readonly Measurement[] =>
    (['p50', 'p95', 'max'] as const).map((which) =>
      measurement(`${name}, ${which}`, '%', quantileOf(values, which), which === 'max' ? atMost : null),
    )
  return [
    ...percent('once final, off by', final, 0.1),
    ...percent('awake, not final, off by', awake, 1),
    ...percent('… with bills that are corrected later', withShort, null),
    ...percent('asleep a third of the time, width of the range', width, null),
    measurement(
      'ranges that were stated',
      'ranges',
      sum(({ rangeChecks }) => rangeChecks),
      null,
    ),
    measurement(
      'ranges without the truth',
      'ranges',
      sum(({ rangeMisses }) => rangeMisses),
      0,
    ),
    measurement(
      '… but for pods never seen',
      'ranges',
      sum(({ unseenMisses }) => unseenMisses),
      null,
    ),
    measurement(
      'pods that surely cost more than they did',
      'times',
      sum(({ falseConfirmations }) => falseConfirmations),
      0,
    ),
  ]
}

function quantileOf(values: readonly number[], which: 'p50' | 'p95' | 'max'): number {
  const sorted = [...values].sort((a, b) => a - b)
  const share = { p50: 0.5, p95: 0.95, max: 1 }[which]
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
}

const measurement = (name: string, unit: string, value: number, atMost: number | null): Measurement => ({
  group: 'money',
  name,
  unit,
  value,
  spread: null,
  baseline: null,
  beside: null,
  goal: atMost === null ? null : { kind: 'value', atMost },
})

const NOW_MS = Date.UTC(2026, 10, 24, 14)

/** Counts a year of 50 pods that always ran and were billed by the hour, from disk. */
export async function measureOpening(): Promise<readonly Measurement[]> {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-bench-costs-'))
  try {
    const files = openLedgerFiles(folder, () => true)
    fillYear(files, NOW_MS)
    const opens: number[] = []
    const pages: number[] = []
    for (let round = 0; round < 9; round++) {
      const fromMs = performance.now()
      const ledger = createLedger(files)
      ledger.book(monthOf(NOW_MS))
      const openedMs = performance.now()
      const budget = { ...noBudgets, monthShare: null, dayShare: null, passesAtMs: null }
      toCostsView(ledger, monthOf(NOW_MS), NOW_MS, { budget, forecast: null, billProblem: null })
      opens.push(openedMs - fromMs)
      pages.push(performance.now() - fromMs)
    }
    const whole: number[] = []
    for (let round = 0; round < 3; round++) {
      const fromMs = performance.now()
      const ledger = createLedger(files)
      for (const month of ledger.months()) ledger.book(month)
      whole.push(performance.now() - fromMs)
    }
    return [
      timing('a year of 50 pods, opened', opens, 100),
      timing('… with the month for the page', pages, 100),
      timing('… with every hour of every month', whole, null),
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const timing = (name: string, values: readonly number[], atMost: number | null): Measurement => ({
  ...measurement(name, 'ms', median(values), atMost),
  spread: spreadOf(values),
})

/** `PODKEEPER_BENCH_CLOCKS` reduces the number for a quick run. */
const ACCOUNTS = Number(process.env['PODKEEPER_BENCH_CLOCKS'] ?? 300)

/** Compares what is counted while clocks are wrong with what was truly spent. */
export async function measureWrongClocks(): Promise<readonly Measurement[]> {
  const outcomes = Array.from({ length: ACCOUNTS }, (_, index) => runWrongClocks(index + 1))
  const worst = (of: (outcome: WrongClockOutcome) => number): number => Math.max(...outcomes.map(of))
  const sum = (of: (outcome: WrongClockOutcome) => number): number =>
    outcomes.reduce((total, outcome) => total + of(outcome), 0)
  const inPolls = (of: (outcome: WrongClockOutcome) => number): number =>
    worst((outcome) => of(outcome) / outcome.perPollUsd)
  // The likely amount of a stop that was observed may be off by half an interval.
  const beyondStops = (usd: number, { perPollUsd, stops }: WrongClockOutcome): number =>
    usd - (perPollUsd * stops) / 2
  return [
    measurement(
      'jumps of clocks',
      'jumps',
      sum(({ jumps }) => jumps),
      null,
    ),
    measurement(
      'confirmed above the truth',
      'polls',
      inPolls(({ overConfirmedUsd }) => overConfirmedUsd),
      1,
    ),
    measurement(
      'likely above the truth',
      'polls',
      inPolls((outcome) => beyondStops(outcome.overUsd, outcome)),
      1,
    ),
    measurement(
      'likely below the truth at the end',
      'polls',
      inPolls((outcome) => beyondStops(outcome.underUsd, outcome)),
      1,
    ),
    measurement(
      'idle above what was watched',
      'polls',
      inPolls(({ overIdleUsd }) => overIdleUsd),
      1,
    ),
    measurement(
      'months lost',
      'months',
      sum(({ lostMonths }) => lostMonths.length),
      0,
    ),
    measurement(
      'alerts raised by a clock',
      'alerts',
      sum(({ falseAlerts }) => falseAlerts.length),
      0,
    ),
    measurement(
      '… of budget alerts',
      'alerts',
      sum(({ alerts }) => alerts),
      null,
    ),
  ]
}
