import { HOUR_MS } from '../../base/time'
import type { NanoUsd } from './amounts'
import { type Book, hourIn, type Subject } from './month-book'
import { type Amount, amountOf, type Bucket, RIPE_MS } from './hour-bucket'
import type { Ledger } from './ledger'
import { monthAfter, monthOf } from './months'
import { isPageSettled } from './reconcile'
import type { SubjectId } from './billing-state'

/** What a stretch of time cost. Amounts are nano-dollars. */
export interface Sum extends Amount {
  readonly onMs: number
}

export const nothingSpent: Sum = {
  min: 0,
  likely: 0,
  max: 0,
  disk: 0,
  idle: 0,
  billed: 0,
  isAtLeast: false,
  onMs: 0,
}

export function plus(a: Sum, b: Sum): Sum {
  return {
    min: a.min + b.min,
    likely: a.likely + b.likely,
    max: a.max + b.max,
    disk: a.disk + b.disk,
    idle: a.idle + b.idle,
    billed: a.billed + b.billed,
    isAtLeast: a.isAtLeast || b.isAtLeast,
    onMs: a.onMs + b.onMs,
  }
}

/** Hours of the month, from `from` to before `to`. */
export interface Hours {
  readonly from: number
  readonly to: number
}

export const wholeMonth: Hours = { from: 0, to: 31 * 24 }

export function sumOfSubject(subject: Subject, hours: Hours): Sum {
  const sum = { ...nothingSpent }
  for (const [hour, bucket] of subject.hours) if (hour >= hours.from && hour < hours.to) addHour(sum, bucket)
  return sum
}

/** What a subject cost day by day, by the day's place in the month; days without any hour are left out. */
export function sumsByDay(subject: Subject): ReadonlyMap<number, Sum> {
  const days = new Map<number, { -readonly [K in keyof Sum]: Sum[K] }>()
  for (const [hour, bucket] of subject.hours) {
    const day = Math.floor(hour / 24)
    const sum = days.get(day) ?? { ...nothingSpent }
    addHour(sum, bucket)
    days.set(day, sum)
  }
  return days
}

function addHour(sum: { -readonly [K in keyof Sum]: Sum[K] }, bucket: Bucket): void {
  const amount = amountOf(bucket)
  sum.min += amount.min
  sum.likely += amount.likely
  sum.max += amount.max
  sum.disk += amount.disk
  sum.idle += amount.idle
  sum.billed += amount.billed
  sum.onMs += bucket.onMs
  sum.isAtLeast ||= amount.isAtLeast
}

export function sumsOf(book: Book, hours: Hours): ReadonlyMap<SubjectId, Sum> {
  const sums = new Map<SubjectId, Sum>()
  for (const [id, subject] of book.subjects) sums.set(id, sumOfSubject(subject, hours))
  return sums
}

export function totalOf(sums: ReadonlyMap<SubjectId, Sum>): Sum {
  let total = nothingSpent
  for (const sum of sums.values()) total = plus(total, sum)
  return total
}

/** What was likely spent per hour on average from `fromMs` on, or since anything is known of; null: nothing is. */
export function meanPerHour(ledger: Ledger, fromMs: number, nowMs: number): NanoUsd | null {
  let firstMs = nowMs
  let spent: NanoUsd = 0
  for (let month = monthOf(fromMs); month <= monthOf(nowMs); month = monthAfter(month)) {
    const book = ledger.book(month)
    const from = Math.max(0, hourIn(book, fromMs))
    for (const { hours } of book.subjects.values())
      for (const [hour, bucket] of hours) {
        if (hour < from) continue
        const { likely } = amountOf(bucket)
        spent += likely
        if (likely > 0) firstMs = Math.min(firstMs, book.startMs + hour * HOUR_MS)
      }
  }
  const hours = (nowMs - Math.max(fromMs, firstMs)) / HOUR_MS
  return hours > 0 ? spent / Math.max(1, hours) : null
}

/** Whether pods may have come and gone unseen in these hours, and no bill that can be believed tells. */
export function hasUnseen(book: Book, hours: Hours): boolean {
  for (const hour of book.unseenHours)
    if (hour >= hours.from && hour < hours.to && !isPageSettled(book, hour)) return true
  return false
}

/** Up to when all bills of the month are final, Unix ms; null: not one hour is. */
export function billedUntilMs(book: Book, nowMs: number): number | null {
  const lastRipe = hourIn(book, Math.min(nowMs - RIPE_MS, book.endMs)) - 1
  for (let hour = lastRipe; hour >= 0; hour--)
    if (isPageSettled(book, hour)) return book.startMs + (hour + 1) * HOUR_MS
  return null
}
