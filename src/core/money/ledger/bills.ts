import { HOUR_MS } from '../../base/time/time'
import type { BillKind, BillRow } from '../../pods/provider'
import { toNanoUsd } from './amounts'
import type { BilledAmount } from './hour-bucket'
import { OTHER, type SubjectId } from './billing-state'

/** One reply with bills for the hours from `fromMs` until before `toMs`; all Unix ms. */
export interface BillRead {
  readonly kind: BillKind
  readonly requestedAtMs: number
  readonly fromMs: number
  readonly toMs: number
  readonly rows: readonly BillRow[]
}

/**
 * Anomalies in a bill. The affected rows are ignored, except that the larger of two contradictory rows
 * counts.
 */
export type BillOddity = 'negative' | 'too-large' | 'future' | 'not-an-hour' | 'outside' | 'contradicting'

export interface ValidatedBill {
  /** By subject and start of the hour, Unix ms. */
  readonly hours: ReadonlyMap<SubjectId, ReadonlyMap<number, BilledAmount>>
  /** What identifies each anomaly, so that it is reported once however often it is read. */
  readonly oddities: ReadonlyMap<BillOddity, ReadonlySet<string>>
}

/**
 * Returns each hour of a bill once. Rows that are not a requested whole hour, are in the future or have an
 * impossible amount are dropped. Of two contradictory rows the larger counts, in any order.
 */
export function validateBill({ kind, requestedAtMs, fromMs, toMs, rows }: BillRead): ValidatedBill {
  const hours = new Map<SubjectId, Map<number, BilledAmount>>()
  const oddities = new Map<BillOddity, Set<string>>()
  for (const row of rows) {
    const note = (oddity: BillOddity): void => {
      const { subjectId, startMs, endMs, totalUsd } = row
      const known = oddities.get(oddity) ?? new Set()
      oddities.set(oddity, known.add(JSON.stringify([kind, oddity, subjectId, startMs, endMs, totalUsd])))
    }
    const total = toNanoUsd(row.totalUsd)
    if (total === null) {
      note(row.totalUsd < 0 ? 'negative' : 'too-large')
    } else if (row.startMs % HOUR_MS !== 0 || row.endMs - row.startMs !== HOUR_MS) note('not-an-hour')
    else if (row.startMs > requestedAtMs) note('future')
    else if (row.startMs < fromMs || row.startMs >= toMs) note('outside')
    else {
      const id = kind === 'total' ? OTHER : `${kind === 'pods' ? 'pod' : 'volume'}/${row.subjectId ?? ''}`
      const subjectHours = hours.get(id) ?? new Map<number, BilledAmount>()
      hours.set(id, subjectHours)
      const billed = { total, disk: Math.min(total, toNanoUsd(row.diskUsd) ?? 0) }
      const other = subjectHours.get(row.startMs)
      if (other && (other.total !== billed.total || other.disk !== billed.disk)) note('contradicting')
      if (!other || isLarger(billed, other)) subjectHours.set(row.startMs, billed)
    }
  }
  return { hours, oddities }
}

const isLarger = (a: BilledAmount, b: BilledAmount): boolean =>
  a.total > b.total || (a.total === b.total && a.disk > b.disk)

const oddityTexts: Record<BillOddity, (count: string) => string> = {
  negative: (count) => `${count} with a negative amount`,
  'too-large': (count) => `${count} with an impossible amount`,
  future: (count) => `${count} in the future`,
  'not-an-hour': (count) => `${count} for something other than one hour`,
  outside: (count) => `${count} for hours that were not requested`,
  contradicting: (count) => `${count} that contradicted another; the larger counts`,
}

/**
 * A sentence for the activity log; null without anomalies. `unreadable`: the number of rows that could not be
 * read.
 */
export function oddityText(
  kind: BillKind,
  oddities: ReadonlyMap<BillOddity, number>,
  unreadable: number,
): string | null {
  const parts = [...oddities].map(([oddity, count]) => oddityTexts[oddity](rowsText(count)))
  if (unreadable > 0) parts.push(`${rowsText(unreadable)} that could not be read`)
  if (parts.length === 0) return null
  const bill = { pods: 'pods', volumes: 'network volumes', total: 'the account' }[kind]
  return `Runpod’s bill of ${bill} had ${parts.join(', ')}. None of that was counted twice.`
}

const rowsText = (count: number): string => (count === 1 ? '1 row' : `${count} rows`)
