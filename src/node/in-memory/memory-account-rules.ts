import { type AccountRules, type AccountRulesStore, emptyAccountRules } from '../../core/pod-rules/pod-rules'
import { fail, ok } from '../../core/base/result'

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

/**
 * While nothing tells whether an account is an earlier one: rules that are set now could contradict those that the
 * person's answer brings back. So there are none, and nothing is stopped automatically. See
 * docs/product-rules.md#12-unreliable-replies.
 */
export const unansweredAccountRules: AccountRulesStore = {
  load: () => emptyAccountRules,
  update: () => fail('first confirm whether this is the same Runpod account as before'),
}
