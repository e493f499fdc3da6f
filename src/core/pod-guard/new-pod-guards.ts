import { type AccountRules, podRulesOf } from '../pod-rules/pod-rules'
import { dataImpact, isDataKept } from '../pods/data-impact'
import { isGuardable, type Pod } from '../pods/pod'

/**
 * The new pods that are to get a guard now, by the rule of the account, and what it may do there. One whose stop would
 * lose data only reports, because nobody was asked about that. See docs/product-rules.md#141-guard-in-the-pod.
 */
export function guardsForNewPods(
  rules: AccountRules,
  pods: readonly Pod[],
): readonly { readonly pod: Pod; readonly wish: 'stop' | 'report' }[] {
  const { newPodGuard } = rules
  if (newPodGuard === undefined) return []
  return pods
    .filter((pod) => isWaiting(pod, rules, newPodGuard.sinceMs))
    .map((pod) => {
      const isKept = isDataKept(dataImpact(pod, 'stop'))
      return { pod, wish: newPodGuard.wish === 'stop' && isKept ? 'stop' : 'report' }
    })
}

function isWaiting(pod: Pod, rules: AccountRules, sinceMs: number): boolean {
  const { podGuard, isPodGuardRemoved } = podRulesOf(rules, pod.id)
  if (podGuard !== undefined || isPodGuardRemoved === true) return false
  const isReachable = pod.phase === 'running' && (pod.ssh.direct !== null || pod.ssh.proxy !== null)
  return isReachable && isGuardable(pod) && pod.createdAtMs !== null && pod.createdAtMs > sinceMs
}
