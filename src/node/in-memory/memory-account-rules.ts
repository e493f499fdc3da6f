import { type AccountRules, type AccountRulesStore, emptyAccountRules } from '../../core/pod-rules/pod-rules'
import { ok } from '../../core/base/result'

/** For the demo, whose pods exist only while it runs. */
export function createMemoryAccountRules(): AccountRulesStore {
  const rulesByAccount = new Map<string, AccountRules>()
  const load = (accountId: string): AccountRules => rulesByAccount.get(accountId) ?? emptyAccountRules
  return {
    load,
    update(accountId, change) {
      rulesByAccount.set(accountId, change(load(accountId)))
      return ok(undefined)
    },
  }
}
