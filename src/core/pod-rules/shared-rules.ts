import type { AccountId, PodId } from '../pods/pod'
import { type AccountRulesStore, type KeepOn, type PodRules, podRulesOf } from './pod-rules'

/** A pod that another account shows, too. */
interface SharedPodIds {
  readonly podId: PodId
  readonly other: { readonly accountId: AccountId; readonly podId: PodId }
}

/**
 * The rules of an account, with those that were set for the same pods in other accounts: a rule holds whichever view it
 * was set on. What allows more than usual (losing data, terminating, counting a low CPU as idle) holds only where it
 * was allowed. See docs/product-rules.md#122-hubify.
 */
export function withSharedRules(
  store: AccountRulesStore,
  sharedPods: () => readonly SharedPodIds[],
  nowMs: () => number,
): AccountRulesStore {
  const load: AccountRulesStore['load'] = (accountId) => {
    const own = store.load(accountId)
    const shared = sharedPods()
    if (shared.length === 0) return own
    const pods = new Map(Object.entries(own.pods))
    for (const { podId, other } of shared) {
      const others = podRulesOf(store.load(other.accountId), other.podId)
      if (Object.keys(others).length > 0) pods.set(podId, merged(pods.get(podId) ?? {}, others, nowMs()))
    }
    return { ...own, pods: Object.fromEntries(pods) }
  }
  return {
    load,
    update(accountId, change) {
      const before = load(accountId)
      const after = change(before)
      const written = store.update(accountId, change)
      if (!written.ok) return written
      for (const { podId, other } of sharedPods()) {
        const isEnded =
          podRulesOf(before, podId).keepOn !== undefined && podRulesOf(after, podId).keepOn === undefined
        if (!isEnded) continue
        const ended = store.update(other.accountId, (rules) => {
          const { keepOn: _, ...others } = podRulesOf(rules, other.podId)
          return { ...rules, pods: { ...rules.pods, [other.podId]: others } }
        })
        if (!ended.ok) return ended
      }
      return written
    },
  }
}

function merged(own: PodRules, others: PodRules, nowMs: number): PodRules {
  const { isAutoStopped, idleAlertAfterMin, autoStopAfterMin, stopAt, monthlyBudgetUsd, atBudget } = others
  const maxHours = [own.maxHours, others.maxHours].filter((hours) => hours !== undefined)
  const keepOn = newest([own.keepOn, others.keepOn], nowMs)
  return {
    ...(isAutoStopped !== undefined && { isAutoStopped }),
    ...(idleAlertAfterMin !== undefined && { idleAlertAfterMin }),
    ...(autoStopAfterMin !== undefined && { autoStopAfterMin }),
    ...(stopAt !== undefined && { stopAt }),
    ...(own.monthlyBudgetUsd === undefined && monthlyBudgetUsd !== undefined && { monthlyBudgetUsd }),
    ...(own.monthlyBudgetUsd === undefined && atBudget !== undefined && { atBudget }),
    ...own,
    ...(maxHours.length > 0 && { maxHours: Math.min(...maxHours) }),
    ...(keepOn !== undefined && { keepOn }),
  }
}

/** What the person chose last. One that began in the future is repaired where it was set. */
function newest([own, other]: readonly (KeepOn | undefined)[], nowMs: number): KeepOn | undefined {
  if (other === undefined || other.sinceMs > nowMs) return own
  return own === undefined || other.sinceMs > own.sinceMs ? other : own
}
