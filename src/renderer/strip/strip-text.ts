import { formatDuration, formatNumber, formatUsd, formatUsdPerHour } from '../../core/base/text/format'
import type { BalanceView } from '../../core/money/balance'
import type { PodView } from '../../core/view/snapshot'
import type { BudgetView, ForecastView, MoneyView } from '../../core/money/money-view'
import {
  atLeastPrefix,
  budgetText,
  daysLeftText,
  isRange,
  nameOfMonth,
  percent,
  READING,
  roughDuration,
  utcMoment,
  workingUsd,
} from '../money/spend-text'

const THOUSANDS_FROM_USD = 100_000
/** From here on, rounded thousands would be 1,000. */
const MILLIONS_FROM_USD = 999_500

/** "$450.18"; "$486k" and "$1.2M" for amounts whose cents nobody reads and the strip has no room for. */
export function stripUsd(usd: number): string {
  const size = Math.abs(usd)
  if (size < THOUSANDS_FROM_USD) return formatUsd(usd)
  const text =
    size < MILLIONS_FROM_USD ? `${formatNumber(size / 1_000)}k` : `${formatNumber(size / 1_000_000, 1)}M`
  return `${usd < 0 ? '−' : ''}$${text}`
}

/** "$450.18 of $500.00", "$164.20 this month"; "…" while the bills are read for the first time. */
export function spentOfBudgetText({ spent, budget, isReadingBills }: MoneyView): string {
  if (isReadingBills === true) return READING
  const text = `${atLeastPrefix(spent)}${stripUsd(spent.usd)}`
  return budget.monthlyUsd === null ? `${text} this month` : `${text} of ${stripUsd(budget.monthlyUsd)}`
}

/** "9 h", else "$164.20" where nothing is spent; "unknown" if the balance is not known. */
export function balanceText(balance: BalanceView, runwayMs: number | null): string {
  if (balance.kind !== 'known') return 'unknown'
  return runwayMs === null || balance.usd <= 0 ? stripUsd(balance.usd) : roughDuration(runwayMs)
}

export const isForecastOver = ({ monthlyUsd }: BudgetView, forecast: ForecastView | null): boolean =>
  monthlyUsd !== null && forecast !== null && forecast.usd > monthlyUsd

/** The meter of the strip: shares of its length, 0–1. */
export interface StripMeter {
  /** Where the budget ends. */
  readonly mark: number
  /** Spent within the budget, and beyond it. */
  readonly spent: number
  readonly over: number
  /** Where the forecast ends; null when it stays within the budget. */
  readonly forecast: number | null
}

/** The share of the budget that is drawn beyond its mark. What is more than that ends with the bar. */
const BEYOND = 0.3

/**
 * Null without a budget. The mark is the end of the bar while budget and forecast hold, else it stays where it is,
 * however much is spent: an overrun never makes the bar look full.
 */
export function stripMeter({ spent, budget, forecast }: MoneyView): StripMeter | null {
  const budgetUsd = budget.monthlyUsd
  if (budgetUsd === null || budgetUsd <= 0) return null
  const spentShare = Math.max(0, spent.usd) / budgetUsd
  const forecastShare = (forecast?.usd ?? 0) / budgetUsd
  const isOver = Math.max(spentShare, forecastShare) > 1
  const mark = isOver ? 1 / (1 + BEYOND) : 1
  const at = (share: number): number => Math.min(1, share * mark)
  return {
    mark,
    spent: at(Math.min(1, spentShare)),
    over: spentShare > 1 ? at(spentShare) - mark : 0,
    forecast: forecastShare > Math.max(1, spentShare) ? at(forecastShare) : null,
  }
}

/** A line of the details behind a part of the strip. */
export interface DetailRow {
  readonly label: string
  readonly value: string
  readonly tone?: 'bad' | 'idle'
}

/** The month in lines. `alertShares`: at which shares of the budget alerts come, 0–1; Unix ms. */
export function budgetRows(
  { month, monthEndsAtMs, spent, today, budget, forecast, billedUntilMs, isReadingBills }: MoneyView,
  alertShares: readonly number[],
  nowMs: number,
): readonly DetailRow[] {
  const left = daysLeftText(monthEndsAtMs - nowMs)
  const warning = budgetText(budget)
  const { monthlyUsd, dailyUsd, dayShare } = budget
  const isOverDay = dayShare !== null && dayShare >= 1
  const row = (label: string, value: string, tone?: DetailRow['tone']): DetailRow => ({
    label,
    value,
    tone,
  })
  const hasBilled = spent.billedUsd >= 0.005
  if (isReadingBills === true)
    return [
      row(`Spent in ${nameOfMonth(month)} (UTC)`, READING),
      ...(monthlyUsd === null
        ? []
        : [row('Monthly budget', `${formatUsd(monthlyUsd)}${left === null ? '' : `, ${left}`}`)]),
    ]
  return [
    row(`Spent in ${nameOfMonth(month)} (UTC)`, `${atLeastPrefix(spent)}${formatUsd(spent.usd)}`),
    ...(isRange(spent) ? [row('Between', `${formatUsd(spent.minUsd)} and ${formatUsd(spent.maxUsd)}`)] : []),
    ...(hasBilled
      ? [
          row(
            billedUntilMs === null ? 'Billed' : `Billed through ${utcMoment(billedUntilMs)}`,
            formatUsd(spent.billedUsd),
          ),
        ]
      : []),
    ...(Math.abs(spent.estimatedUsd) >= 0.005
      ? [row(hasBilled ? 'Estimated since' : 'Estimated, not billed yet', formatUsd(spent.estimatedUsd))]
      : []),
    row('While working', formatUsd(workingUsd(spent))),
    row('While idle', formatUsd(spent.idleUsd), spent.idleUsd >= 0.005 ? 'idle' : undefined),
    row(
      'Today (UTC)',
      `${atLeastPrefix(today)}${formatUsd(today.usd)}${dailyUsd === null ? '' : ` of ${formatUsd(dailyUsd)}`}`,
      isOverDay ? 'bad' : undefined,
    ),
    ...(today.idleUsd >= 0.005
      ? [
          row(
            'Idle today',
            `${formatUsd(today.idleUsd)}${today.usd > 0 ? `, ${percent(today.idleUsd / today.usd)} of today` : ''}`,
            'idle',
          ),
        ]
      : []),
    ...(forecast === null
      ? []
      : [
          row(
            'Forecast, 7-day mean',
            `${formatUsd(forecast.usd)}${isForecastOver(budget, forecast) && monthlyUsd !== null ? `, ${formatUsd(forecast.usd - monthlyUsd)} over` : ''}`,
            isForecastOver(budget, forecast) ? 'bad' : undefined,
          ),
          row('At the current rate', formatUsd(forecast.atBurnUsd)),
        ]),
    ...(monthlyUsd === null
      ? []
      : [
          row('Monthly budget', `${formatUsd(monthlyUsd)}${left === null ? '' : `, ${left}`}`),
          ...(alertShares.length === 0
            ? []
            : [row('Budget alerts at', alertShares.map((share) => percent(share)).join(' and '))]),
        ]),
    ...(monthlyUsd === null && left !== null ? [row('Month', left)] : []),
    ...(warning === null ? [] : [row('Budget', warning, 'bad')]),
  ]
}

/** What the amount may lack, one sentence each. */
export function budgetNotes({ spent, budget, isReadingBills }: MoneyView): readonly string[] {
  return [
    ...(isReadingBills === true
      ? ['Reading this month’s bills. Until they are here, the amounts would change a lot.']
      : []),
    ...(budget.monthlyUsd === null ? ['No budget set, so you won’t be warned before overspending.'] : []),
    ...(spent.isAtLeast && isReadingBills !== true ? ['A price isn’t known, so this is a minimum.'] : []),
    ...(spent.mayMissPods && isReadingBills !== true
      ? ['Podkeeper wasn’t watching for a while. Pods that came and went then aren’t included.']
      : []),
  ]
}

/** "3 running, 1 of them idle · 2 stopped". */
export function podCountText(pods: readonly PodView[], idleCount: number): string {
  const countOf = (...phases: readonly PodView['phase'][]) =>
    pods.filter(({ phase }) => phases.includes(phase)).length
  const running = countOf('running')
  const idle = idleCount > 0 ? `, ${idleCount} of them idle` : ''
  const parts = [running === 0 ? 'nothing running' : `${running} running${idle}`]
  for (const [count, word] of [
    [countOf('creating'), 'being created'],
    [countOf('error'), 'in error'],
    [countOf('unknown'), 'in an unknown state'],
    [countOf('stopped'), 'stopped'],
  ] as const)
    if (count > 0) parts.push(`${count} ${word}`)
  return parts.join(' · ')
}

export const stripText = {
  label: 'Money and counts',
  balance: 'Balance',
  lowestBalance: 'Lowest balance',
  balanceOf: (account: string | null) => `Balance${account === null ? '' : `, ${account}`}`,
  accountRateOf: (account: string | null) => `Account’s own rate${account === null ? '' : `, ${account}`}`,
  lastsOf: (account: string | null) => `Lasts at the current rate${account === null ? '' : `, ${account}`}`,
  balanceUnknown: (reason: string) => `Unknown. See it in Runpod: ${reason}`,
  notRead: 'Not read yet',
  spending: 'Spending this month',
  spentIn: (month: string) => `Spent in ${month}:`,
  readingBills: 'Reading bills',
  thisMonth: 'this month',
  ofBudget: (budget: string) => `of ${budget}`,
  forecast: (amount: string) => `forecast ${amount}`,
  changeBudget: 'Change budget',
  openCosts: 'Open Costs',
  setBudget: 'Set budget',
  couldNotLoadBudget: 'Couldn’t load the budget',
  monthlyBudget: 'Monthly budget',
  idlePods: 'Idle pods',
  idle: 'idle',
  noIdlePods: 'No idle pods',
  idleCount: (count: number) => (count === 1 ? '1 idle pod' : `${count} idle pods`),
  more: (count: number) => `${count} more`,
  showIdle: 'Show idle pods',
  /** "24 min · $3.99/hr · $1.60 spent while idle". */
  idlePod({ activity, costPerHourUsd, idleCostUsd, isPriceApproximate }: PodView): string {
    return [
      activity.kind === 'idle' ? formatDuration(activity.idleForMs) : null,
      costPerHourUsd === null ? 'price unknown' : formatUsdPerHour(costPerHourUsd, isPriceApproximate),
      idleCostUsd === null || idleCostUsd < 0.01 ? null : `${formatUsd(idleCostUsd)} spent while idle`,
    ]
      .filter((part) => part !== null)
      .join(' · ')
  },
  currentRate: 'Current rate',
  currentRateIs: 'Current rate:',
  atLeast: 'at least',
  approximately: 'approx.',
  costByPod: 'Cost by pod',
} as const
