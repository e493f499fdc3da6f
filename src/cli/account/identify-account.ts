import {
  type AccountMatch,
  matchAccount,
  withKnownAccount,
  type KnownAccount,
} from '../../core/settings/account-identity'
import { accountIdOf } from '../../node/account-id'
import type { ProviderErrorKind } from '../../core/pods/provider'
import type { CliAccount } from './account'
import type { CliConfig } from './config'
import type { StoredCliKey } from './key-file'

const NOT_REACHED: ReadonlySet<ProviderErrorKind> = new Set(['unreachable', 'unreadable', 'rate-limited'])

/**
 * The account with the id that a watch uses. Where the key is not known, the API is asked whether it belongs to an
 * account of the app, and for its pods, as soon as it can be reached; if these don't tell, `question` says that and
 * what to do. See docs/product-rules.md#12-unreliable-replies.
 */
export async function identifyAccount(
  account: CliAccount,
  config: CliConfig,
  podIdsOf: (accountId: string) => ReadonlySet<string>,
  waitForNetwork: (problem: string) => Promise<void>,
): Promise<CliAccount> {
  const { key, provider, view } = account
  if (key === null || view.id !== key.id) return account
  const match = (apiAccountId: string | null, podIds: readonly string[]): AccountMatch =>
    matchAccount({ keyId: key.id, baseUrl: key.baseUrl, apiAccountId, podIds }, config.accounts, podIdsOf)
  let found = match(null, [])
  if (found.kind === 'unclear') {
    let [read, list] = await Promise.all([provider.readAccountId?.(), provider.listPods()])
    while (!list.ok && NOT_REACHED.has(list.error.kind)) {
      await waitForNetwork(list.error.message)
      ;[read, list] = await Promise.all([provider.readAccountId?.(), provider.listPods()])
    }
    found = match(read?.ok ? read.value : null, list.ok ? list.value.pods.map(({ id }) => id) : [])
    if (found.kind === 'unclear')
      return key.isNewAccount ? account : { ...account, question: questionText(found.candidate) }
  }
  return found.kind === 'known' ? { ...account, view: { ...view, id: found.account.id } } : account
}

function questionText({ keyEnding }: KnownAccount): string {
  return (
    `Runpod doesn't say whether this key belongs to the account of the key ending in ${keyEnding}, so the rules of ` +
    'that account do not apply here and no pod is stopped automatically. If it does: podkeeper login --same-account; ' +
    'if not: podkeeper login --other-account. Then start the watch again.'
  )
}

/** The accounts that a new key may belong to: those of the app, and that of the kept key. */
export function accountsBefore(config: CliConfig, stored: StoredCliKey | null): readonly KnownAccount[] {
  if (stored === null || !URL.canParse(stored.baseUrl)) return config.accounts
  const keyId = accountIdOf(new URL(stored.baseUrl), stored.key)
  const { baseUrl, key, apiAccountId = null } = stored
  const id = stored.accountId ?? config.accountIdFor(keyId)
  return withKnownAccount(config.accounts, { id, keyId, baseUrl, keyEnding: key.slice(-4), apiAccountId })
}
