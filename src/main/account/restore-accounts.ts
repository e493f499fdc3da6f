import type { Provider } from '../../core/pods/provider'
import type { Result } from '../../core/base/result'
import type { HostRule } from '../../providers/http/base-url'
import type { AccountSessionOptions } from './account-session-options'
import { chooseApiAddress } from './api-address'
import type { KeyStore } from './key/key-store'
import type { WatchedAccount } from './watched-account'

export interface RestoreAccountsOptions {
  readonly session: AccountSessionOptions
  readonly keyStore: Pick<KeyStore, 'reencrypt'>
  readonly providerFor: (baseUrl: string, apiKey: string, allowed: HostRule) => Provider
  readonly runExclusively: <T>(change: () => Promise<T>) => Promise<T>
  readonly isDemo: () => boolean
  /** An account for each stored one, in their order. */
  readonly stored: () => readonly WatchedAccount[]
  /** False once it was removed. */
  readonly isListed: (account: WatchedAccount) => boolean
}

/** Connects the stored accounts whose keys can be read, without delaying a key that is pasted meanwhile. */
export async function restoreAccounts(options: RestoreAccountsOptions): Promise<void> {
  if (options.isDemo()) return
  const waiting = options
    .stored()
    .filter((account) => account.monitor() === null && account.record().isPaused !== true)
  for (const account of waiting) {
    const isKept = account.record().encryptedKey !== null
    const reason = isKept ? 'Asking the system keyring for it…' : 'It was kept for the last session only.'
    account.pause({ reason, canTryAgain: false })
  }
  /** A keyring that stays locked for one key is not asked for the others. */
  let refusal: string | null = null
  for (const account of waiting) {
    const asked = await restoreAccount(account, refusal, options)
    if (asked !== null && !asked.ok) refusal = asked.error
  }
}

/** What the keyring answered; null if it was not asked. */
async function restoreAccount(
  account: WatchedAccount,
  refusal: string | null,
  { session, keyStore, providerFor, runExclusively, isDemo, isListed }: RestoreAccountsOptions,
): Promise<Result<unknown, string> | null> {
  const { encryptedKey } = account.record()
  if (encryptedKey === null) return null
  const key = refusal === null ? await session.keyring.decrypt(encryptedKey) : null
  await runExclusively(async () => {
    const record = account.record()
    // A key may have been pasted meanwhile, or the account paused or removed.
    if (isDemo() || account.monitor() !== null || !isListed(account)) return
    if (record.encryptedKey !== encryptedKey || record.isPaused === true) return
    if (key?.ok !== true) {
      const why = key === null ? refusal : key.error
      account.pause({ reason: `The system keyring does not give it out: ${why}.`, canTryAgain: true })
      return
    }
    const { hosts, baseUrl, store, keyring } = session
    const { url } = chooseApiAddress(baseUrl, store.settings().runpodBaseUrl, hosts)
    if (!url.ok) account.pause({ reason: url.error, canTryAgain: true })
    // A key is never sent to another host than the one it was given for.
    else if (url.value.href !== record.baseUrl)
      account.pause({
        reason: `It is for ${record.baseUrl}. Paste one for ${url.value.href}.`,
        canTryAgain: true,
      })
    else {
      const { host, href } = url.value
      const details = { host, keyStorage: keyring.storage, keyEnding: record.keyEnding }
      account.watch(providerFor(href, key.value.text, hosts), details)
    }
  })
  if (key?.ok === true && key.value.isOutdated) await keyStore.reencrypt(account.record(), key.value.text)
  return key
}
