import type { BurnRate } from './burn-rate'
import type { Pod, PodId } from '../pods/pod'
import type { NetworkVolume } from '../pods/provider'
import { DAY_MS, HOUR_MS } from '../base/time/time'
import { approximatePart, toUsd } from './ledger/amounts'
import type { Ledger } from './ledger/ledger'
import { hourOf, type Month, monthEnd, monthOf } from './ledger/months'
import { hasOtherPrice } from './ledger/reconcile'
import { podBillingState, podSubjectId, volumeBillingState, volumeSubjectId } from './ledger/billing-state'
import {
  billedUntilMs,
  type CostTotal,
  hasUnobservedHours,
  meanCostPerHour,
  sumTotals,
  totalsBySubject,
  wholeMonth,
  zeroTotal,
} from './ledger/cost-totals'

/** An amount for display, USD. `usd` is the likely amount, between the other two. */
export interface SpendView {
  readonly usd: number
  readonly minUsd: number
  readonly maxUsd: number
  /** The parts of `usd`: final according to bills, and everything else. */
  readonly billedUsd: number
  readonly estimatedUsd: number
  readonly idleUsd: number
  /** Some price is unknown, so the amount is a minimum. */
  readonly isAtLeast: boolean
  /** Present when some price was from a price list, and no bill says what it was. */
  readonly isApproximate?: true
  /** Nothing was observed for a while and no bill covers it yet, so pods may be missing. */
  readonly mayMissPods: boolean
}

/** USD; Unix ms. */
export interface BudgetView {
  readonly monthlyUsd: number | null
  readonly dailyUsd: number | null
  /** The share of each budget that is spent, where 1 is all of it; null without such a budget. */
  readonly monthShare: number | null
  readonly dayShare: number | null
  /**
   * When the month's spend passes the budget at the pace of the last days, Unix ms; null when not before the
   * month ends.
   */
  readonly passesAtMs: number | null
}

export interface ForecastView {
  /** For the whole month, at the average of the last 7 days. */
  readonly usd: number
  /** The same at the current rate. */
  readonly atBurnUsd: number
  readonly perHourUsd: number
}

/** A resource that costs money while it is unused. */
export interface UnusedCost {
  readonly kind: 'pod' | 'volume'
  readonly id: string
  readonly name: string
  /** Null when it has no public price; only its bill shows it. */
  readonly perDayUsd: number | null
  /** Since when it was observed unused, Unix ms. */
  readonly sinceMs: number
}

/** How a pod is billed. `unsettled`: not known yet whether its price includes its disks. */
export type Billing = 'as-listed' | 'unsettled' | 'otherwise'

export interface PodMoney {
  readonly todayUsd: number
  readonly monthUsd: number
  readonly idleMonthUsd: number
  readonly billing: Billing
}

/** The account's costs as every window shows them. Months and days are UTC. */
export interface MoneyView {
  readonly month: Month
  readonly monthEndsAtMs: number
  readonly spent: SpendView
  readonly today: SpendView
  readonly budget: BudgetView
  readonly forecast: ForecastView | null
  /** Until when the bills are final, Unix ms; null when none is. */
  readonly billedUntilMs: number | null
  /** Why the last read of bills failed, as a sentence; null when it succeeded or was not attempted. */
  readonly billProblem: string | null
  /** Present while the month's bills are read for the first time: the amounts will still change. */
  readonly isReadingBills?: true
  readonly volumesPerHourUsd: number
  readonly unused: readonly UnusedCost[]
  readonly pods: Readonly<Record<PodId, PodMoney>>
}

/** Null without such a budget. */
export interface Budgets {
  readonly monthlyUsd: number | null
  readonly dailyUsd: number | null
}

export const noBudgets: Budgets = { monthlyUsd: null, dailyUsd: null }

export interface MoneyViewInput {
  readonly ledger: Ledger
  readonly nowMs: number
  readonly pods: readonly Pod[]
  readonly volumes: readonly NetworkVolume[]
  readonly burn: BurnRate
  readonly budgets: Budgets
  readonly billProblem: string | null
  readonly isReadingBills?: boolean
}

const PACE_DAYS = 7

export function toMoneyView(input: MoneyViewInput): MoneyView {
  const { ledger, nowMs, budgets } = input
  const month = monthOf(nowMs)
  const book = ledger.book(month)
  const dayHour = Math.floor(hourOf(month, nowMs) / 24) * 24
  const day = { from: dayHour, to: dayHour + 24 }
  const monthTotals = totalsBySubject(book, wholeMonth)
  const dayTotals = totalsBySubject(book, day)
  const spent = toSpendView(sumTotals(monthTotals), hasUnobservedHours(book, wholeMonth))
  const today = toSpendView(sumTotals(dayTotals), hasUnobservedHours(book, day))
  const forecast = toForecast(input, spent)
  return {
    month,
    monthEndsAtMs: monthEnd(month),
    spent,
    today,
    budget: budgetView({ budgets, spent, today, forecast, nowMs, monthEndsAtMs: monthEnd(month) }),
    forecast,
    billedUntilMs: billedUntilMs(book, nowMs),
    billProblem: input.billProblem,
    ...(input.isReadingBills === true && { isReadingBills: true as const }),
    volumesPerHourUsd: volumesPerHourUsd(input.volumes),
    unused: findUnusedCosts(input),
    pods: Object.fromEntries(
      input.pods.map((pod) => {
        const id = podSubjectId(pod)
        return [pod.id, toPodMoney(monthTotals.get(id), dayTotals.get(id), billingOf(ledger, month, id))]
      }),
    ),
  }
}

export function budgetView(input: {
  readonly budgets: Budgets
  readonly spent: SpendView
  readonly today: SpendView
  readonly forecast: ForecastView | null
  readonly nowMs: number
  readonly monthEndsAtMs: number
}): BudgetView {
  const { budgets, spent, today, forecast, nowMs, monthEndsAtMs } = input
  return {
    ...budgets,
    monthShare: budgets.monthlyUsd === null ? null : spent.usd / budgets.monthlyUsd,
    dayShare: budgets.dailyUsd === null ? null : today.usd / budgets.dailyUsd,
    passesAtMs: budgetPassedAtMs(spent.usd, budgets.monthlyUsd, forecast, nowMs, monthEndsAtMs),
  }
}

export function toSpendView(sum: CostTotal, mayMissPods: boolean): SpendView {
  return {
    usd: toUsd(sum.likely),
    minUsd: toUsd(sum.min),
    maxUsd: toUsd(sum.max),
    billedUsd: toUsd(sum.billed),
    estimatedUsd: toUsd(sum.likely - sum.billed),
    idleUsd: toUsd(sum.idle),
    isAtLeast: sum.isAtLeast,
    ...approximatePart(sum.isApproximate === true),
    mayMissPods,
  }
}

/**
 * Spent so far plus the average of the last 7 days for the remaining hours. See
 * docs/product-rules.md#54-budgets-and-forecast.
 */
function toForecast({ ledger, nowMs, burn }: MoneyViewInput, spent: SpendView): ForecastView | null {
  const mean = meanCostPerHour(ledger, nowMs - PACE_DAYS * DAY_MS, nowMs)
  if (mean === null) return null
  const hoursLeft = (monthEnd(monthOf(nowMs)) - nowMs) / HOUR_MS
  return {
    usd: spent.usd + toUsd(mean) * hoursLeft,
    atBurnUsd: spent.usd + burn.perHourUsd * hoursLeft,
    perHourUsd: toUsd(mean),
  }
}

function budgetPassedAtMs(
  spentUsd: number,
  budgetUsd: number | null,
  forecast: ForecastView | null,
  nowMs: number,
  endsAtMs: number,
): number | null {
  if (budgetUsd === null) return null
  if (spentUsd >= budgetUsd) return nowMs
  if (forecast === null || forecast.perHourUsd <= 0) return null
  const atMs = nowMs + ((budgetUsd - spentUsd) / forecast.perHourUsd) * HOUR_MS
  return atMs < endsAtMs ? atMs : null
}

/** The hourly cost of the network volumes, USD, without those that have no public rate. */
export function volumesPerHourUsd(volumes: readonly NetworkVolume[]): number {
  return volumes.reduce((sum, volume) => sum + toUsd(volumeBillingState(volume).offRate ?? 0), 0)
}

function findUnusedCosts({ ledger, pods, volumes, nowMs }: MoneyViewInput): readonly UnusedCost[] {
  const sinceOf = (key: string): number => ledger.lastObservations().get(key)?.sinceMs ?? nowMs
  const perDay = (rate: number | null): number | null => (rate === null ? null : toUsd(rate) * 24)
  const mounted = new Set(pods.flatMap(({ networkMounts }) => networkMounts.map(({ volumeId }) => volumeId)))
  const stopped = pods
    .filter(({ phase }) => phase === 'stopped')
    .map((pod): UnusedCost => {
      const perDayUsd = perDay(podBillingState(pod).offRate)
      return { kind: 'pod', id: pod.id, name: pod.name, perDayUsd, sinceMs: sinceOf(podSubjectId(pod)) }
    })
  const detached = volumes
    .filter(({ id }) => !mounted.has(id))
    .map((volume): UnusedCost => {
      const perDayUsd = perDay(volumeBillingState(volume).offRate)
      const { id, name } = volume
      return { kind: 'volume', id, name, perDayUsd, sinceMs: sinceOf(volumeSubjectId(id)) }
    })
  return [...stopped, ...detached]
    .filter(({ perDayUsd }) => perDayUsd !== 0)
    .sort((a, b) => (b.perDayUsd ?? Infinity) - (a.perDayUsd ?? Infinity) || (a.id < b.id ? -1 : 1))
}

export function billingOf(ledger: Ledger, month: Month, id: string): Billing {
  const subject = ledger.book(month).subjects.get(id)
  if (subject && hasOtherPrice(subject)) return 'otherwise'
  return subject && subject.disksIn !== null ? 'as-listed' : 'unsettled'
}

function toPodMoney(
  monthTotal: CostTotal = zeroTotal,
  dayTotal: CostTotal = zeroTotal,
  billing: Billing,
): PodMoney {
  return {
    todayUsd: toUsd(dayTotal.likely),
    monthUsd: toUsd(monthTotal.likely),
    idleMonthUsd: toUsd(monthTotal.idle),
    billing,
  }
}
