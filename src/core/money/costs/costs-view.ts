import type { Pod } from '../../pods/pod'
import type { NetworkVolume } from '../../pods/provider'
import { volumeSubjectId } from '../ledger/billing-state'
import { distributeCents, roundedCents, toUsd } from '../ledger/amounts'
import {
  billedUntilMs,
  billReadsOf,
  hasUnobservedHours,
  sumTotals,
  totalsBySubject,
  wholeMonth,
} from '../ledger/cost-totals'
import type { Ledger } from '../ledger/ledger'
import type { MonthBook, StoppedPod } from '../ledger/month-book'
import { type Month, monthOf } from '../ledger/months'
import { type BudgetView, type ForecastView, type SpendView, toSpendView } from '../money-view'
import { type SavedView, savedByAutoStop } from './saved-by-auto-stop'
import { type CostsDay, dayTotals, idleCentsOf, maxIdleCents, toCostsDays } from './costs-days'
import { knownSubjects } from './known-subjects'
import { type CostsRow, podStatesOf, toCostsRow } from './costs-rows'

/**
 * How far the bills of a month were read: `none`: this service has none; `reading`: not whole yet, so that amounts will
 * still change; `unread`: neither, because they cannot be read now; `once`; `twice`, which makes them final.
 */
export type BillsState = 'none' | 'reading' | 'unread' | 'once' | 'twice'

/** One whole month of the account. Months and days are UTC. */
export interface CostsView {
  readonly month: Month
  /** When this was computed, Unix ms. */
  readonly atMs: number
  readonly isCurrent: boolean
  readonly startMs: number
  readonly endMs: number
  /** Months with any data, newest first, always including the current one. */
  readonly months: readonly Month[]
  /** Whole cents, as of the rows and of the days. */
  readonly totalCents: number
  readonly idleCents: number
  readonly spent: SpendView
  /** Only for the current month. */
  readonly budget: BudgetView | null
  readonly forecast: ForecastView | null
  readonly bills: BillsState
  readonly billedUntilMs: number | null
  readonly billProblem: string | null
  /** Every day of the month. Future days have no cost. */
  readonly days: readonly CostsDay[]
  /** Most expensive first. */
  readonly rows: readonly CostsRow[]
  /** How many pods the guard stopped or terminated, the most recent one, and what that saved. */
  readonly stops: {
    readonly count: number
    readonly last: Pick<StoppedPod, 'name' | 'atMs'> | null
    readonly saved: SavedView
  }
  /** Amounts that were taken back because a bill was lower, newest first. */
  readonly corrections: readonly { readonly atMs: number; readonly usd: number }[]
}

export interface CurrentMonthCosts {
  readonly budget: BudgetView
  readonly forecast: ForecastView | null
  readonly billProblem: string | null
  /** Whether the service has bills, and whether they can be read now. Absent: they cannot. */
  readonly billReading?: 'none' | 'possible' | 'impossible'
  /** The pods as last listed, completely; absent or null: they were not. */
  readonly pods?: readonly Pod[] | null
  /** The network volumes as last listed. */
  readonly volumes?: readonly NetworkVolume[]
}

/** `current` is the current month, whichever month is requested. */
export function toCostsView(
  ledger: Ledger,
  month: Month,
  nowMs: number,
  current: CurrentMonthCosts,
): CostsView {
  const book = ledger.book(month)
  const totals = [...totalsBySubject(book, wholeMonth)]
    .filter(([, { likely, max, isAtLeast }]) => likely > 0 || max > 0 || isAtLeast)
    .sort(([a, x], [b, y]) => y.likely - x.likely || (a < b ? -1 : 1))
  const ofRows = totals.map(([, total]) => total)
  const monthTotal = sumTotals(new Map(totals))
  const totalCents = roundedCents(monthTotal.likely)
  const days = dayTotals(
    book,
    totals.map(([id]) => id),
  )
  const ofDays = days.map(({ total }) => total)
  const centsOf = (parts: typeof ofRows): readonly number[] =>
    distributeCents(
      parts.map(({ likely }) => likely),
      totalCents,
    )
  const [rowCents, dayCents] = [centsOf(ofRows), centsOf(ofDays)]
  const idleCents = Math.min(
    roundedCents(monthTotal.idle),
    maxIdleCents(ofRows, rowCents),
    maxIdleCents(ofDays, dayCents),
  )
  const rowIdleCents = idleCentsOf(ofRows, idleCents, rowCents)
  const states = current.pods ? podStatesOf(current.pods) : null
  const volumes = new Map((current.volumes ?? []).map((volume) => [volumeSubjectId(volume.id), volume]))
  const known = knownSubjects(ledger, book, current.pods ?? [])
  const isCurrent = month === monthOf(nowMs)
  return {
    month,
    atMs: nowMs,
    isCurrent,
    startMs: book.startMs,
    endMs: book.endMs,
    months: [...new Set([...ledger.months(), monthOf(nowMs)])].sort().reverse(),
    totalCents,
    idleCents,
    spent: toSpendView(monthTotal, hasUnobservedHours(book, wholeMonth)),
    budget: isCurrent ? current.budget : null,
    forecast: isCurrent ? current.forecast : null,
    bills: billsStateOf(book, nowMs, current.billReading),
    billedUntilMs: billedUntilMs(book, nowMs),
    billProblem: current.billProblem,
    days: toCostsDays(days, dayCents, idleCents),
    rows: totals.map(([id, total], index) =>
      toCostsRow({
        ledger,
        book,
        id,
        total,
        totalCents: rowCents[index] ?? 0,
        idleCents: rowIdleCents[index] ?? 0,
        states,
        volumes,
        known,
      }),
    ),
    stops: stopsView(ledger, book, nowMs),
    corrections: book.corrections.map(({ atMs, amount }) => ({ atMs, usd: toUsd(amount) })).reverse(),
  }
}

/** See `BillsState`. `nowMs`: Unix ms. */
export function billsStateOf(
  book: MonthBook,
  nowMs: number,
  reading: CurrentMonthCosts['billReading'] = 'impossible',
): BillsState {
  if (reading === 'none') return 'none'
  const reads = billReadsOf(book, nowMs)
  return reads === 'unread' && reading === 'possible' ? 'reading' : reads
}

function stopsView(ledger: Ledger, { stops }: MonthBook, nowMs: number): CostsView['stops'] {
  let last: StoppedPod | null = null
  for (const stop of stops.values()) if (last === null || stop.atMs > last.atMs) last = stop
  return {
    count: stops.size,
    last: last && { name: last.name, atMs: last.atMs },
    saved: savedByAutoStop(stops.values(), ledger.lastObservations(), nowMs),
  }
}
