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
 * The table of a month as text for spreadsheets (RFC 4180): a line for each thing that cost, none for the sum. The
 * columns compute, disk and total are whole cents and add up; the others are exact.
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

/** Names are anybody's: one that a spreadsheet would run as a formula gets an apostrophe before it. */
function cell(text: string): string {
  const isNumber = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/.test(text)
  const safe = !isNumber && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
