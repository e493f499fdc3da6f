import {
  budgetView,
  type Budgets,
  type MoneyView,
  noBudgets,
  type SpendView,
} from '../../../src/core/money/money-view'
import { DAY_MS } from '../../../src/core/base/time/time'
import { NOW_MS } from './pod-views'

export function spendView(usd: number, over: Partial<SpendView> = {}): SpendView {
  return {
    usd,
    minUsd: usd,
    maxUsd: usd,
    billedUsd: 0,
    estimatedUsd: usd,
    idleUsd: 0,
    isAtLeast: false,
    mayMissPods: false,
    ...over,
  }
}

/** The costs of an account that has spent `usd` this month, and an eighth of it today. */
export function moneyView(
  usd: number,
  over: Partial<MoneyView> = {},
  budgets: Budgets = noBudgets,
): MoneyView {
  const [spent, today] = [spendView(usd), spendView(usd / 8)]
  const monthEndsAtMs = NOW_MS + 6 * DAY_MS
  const forecast = { usd: usd * 1.25, atBurnUsd: usd * 1.5, perHourUsd: usd / 1_024 }
  return {
    month: '2026-11',
    monthEndsAtMs,
    spent,
    today,
    budget: budgetView({ budgets, spent, today, forecast, nowMs: NOW_MS, monthEndsAtMs }),
    forecast,
    billedUntilMs: NOW_MS - DAY_MS,
    billProblem: null,
    volumesPerHourUsd: 0,
    unused: [],
    pods: {},
    ...over,
  }
}
