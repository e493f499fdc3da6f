import { HOUR_MS } from '../../base/time/time'
import { accrued, type NanoUsd, type NanoUsdPerHour } from './amounts'
import { emptyHourBucket, type HourBucket } from './hour-bucket'
import { hourStart, type Month, monthEnd, monthStart } from './months'
import type { SubjectId } from './billing-state'
import type { CostInterval, DisksIn } from './cost-intervals'

/** What is stored of a subject besides its hours. */
export interface Subject {
  /** Its last known name; null when only its bill is known. */
  name: string | null
  /** "4 × H100 SXM"; null when unknown or for a volume. */
  hardware: string | null
  disksIn: DisksIn
  /** Consecutive hours that were billed at a price other than its own. */
  otherPriceHours: number
  readonly hours: Map<number, HourBucket>
}

/** Money that was counted and then taken back because a bill was lower. */
export interface Correction {
  readonly atMs: number
  readonly amount: NanoUsd
}

/** A pod that the guard stopped or terminated. */
export interface StoppedPod {
  /** Its name at that time. */
  readonly name: string
  /** When the stop was observed, Unix ms. */
  readonly atMs: number
  readonly saving: StopSaving
}

/** What an automatic stop saves. See docs/product-rules.md#56-saved-by-auto-stop. */
export interface StopSaving {
  /** The pod's key in the ledger. */
  readonly key: SubjectId
  /** Its rate when it was stopped, less that of the disks that stay; null: not known. */
  readonly perHour: NanoUsdPerHour | null
  /** When the pod was started next or was gone, Unix ms, and at most 12 h after the stop; null: not yet. */
  readonly endedAtMs: number | null
}

/** One month of one account. */
export interface MonthBook {
  readonly month: Month
  /** Unix ms. */
  readonly startMs: number
  readonly endMs: number
  readonly subjects: Map<SubjectId, Subject>
  /** Until when each subject was booked, so that nothing is booked twice. Unix ms. */
  readonly bookedUntilMs: Map<string, number>
  /** Hours with a gap between observations, in which pods may have come and gone. */
  readonly unobservedHours: Set<number>
  /** When the pod bills of each hour were first and last read after they settled, Unix ms. */
  readonly pageReads: Map<number, { firstMs: number; lastMs: number }>
  corrections: readonly Correction[]
  /** Anomalies of bills that were reported, so that each is reported once. */
  readonly knownOddities: Set<string>
  /** By action id. */
  readonly stops: Map<string, StoppedPod>
  /** The days, from 0, of which something changed since they were last on disk. */
  readonly changedDays: Set<number>
}

export const emptyMonthBook = (month: Month): MonthBook => ({
  month,
  startMs: monthStart(month),
  endMs: monthEnd(month),
  subjects: new Map(),
  bookedUntilMs: new Map(),
  unobservedHours: new Set(),
  pageReads: new Map(),
  corrections: [],
  knownOddities: new Set(),
  stops: new Map(),
  changedDays: new Set(),
})

/** A month is in UTC, so each of its days has as many hours. */
export const HOURS_PER_DAY = 24

export const markHour = (book: MonthBook, hour: number): void =>
  void book.changedDays.add(Math.floor(hour / HOURS_PER_DAY))

/** The index of an hour in the month. */
export const hourIn = (book: MonthBook, atMs: number): number => Math.floor((atMs - book.startMs) / HOUR_MS)

export function subjectIn(book: MonthBook, id: SubjectId, earlier?: Subject): Subject {
  const known = book.subjects.get(id)
  if (known) return known
  const created: Subject = {
    name: earlier?.name ?? null,
    hardware: earlier?.hardware ?? null,
    disksIn: earlier?.disksIn ?? null,
    otherPriceHours: earlier?.otherPriceHours ?? 0,
    hours: new Map(),
  }
  book.subjects.set(id, created)
  return created
}

/** To be changed. */
export function bucketIn(book: MonthBook, subject: Subject, hour: number): HourBucket {
  markHour(book, hour)
  const known = subject.hours.get(hour)
  if (known) return known
  const created = emptyHourBucket()
  subject.hours.set(hour, created)
  return created
}

/**
 * Books the part of `intervals` that lies in the book's month and was not booked for `key` before. Splitting
 * an interval does not change its cost.
 */
export function bookIntervals(
  book: MonthBook,
  key: string,
  subject: Subject,
  intervals: readonly CostInterval[],
  isIdle: boolean,
): void {
  const fromMs = Math.max(book.startMs, book.bookedUntilMs.get(key) ?? 0)
  const untilMs = book.endMs
  for (const interval of intervals) {
    const endMs = Math.min(interval.toMs, untilMs)
    for (let atMs = Math.max(interval.fromMs, fromMs); atMs < endMs;) {
      const nextMs = Math.min(endMs, hourStart(atMs) + HOUR_MS)
      addTo(bucketIn(book, subject, hourIn(book, atMs)), interval, atMs, nextMs, isIdle)
      atMs = nextMs
    }
  }
  const bookedMs = Math.min(untilMs, intervals.at(-1)?.toMs ?? 0)
  if (bookedMs <= fromMs) return
  book.bookedUntilMs.set(key, bookedMs)
  markHour(book, hourIn(book, bookedMs - 1))
}

function addTo(
  bucket: HourBucket,
  interval: CostInterval,
  atMs: number,
  nextMs: number,
  isIdle: boolean,
): void {
  const startMs = hourStart(atMs)
  const accruedInHour = (rate: number): NanoUsd => accrued(rate, atMs - startMs, nextMs - startMs)
  const likely = accruedInHour(interval.likely)
  bucket.min += accruedInHour(interval.min)
  bucket.likely += likely
  bucket.max += accruedInHour(interval.max)
  bucket.disk += accruedInHour(interval.disk)
  if (isIdle) bucket.idle += likely
  if (interval.isOn) bucket.onMs += nextMs - atMs
  if (interval.isAtLeast) bucket.isAtLeast = true
  if (interval.isApproximate) bucket.isApproximate = true
}
