import { formatUsd, formatUsdPerHour } from '../base/text/format'
import type { BalanceView } from '../money/balance'
import type { BurnRate } from '../money/burn-rate'
import type { MoneyView } from '../money/money-view'
import type { AccountLimits } from '../pods/catalog'

/** What money says about a new pod, as far as it is known. */
export interface SpendingView {
  readonly balance: BalanceView
  /** What the account costs now. */
  readonly burn: BurnRate
  readonly money: Pick<MoneyView, 'budget'> | null
  readonly limits: AccountLimits | null
}

/**
 * Why money does not allow a pod that costs `perHourUsd` (null: not known), as a sentence; null: it does, or nothing is
 * known against it. A budget that is used up can be confirmed; the balance and the account's limit cannot.
 */
export function spendingProblem(
  view: SpendingView,
  perHourUsd: number | null,
  mayExceedBudget: boolean,
): string | null {
  return (
    balanceProblem(view.balance, perHourUsd) ??
    limitProblem(view, perHourUsd) ??
    (mayExceedBudget ? null : budgetProblem(view.money))
  )
}

/** An hour's credit is what the service asks for. */
function balanceProblem(balance: BalanceView, perHourUsd: number | null): string | null {
  if (balance.kind !== 'known') return null
  if (balance.usd <= 0) return 'Your balance is empty.'
  if (perHourUsd === null || balance.usd >= perHourUsd) return null
  return `Your balance of ${formatUsd(balance.usd)} doesn’t cover one hour at ${formatUsdPerHour(perHourUsd)}.`
}

function limitProblem({ limits, burn }: SpendingView, perHourUsd: number | null): string | null {
  const limitUsd = limits?.spendPerHourUsd ?? null
  if (limitUsd === null || perHourUsd === null || burn.perHourUsd + perHourUsd <= limitUsd) return null
  return `With ${formatUsdPerHour(perHourUsd)} more, your pods would cost ${formatUsdPerHour(burn.perHourUsd + perHourUsd)}; your account’s limit is ${formatUsdPerHour(limitUsd)}.`
}

export function budgetProblem(money: SpendingView['money']): string | null {
  const { monthShare = null, dayShare = null } = money?.budget ?? {}
  if (monthShare !== null && monthShare >= 1) return 'Your monthly budget is used up.'
  return dayShare !== null && dayShare >= 1 ? 'Your daily budget is used up.' : null
}
