import {
  formatDate,
  formatDuration,
  formatNumber,
  formatTimeOfDay,
  formatUsd,
} from '../../core/base/text/format'
import type { BudgetView, ForecastView, SpendView } from '../../core/money/money-view'
import { type Month, monthStart } from '../../core/money/ledger/months'
import { DAY_MS, HOUR_MS } from '../../core/base/time/time'

/** Stands for a sum that will still change much. */
export const READING = '…'

const inUtc = (atMs: number, options: Intl.DateTimeFormatOptions): string =>
  formatDate(atMs, { ...options, timeZone: 'UTC' })

/** "November". */
export const nameOfMonth = (month: Month): string => inUtc(monthStart(month), { month: 'long' })

/** "November 2026". */
export const fullMonth = (month: Month): string =>
  inUtc(monthStart(month), { month: 'long', year: 'numeric' })

/** "Nov 24", in UTC. */
export const utcDay = (atMs: number): string => inUtc(atMs, { day: 'numeric', month: 'short' })

/** "Nov 24, 11:00 AM UTC". */
export const utcMoment = (atMs: number): string => `${utcDay(atMs)}, ${formatTimeOfDay(atMs, 'UTC')} UTC`

/** "6.4 days left" for the rest of a month; null once it is over. */
export function daysLeftText(leftMs: number): string | null {
  return leftMs <= 0 ? null : `${formatNumber(leftMs / DAY_MS, 1, 1)} days left`
}

/** "9 h", "3 days", "over a year": how long money lasts, as far as that is known. */
export function roughDuration(ms: number): string {
  if (ms < HOUR_MS) return formatDuration(ms)
  if (ms < 2 * DAY_MS) return `${Math.round(ms / HOUR_MS)} h`
  return ms > 365 * DAY_MS ? 'over a year' : `${formatNumber(Math.floor(ms / DAY_MS))} days`
}

/** "8 h 58 min": the same with what is known of it; "over a year" where minutes would mean nothing. */
export const runwayText = (ms: number): string => (ms > 365 * DAY_MS ? roughDuration(ms) : formatDuration(ms))

/** "69%"; "<1%" for a small share that would round to zero. `share`: 0–1. */
export function percent(share: number): string {
  return share > 0 && share < 0.01 ? '<1%' : `${Math.round(share * 100)}%`
}

/** Whether the bounds differ when rounded to cents. */
export const isRange = ({ minUsd, maxUsd }: SpendView): boolean => formatUsd(minUsd) !== formatUsd(maxUsd)

/** Prefix of an amount that is a lower bound, else empty. */
export const atLeastPrefix = ({ isAtLeast }: SpendView): string => (isAtLeast ? 'at least ' : '')

/** Non-idle spending, USD, rounded so that it and the idle spending add up to the total shown. */
export const workingUsd = ({ usd, idleUsd }: SpendView): number =>
  Math.max(0, Math.round(usd * 100) - Math.round(idleUsd * 100)) / 100

/** Text alternative of the bar for screen readers. */
export function meterBarText(spent: SpendView, budget: BudgetView, forecast: ForecastView | null): string {
  const budgetPart =
    budget.monthlyUsd === null || budget.monthShare === null
      ? ''
      : `, ${percent(budget.monthShare)} of ${formatUsd(budget.monthlyUsd)}`
  const projected = forecast === null ? '' : ` Projected for the month: ${formatUsd(forecast.usd)}.`
  return (
    `Spent ${atLeastPrefix(spent)}${formatUsd(spent.usd)}${budgetPart}: ` +
    `${formatUsd(workingUsd(spent))} working, ${formatUsd(spent.idleUsd)} idle.${projected}`
  )
}

/** "$12.40 of $20.00 this month", for a pod with a budget of its own. */
export function podBudgetText(spentUsd: number, budgetUsd: number): string {
  const isSpent = spentUsd >= budgetUsd
  return `${formatUsd(spentUsd)} of ${formatUsd(budgetUsd)} this month${isSpent ? ': its budget is spent' : ''}`
}

/** "The budget is spent", or the day on which it will be; null when the budget is not exceeded or not set. */
export function budgetText({ monthlyUsd, monthShare, passesAtMs }: BudgetView): string | null {
  if (monthlyUsd === null || monthShare === null) return null
  if (monthShare >= 1) return 'The budget is spent'
  return passesAtMs === null ? null : `At this pace, the budget is spent on ${utcDay(passesAtMs)} (UTC)`
}
