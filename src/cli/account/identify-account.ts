import {
  type AccountMatch,
  matchAccount,
  withKnownAccount,
  type KnownAccount,
} from '../../core/settings/account-identity'
import { accountIdOf } from '../../node/account-id'
import type { ProviderError, ProviderErrorKind } from '../../core/pods/provider'
import { type ChosenKey, type CliAccount, type ClientOptions, createProvider } from './account'
import type { CliConfig } from './config'
import type { StoredCliKey } from './key-file'

/** A key that is refused may be accepted again: a failing login of Runpod refuses every key. */
const NOT_KNOWN_YET: ReadonlySet<ProviderErrorKind> = new Set([
  'unreachable',
  'unreadable',
  'rate-limited',
  'unauthorized',
])

/**
 * The account with the id that a watch uses. Where the key is not known, the API is asked whether it belongs to an
 * account of the app, and for its pods, as soon as it can be reached and accepts the key; if these don't tell, `question` says that and
 * what to do. See docs/product-rules.md#12-unreliable-replies.
 */
export async function identifyAccount(
  account: CliAccount,
  accounts: readonly KnownAccount[],
  podIdsOf: (accountId: string) => ReadonlySet<string>,
  waitForReply: (error: ProviderError) => Promise<void>,
): Promise<CliAccount> {
  const { key, provider, view } = account
  if (key === null || account.lab !== undefined || view.id !== key.id) return account
  const match = (apiAccountId: string | null, podIds: readonly string[]): AccountMatch =>
    matchAccount({ keyId: key.id, baseUrl: key.baseUrl, apiAccountId, podIds }, accounts, podIdsOf)
  let found = match(null, [])
  if (found.kind === 'unclear') {
    let [read, list] = await Promise.all([provider.readAccountId?.(), provider.listPods()])
    while (!list.ok && NOT_KNOWN_YET.has(list.error.kind)) {
      await waitForReply(list.error)
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
    `Runpod doesn't say whether this key belongs to the same account as the key ending in ${keyEnding}, so the rules of ` +
    'that account do not apply here and no pod is stopped automatically. If it does, run podkeeper login --same-account; ' +
    'if not, podkeeper login --other-account. Then start the watch again.'
  )
}

/**
 * The key with the account that the API says it belongs to, where it is one of these; otherwise as it is. For a
 * command, which waits for that for `limitMs` at most.
 */
export async function identifyByApi(
  key: ChosenKey,
  accounts: readonly KnownAccount[],
  { limitMs, ...options }: ClientOptions & { readonly limitMs: number },
): Promise<ChosenKey> {
  const { baseUrl } = key
  const keyId = accountIdOf(baseUrl, key.key)
  const match = (apiAccountId: string | null): AccountMatch =>
    matchAccount({ keyId, baseUrl: baseUrl.href, apiAccountId, podIds: [] }, accounts, () => new Set())
  if (key.accountId !== undefined) return key
  let found = match(null)
  if (found.kind === 'unclear') {
    let cancel = (): void => {}
    const tooLate = new Promise<null>(
      (resolve) => (cancel = options.clock.schedule(limitMs, () => resolve(null))),
    )
    const read = await Promise.race([
      createProvider(baseUrl, key.key, options).readAccountId?.() ?? null,
      tooLate,
    ])
    cancel()
    found = match(read?.ok ? read.value : null)
  }
  return found.kind === 'known' ? { ...key, accountId: found.account.id } : key
}

/** The accounts that a new key may belong to: those of the app, and those of the kept keys. */
export function accountsBefore(config: CliConfig, stored: readonly StoredCliKey[]): readonly KnownAccount[] {
  return stored
    .filter(({ lab }) => lab === undefined)
    .reduce((accounts, key) => withStored(accounts, key, config), config.accounts)
}

function withStored(
  accounts: readonly KnownAccount[],
  stored: StoredCliKey,
  config: CliConfig,
): readonly KnownAccount[] {
  if (!URL.canParse(stored.baseUrl)) return accounts
  const keyId = accountIdOf(new URL(stored.baseUrl), stored.key)
  const { baseUrl, key, apiAccountId = null } = stored
  const id = stored.accountId ?? config.accountIdFor(keyId)
  return withKnownAccount(accounts, { id, keyId, baseUrl, keyEnding: key.slice(-4), apiAccountId })
}
