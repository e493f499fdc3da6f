import type { CostsView } from './costs-view'
import type { LabSpending } from '../../pods/provider'

/**
 * What the provider of a lab reports of the month beyond what was counted, whole cents, so that the larger of both is
 * the total: docs/product-rules.md#122-hubify. A figure that isn't that of the month adds nothing.
 */
export function uncountedCents(spending: LabSpending | null, countedCents: number): number {
  if (spending === null || !spending.isOfMonth || spending.totalUsd === null) return 0
  return Math.max(0, Math.round(spending.totalUsd * 100) - countedCents)
}

/** The sums of the current month with what its lab reports beyond them, which bounds what was counted. */
export function withLabTotal(costs: CostsView, spending: LabSpending | null): CostsView {
  const cents = costs.isCurrent ? uncountedCents(spending, costs.totalCents) : 0
  if (cents === 0) return costs
  const totalCents = costs.totalCents + cents
  const usd = totalCents / 100
  const spent = { ...costs.spent, usd, minUsd: usd, maxUsd: usd, isAtLeast: false, mayMissPods: false }
  const forecast = costs.forecast && { ...costs.forecast, usd: costs.forecast.usd + cents / 100 }
  return { ...costs, totalCents, spent, forecast }
}
