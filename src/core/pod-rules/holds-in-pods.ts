import { isKeepOnActive } from './keep-on'
import { type AccountRules, type KeepOn, podRulesOf } from './pod-rules'
import type { PodId } from '../pods/pod'

/** What another computer, or a person in the pod, keeps running, as the guard in the pod says it. */
export interface HoldInPod {
  readonly podId: PodId
  /** Whose it is. */
  readonly by: string
  readonly sinceMs: number
  /** Null: until it is ended there. */
  readonly leftMs: number | null
}

/**
 * The rules with the holds that others wrote into pods, where they last longer than the own one. `nowMs`: the time by
 * which holds end, Unix ms. See docs/product-rules.md#37-two-machines.
 */
export function withHoldsInPods(
  rules: AccountRules,
  holds: readonly HoldInPod[],
  nowMs: number,
): { readonly rules: AccountRules; readonly heldBy: ReadonlyMap<PodId, string> } {
  const heldBy = new Map<PodId, string>()
  const pods = holds.flatMap(({ podId, by, sinceMs, leftMs }) => {
    const podRules = podRulesOf(rules, podId)
    const keepOn: KeepOn = { sinceMs, untilMs: leftMs === null ? null : nowMs + leftMs }
    if (!isLonger(keepOn, podRules.keepOn, nowMs)) return []
    heldBy.set(podId, by)
    return [[podId, { ...podRules, keepOn }] as const]
  })
  return {
    rules: pods.length === 0 ? rules : { ...rules, pods: { ...rules.pods, ...Object.fromEntries(pods) } },
    heldBy,
  }
}

function isLonger({ untilMs }: KeepOn, own: KeepOn | undefined, nowMs: number): boolean {
  if (!isKeepOnActive(own, nowMs)) return true
  if (own.untilMs === null) return false
  return untilMs === null || untilMs > own.untilMs
}
