import { formatUsd } from '../../core/base/format'
import type { BudgetView, ForecastView, SpendView } from '../../core/money/money-view'
import { type Month, monthStart } from '../../core/money/ledger/months'
import { DAY_MS } from '../../core/base/time'

const inUtc = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' })
const monthName = inUtc({ month: 'long' })
const monthAndYear = inUtc({ month: 'long', year: 'numeric' })
const dayAndMonth = inUtc({ day: 'numeric', month: 'short' })
const dayMonthClock = inUtc({
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})

/** "November". */
export const nameOfMonth = (month: Month): string => monthName.format(monthStart(month))

/** "November 2026". */
export const fullMonth = (month: Month): string => monthAndYear.format(monthStart(month))

/** "24 Nov", of UTC. */
export const utcDay = (atMs: number): string => dayAndMonth.format(atMs)

/** "24 Nov, 11:00 UTC". */
export const utcMoment = (atMs: number): string => `${dayMonthClock.format(atMs)} UTC`

/** "6.4 days left", of a month; null once it is over. */
export function daysLeftWords(leftMs: number): string | null {
  return leftMs <= 0 ? null : `${(leftMs / DAY_MS).toFixed(1)} days left`
}

/** "69 %"; "<1 %" for what would otherwise read as nothing. `share`: 1 is all of it. */
export function percent(share: number): string {
  return share > 0 && share < 0.01 ? '<1 %' : `${Math.round(share * 100)} %`
}

/** Whether the bounds differ by what two decimals show. */
export const isRange = ({ minUsd, maxUsd }: SpendView): boolean => formatUsd(minUsd) !== formatUsd(maxUsd)

/** What stands before an amount that is not exact: "at least", or nothing. */
export const atLeast = ({ isAtLeast }: SpendView): string => (isAtLeast ? 'at least ' : '')

/**
 * How sure an amount is: "all billed"; "$380.10 billed, $32.70 estimated · between $410.00 and $415.20". One clause
 * for each doubt; an amount of nothing has none. Product rules, "Money".
 */
export function certaintyWords(spend: SpendView): readonly string[] {
  const { usd, minUsd, maxUsd, billedUsd, estimatedUsd } = spend
  const words: string[] = []
  const hasEstimate = Math.abs(estimatedUsd) >= 0.005
  if (usd >= 0.005)
    words.push(
      !hasEstimate
        ? 'all billed'
        : billedUsd < 0.005
          ? 'all estimated'
          : `${formatUsd(billedUsd)} billed, ${formatUsd(estimatedUsd)} estimated`,
    )
  if (isRange(spend)) words.push(`between ${formatUsd(minUsd)} and ${formatUsd(maxUsd)}`)
  if (spend.isAtLeast) words.push('at least, since a price is not known')
  if (spend.mayMissPods) words.push('nobody looked for a while: pods that came and went then are not in it')
  return words
}

/** What was spent while something worked, in cents that make up what is shown as spent with the idle ones. USD. */
export const workingUsd = ({ usd, idleUsd }: SpendView): number =>
  Math.max(0, Math.round(usd * 100) - Math.round(idleUsd * 100)) / 100

/** The bar of a month: parts and marks as shares of its whole length, 0–1. */
export interface MeterBar {
  readonly working: number
  readonly idle: number
  /** Parts of the budget at which something is told, and the budget's end where the bar goes on behind it. */
  readonly thresholds: readonly number[]
  readonly budgetEnd: number | null
  readonly forecast: number | null
}

/**
 * Null: there is no budget to draw it against. The bar is as long as the most of budget, spent and forecast. `toldAt`:
 * parts of the budget, 0–1.
 */
export function meterBar(
  spent: SpendView,
  budget: BudgetView,
  forecast: ForecastView | null,
  toldAt: readonly number[],
): MeterBar | null {
  const budgetUsd = budget.monthlyUsd
  if (budgetUsd === null || budgetUsd <= 0) return null
  const wholeUsd = Math.max(budgetUsd, spent.usd, forecast?.usd ?? 0)
  const idleUsd = Math.min(spent.idleUsd, spent.usd)
  return {
    working: (spent.usd - idleUsd) / wholeUsd,
    idle: idleUsd / wholeUsd,
    thresholds: toldAt.map((part) => (part * budgetUsd) / wholeUsd),
    budgetEnd: wholeUsd > budgetUsd ? budgetUsd / wholeUsd : null,
    forecast: forecast === null ? null : forecast.usd / wholeUsd,
  }
}

/** The bar in words, for who does not see it. */
export function meterBarWords(spent: SpendView, budget: BudgetView, forecast: ForecastView | null): string {
  const of =
    budget.monthlyUsd === null || budget.monthShare === null
      ? ''
      : `, ${percent(budget.monthShare)} of ${formatUsd(budget.monthlyUsd)}`
  const projected = forecast === null ? '' : ` Projected for the month: ${formatUsd(forecast.usd)}.`
  return (
    `Spent ${atLeast(spent)}${formatUsd(spent.usd)}${of}: ` +
    `${formatUsd(workingUsd(spent))} working, ${formatUsd(spent.idleUsd)} idle.${projected}`
  )
}

/** "$12.40 of $20.00 this month", of a pod with a budget of its own. */
export function podBudgetWords(spentUsd: number, budgetUsd: number): string {
  const isSpent = spentUsd >= budgetUsd
  return `${formatUsd(spentUsd)} of ${formatUsd(budgetUsd)} this month${isSpent ? ': its budget is spent' : ''}`
}

/** What the budget comes to: "passed", "passed on 27 Nov at this pace"; null: it holds, or there is none. */
export function budgetWords({ monthlyUsd, monthShare, passesAtMs }: BudgetView): string | null {
  if (monthlyUsd === null || monthShare === null) return null
  if (monthShare >= 1) return 'The budget is passed'
  return passesAtMs === null ? null : `At this pace the budget is passed on ${utcDay(passesAtMs)} (UTC)`
}
