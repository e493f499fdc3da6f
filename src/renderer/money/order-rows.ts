import type { CostsRow } from '../../core/money/costs/costs-view'
import { rowName } from './costs-days'

export const costsColumns = ['name', 'hardware', 'hours', 'idle', 'compute', 'disk', 'total'] as const
export type CostsColumn = (typeof costsColumns)[number]

export interface CostsOrder {
  readonly column: CostsColumn
  readonly isDescending: boolean
}

/** Of the row's total, 0–1. */
export const idleShare = ({ idleCents, totalCents }: CostsRow): number =>
  totalCents > 0 ? idleCents / totalCents : 0

const numbers: Readonly<Record<Exclude<CostsColumn, 'name' | 'hardware'>, (row: CostsRow) => number>> = {
  hours: ({ onMs }) => onMs,
  idle: idleShare,
  compute: ({ computeCents }) => computeCents,
  disk: ({ diskCents }) => diskCents,
  total: ({ totalCents }) => totalCents,
}

/** The rows in that order; rows that are equal in it stay as they were. */
export function orderRows(
  rows: readonly CostsRow[],
  { column, isDescending }: CostsOrder,
): readonly CostsRow[] {
  const sign = isDescending ? -1 : 1
  const text = (row: CostsRow): string => (column === 'name' ? rowName(row) : (row.hardware ?? ''))
  return [...rows].sort((a, b) => {
    if (column !== 'name' && column !== 'hardware') return sign * (numbers[column](a) - numbers[column](b))
    return sign * text(a).localeCompare(text(b), 'en', { numeric: true })
  })
}
