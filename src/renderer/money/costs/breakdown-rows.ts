import type { CostsRow } from '../../../core/money/costs/costs-rows'
import type { RowColors } from '../../pod-model/pod-color'
import { gpuGroup, groupRows, type SpendGrouping } from '../chart/spend-series'

/** A row of the cost breakdown. */
export interface BreakdownRow extends Omit<CostsRow, 'spent' | 'billing'> {
  readonly spent: Pick<CostsRow['spent'], 'isAtLeast' | 'isApproximate'>
  readonly billing: CostsRow['billing'] | null
  /** How many rows are summed in it; absent: it is one. */
  readonly count?: number
}

interface BreakdownRows {
  readonly rows: readonly BreakdownRow[]
  /** Classes by the id of the row: the colors of the chart. */
  readonly colors: RowColors
}

/** The rows as the days are grouped: by GPU one for each type. They add up to the same sums. */
export function breakdownRows(
  rows: readonly CostsRow[],
  grouping: SpendGrouping,
  colors: RowColors,
): BreakdownRows {
  if (grouping !== 'gpu') return { rows, colors }
  const { series } = groupRows(rows, grouping, colors)
  const byType = new Map<string, BreakdownRow>()
  for (const row of rows) {
    const { key, label } = gpuGroup(row)
    const sum = byType.get(key)
    byType.set(key, sum === undefined ? firstOf(row, key, label) : added(sum, row))
  }
  const classes = new Map(series.map(({ key, className }) => [key, className]))
  return {
    rows: [...byType.values()],
    colors: new Map([...byType.keys()].map((key) => [key, classes.get(key) ?? 'others'])),
  }
}

const firstOf = (row: CostsRow, id: string, name: string): BreakdownRow => ({
  ...row,
  id,
  name,
  hardware: null,
  state: null,
  goneAtMs: null,
  billing: null,
  count: 1,
})

const added = (sum: BreakdownRow, row: CostsRow): BreakdownRow => ({
  ...sum,
  count: (sum.count ?? 1) + 1,
  onMs: sum.onMs + row.onMs,
  rate: sumOfHours(sum.rate, row.rate),
  totalCents: sum.totalCents + row.totalCents,
  computeCents: sum.computeCents + row.computeCents,
  diskCents: sum.diskCents + row.diskCents,
  idleCents: sum.idleCents + row.idleCents,
  unobservedCents: sum.unobservedCents + row.unobservedCents,
  unobservedComputeCents: sum.unobservedComputeCents + row.unobservedComputeCents,
  spent: {
    isAtLeast: sum.spent.isAtLeast || row.spent.isAtLeast,
    ...((sum.spent.isApproximate ?? row.spent.isApproximate) && { isApproximate: true }),
  },
})

/** The hours that are written, as the last line adds them. Prices have no sum; the price is unknown where one of them is. */
function sumOfHours(sum: CostsRow['rate'], rate: CostsRow['rate']): CostsRow['rate'] {
  if (sum === null || rate === null) return sum ?? rate
  const isKnown = sum.perHourUsd !== null && rate.perHourUsd !== null
  return { ...sum, shownMs: sum.shownMs + rate.shownMs, perHourUsd: isKnown ? sum.perHourUsd : null }
}
