import { formatUsd } from '../base/text/format'
import type { LabSpending } from '../pods/provider'

/** "$42.50 this month", "$42.50 so far"; null if the lab's API names no total. */
export function labTotalText({ totalUsd, isOfMonth }: LabSpending): string | null {
  return totalUsd === null ? null : `${formatUsd(totalUsd)} ${isOfMonth ? 'this month' : 'so far'}`
}

/**
 * "approx. $3.00 for pods that are running now"; null if it is not reported. The service computes it from hourly
 * rates on request, so it is an estimate, and it is unknown whether the total includes it.
 */
export function labRunningText({ runningUsd }: LabSpending): string | null {
  return runningUsd === null ? null : `approx. ${formatUsd(runningUsd)} for pods that are running now`
}

/** What a total covers, as far as the service's documents say. */
export const labScopeText = ({ isOfMonth }: LabSpending): string =>
  isOfMonth ? 'As Hubify counts it' : 'Pods, storage and services'

/**
 * One or two sentences on what a lab has spent. `isInTotal`: the larger of that and of what was counted of its pods is
 * the total beside it.
 */
export function labSpendingText(spending: LabSpending, isInTotal = false): string {
  const total = labTotalText(spending) ?? 'no total'
  const running = labRunningText(spending)
  const scope = spending.isOfMonth ? '' : ' It includes storage and services.'
  const part = isInTotal && spending.isOfMonth ? '' : ' It isn’t part of Podkeeper’s pod costs.'
  return `Hubify reports for the whole lab: ${total}${running === null ? '' : `, and ${running}`}.${scope}${part}`
}
