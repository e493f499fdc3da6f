import type { CostsRow, CostsView } from './costs-view'
import { HOUR_MS } from '../../base/time'

const HEADER = [
  'month_utc',
  'kind',
  'id',
  'name',
  'hardware',
  'hours_on',
  'compute_usd',
  'disk_usd',
  'total_usd',
  'idle_usd',
  'billed_usd',
  'estimated_usd',
  'least_usd',
  'most_usd',
  'is_at_least',
]

/**
 * The table of a month as CSV (RFC 4180): one line per item, without a total. Compute, disk and total are in
 * whole cents and add up; the other columns are exact.
 */
export function costsCsv({ month, rows }: CostsView): string {
  return [HEADER, ...rows.map((row) => cells(month, row))]
    .map((line) => `${line.map(cell).join(',')}\r\n`)
    .join('')
}

function cells(month: string, row: CostsRow): readonly string[] {
  const { spent } = row
  return [
    month,
    row.kind,
    row.id,
    row.name ?? '',
    row.hardware ?? '',
    (row.onMs / HOUR_MS).toFixed(4),
    dollars(row.computeCents),
    dollars(row.diskCents),
    dollars(row.totalCents),
    dollars(row.idleCents),
    String(spent.billedUsd),
    String(spent.estimatedUsd),
    String(spent.minUsd),
    String(spent.maxUsd),
    spent.isAtLeast ? 'yes' : 'no',
  ]
}

const dollars = (cents: number): string => (cents / 100).toFixed(2)

/** Prevents formula injection: a name that a spreadsheet would evaluate gets a leading apostrophe. */
function cell(text: string): string {
  const isNumber = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/.test(text)
  const safe = !isNumber && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
