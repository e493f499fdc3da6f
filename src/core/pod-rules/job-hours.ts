import type { AccountId, PodId } from '../pods/pod'
import { type AccountRulesStore, podRulesOf } from './pod-rules'

/**
 * The rules of an account, with the maximum hours of its pods that were requested for jobs, unless they have shorter
 * ones of their own. What is stored stays as it is. See docs/product-rules.md#153-the-guard.
 */
export function withJobHours(
  store: AccountRulesStore,
  ownId: AccountId,
  jobHours: (() => ReadonlyMap<PodId, number>) | undefined,
): AccountRulesStore {
  return {
    ...store,
    load(accountId) {
      const rules = store.load(accountId)
      const limits = accountId === ownId ? jobHours?.() : undefined
      if (limits === undefined || limits.size === 0) return rules
      const pods = new Map(Object.entries(rules.pods))
      for (const [podId, hours] of limits) {
        // To terminate was allowed for hours of its own only.
        const { atMaxHours: _, ...own } = podRulesOf(rules, podId)
        if (hours < (own.maxHours ?? Infinity)) pods.set(podId, { ...own, maxHours: hours })
      }
      return { ...rules, pods: Object.fromEntries(pods) }
    },
  }
}
