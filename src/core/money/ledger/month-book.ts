import { HOUR_MS } from '../../base/time'
import { accrued, type NanoUsd } from './amounts'
import { type Bucket, emptyBucket } from './hour-bucket'
import { hourStart, type Month, monthEnd, monthStart } from './months'
import type { SubjectId } from './billing-state'
import type { DisksIn, Stretch } from './cost-intervals'

/** What is remembered of a subject beside its hours. */
export interface Subject {
  /** As it was called last; null: only its bill is known. */
  name: string | null
  /** "4 × H100 SXM"; null: not known, or a volume. */
  hardware: string | null
  disksIn: DisksIn
  /** Hours in a row that were billed at another price than its own. */
  otherPriceHours: number
  readonly hours: Map<number, Bucket>
}

/** Money that was counted and then taken back, because a bill said less. */
export interface Correction {
  readonly atMs: number
  readonly amount: NanoUsd
}

/** A pod that the guard stopped or terminated by itself. */
export interface StoppedPod {
  /** As it was called then. */
  readonly name: string
  /** When it was seen to have happened, Unix ms. */
  readonly atMs: number
}

/** One month of one account. */
export interface Book {
  readonly month: Month
  /** Unix ms. */
  readonly startMs: number
  readonly endMs: number
  readonly subjects: Map<SubjectId, Subject>
  /** Until when each was booked: nothing is booked twice. Unix ms. */
  readonly bookedUntilMs: Map<string, number>
  /** Hours in which nobody looked for a while: pods may have come and gone. */
  readonly unseenHours: Set<number>
  /** When each hour's bill of pods was read, once it could be believed: Unix ms of the first and the last read. */
  readonly pageReads: Map<number, { firstMs: number; lastMs: number }>
  corrections: readonly Correction[]
  /** By the id of the action. */
  readonly stops: Map<string, StoppedPod>
}

export const emptyBook = (month: Month): Book => ({
  month,
  startMs: monthStart(month),
  endMs: monthEnd(month),
  subjects: new Map(),
  bookedUntilMs: new Map(),
  unseenHours: new Set(),
  pageReads: new Map(),
  corrections: [],
  stops: new Map(),
})

/** The place of an hour in the month. */
export const hourIn = (book: Book, atMs: number): number => Math.floor((atMs - book.startMs) / HOUR_MS)

export function subjectIn(book: Book, id: SubjectId, earlier?: Subject): Subject {
  const known = book.subjects.get(id)
  if (known) return known
  const made: Subject = {
    name: earlier?.name ?? null,
    hardware: earlier?.hardware ?? null,
    disksIn: earlier?.disksIn ?? null,
    otherPriceHours: earlier?.otherPriceHours ?? 0,
    hours: new Map(),
  }
  book.subjects.set(id, made)
  return made
}

export function bucketIn(subject: Subject, hour: number): Bucket {
  const known = subject.hours.get(hour)
  if (known) return known
  const made = emptyBucket()
  subject.hours.set(hour, made)
  return made
}

/**
 * Books the part of `stretches` that falls into the book's month and was not booked for `key` before. Cutting a
 * stretch changes nothing of what it costs.
 */
export function bookStretches(
  book: Book,
  key: string,
  subject: Subject,
  stretches: readonly Stretch[],
  isIdle: boolean,
): void {
  const fromMs = Math.max(book.startMs, book.bookedUntilMs.get(key) ?? 0)
  const untilMs = book.endMs
  for (const stretch of stretches) {
    const endMs = Math.min(stretch.toMs, untilMs)
    for (let atMs = Math.max(stretch.fromMs, fromMs); atMs < endMs;) {
      const nextMs = Math.min(endMs, hourStart(atMs) + HOUR_MS)
      addTo(bucketIn(subject, hourIn(book, atMs)), stretch, atMs, nextMs, isIdle)
      atMs = nextMs
    }
  }
  const bookedMs = Math.min(untilMs, stretches.at(-1)?.toMs ?? 0)
  if (bookedMs > fromMs) book.bookedUntilMs.set(key, bookedMs)
}

function addTo(bucket: Bucket, stretch: Stretch, atMs: number, nextMs: number, isIdle: boolean): void {
  const startMs = hourStart(atMs)
  const made = (rate: number): NanoUsd => accrued(rate, atMs - startMs, nextMs - startMs)
  const likely = made(stretch.likely)
  bucket.min += made(stretch.min)
  bucket.likely += likely
  bucket.max += made(stretch.max)
  bucket.disk += made(stretch.disk)
  if (isIdle) bucket.idle += likely
  if (stretch.isOn) bucket.onMs += nextMs - atMs
  if (stretch.isAtLeast) bucket.isAtLeast = true
}
