import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { costsViewOf } from '../../src/core/money/costs/costs-view'
import { createLedger } from '../../src/core/money/ledger/ledger'
import { noBudgets } from '../../src/core/money/money-view'
import { monthOf } from '../../src/core/money/ledger/months'
import { openLedgerFiles } from '../../src/node/data-folder/ledger-files'
import { type Figure, medianOf, spreadOf } from '../figure'
import { type MonthOutcome, runMonth } from './month'
import { fillYear } from './year'

/** `PODKEEPER_BENCH_MONTHS` asks for fewer, for a quick look. */
const MONTHS = Number(process.env['PODKEEPER_BENCH_MONTHS'] ?? 1_000)

/** Simulated months against what they truly cost. */
export async function accuracyFigures(): Promise<readonly Figure[]> {
  const outcomes: MonthOutcome[] = []
  for (let seed = 1; seed <= MONTHS; seed++) {
    outcomes.push(runMonth(seed))
    if (seed % 50 === 0) console.log(`  ${seed} of ${MONTHS} months`)
  }
  return outcomeFigures(outcomes)
}

export function outcomeFigures(outcomes: readonly MonthOutcome[]): readonly Figure[] {
  const final = outcomes.map(({ finalError }) => finalError * 100)
  const awake = outcomes.flatMap(({ awakeErrors }) => awakeErrors.map((error) => error * 100))
  const withShort = outcomes.flatMap(({ awakeErrorsWithShort }) =>
    awakeErrorsWithShort.map((error) => error * 100),
  )
  const width = outcomes.flatMap(({ widths }) => widths.map((each) => each * 100))
  const sum = (of: (outcome: MonthOutcome) => number): number =>
    outcomes.reduce((total, outcome) => total + of(outcome), 0)
  const percent = (name: string, values: readonly number[], atMost: number | null): readonly Figure[] =>
    (['p50', 'p95', 'max'] as const).map((which) =>
      figure(`${name}, ${which}`, '%', quantileOf(values, which), which === 'max' ? atMost : null),
    )
  return [
    ...percent('once final, off by', final, 0.1),
    ...percent('awake, not final, off by', awake, 1),
    ...percent('… with bills that are corrected later', withShort, null),
    ...percent('asleep a third of the time, width of the range', width, null),
    figure(
      'ranges that were stated',
      'ranges',
      sum(({ rangeChecks }) => rangeChecks),
      null,
    ),
    figure(
      'ranges without the truth',
      'ranges',
      sum(({ rangeMisses }) => rangeMisses),
      0,
    ),
    figure(
      '… but for pods never seen',
      'ranges',
      sum(({ openEnds }) => openEnds),
      null,
    ),
    figure(
      'pods that surely cost more than they did',
      'times',
      sum(({ falseCertainties }) => falseCertainties),
      0,
    ),
  ]
}

function quantileOf(values: readonly number[], which: 'p50' | 'p95' | 'max'): number {
  const sorted = [...values].sort((a, b) => a - b)
  const share = { p50: 0.5, p95: 0.95, max: 1 }[which]
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
}

const figure = (name: string, unit: string, value: number, atMost: number | null): Figure => ({
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

/** A year of 50 pods that ran all the time, billed by the hour, from the disk. */
export async function openingFigures(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-bench-costs-'))
  try {
    const files = openLedgerFiles(folder, () => true)
    fillYear(files, NOW_MS)
    const opens: number[] = []
    const pages: number[] = []
    for (let round = 0; round < 9; round++) {
      const fromMs = performance.now()
      const ledger = createLedger(files, NOW_MS)
      ledger.book(monthOf(NOW_MS))
      const openedMs = performance.now()
      const budget = { ...noBudgets, monthShare: null, dayShare: null, passesAtMs: null }
      costsViewOf(ledger, monthOf(NOW_MS), NOW_MS, { budget, forecast: null, billProblem: null })
      opens.push(openedMs - fromMs)
      pages.push(performance.now() - fromMs)
    }
    const whole: number[] = []
    for (let round = 0; round < 3; round++) {
      const fromMs = performance.now()
      const ledger = createLedger(files, NOW_MS)
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

const timing = (name: string, values: readonly number[], atMost: number | null): Figure => ({
  ...figure(name, 'ms', medianOf(values), atMost),
  spread: spreadOf(values),
})
