import { DAY_MS } from '../../base/time'
import { distributeCents, type NanoUsd, roundedCents, toUsd } from '../ledger/amounts'
import type { MonthBook, StoppedPod } from '../ledger/month-book'
import type { Ledger } from '../ledger/ledger'
import {
  type Billing,
  billingOf,
  type BudgetView,
  type ForecastView,
  type SpendView,
  toSpendView,
} from '../money-view'
import { type Month, monthOf } from '../ledger/months'
import { OTHER, type SubjectId } from '../ledger/billing-state'
import {
  billedUntilMs,
  type CostTotal,
  hasUnobservedHours,
  sumTotals,
  totalsByDay,
  totalsBySubject,
  wholeMonth,
  zeroTotal,
} from '../ledger/cost-totals'

export interface CostsRow {
  /** `pod/abc`, `volume/xyz`, or `other` for clusters, serverless and endpoints. */
  readonly id: SubjectId
  readonly kind: 'pod' | 'volume' | 'other'
  /** Null when only its bill is known. */
  readonly name: string | null
  /** "4 × H100 SXM". */
  readonly hardware: string | null
  /** How long it was observed to be on, milliseconds. */
  readonly onMs: number
  readonly billing: Billing
  /**
   * Whole cents. The totals of all rows add up to the month's total, and compute and disk add up to the row's
   * total.
   */
  readonly totalCents: number
  readonly computeCents: number
  readonly diskCents: number
  /** Part of the total. */
  readonly idleCents: number
  /**
   * Part of the total that only the bill of a pod knows: hours and idle time don't cover it. See
   * docs/product-rules.md#53-rows-and-idle-cost.
   */
  readonly unobservedCents: number
  /** Exact amounts, USD. */
  readonly spent: SpendView
}

export interface CostsDay {
  /** Unix ms. */
  readonly startMs: number
  readonly spent: SpendView
  /** The cost of each item on that day in USD, in the order of the rows. Items without cost are left out. */
  readonly parts: readonly {
    readonly id: SubjectId
    readonly usd: number
    readonly idleUsd: number
    readonly billedUsd: number
  }[]
}

/** One whole month of the account. Months and days are UTC. */
export interface CostsView {
  readonly month: Month
  readonly isCurrent: boolean
  readonly startMs: number
  readonly endMs: number
  /** Months with any data, newest first, always including the current one. */
  readonly months: readonly Month[]
  readonly totalCents: number
  readonly spent: SpendView
  /** Only for the current month. */
  readonly budget: BudgetView | null
  readonly forecast: ForecastView | null
  readonly billedUntilMs: number | null
  readonly billProblem: string | null
  /** Every day of the month. Future days have no cost. */
  readonly days: readonly CostsDay[]
  /** Most expensive first. */
  readonly rows: readonly CostsRow[]
  /** How many pods the guard stopped or terminated, and the most recent one. */
  readonly stops: { readonly count: number; readonly last: StoppedPod | null }
  /** Amounts that were taken back because a bill was lower, newest first. */
  readonly corrections: readonly { readonly atMs: number; readonly usd: number }[]
}

export interface CurrentMonthCosts {
  readonly budget: BudgetView
  readonly forecast: ForecastView | null
  readonly billProblem: string | null
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
  const monthTotal = sumTotals(new Map(totals))
  const totalCents = roundedCents(monthTotal.likely)
  const cents = distributeCents(
    totals.map(([, { likely }]) => likely),
    totalCents,
  )
  const isCurrent = month === monthOf(nowMs)
  return {
    month,
    isCurrent,
    startMs: book.startMs,
    endMs: book.endMs,
    months: [...new Set([...ledger.months(), monthOf(nowMs)])].sort().reverse(),
    totalCents,
    spent: toSpendView(monthTotal, hasUnobservedHours(book, wholeMonth)),
    budget: isCurrent ? current.budget : null,
    forecast: isCurrent ? current.forecast : null,
    billedUntilMs: billedUntilMs(book, nowMs),
    billProblem: current.billProblem,
    days: toCostsDays(
      book,
      totals.map(([id]) => id),
    ),
    rows: totals.map(([id, sum], index) => toCostsRow(ledger, book, id, sum, cents[index] ?? 0)),
    stops: stopsView(book),
    corrections: book.corrections.map(({ atMs, amount }) => ({ atMs, usd: toUsd(amount) })).reverse(),
  }
}

function stopsView({ stops }: MonthBook): CostsView['stops'] {
  let last: StoppedPod | null = null
  for (const stop of stops.values()) if (last === null || stop.atMs > last.atMs) last = stop
  return { count: stops.size, last }
}

function toCostsRow(
  ledger: Ledger,
  book: MonthBook,
  id: SubjectId,
  total: CostTotal,
  totalCents: number,
): CostsRow {
  const subject = book.subjects.get(id)
  const compute: NanoUsd = total.likely - total.disk
  const [computeCents = 0, diskCents = 0] = distributeCents([compute, total.disk], totalCents)
  return {
    id,
    kind: id === OTHER ? 'other' : id.startsWith('volume/') ? 'volume' : 'pod',
    name: subject?.name ?? null,
    hardware: subject?.hardware ?? null,
    onMs: total.onMs,
    billing: billingOf(ledger, book.month, id),
    totalCents,
    computeCents,
    diskCents,
    idleCents: Math.min(totalCents, roundedCents(total.idle)),
    unobservedCents: id.startsWith('pod/') ? Math.min(totalCents, roundedCents(total.unobserved)) : 0,
    spent: toSpendView(total, false),
  }
}

function toCostsDays(book: MonthBook, ids: readonly SubjectId[]): readonly CostsDay[] {
  const byId = ids.map((id) => {
    const subject = book.subjects.get(id)
    return { id, days: subject ? totalsByDay(subject) : new Map<number, CostTotal>() }
  })
  const days = Math.round((book.endMs - book.startMs) / DAY_MS)
  return Array.from({ length: days }, (_day, day) => {
    const hours = { from: day * 24, to: day * 24 + 24 }
    const totals = new Map(byId.map((each) => [each.id, each.days.get(day) ?? zeroTotal]))
    return {
      startMs: book.startMs + day * DAY_MS,
      spent: toSpendView(sumTotals(totals), hasUnobservedHours(book, hours)),
      parts: ids.flatMap((id) => {
        const { likely, idle, billed } = totals.get(id) ?? zeroTotal
        return likely === 0
          ? []
          : [{ id, usd: toUsd(likely), idleUsd: toUsd(idle), billedUsd: toUsd(billed) }]
      }),
    }
  })
}
