import type { CostsRow } from '../../core/money/costs/costs-view'
import { rowName } from './chart-month'

export const costsColumns = ['name', 'hardware', 'hours', 'idle', 'compute', 'disk', 'total'] as const
export type CostsColumn = (typeof costsColumns)[number]

export interface CostsOrder {
  readonly column: CostsColumn
  readonly isDescending: boolean
}

/** Idle share of what was observed of the row's total, 0–1. */
export const idleShare = ({ idleCents, totalCents, unobservedCents }: CostsRow): number =>
  totalCents > unobservedCents ? Math.min(1, idleCents / (totalCents - unobservedCents)) : 0

const numberOf: Readonly<Record<Exclude<CostsColumn, 'name' | 'hardware'>, (row: CostsRow) => number>> = {
  hours: ({ onMs }) => onMs,
  idle: idleShare,
  compute: ({ computeCents }) => computeCents,
  disk: ({ diskCents }) => diskCents,
  total: ({ totalCents }) => totalCents,
}

/** Sorts rows in the given order; the sort is stable. */
export function orderRows(
  rows: readonly CostsRow[],
  { column, isDescending }: CostsOrder,
): readonly CostsRow[] {
  const direction = isDescending ? -1 : 1
  const textOf = (row: CostsRow): string => (column === 'name' ? rowName(row) : (row.hardware ?? ''))
  return [...rows].sort((a, b) => {
    if (column !== 'name' && column !== 'hardware')
      return direction * (numberOf[column](a) - numberOf[column](b))
    return direction * textOf(a).localeCompare(textOf(b), 'en', { numeric: true })
  })
}
