import type { AlertContext } from '../alerts/account-alerts'
import type { IntentContext } from '../intents/intent-runner'
import type { UtcOffset } from './keep-on'
import type { AccountRulesStore } from './pod-rules'

/** What the parts of one account share. They are given it as it is, beside the few things of their own. */
export interface AccountContext extends IntentContext, AlertContext {
  /** The guard's rules that the user set. */
  readonly accountRules: AccountRulesStore
  /** The offset of the user's local time. */
  readonly utcOffset: UtcOffset
}
