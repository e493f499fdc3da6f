import { DAY_MS } from '../../base/time/time'
import {
  distributeCents,
  distributeCentsWithin,
  maxCentsWithin,
  type NanoUsd,
  toUsd,
} from '../ledger/amounts'
import type { SubjectId } from '../ledger/billing-state'
import { type CostTotal, hasUnobservedHours, sumTotals, totalsByDay, zeroTotal } from '../ledger/cost-totals'
import type { MonthBook } from '../ledger/month-book'
import { type SpendView, toSpendView } from '../money-view'

/** A part of a day: what one pod, volume or other thing cost on it. */
export interface CostsDayPart {
  readonly id: SubjectId
  /** Whole cents; those of all parts add up to the day's. */
  readonly cents: number
  readonly usd: number
  readonly idleUsd: number
  readonly billedUsd: number
}

export interface CostsDay {
  /** Unix ms. */
  readonly startMs: number
  /** Whole cents. Those of all days add up to the month's total, and to its idle cost. */
  readonly totalCents: number
  readonly idleCents: number
  readonly spent: SpendView
  /** The cost of each item on that day in USD, in the order of the rows. Items without cost are left out. */
  readonly parts: readonly CostsDayPart[]
}

/** The days of a month before their cents are known. */
export interface DayTotals {
  readonly startMs: number
  readonly total: CostTotal
  readonly spent: SpendView
  readonly parts: readonly { readonly id: SubjectId; readonly total: CostTotal }[]
}

/** Every day of the month; `ids` in the order of the rows. */
export function dayTotals(book: MonthBook, ids: readonly SubjectId[]): readonly DayTotals[] {
  const byId = ids.map((id) => {
    const subject = book.subjects.get(id)
    return { id, days: subject ? totalsByDay(subject) : new Map<number, CostTotal>() }
  })
  const count = Math.round((book.endMs - book.startMs) / DAY_MS)
  return Array.from({ length: count }, (_day, day) => {
    const totals = new Map(byId.map((each) => [each.id, each.days.get(day) ?? zeroTotal]))
    const total = sumTotals(totals)
    return {
      startMs: book.startMs + day * DAY_MS,
      total,
      spent: toSpendView(total, hasUnobservedHours(book, { from: day * 24, to: day * 24 + 24 })),
      parts: [...totals].flatMap(([id, each]) => (each.likely === 0 ? [] : [{ id, total: each }])),
    }
  })
}

/** The idle cents of parts that add up to `idleCents`, each at most its own total. */
export const idleCentsOf = (
  totals: readonly CostTotal[],
  idleCents: number,
  caps: readonly number[],
): readonly number[] => distributeCentsWithin(idleOf(totals), idleCents, caps)

/** How many idle cents can be told apart from others. */
export const maxIdleCents = (totals: readonly CostTotal[], caps: readonly number[]): number =>
  maxCentsWithin(idleOf(totals), caps)

const idleOf = (totals: readonly CostTotal[]): readonly NanoUsd[] => totals.map(({ idle }) => idle)

export function toCostsDays(
  days: readonly DayTotals[],
  dayCents: readonly number[],
  idleCents: number,
): readonly CostsDay[] {
  const idle = idleCentsOf(
    days.map(({ total }) => total),
    idleCents,
    dayCents,
  )
  return days.map(({ startMs, spent, parts }, index) => {
    const totalCents = dayCents[index] ?? 0
    const cents = distributeCents(
      parts.map(({ total }) => total.likely),
      totalCents,
    )
    return {
      startMs,
      totalCents,
      idleCents: idle[index] ?? 0,
      spent,
      parts: parts.map(({ id, total }, at) => ({
        id,
        cents: cents[at] ?? 0,
        usd: toUsd(total.likely),
        idleUsd: toUsd(total.idle),
        billedUsd: toUsd(total.billed),
      })),
    }
  })
}
