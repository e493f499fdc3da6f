import type { BillKind } from '../../pods/provider'
import { HOUR_MS, MINUTE_MS } from '../../base/time'
import { type NanoUsd, usdOf } from './amounts'
import type { BillRead } from './bills'
import { type Book, bucketIn, type Correction, hourIn, type Subject, subjectIn } from './month-book'
import { amountOf, type Billed, type Bucket, type Reading, RIPE_MS, takeReading } from './hour-bucket'
import { OTHER, type SubjectId } from './billing-state'

/** More names than this in one month are no account's; the bill of the account still has their money. */
const MAX_SUBJECTS = 10_000
const MAX_CORRECTIONS = 500

/**
 * Takes the hours of one bill that fall into the book's month. It does not matter how often, nor in which order rows
 * and kinds of bills come. Money that is taken back is noted as a correction. True: something changed.
 */
export function reconcile(
  book: Book,
  read: BillRead,
  hours: ReadonlyMap<SubjectId, ReadonlyMap<number, Billed>>,
  earlier: (id: SubjectId) => Subject | undefined,
): boolean {
  const fromMs = Math.max(read.fromMs, book.startMs)
  const toMs = Math.min(read.toMs, book.endMs, read.askedAtMs)
  let isChanged = false
  let takenBack: NanoUsd = 0
  const take = (subject: Subject, bucket: Bucket, reading: Reading, startMs: number): void => {
    const before = amountOf(bucket).likely
    const isFinal = takeReading(bucket, reading, read.askedAtMs, startMs + HOUR_MS)
    takenBack += Math.max(0, before - amountOf(bucket).likely)
    if (isFinal) learn(subject, bucket)
    isChanged = true
  }
  for (const [id, ofSubject] of hours) {
    const inMonth = [...ofSubject].filter(([startMs]) => startMs >= fromMs && startMs < toMs)
    if (inMonth.length === 0 || (!book.subjects.has(id) && book.subjects.size >= MAX_SUBJECTS)) continue
    const subject = subjectIn(book, id, earlier(id))
    for (const [startMs, billed] of inMonth)
      take(subject, bucketIn(subject, hourIn(book, startMs)), billed, startMs)
  }
  for (const [id, subject] of book.subjects) {
    if (kindOf(id) !== read.kind) continue
    const named = hours.get(id)
    for (const [hour, bucket] of subject.hours) {
      const startMs = book.startMs + hour * HOUR_MS
      if (startMs < fromMs || startMs + HOUR_MS > toMs || named?.has(startMs)) continue
      take(subject, bucket, 'absent', startMs)
    }
  }
  if (read.kind === 'pods') notePageReads(book, fromMs, toMs, read.askedAtMs)
  if (takenBack > 0) book.corrections = withCorrection(book.corrections, read.askedAtMs, takenBack)
  return isChanged
}

function kindOf(id: SubjectId): BillKind {
  if (id === OTHER) return 'total'
  return id.startsWith('volume/') ? 'volumes' : 'pods'
}

function notePageReads(book: Book, fromMs: number, toMs: number, askedAtMs: number): void {
  for (let startMs = fromMs; startMs < toMs; startMs += HOUR_MS) {
    if (askedAtMs - (startMs + HOUR_MS) < RIPE_MS) continue
    const hour = hourIn(book, startMs)
    const firstMs = Math.min(askedAtMs, book.pageReads.get(hour)?.firstMs ?? askedAtMs)
    const lastMs = Math.max(askedAtMs, book.pageReads.get(hour)?.lastMs ?? askedAtMs)
    book.pageReads.set(hour, { firstMs, lastMs })
  }
}

/** The oldest ones are merged: their sum stays. */
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

/** A whole hour at one price tells how a pod is billed; product rules, "Money": settled per pod, from its bills. */
function learn(subject: Subject, { final, likely, disk, min, max, onMs }: Bucket): void {
  if (final === null || final === 'absent' || onMs !== HOUR_MS) return
  const isSteady = max - min <= disk
  if (!isSteady) return
  const [total, seen, disks] = [usdOf(final.total), usdOf(likely), usdOf(disk)]
  if (subject.disksIn === null && disks > 0) {
    // Far nearer to one than to the other.
    const near = Math.max(disks / 10, seen / 10_000)
    if (Math.abs(total - seen) <= near && near < disks / 2) subject.disksIn = 'bill'
    else if (Math.abs(total - (seen - disks)) <= near && near < disks / 2) subject.disksIn = 'cost'
  }
  if (total < seen * OTHER_PRICE_BELOW) subject.otherPriceHours += 1
  else subject.otherPriceHours = 0
}

/** Far below its own price, an hour was paid for otherwise: by a savings plan. */
const OTHER_PRICE_BELOW = 0.9
const OTHER_PRICE_HOURS = 3

/** Whether the bills of a pod have been far below its own price for hours: there is a savings plan. */
export const isBilledOtherwise = ({ otherPriceHours }: Subject): boolean =>
  otherPriceHours >= OTHER_PRICE_HOURS

/** Whether the hour's bill of pods can be believed, so that none is missing on it. */
export function isPageSettled(book: Book, hour: number): boolean {
  const read = book.pageReads.get(hour)
  return read !== undefined && read.lastMs - read.firstMs >= 10 * MINUTE_MS
}
