import { approximatePart } from './ledger/amounts'
import { budgetView, type Budgets, type ForecastView, type MoneyView, type SpendView } from './money-view'

/**
 * The costs of several accounts as one, with the budgets of all together; null while those of none are counted. Of
 * an account whose costs are not counted something is spent, so the sums are "at least".
 */
export function mergeMoney(
  views: readonly (MoneyView | null)[],
  budgets: Budgets,
  nowMs: number,
): MoneyView | null {
  const counted = views.flatMap((view) => view ?? [])
  const latest = counted.reduce<MoneyView | null>(
    (best, view) => (best === null || view.month > best.month ? view : best),
    null,
  )
  if (latest === null) return null
  const { month, monthEndsAtMs } = latest
  // At the turn of a month some accounts are still in the one before.
  const ofMonth = counted.filter((view) => view.month === month)
  const isAtLeast = ofMonth.length < views.length
  const spent = sumSpends(
    ofMonth.map((view) => view.spent),
    isAtLeast,
  )
  const today = sumSpends(
    ofMonth.map((view) => view.today),
    isAtLeast,
  )
  // A sum that lacks an account would promise too little.
  const forecast = isAtLeast ? null : sumForecasts(ofMonth)
  const billed = ofMonth.map(({ billedUntilMs }) => billedUntilMs)
  return {
    month,
    monthEndsAtMs,
    spent,
    today,
    budget: budgetView({ budgets, spent, today, forecast, nowMs, monthEndsAtMs }),
    forecast,
    billedUntilMs: billed.some((ms) => ms === null) ? null : Math.min(...billed.map((ms) => ms ?? Infinity)),
    billProblem: ofMonth.find(({ billProblem }) => billProblem !== null)?.billProblem ?? null,
    ...(ofMonth.some(({ isReadingBills }) => isReadingBills === true) && { isReadingBills: true as const }),
    volumesPerHourUsd: ofMonth.reduce((sum, view) => sum + view.volumesPerHourUsd, 0),
    unused: ofMonth
      .flatMap(({ unused }) => unused)
      .sort((a, b) => (b.perDayUsd ?? Infinity) - (a.perDayUsd ?? Infinity)),
    // The same pod may be in two accounts. Windows use `PodView.money`.
    pods: {},
  }
}

function sumSpends(spends: readonly SpendView[], isAtLeast: boolean): SpendView {
  const sum = (amount: (spend: SpendView) => number): number =>
    spends.reduce((total, spend) => total + amount(spend), 0)
  return {
    usd: sum(({ usd }) => usd),
    minUsd: sum(({ minUsd }) => minUsd),
    maxUsd: sum(({ maxUsd }) => maxUsd),
    billedUsd: sum(({ billedUsd }) => billedUsd),
    estimatedUsd: sum(({ estimatedUsd }) => estimatedUsd),
    idleUsd: sum(({ idleUsd }) => idleUsd),
    isAtLeast: isAtLeast || spends.some((spend) => spend.isAtLeast),
    ...approximatePart(spends.some(({ isApproximate }) => isApproximate === true)),
    mayMissPods: spends.some(({ mayMissPods }) => mayMissPods),
  }
}

/** Null while that of any account is unknown. */
function sumForecasts(views: readonly MoneyView[]): ForecastView | null {
  let total: ForecastView = { usd: 0, atBurnUsd: 0, perHourUsd: 0 }
  for (const { forecast } of views) {
    if (forecast === null) return null
    total = {
      usd: total.usd + forecast.usd,
      atBurnUsd: total.atBurnUsd + forecast.atBurnUsd,
      perHourUsd: total.perHourUsd + forecast.perHourUsd,
    }
  }
  return total
}
