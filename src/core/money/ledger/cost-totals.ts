import { HOUR_MS } from '../../base/time/time'
import { approximatePart, type NanoUsd } from './amounts'
import { hourIn, type MonthBook, type Subject } from './month-book'
import { type HourAmount, hourAmount, type HourBucket, SETTLED_AFTER_MS } from './hour-bucket'
import type { Ledger } from './ledger'
import { monthAfter, monthOf } from './months'
import { isBillSettled } from './reconcile'
import type { SubjectId } from './billing-state'

/** The cost of a period. Amounts are in nano-dollars. */
export interface CostTotal extends HourAmount {
  readonly onMs: number
}

export const zeroTotal: CostTotal = {
  min: 0,
  likely: 0,
  max: 0,
  disk: 0,
  idle: 0,
  billed: 0,
  unobserved: 0,
  unobservedCompute: 0,
  isAtLeast: false,
  onMs: 0,
}

export function addTotals(a: CostTotal, b: CostTotal): CostTotal {
  return {
    min: a.min + b.min,
    likely: a.likely + b.likely,
    max: a.max + b.max,
    disk: a.disk + b.disk,
    idle: a.idle + b.idle,
    billed: a.billed + b.billed,
    unobserved: a.unobserved + b.unobserved,
    unobservedCompute: a.unobservedCompute + b.unobservedCompute,
    isAtLeast: a.isAtLeast || b.isAtLeast,
    ...approximatePart(a.isApproximate === true || b.isApproximate === true),
    onMs: a.onMs + b.onMs,
  }
}

/** Hours of the month, from `from` until before `to`. */
export interface HourRange {
  readonly from: number
  readonly to: number
}

export const wholeMonth: HourRange = { from: 0, to: 31 * 24 }

export function subjectTotal(subject: Subject, hours: HourRange): CostTotal {
  const sum = { ...zeroTotal }
  for (const [hour, bucket] of subject.hours) if (hour >= hours.from && hour < hours.to) addHour(sum, bucket)
  return sum
}

/**
 * The cost of a subject per day, keyed by the index of the day in the month. Days without data are left out.
 */
export function totalsByDay(subject: Subject): ReadonlyMap<number, CostTotal> {
  const days = new Map<number, { -readonly [K in keyof CostTotal]: CostTotal[K] }>()
  for (const [hour, bucket] of subject.hours) {
    const day = Math.floor(hour / 24)
    const sum = days.get(day) ?? { ...zeroTotal }
    addHour(sum, bucket)
    days.set(day, sum)
  }
  return days
}

function addHour(sum: { -readonly [K in keyof CostTotal]: CostTotal[K] }, bucket: HourBucket): void {
  const amount = hourAmount(bucket)
  sum.min += amount.min
  sum.likely += amount.likely
  sum.max += amount.max
  sum.disk += amount.disk
  sum.idle += amount.idle
  sum.billed += amount.billed
  sum.unobserved += amount.unobserved
  sum.unobservedCompute += amount.unobservedCompute
  sum.onMs += bucket.onMs
  sum.isAtLeast ||= amount.isAtLeast
  if (amount.isApproximate) sum.isApproximate = true
}

export function totalsBySubject(book: MonthBook, hours: HourRange): ReadonlyMap<SubjectId, CostTotal> {
  const sums = new Map<SubjectId, CostTotal>()
  for (const [id, subject] of book.subjects) sums.set(id, subjectTotal(subject, hours))
  return sums
}

export function sumTotals(totals: ReadonlyMap<SubjectId, CostTotal>): CostTotal {
  let total = zeroTotal
  for (const sum of totals.values()) total = addTotals(total, sum)
  return total
}

/** The average likely cost per hour since `fromMs`, or since the first data; null without data. */
export function meanCostPerHour(ledger: Ledger, fromMs: number, nowMs: number): NanoUsd | null {
  let firstMs = nowMs
  let spent: NanoUsd = 0
  for (let month = monthOf(fromMs); month <= monthOf(nowMs); month = monthAfter(month)) {
    const book = ledger.book(month)
    const from = Math.max(0, hourIn(book, fromMs))
    for (const { hours } of book.subjects.values())
      for (const [hour, bucket] of hours) {
        if (hour < from) continue
        const { likely } = hourAmount(bucket)
        spent += likely
        if (likely > 0) firstMs = Math.min(firstMs, book.startMs + hour * HOUR_MS)
      }
  }
  const hours = (nowMs - Math.max(fromMs, firstMs)) / HOUR_MS
  return hours > 0 ? spent / Math.max(1, hours) : null
}

/**
 * Whether pods may have come and gone unobserved in these hours, without a settled bill that would show it.
 */
export function hasUnobservedHours(book: MonthBook, hours: HourRange): boolean {
  for (const hour of book.unobservedHours)
    if (hour >= hours.from && hour < hours.to && !isBillSettled(book, hour)) return true
  return false
}

/**
 * How often the bills of all hours of the month were read that could be final by now: some never, all once, or all
 * twice. A month that has just begun has none, and counts as read.
 */
export function billReadsOf(book: MonthBook, nowMs: number): 'unread' | 'once' | 'twice' {
  const untilMs = Math.min(nowMs - SETTLED_AFTER_MS - BILL_READ_TOLERANCE_MS, book.endMs)
  let reads: 'once' | 'twice' = 'twice'
  for (let hour = 0; hour < hourIn(book, untilMs); hour++) {
    if (!book.pageReads.has(hour)) return 'unread'
    if (!isBillSettled(book, hour)) reads = 'once'
  }
  return reads
}

/** The bill of an hour that could be final only now is read with the next round. */
const BILL_READ_TOLERANCE_MS = HOUR_MS

/** Until when all bills of the month are final, Unix ms; null when none is. */
export function billedUntilMs(book: MonthBook, nowMs: number): number | null {
  const lastSettledHour = hourIn(book, Math.min(nowMs - SETTLED_AFTER_MS, book.endMs)) - 1
  for (let hour = lastSettledHour; hour >= 0; hour--)
    if (isBillSettled(book, hour)) return book.startMs + (hour + 1) * HOUR_MS
  return null
}
