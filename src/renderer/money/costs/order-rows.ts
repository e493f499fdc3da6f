import type { CostsRow } from '../../../core/money/costs/costs-rows'
import { rowName } from '../chart/spend-series'

export const costsColumns = ['name', 'hardware', 'hours', 'rate', 'compute', 'disk', 'total', 'idle'] as const
export type CostsColumn = (typeof costsColumns)[number]

export interface CostsOrder {
  readonly column: CostsColumn
  readonly isDescending: boolean
}

const numberOf: Readonly<Record<Exclude<CostsColumn, 'name' | 'hardware'>, (row: CostsRow) => number>> = {
  hours: ({ onMs }) => onMs,
  rate: ({ rate }) => rate?.perHourUsd ?? 0,
  compute: ({ computeCents }) => computeCents,
  disk: ({ diskCents }) => diskCents,
  total: ({ totalCents }) => totalCents,
  idle: ({ idleCents }) => idleCents,
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
