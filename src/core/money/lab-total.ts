import type { LabSpending } from '../pods/provider'

/**
 * What the provider of a lab reports of the month beyond what was counted, whole cents, so that the larger of both is
 * the total: docs/product-rules.md#122-hubify. A figure that isn't that of the month adds nothing.
 */
export function uncountedCents(spending: LabSpending | null, countedCents: number): number {
  if (spending === null || !spending.isOfMonth || spending.totalUsd === null) return 0
  return Math.max(0, Math.round(spending.totalUsd * 100) - countedCents)
}
