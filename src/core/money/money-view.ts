import type { BurnRate } from './burn-rate'
import type { Pod, PodId } from '../pods/pod'
import type { NetworkVolume } from '../pods/provider'
import { DAY_MS, HOUR_MS } from '../base/time'
import { usdOf } from './ledger/amounts'
import type { Ledger } from './ledger/ledger'
import { hourOf, type Month, monthEnd, monthOf } from './ledger/months'
import { isBilledOtherwise } from './ledger/reconcile'
import { standingOfPod, standingOfVolume, subjectOfPod, subjectOfVolume } from './ledger/billing-state'
import {
  billedUntilMs,
  hasUnseen,
  meanPerHour,
  nothingSpent,
  type Sum,
  sumsOf,
  totalOf,
  wholeMonth,
} from './ledger/sums'

/** An amount as windows show it, USD. `usd` is the likely one, between the other two. */
export interface SpendView {
  readonly usd: number
  readonly minUsd: number
  readonly maxUsd: number
  /** The parts of `usd`: final by the bills, and everything else. */
  readonly billedUsd: number
  readonly estimatedUsd: number
  readonly idleUsd: number
  /** Some price is not known, so that it is at least this. */
  readonly isAtLeast: boolean
  /** Nobody looked for a while, and no bill tells yet: pods that came and went then are not in it. */
  readonly mayMissPods: boolean
}

/** USD; Unix ms. */
export interface BudgetView {
  readonly monthlyUsd: number | null
  readonly dailyUsd: number | null
  /** Spent of each, 1 is all of it; null: there is no such budget. */
  readonly monthShare: number | null
  readonly dayShare: number | null
  /** When the pace of the last days passes the monthly budget; null: not before the month ends. */
  readonly passesAtMs: number | null
}

export interface ForecastView {
  /** For the whole month: spent, and as the last 7 days went on. */
  readonly usd: number
  /** Beside it: spent, and as what burns now went on. */
  readonly atBurnUsd: number
  readonly perHourUsd: number
}

/** Something that costs money while nobody uses it. */
export interface UnusedCost {
  readonly kind: 'pod' | 'volume'
  readonly id: string
  readonly name: string
  /** Null: it has no public price; only its bill tells. */
  readonly perDayUsd: number | null
  /** Since when it was seen unused, Unix ms. */
  readonly sinceMs: number
}

/** How a pod is billed: `unsettled`: whether its price holds its disks is not known yet. */
export type Billing = 'as-listed' | 'unsettled' | 'otherwise'

export interface PodMoney {
  readonly todayUsd: number
  readonly monthUsd: number
  readonly idleMonthUsd: number
  readonly billing: Billing
}

/** What the account costs, as every window shows it. Months and days are UTC's. */
export interface MoneyView {
  readonly month: Month
  readonly monthEndsAtMs: number
  readonly spent: SpendView
  readonly today: SpendView
  readonly budget: BudgetView
  readonly forecast: ForecastView | null
  /** Up to when the bills are final, Unix ms; null: not at all. */
  readonly billedUntilMs: number | null
  /** Why no bill was read the last time, in words; null: it was, or was not tried. */
  readonly billProblem: string | null
  readonly volumesPerHourUsd: number
  readonly unused: readonly UnusedCost[]
  readonly pods: Readonly<Record<PodId, PodMoney>>
}

/** Null: no such budget. */
export interface Budgets {
  readonly monthlyUsd: number | null
  readonly dailyUsd: number | null
}

export const noBudgets: Budgets = { monthlyUsd: null, dailyUsd: null }

export interface MoneyFacts {
  readonly ledger: Ledger
  readonly nowMs: number
  readonly pods: readonly Pod[]
  readonly volumes: readonly NetworkVolume[]
  readonly burn: BurnRate
  readonly budgets: Budgets
  readonly billProblem: string | null
}

const PACE_DAYS = 7

export function moneyViewOf(facts: MoneyFacts): MoneyView {
  const { ledger, nowMs, budgets } = facts
  const month = monthOf(nowMs)
  const book = ledger.book(month)
  const dayHour = Math.floor(hourOf(month, nowMs) / 24) * 24
  const day = { from: dayHour, to: dayHour + 24 }
  const ofMonth = sumsOf(book, wholeMonth)
  const ofDay = sumsOf(book, day)
  const spent = spendView(totalOf(ofMonth), hasUnseen(book, wholeMonth))
  const today = spendView(totalOf(ofDay), hasUnseen(book, day))
  const forecast = forecastOf(facts, spent)
  return {
    month,
    monthEndsAtMs: monthEnd(month),
    spent,
    today,
    budget: {
      ...budgets,
      monthShare: budgets.monthlyUsd === null ? null : spent.usd / budgets.monthlyUsd,
      dayShare: budgets.dailyUsd === null ? null : today.usd / budgets.dailyUsd,
      passesAtMs: passesAtMs(spent.usd, budgets.monthlyUsd, forecast, nowMs, monthEnd(month)),
    },
    forecast,
    billedUntilMs: billedUntilMs(book, nowMs),
    billProblem: facts.billProblem,
    volumesPerHourUsd: volumesPerHourUsd(facts.volumes),
    unused: unusedOf(facts),
    pods: Object.fromEntries(
      facts.pods.map((pod) => {
        const id = subjectOfPod(pod)
        return [pod.id, podMoney(ofMonth.get(id), ofDay.get(id), billingOf(ledger, month, id))]
      }),
    ),
  }
}

export function spendView(sum: Sum, mayMissPods: boolean): SpendView {
  return {
    usd: usdOf(sum.likely),
    minUsd: usdOf(sum.min),
    maxUsd: usdOf(sum.max),
    billedUsd: usdOf(sum.billed),
    estimatedUsd: usdOf(sum.likely - sum.billed),
    idleUsd: usdOf(sum.idle),
    isAtLeast: sum.isAtLeast,
    mayMissPods,
  }
}

/** Spent, and the mean of the last 7 days for what is left. Source: product rules, "Money". */
function forecastOf({ ledger, nowMs, burn }: MoneyFacts, spent: SpendView): ForecastView | null {
  const mean = meanPerHour(ledger, nowMs - PACE_DAYS * DAY_MS, nowMs)
  if (mean === null) return null
  const hoursLeft = (monthEnd(monthOf(nowMs)) - nowMs) / HOUR_MS
  return {
    usd: spent.usd + usdOf(mean) * hoursLeft,
    atBurnUsd: spent.usd + burn.perHourUsd * hoursLeft,
    perHourUsd: usdOf(mean),
  }
}

function passesAtMs(
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

/** What the network volumes cost per hour; those without a public rate are not in it. */
export function volumesPerHourUsd(volumes: readonly NetworkVolume[]): number {
  return volumes.reduce((sum, volume) => sum + usdOf(standingOfVolume(volume).offRate ?? 0), 0)
}

function unusedOf({ ledger, pods, volumes, nowMs }: MoneyFacts): readonly UnusedCost[] {
  const sinceOf = (key: string): number => ledger.looks().get(key)?.sinceMs ?? nowMs
  const perDay = (rate: number | null): number | null => (rate === null ? null : usdOf(rate) * 24)
  const mounted = new Set(pods.flatMap(({ networkMounts }) => networkMounts.map(({ volumeId }) => volumeId)))
  const stopped = pods
    .filter(({ phase }) => phase === 'stopped')
    .map((pod): UnusedCost => {
      const perDayUsd = perDay(standingOfPod(pod).offRate)
      return { kind: 'pod', id: pod.id, name: pod.name, perDayUsd, sinceMs: sinceOf(subjectOfPod(pod)) }
    })
  const detached = volumes
    .filter(({ id }) => !mounted.has(id))
    .map((volume): UnusedCost => {
      const perDayUsd = perDay(standingOfVolume(volume).offRate)
      const { id, name } = volume
      return { kind: 'volume', id, name, perDayUsd, sinceMs: sinceOf(subjectOfVolume(id)) }
    })
  return [...stopped, ...detached]
    .filter(({ perDayUsd }) => perDayUsd !== 0)
    .sort((a, b) => (b.perDayUsd ?? Infinity) - (a.perDayUsd ?? Infinity) || (a.id < b.id ? -1 : 1))
}

export function billingOf(ledger: Ledger, month: Month, id: string): Billing {
  const subject = ledger.book(month).subjects.get(id)
  if (subject && isBilledOtherwise(subject)) return 'otherwise'
  return subject && subject.disksIn !== null ? 'as-listed' : 'unsettled'
}

function podMoney(ofMonth: Sum = nothingSpent, ofDay: Sum = nothingSpent, billing: Billing): PodMoney {
  return {
    todayUsd: usdOf(ofDay.likely),
    monthUsd: usdOf(ofMonth.likely),
    idleMonthUsd: usdOf(ofMonth.idle),
    billing,
  }
}
