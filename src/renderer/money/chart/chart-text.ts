import { formatUsd } from '../../../core/base/text/format'
import type { CostsDay } from '../../../core/money/costs/costs-days'
import type { Month } from '../../../core/money/ledger/months'
import { fullMonth } from '../spend-text'
import { type ChartDay, partsOfDay } from './chart-month'
import { shortDay } from './day-text'
import type { SpendSeries } from './spend-series'

export const dailySpendText = {
  title: 'Daily spend',
  chart: (month: Month, grouping: string) => `Daily spend in ${fullMonth(month)}, ${grouping.toLowerCase()}`,
  colors: 'Colors of the bars',
  todayAndForecast: 'Today and forecast',
  today: 'today so far',
  forecast: 'forecast',
  perDay: (usd: number) => `, ${formatUsd(usd)} a day`,
} as const

export const daysTableText = {
  summary: 'Show days as a table',
  label: 'Daily spend as a table',
  day: 'Day (UTC)',
  spent: 'Spent',
  whileIdle: 'While idle',
  status: 'Status',
  total: 'Total',
  atLeast: 'at least',
} as const

/** "all billed", "$2.10 billed, $1.05 estimated"; empty when the day cost nothing. */
export function dayCertaintyText({ usd, billedUsd }: CostsDay['spent']): string {
  const estimatedUsd = usd - billedUsd
  if (usd < 0.005) return ''
  if (estimatedUsd < 0.005) return 'all billed'
  if (billedUsd < 0.005) return 'all estimated'
  return `${formatUsd(billedUsd)} billed, ${formatUsd(estimatedUsd)} estimated`
}

/** Whether anything was spent on a day, unknown amounts included. */
export const hasCost = ({ totalCents, spent }: ChartDay): boolean => totalCents > 0 || spent.isAtLeast

/** "$51.20", "at least $51.20", "unknown": what is not known is never $0.00. */
export function dayTotalText({ totalCents, spent }: ChartDay): string {
  if (!spent.isAtLeast) return formatUsd(totalCents / 100)
  return totalCents === 0 ? 'unknown' : `at least ${formatUsd(totalCents / 100)}`
}

export function dayTitle({ startMs, when }: ChartDay): string {
  return when === 'today' ? `${shortDay(startMs)}, so far` : shortDay(startMs)
}

export const dayIdleText = ({ idleCents }: ChartDay): string => `while idle ${formatUsd(idleCents / 100)}`

export const dayForecastText = ({ when, forecastUsd }: ChartDay): string =>
  `${when === 'today' ? 'rest of today, ' : ''}forecast ${formatUsd(forecastUsd)}`

/** What a day without cost means, and what one may lack. */
export function dayNote(day: ChartDay): string | null {
  if (day.spent.mayMissPods) return 'not watched all day'
  return day.when !== 'future' && !hasCost(day) ? 'cost unknown' : null
}

/** All that is known of a day, for screen readers. */
export function dayDetailText(day: ChartDay, series: readonly SpendSeries[]): string {
  const note = dayNote(day)
  return [
    hasCost(day) ? `${dayTitle(day)}: ${dayTotalText(day)}` : dayTitle(day),
    ...partsOfDay(day, series).map((part) => `${part.series.label} ${formatUsd(part.cents / 100)}`),
    ...(day.idleCents > 0 ? [dayIdleText(day)] : []),
    ...(day.forecastUsd >= 0.005 ? [dayForecastText(day)] : []),
    ...(note === null ? [] : [note]),
  ].join('; ')
}

/** Labels within the chart. */
export const chartLabels = {
  today: 'Today',
  /** "Budget, $16.67 a day". */
  budget: (perDayUsd: number) => `Budget, ${formatUsd(perDayUsd)} a day`,
  /** "$27.38 a day, 7-day mean". */
  forecast: (perDayUsd: number) => `${formatUsd(perDayUsd)} a day, 7-day mean`,
} as const
