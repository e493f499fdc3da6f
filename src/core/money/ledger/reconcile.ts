import type { BillKind } from '../../pods/provider'
import { HOUR_MS, MINUTE_MS } from '../../base/time/time'
import { type NanoUsd, toUsd } from './amounts'
import type { BillRead } from './bills'
import {
  bucketIn,
  type Correction,
  hourIn,
  markHour,
  type MonthBook,
  type Subject,
  subjectIn,
} from './month-book'
import {
  applyReading,
  type BilledAmount,
  type BillReading,
  hourAmount,
  type HourBucket,
  SETTLED_AFTER_MS,
  WRONG_CLOCK_MS,
} from './hour-bucket'
import { OTHER, type SubjectId } from './billing-state'

/** No real account has more subjects in a month. The total bill still includes their cost. */
const MAX_SUBJECTS = 10_000
const MAX_CORRECTIONS = 500

/**
 * Applies the hours of one bill that fall into the book's month. The result does not depend on repetition,
 * nor on the order of rows and kinds of bills. Money that is taken back is recorded as a correction. Returns
 * true when something changed.
 */
export function reconcile(
  book: MonthBook,
  read: BillRead,
  hours: ReadonlyMap<SubjectId, ReadonlyMap<number, BilledAmount>>,
  earlierSubject: (id: SubjectId) => Subject | undefined,
): boolean {
  const fromMs = Math.max(read.fromMs, book.startMs)
  const toMs = Math.min(read.toMs, book.endMs, read.requestedAtMs)
  let isChanged = false
  let takenBack: NanoUsd = 0
  const applyHour = (subject: Subject, bucket: HourBucket, reading: BillReading, startMs: number): void => {
    const before = hourAmount(bucket).likely
    const isFinal = applyReading(bucket, reading, read.requestedAtMs, startMs + HOUR_MS)
    takenBack += Math.max(0, before - hourAmount(bucket).likely)
    if (isFinal) learnBilling(subject, bucket)
    isChanged = true
  }
  for (const [id, subjectHours] of hours) {
    const inMonth = [...subjectHours].filter(([startMs]) => startMs >= fromMs && startMs < toMs)
    if (inMonth.length === 0 || (!book.subjects.has(id) && book.subjects.size >= MAX_SUBJECTS)) continue
    const subject = subjectIn(book, id, earlierSubject(id))
    for (const [startMs, billed] of inMonth)
      applyHour(subject, bucketIn(book, subject, hourIn(book, startMs)), billed, startMs)
  }
  for (const [id, subject] of book.subjects) {
    if (kindOf(id) !== read.kind) continue
    const named = hours.get(id)
    for (const [hour, bucket] of subject.hours) {
      const startMs = book.startMs + hour * HOUR_MS
      if (startMs < fromMs || startMs + HOUR_MS > toMs || named?.has(startMs)) continue
      markHour(book, hour)
      applyHour(subject, bucket, 'absent', startMs)
    }
  }
  if (read.kind === 'pods') recordBillReads(book, fromMs, toMs, read.requestedAtMs)
  if (takenBack > 0) book.corrections = withCorrection(book.corrections, read.requestedAtMs, takenBack)
  return isChanged
}

function kindOf(id: SubjectId): BillKind {
  if (id === OTHER) return 'total'
  return id.startsWith('volume/') ? 'volumes' : 'pods'
}

function recordBillReads(book: MonthBook, fromMs: number, toMs: number, requestedAtMs: number): void {
  for (let startMs = fromMs; startMs < toMs; startMs += HOUR_MS) {
    if (requestedAtMs - (startMs + HOUR_MS) < SETTLED_AFTER_MS) continue
    const hour = hourIn(book, startMs)
    const known = book.pageReads.get(hour)
    const isWrong = known !== undefined && known.lastMs > requestedAtMs + WRONG_CLOCK_MS
    const firstMs = isWrong ? requestedAtMs : Math.min(requestedAtMs, known?.firstMs ?? requestedAtMs)
    const lastMs = isWrong ? requestedAtMs : Math.max(requestedAtMs, known?.lastMs ?? requestedAtMs)
    book.pageReads.set(hour, { firstMs, lastMs })
    markHour(book, hour)
  }
}

/** Above the limit the oldest corrections are merged, so that their sum is kept. */
function withCorrection(
  corrections: readonly Correction[],
  atMs: number,
  amount: NanoUsd,
): readonly Correction[] {
  const all = [...corrections, { atMs, amount }]
  const [first, second, ...others] = all
  if (all.length <= MAX_CORRECTIONS || !first || !second) return all
  return [{ atMs: second.atMs, amount: first.amount + second.amount }, ...others]
}

/**
 * A whole hour at one price shows whether a pod's cost includes its disks. See
 * docs/product-rules.md#52-spent-this-month.
 */
function learnBilling(subject: Subject, { finalReading, likely, disk, min, max, onMs }: HourBucket): void {
  if (finalReading === null || finalReading === 'absent' || onMs !== HOUR_MS) return
  const isSteady = max - min <= disk
  if (!isSteady) return
  const [total, observed, disks] = [toUsd(finalReading.total), toUsd(likely), toUsd(disk)]
  if (subject.disksIn === null && disks > 0) {
    // Requires a clear match with one of the two.
    const near = Math.max(disks / 10, observed / 10_000)
    if (Math.abs(total - observed) <= near && near < disks / 2) subject.disksIn = 'bill'
    else if (Math.abs(total - (observed - disks)) <= near && near < disks / 2) subject.disksIn = 'cost'
  }
  if (total < observed * OTHER_PRICE_SHARE) subject.otherPriceHours += 1
  else subject.otherPriceHours = 0
}

/** An hour billed at less than this share of its price was covered by a savings plan. */
const OTHER_PRICE_SHARE = 0.9
const OTHER_PRICE_HOURS = 3

/** Whether the pod's bills have been far below its own price for hours, which indicates a savings plan. */
export const hasOtherPrice = ({ otherPriceHours }: Subject): boolean => otherPriceHours >= OTHER_PRICE_HOURS

/** Whether the hour's pod bills are settled, so that none is missing. */
export function isBillSettled(book: MonthBook, hour: number): boolean {
  const billReads = book.pageReads.get(hour)
  return billReads !== undefined && billReads.lastMs - billReads.firstMs >= 10 * MINUTE_MS
}
