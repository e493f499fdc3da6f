import type { CostsDay } from '../../../core/money/costs/costs-days'
import type { CostsView } from '../../../core/money/costs/costs-view'
import { DAY_MS, HOUR_MS } from '../../../core/base/time/time'
import type { RowColors } from '../../pod-model/pod-color'
import { groupRows, IDLE_KEY, type SpendGrouping, type SpendSeries } from './spend-series'

export interface ChartDay {
  readonly startMs: number
  readonly when: 'past' | 'today' | 'future'
  /** Whole cents by the key of the series; they add up to the day's. */
  readonly cents: Readonly<Record<string, number>>
  readonly totalCents: number
  readonly idleCents: number
  /** Forecast for what is left of that day, USD; 0 for past days. */
  readonly forecastUsd: number
  /** Exact amounts, USD. */
  readonly spent: CostsDay['spent']
}

export interface ChartMonth {
  readonly series: readonly SpendSeries[]
  readonly days: readonly ChartDay[]
  /** The monthly budget divided by its days, USD; null without a budget. */
  readonly budgetPerDayUsd: number | null
  /** The mean of the last 7 days, USD; null without a forecast. */
  readonly forecastPerDayUsd: number | null
  /** Top of the scale: the highest day including its forecast, or the budget line. */
  readonly topUsd: number
}

/** The days of a month as stacks, the largest series at the bottom. The cents of all days add up to the month's. */
export function chartMonth(costs: CostsView, grouping: SpendGrouping, colors: RowColors): ChartMonth {
  const { series, keyOf } = groupRows(costs.rows, grouping, colors)
  const perHourUsd = costs.forecast?.perHourUsd ?? 0
  const days = costs.days.map((day): ChartDay => {
    const leftMs = Math.min(DAY_MS, day.startMs + DAY_MS - costs.atMs)
    const { totalCents, idleCents, spent, startMs } = day
    return {
      startMs,
      when: leftMs <= 0 || !costs.isCurrent ? 'past' : leftMs < DAY_MS ? 'today' : 'future',
      cents: grouping === 'idle' ? busyAndIdle(day) : centsByKey(day, keyOf),
      totalCents,
      idleCents,
      forecastUsd: costs.isCurrent && leftMs > 0 ? (leftMs / HOUR_MS) * perHourUsd : 0,
      spent,
    }
  })
  const monthlyUsd = costs.budget?.monthlyUsd ?? null
  const budgetPerDayUsd = monthlyUsd === null ? null : monthlyUsd / costs.days.length
  const highest = Math.max(...days.map(({ totalCents, forecastUsd }) => totalCents / 100 + forecastUsd))
  return {
    series,
    days,
    budgetPerDayUsd,
    forecastPerDayUsd: costs.forecast === null ? null : perHourUsd * 24,
    topUsd: Math.max(highest, budgetPerDayUsd ?? 0),
  }
}

function centsByKey(day: CostsDay, keyOf: ReadonlyMap<string, string>): Record<string, number> {
  const cents: Record<string, number> = {}
  for (const part of day.parts) {
    const key = keyOf.get(part.id) ?? 'others'
    cents[key] = (cents[key] ?? 0) + part.cents
  }
  return cents
}

const busyAndIdle = ({ totalCents, idleCents }: CostsDay): Record<string, number> => ({
  busy: totalCents - idleCents,
  [IDLE_KEY]: idleCents,
})

/** The series that cost something on that day, the most expensive first. */
export function partsOfDay(
  { cents }: ChartDay,
  series: readonly SpendSeries[],
): readonly { readonly series: SpendSeries; readonly cents: number }[] {
  return series
    .map((one) => ({ series: one, cents: cents[one.key] ?? 0 }))
    .filter((part) => part.cents > 0)
    .sort((a, b) => b.cents - a.cents)
}
