import { type AccountRules, type AccountRulesStore, emptyAccountRules } from '../../core/pod-rules/pod-rules'
import { ok } from '../../core/base/result'

/** The guard of the demo, whose pods do not outlive it. */
export function createMemoryAccountRules(): AccountRulesStore {
  const rulesByAccount = new Map<string, AccountRules>()
  return {
    load: (accountId) => rulesByAccount.get(accountId) ?? emptyAccountRules,
    save(accountId, rules) {
      rulesByAccount.set(accountId, rules)
      return ok(undefined)
    },
  }
}
