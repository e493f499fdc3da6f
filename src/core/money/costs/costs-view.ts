import { DAY_MS } from '../../base/time'
import { type NanoUsd, roundedCents, shareCents, usdOf } from '../ledger/amounts'
import type { Book, StoppedPod } from '../ledger/month-book'
import type { Ledger } from '../ledger/ledger'
import {
  type Billing,
  billingOf,
  type BudgetView,
  type ForecastView,
  type SpendView,
  spendView,
} from '../money-view'
import { type Month, monthOf } from '../ledger/months'
import { OTHER, type SubjectId } from '../ledger/billing-state'
import {
  billedUntilMs,
  hasUnseen,
  nothingSpent,
  type Sum,
  sumsByDay,
  sumsOf,
  totalOf,
  wholeMonth,
} from '../ledger/sums'

export interface CostsRow {
  /** `pod/abc`, `volume/xyz` or `other`: clusters, serverless and endpoints. */
  readonly id: SubjectId
  readonly kind: 'pod' | 'volume' | 'other'
  /** Null: only its bill is known. */
  readonly name: string | null
  /** "4 × H100 SXM". */
  readonly hardware: string | null
  /** For how long it was seen on, milliseconds. */
  readonly onMs: number
  readonly billing: Billing
  /** Whole cents. Those of all rows add up to those of the month, and the two parts to the total of the row. */
  readonly totalCents: number
  readonly computeCents: number
  readonly diskCents: number
  /** Of the total. */
  readonly idleCents: number
  /** Exact, USD. */
  readonly spent: SpendView
}

export interface CostsDay {
  /** Unix ms. */
  readonly startMs: number
  readonly spent: SpendView
  /** What each cost that day, the rows' order; those that cost nothing are left out. USD. */
  readonly parts: readonly {
    readonly id: SubjectId
    readonly usd: number
    readonly idleUsd: number
    readonly billedUsd: number
  }[]
}

/** A month of the account, whole. Months and days are UTC's. */
export interface CostsView {
  readonly month: Month
  readonly isCurrent: boolean
  readonly startMs: number
  readonly endMs: number
  /** Months that something is known of, newest first; the current one is always among them. */
  readonly months: readonly Month[]
  readonly totalCents: number
  readonly spent: SpendView
  /** Only for the current month. */
  readonly budget: BudgetView | null
  readonly forecast: ForecastView | null
  readonly billedUntilMs: number | null
  readonly billProblem: string | null
  /** Every day of the month; those to come have cost nothing. */
  readonly days: readonly CostsDay[]
  /** The dearest first. */
  readonly rows: readonly CostsRow[]
  /** How many pods the guard stopped or terminated by itself, and the last of them. */
  readonly stops: { readonly count: number; readonly last: StoppedPod | null }
  /** What was taken back because a bill said less, newest first. */
  readonly corrections: readonly { readonly atMs: number; readonly usd: number }[]
}

export interface CurrentMoney {
  readonly budget: BudgetView
  readonly forecast: ForecastView | null
  readonly billProblem: string | null
}

/** `current` is of the current month, whichever is asked for. */
export function costsViewOf(ledger: Ledger, month: Month, nowMs: number, current: CurrentMoney): CostsView {
  const book = ledger.book(month)
  const sums = [...sumsOf(book, wholeMonth)]
    .filter(([, { likely, max, isAtLeast }]) => likely > 0 || max > 0 || isAtLeast)
    .sort(([a, x], [b, y]) => y.likely - x.likely || (a < b ? -1 : 1))
  const total = totalOf(new Map(sums))
  const totalCents = roundedCents(total.likely)
  const cents = shareCents(
    sums.map(([, { likely }]) => likely),
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
    spent: spendView(total, hasUnseen(book, wholeMonth)),
    budget: isCurrent ? current.budget : null,
    forecast: isCurrent ? current.forecast : null,
    billedUntilMs: billedUntilMs(book, nowMs),
    billProblem: current.billProblem,
    days: daysOf(
      book,
      sums.map(([id]) => id),
    ),
    rows: sums.map(([id, sum], index) => rowOf(ledger, book, id, sum, cents[index] ?? 0)),
    stops: stopsOf(book),
    corrections: book.corrections.map(({ atMs, amount }) => ({ atMs, usd: usdOf(amount) })).reverse(),
  }
}

function stopsOf({ stops }: Book): CostsView['stops'] {
  let last: StoppedPod | null = null
  for (const stop of stops.values()) if (last === null || stop.atMs > last.atMs) last = stop
  return { count: stops.size, last }
}

function rowOf(ledger: Ledger, book: Book, id: SubjectId, sum: Sum, totalCents: number): CostsRow {
  const subject = book.subjects.get(id)
  const compute: NanoUsd = sum.likely - sum.disk
  const [computeCents = 0, diskCents = 0] = shareCents([compute, sum.disk], totalCents)
  return {
    id,
    kind: id === OTHER ? 'other' : id.startsWith('volume/') ? 'volume' : 'pod',
    name: subject?.name ?? null,
    hardware: subject?.hardware ?? null,
    onMs: sum.onMs,
    billing: billingOf(ledger, book.month, id),
    totalCents,
    computeCents,
    diskCents,
    idleCents: Math.min(totalCents, roundedCents(sum.idle)),
    spent: spendView(sum, false),
  }
}

function daysOf(book: Book, ids: readonly SubjectId[]): readonly CostsDay[] {
  const byId = ids.map((id) => {
    const subject = book.subjects.get(id)
    return { id, days: subject ? sumsByDay(subject) : new Map<number, Sum>() }
  })
  const days = Math.round((book.endMs - book.startMs) / DAY_MS)
  return Array.from({ length: days }, (_day, day) => {
    const hours = { from: day * 24, to: day * 24 + 24 }
    const sums = new Map(byId.map((each) => [each.id, each.days.get(day) ?? nothingSpent]))
    return {
      startMs: book.startMs + day * DAY_MS,
      spent: spendView(totalOf(sums), hasUnseen(book, hours)),
      parts: ids.flatMap((id) => {
        const { likely, idle, billed } = sums.get(id) ?? nothingSpent
        return likely === 0
          ? []
          : [{ id, usd: usdOf(likely), idleUsd: usdOf(idle), billedUsd: usdOf(billed) }]
      }),
    }
  })
}
