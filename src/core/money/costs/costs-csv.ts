import type { CostsRow } from './costs-rows'
import type { CostsView } from './costs-view'
import { type CsvCell, csvDollars, csvNumber, toCsv } from '../../base/text/csv'
import { HOUR_MS } from '../../base/time/time'

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
  'hours_not_observed_usd',
]

/**
 * The table of a month as CSV (RFC 4180): one line per item, without a total. Compute, disk and total are in
 * whole cents and add up; the other columns are exact.
 */
export function costsCsv({ month, rows }: CostsView): string {
  return toCsv([HEADER, ...rows.map((row) => cells(month, row))])
}

function cells(month: string, row: CostsRow): readonly CsvCell[] {
  const { spent } = row
  return [
    month,
    row.kind,
    row.id,
    row.name ?? '',
    row.hardware ?? '',
    csvNumber(row.onMs / HOUR_MS, 4),
    csvDollars(row.computeCents),
    csvDollars(row.diskCents),
    csvDollars(row.totalCents),
    csvDollars(row.idleCents),
    csvNumber(spent.billedUsd),
    csvNumber(spent.estimatedUsd),
    csvNumber(spent.minUsd),
    csvNumber(spent.maxUsd),
    spent.isAtLeast ? 'yes' : 'no',
    csvDollars(row.unobservedCents),
  ]
}
