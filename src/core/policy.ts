import type { Activity } from './activity'
import type { AccountId, Pod } from './pod'
import { costOver } from './spend'

/** What the rules say should happen now. Whether it is announced, and how often, is decided in alerts.ts. */
export interface Decision {
  readonly kind: 'idle'
  readonly accountId: AccountId
  readonly pod: Pod
  /** Names the stretch of idleness: the wall time at which it began, Unix ms. */
  readonly episode: number
  readonly activity: Extract<Activity, { kind: 'idle' }>
  /** What idling has cost in this episode, USD; null when the pod's rate is not known. */
  readonly idleCostUsd: number | null
}

export interface PolicyRules {
  /** Observed idle time at which a pod is called idle to its owner, ms. */
  readonly idleAlertAfterMs: number
}

/** The idle rule: a running pod whose observed idle time reached the limit. Product rules, "Idle policy". */
export function decide(
  accountId: AccountId,
  pods: readonly { readonly pod: Pod; readonly activity: Activity }[],
  rules: PolicyRules,
): readonly Decision[] {
  const decisions: Decision[] = []
  for (const { pod, activity } of pods) {
    if (pod.phase !== 'running' || activity.kind !== 'idle') continue
    if (activity.idleForMs < rules.idleAlertAfterMs) continue
    const idleCostUsd = idleCost(pod, activity)
    decisions.push({ kind: 'idle', accountId, pod, episode: activity.sinceMs, activity, idleCostUsd })
  }
  return decisions
}

/** USD that the observed idle time cost at the pod's present rate; null when either is not known. */
export function idleCost(pod: Pod, activity: Activity): number | null {
  if (activity.kind !== 'idle' || pod.costPerHourUsd === null) return null
  return costOver(pod.costPerHourUsd, activity.idleForMs)
}
