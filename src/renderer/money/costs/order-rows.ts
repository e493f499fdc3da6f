import { rowName, type SpendGrouping } from '../chart/spend-series'
import type { BreakdownRow } from './breakdown-rows'

export type CostsColumn =
  | 'name'
  | 'hardware'
  | 'hours'
  | 'rate'
  | 'compute'
  | 'disk'
  | 'busy'
  | 'total'
  | 'idle'

/** The columns as the days are grouped. */
export const costsColumns: Readonly<Record<SpendGrouping, readonly CostsColumn[]>> = {
  pod: ['name', 'hardware', 'hours', 'rate', 'compute', 'disk', 'total', 'idle'],
  gpu: ['name', 'hours', 'compute', 'disk', 'total', 'idle'],
  idle: ['name', 'hardware', 'hours', 'busy', 'idle', 'total'],
}

/** What stands first until a person sorts: the most expensive, or what cost most while idle. */
export const firstOrder = (grouping: SpendGrouping): CostsOrder => ({
  column: grouping === 'idle' ? 'idle' : 'total',
  isDescending: true,
})

export interface CostsOrder {
  readonly column: CostsColumn
  readonly isDescending: boolean
}

const numberOf: Readonly<Record<Exclude<CostsColumn, 'name' | 'hardware'>, (row: BreakdownRow) => number>> = {
  hours: ({ onMs }) => onMs,
  rate: ({ rate }) => rate?.perHourUsd ?? 0,
  compute: ({ computeCents }) => computeCents,
  disk: ({ diskCents }) => diskCents,
  busy: ({ totalCents, idleCents }) => totalCents - idleCents,
  total: ({ totalCents }) => totalCents,
  idle: ({ idleCents }) => idleCents,
}

/** Sorts rows in the given order; the sort is stable. */
export function orderRows(
  rows: readonly BreakdownRow[],
  { column, isDescending }: CostsOrder,
): readonly BreakdownRow[] {
  const direction = isDescending ? -1 : 1
  const textOf = (row: BreakdownRow): string => (column === 'name' ? rowName(row) : (row.hardware ?? ''))
  return [...rows].sort((a, b) => {
    if (column !== 'name' && column !== 'hardware')
      return direction * (numberOf[column](a) - numberOf[column](b))
    return direction * textOf(a).localeCompare(textOf(b), 'en', { numeric: true })
  })
}
