import { type AccountRules, type AccountRulesStore, emptyAccountRules } from '../../core/pod-rules/pod-rules'
import { ok } from '../../core/base/result'

/** For the demo, whose pods exist only while it runs. */
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
