import { formatUsdPerHour } from '../base/text/format'
import { approximatePart } from './ledger/amounts'
import type { Pod } from '../pods/pod'
import { storagePerHourUsd } from '../pods/storage-rates'
import { HOUR_MS } from '../base/time/time'
import type { Activity } from '../idle/activity'

/** The combined hourly cost of the listed pods, USD. See docs/product-rules.md#51-current-rate. */
export interface BurnRate {
  readonly perHourUsd: number
  /** True when the cost of some pod is unknown, so the sum is "at least". */
  readonly isAtLeast: boolean
  /** Present when some price is from a price list, so the sum is approximate. */
  readonly isApproximate?: true
}

/** "$18.30/hr", with "at least" and "approx." where that holds. */
export const burnRateText = ({ perHourUsd, isAtLeast, isApproximate }: BurnRate): string =>
  `${isAtLeast ? 'at least ' : ''}${formatUsdPerHour(perHourUsd, isApproximate)}`

/**
 * USD per hour of a stopped pod's volume disk; 0 without one; null when the mounts are unknown.
 */
export function stoppedDiskPerHourUsd(pod: Pod): number | null {
  if (!pod.areMountsKnown) return null
  return pod.persistentMount === null ? 0 : storagePerHourUsd(pod.persistentMount.sizeGb, 'volumeStopped')
}

/** USD per hour of one pod: the API's `cost`, or its disk when it is stopped. Null when unknown, never 0. */
export function podPerHourUsd(pod: Pod): number | null {
  if (pod.phase === 'terminated') return 0
  return pod.phase === 'stopped' ? stoppedDiskPerHourUsd(pod) : pod.costPerHourUsd
}

/** The sum over the listed pods, without network volumes. */
export function burnRate(pods: readonly Pod[]): BurnRate {
  let perHourUsd = 0
  let isAtLeast = false
  for (const pod of pods) {
    const cost = podPerHourUsd(pod)
    if (cost === null) isAtLeast = true
    else perHourUsd += cost
  }
  return { perHourUsd, isAtLeast, ...approximatePart(pods.some(hasApproximatePrice)) }
}

/** Whether what a listed pod costs now is from a price list. */
export const hasApproximatePrice = ({ phase, costPerHourUsd, isPriceApproximate }: Pod): boolean =>
  isPriceApproximate === true && costPerHourUsd !== null && phase !== 'stopped' && phase !== 'terminated'

/** The cost in USD of `durationMs` at `perHourUsd`. */
export function costOver(perHourUsd: number, durationMs: number): number {
  return (perHourUsd * durationMs) / HOUR_MS
}

/**
 * How long `balanceUsd` lasts, in milliseconds; null at a rate of zero. `burn` is the rate of pods and network
 * volumes, `pods` that of the pods alone, and `othersPerHourUsd` what the account spends besides its pods,
 * volumes included; null when unknown. See docs/product-rules.md#55-balance-and-runway.
 */
export function runwayAtRateMs(
  balanceUsd: number,
  burn: BurnRate,
  pods: BurnRate,
  othersPerHourUsd: number | null,
): number | null {
  const perHourUsd = Math.max(burn.perHourUsd, pods.perHourUsd + (othersPerHourUsd ?? 0))
  return perHourUsd > 0 ? Math.max(0, (balanceUsd / perHourUsd) * HOUR_MS) : null
}

/** The cost in USD of the observed idle time at the pod's present rate; null when either is unknown. */
export function idleCost(pod: Pod, activity: Activity): number | null {
  if (activity.kind !== 'idle' || pod.costPerHourUsd === null) return null
  return costOver(pod.costPerHourUsd, activity.idleForMs)
}
