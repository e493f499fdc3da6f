import type { Pod } from '../pods/pod'
import { storagePerHourUsd } from '../pods/storage-rates'
import { HOUR_MS } from '../base/time'
import type { Activity } from '../idle/activity'

/** What the listed pods cost per hour, USD. */
export interface BurnRate {
  readonly perHourUsd: number
  /** True when some pod's cost is not known: the sum is "at least". */
  readonly isAtLeast: boolean
}

/** USD per hour of a stopped pod's volume disk; 0 without one; null when its size or the mounts are unknown. */
export function stoppedDiskPerHourUsd(pod: Pod): number | null {
  if (!pod.areMountsKnown) return null
  if (pod.persistentMount === null) return 0
  const { sizeGb } = pod.persistentMount
  return sizeGb === null ? null : storagePerHourUsd(sizeGb, 'volumeStopped')
}

/** USD per hour of one pod: the API's `cost`, and of a stopped pod its disk. Null: not known, never 0. */
export function podPerHourUsd(pod: Pod): number | null {
  if (pod.phase === 'terminated') return 0
  return pod.phase === 'stopped' ? stoppedDiskPerHourUsd(pod) : pod.costPerHourUsd
}

/** Σ over the listed pods; network volumes come on top. */
export function burnRate(pods: readonly Pod[]): BurnRate {
  let perHourUsd = 0
  let isAtLeast = false
  for (const pod of pods) {
    const cost = podPerHourUsd(pod)
    if (cost === null) isAtLeast = true
    else perHourUsd += cost
  }
  return { perHourUsd, isAtLeast }
}

/** USD that `perHourUsd` makes in `durationMs`. */
export function costOver(perHourUsd: number, durationMs: number): number {
  return (perHourUsd * durationMs) / HOUR_MS
}

/**
 * How long `balanceUsd` lasts at the larger of our own burn and the account's, in milliseconds; null when
 * nothing burns. Source: product rules, "Money".
 */
export function runwayMs(balanceUsd: number, burn: BurnRate, spendPerHourUsd: number | null): number | null {
  const perHourUsd = Math.max(burn.perHourUsd, spendPerHourUsd ?? 0)
  return perHourUsd > 0 ? Math.max(0, (balanceUsd / perHourUsd) * HOUR_MS) : null
}

/** USD that the observed idle time cost at the pod's present rate; null when either is not known. */
export function idleCost(pod: Pod, activity: Activity): number | null {
  if (activity.kind !== 'idle' || pod.costPerHourUsd === null) return null
  return costOver(pod.costPerHourUsd, activity.idleForMs)
}
