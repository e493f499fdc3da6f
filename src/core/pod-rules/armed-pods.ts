import { dataImpact, isDataKept } from '../pods/data-impact'
import type { Pod, PodId } from '../pods/pod'
import { MINUTE_MS } from '../base/time/time'
import { type AccountRules, podRulesOf } from './pod-rules'

export interface ArmedPod {
  readonly pod: Pod
  /** Quiet time before the stop, ms. */
  readonly afterMs: number
  /** It was selected before, by a person or by a rule for several pods. */
  readonly isSelectedEarlier: boolean
  /** A stop may lose all its data, which wasn't allowed, so that it isn't stopped. */
  readonly wouldLoseAllData: boolean
}

/** What auto-stop would stop once it is on for the selected pods of an account. */
export interface ArmedPods {
  readonly listed: readonly ArmedPod[]
  /** Selected pods that aren't on the list now. */
  readonly unlistedIds: readonly PodId[]
  /** Whether a rule for several pods also selects pods that match later. */
  readonly includesLaterPods: boolean
}

export interface ArmedPodsParts {
  readonly findPod: (podId: PodId) => Pod | null
  /** Where a pod has no time of its own, min. */
  readonly autoStopAfterMin: number
}

/** The pods that are selected already, and `podIds`. See docs/product-rules.md#31-rules. */
export function armedPods(
  rules: AccountRules,
  podIds: readonly PodId[],
  { findPod, autoStopAfterMin }: ArmedPodsParts,
): ArmedPods {
  const isSelected = (podId: PodId): boolean => podRulesOf(rules, podId).isAutoStopped === true
  const selectedIds = [...new Set([...podIds, ...Object.keys(rules.pods).filter(isSelected)])]
  const found = selectedIds.map((podId) => ({ podId, pod: findPod(podId) }))
  const listed = found.flatMap(({ podId, pod }): ArmedPod[] => {
    if (pod === null || pod.clusterId !== null || pod.phase === 'terminated') return []
    const own = podRulesOf(rules, podId)
    return [
      {
        pod,
        afterMs: (own.autoStopAfterMin ?? autoStopAfterMin) * MINUTE_MS,
        isSelectedEarlier: isSelected(podId),
        wouldLoseAllData: own.mayLoseData !== true && !isDataKept(dataImpact(pod, 'stop')),
      },
    ]
  })
  const { allPods, patterns = [] } = rules.groupRules ?? {}
  return {
    listed,
    unlistedIds: found.filter(({ pod }) => pod === null).map(({ podId }) => podId),
    includesLaterPods: [allPods, ...patterns].some((rule) => rule?.isAutoStopped === true),
  }
}

/** Whether something would be armed that `shown` didn't name. */
export function isMoreArmed(now: ArmedPods, shown: ArmedPods): boolean {
  const named = new Set([...shown.listed.map(({ pod }) => pod.id), ...shown.unlistedIds])
  const ids = [...now.listed.map(({ pod }) => pod.id), ...now.unlistedIds]
  return ids.some((podId) => !named.has(podId)) || (now.includesLaterPods && !shown.includesLaterPods)
}

/** Whether nothing but that pod would be armed. */
export const isOnlyArmed = ({ listed, unlistedIds, includesLaterPods }: ArmedPods, podId: PodId): boolean =>
  !includesLaterPods && [...listed.map(({ pod }) => pod.id), ...unlistedIds].every((id) => id === podId)
