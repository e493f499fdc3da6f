import { HOUR_MS } from '../../base/time'
import type { BillKind, BillRow } from '../../pods/provider'
import { nanoOf } from './amounts'
import type { Billed } from './hour-bucket'
import { OTHER, type SubjectId } from './billing-state'

/** One answer of a bill, of the hours from `fromMs` to before `toMs`; all Unix ms. */
export interface BillRead {
  readonly kind: BillKind
  readonly askedAtMs: number
  readonly fromMs: number
  readonly toMs: number
  readonly rows: readonly BillRow[]
}

/** What was odd about a bill, and how often: nothing of it was counted, but the one of several that is named. */
export type BillOddity = 'negative' | 'too-large' | 'future' | 'not-an-hour' | 'outside' | 'contradicting'

export interface CleanBill {
  /** By subject and start of the hour, Unix ms. */
  readonly hours: ReadonlyMap<SubjectId, ReadonlyMap<number, Billed>>
  readonly oddities: ReadonlyMap<BillOddity, number>
}

/**
 * The hours of a bill, each once. What is no whole hour of those that were asked for, lies in the future or has an
 * impossible amount is left out; of two rows that contradict each other the larger counts, in whatever order.
 */
export function cleanBill({ kind, askedAtMs, fromMs, toMs, rows }: BillRead): CleanBill {
  const hours = new Map<SubjectId, Map<number, Billed>>()
  const oddities = new Map<BillOddity, number>()
  const note = (oddity: BillOddity): void => {
    oddities.set(oddity, (oddities.get(oddity) ?? 0) + 1)
  }
  for (const row of rows) {
    const total = nanoOf(row.totalUsd)
    if (total === null) {
      note(row.totalUsd < 0 ? 'negative' : 'too-large')
    } else if (row.startMs % HOUR_MS !== 0 || row.endMs - row.startMs !== HOUR_MS) note('not-an-hour')
    else if (row.startMs > askedAtMs) note('future')
    else if (row.startMs < fromMs || row.startMs >= toMs) note('outside')
    else {
      const id = kind === 'total' ? OTHER : `${kind === 'pods' ? 'pod' : 'volume'}/${row.subjectId ?? ''}`
      const ofSubject = hours.get(id) ?? new Map<number, Billed>()
      hours.set(id, ofSubject)
      const billed = { total, disk: Math.min(total, nanoOf(row.diskUsd) ?? 0) }
      const other = ofSubject.get(row.startMs)
      if (other && (other.total !== billed.total || other.disk !== billed.disk)) note('contradicting')
      if (!other || isLarger(billed, other)) ofSubject.set(row.startMs, billed)
    }
  }
  return { hours, oddities }
}

const isLarger = (a: Billed, b: Billed): boolean =>
  a.total > b.total || (a.total === b.total && a.disk > b.disk)

const words: Record<BillOddity, (count: string) => string> = {
  negative: (count) => `${count} with a negative amount`,
  'too-large': (count) => `${count} with an impossible amount`,
  future: (count) => `${count} of the future`,
  'not-an-hour': (count) => `${count} of something else than one hour`,
  outside: (count) => `${count} of hours that were not asked for`,
  contradicting: (count) => `${count} that contradicted another; the larger counts`,
}

/** A sentence for the activity log; null when nothing was odd. `unreadable`: rows that could not be read at all. */
export function oddityWords(
  kind: BillKind,
  oddities: ReadonlyMap<BillOddity, number>,
  unreadable: number,
): string | null {
  const parts = [...oddities].map(([oddity, count]) => words[oddity](rowsWords(count)))
  if (unreadable > 0) parts.push(`${rowsWords(unreadable)} that could not be read`)
  if (parts.length === 0) return null
  const bill = { pods: 'pods', volumes: 'network volumes', total: 'the account' }[kind]
  return `Runpod’s bill of ${bill} had ${parts.join(', ')}. None of that was counted twice.`
}

const rowsWords = (count: number): string => (count === 1 ? '1 row' : `${count} rows`)
