import { formatDate, formatNumber, formatTimeOfDay, formatUsd } from '../../../core/base/format'
import type { CostsDay } from '../../../core/money/costs/costs-days'
import { type ChartDay, partsOfDay } from './chart-month'
import type { SpendSeries } from './spend-series'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../core/base/time'

/** "Nov 24", in UTC. */
export const shortDay = (atMs: number): string =>
  formatDate(atMs, { month: 'short', day: 'numeric', timeZone: 'UTC' })

/** "11:00 AM UTC" on the day of `nowMs`, otherwise "Nov 23, 11:00 AM UTC". */
export function shortHour(atMs: number, nowMs: number): string {
  const hour = `${formatTimeOfDay(atMs, 'UTC')} UTC`
  return shortDay(atMs) === shortDay(nowMs) ? hour : `${shortDay(atMs)}, ${hour}`
}

/** "20 h 49 min", "9 h", "20 h 48 min 37 s": what `ms` has of each unit, rounded down to seconds. */
export function hoursText(ms: number): string {
  const parts = [
    { count: Math.floor(ms / HOUR_MS), unit: 'h' },
    { count: Math.floor((ms % HOUR_MS) / MINUTE_MS), unit: 'min' },
    { count: Math.floor((ms % MINUTE_MS) / SECOND_MS), unit: 's' },
  ]
  const named = parts
    .filter(({ count }) => count > 0)
    .map(({ count, unit }) => `${formatNumber(count)} ${unit}`)
  return named.length === 0 ? '0 min' : named.join(' ')
}

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
