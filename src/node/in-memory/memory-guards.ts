import { type AccountGuard, emptyGuard, type GuardStore } from '../../core/pod-rules/pod-rules'
import { ok } from '../../core/base/result'

/** The guard of the demo, whose pods do not outlive it. */
export function createMemoryGuards(): GuardStore {
  const kept = new Map<string, AccountGuard>()
  return {
    load: (accountId) => kept.get(accountId) ?? emptyGuard,
    save(accountId, guard) {
      kept.set(accountId, guard)
      return ok(undefined)
    },
  }
}
