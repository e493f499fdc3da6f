import { fail } from '../../core/base/result'
import type { AccountRules, AccountRulesStore } from '../../core/pod-rules/pod-rules'
import type { AccountId } from '../../core/pods/pod'
import { serversText } from './servers-text'
import { type AccountServer, hostOf, serverOf } from './servers-file'

/** The rules are the server's, so none holds here, none is shown with a time, and none is taken. */
const none: AccountRules = { autoStop: 'off', pods: {} }

/** Rules of accounts, those of accounts that a server keeps left out. 'unknown': nobody can say whether one does. */
export const rulesUnlessKept = (
  store: AccountRulesStore,
  keeperOf: (accountId: AccountId) => AccountServer | 'unknown' | null,
): AccountRulesStore => ({
  load: (accountId) => (keeperOf(accountId) === null ? store.load(accountId) : none),
  update(accountId, change) {
    const server = keeperOf(accountId)
    if (server === null) return store.update(accountId, change)
    return fail(serversText.noRules(server === 'unknown' ? null : hostOf(server)))
  },
})

/** The same for a command, which reads who keeps what each time. */
export const rulesInFolder = (folder: string, store: AccountRulesStore): AccountRulesStore =>
  rulesUnlessKept(store, (accountId) => {
    const server = serverOf(folder, accountId)
    return server.ok ? server.value : 'unknown'
  })
