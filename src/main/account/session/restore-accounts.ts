import { fail, type Result } from '../../../core/base/result'
import { accountApi } from '../../../core/settings/account-record'
import { openProvider } from '../watched/account-providers'
import type { AccountListContext } from './account-list'
import type { Keyring } from '../key/keyring'
import type { WatchedAccount } from '../watched/watched-account'
import { sessionText } from '../account-text'

/** Connects the stored accounts whose keys can be read, without delaying a key that is pasted meanwhile. */
export async function restoreAccounts(context: AccountListContext): Promise<void> {
  if (context.isDemo()) return
  const waiting = context.list
    .stored()
    .filter((account) => account.monitor() === null && account.record().isPaused !== true)
  for (const account of waiting) {
    const api = accountApi(account.record())
    if (api.kind === 'unusable') {
      account.pause({ reason: api.problem, canTryAgain: false })
      continue
    }
    const isKept = account.record().encryptedKey !== null
    account.pause(
      isKept
        ? { reason: sessionText.asksKeyring, canTryAgain: false, isAsked: true }
        : { reason: sessionText.sessionOnly, canTryAgain: false },
    )
  }
  /** A keyring that stays locked for one key is not asked for the others. */
  let refusal: string | null = null
  for (const account of waiting) {
    const asked = await restoreAccount(account, refusal, context)
    if (asked !== null && !asked.ok) refusal = asked.error
  }
}

/** What the keyring answered; null if it was not asked. */
async function restoreAccount(
  account: WatchedAccount,
  refusal: string | null,
  { session, keyStore, providers, runExclusively, isDemo, list }: AccountListContext,
): Promise<Result<unknown, string> | null> {
  const { encryptedKey, keyEnding } = account.record()
  if (encryptedKey === null || accountApi(account.record()).kind === 'unusable') return null
  const key = refusal === null ? await decryptKey(session.keyring, encryptedKey, keyEnding) : null
  await runExclusively(async () => {
    const record = account.record()
    // A key may have been pasted meanwhile, or the account paused or removed.
    if (isDemo() || account.monitor() !== null || !list.all().includes(account)) return
    if (record.encryptedKey !== encryptedKey || record.isPaused === true) return
    if (key?.ok !== true) {
      const why = key === null ? refusal : key.error
      account.pause({ reason: sessionText.keyringRefused(String(why)), canTryAgain: true })
      return
    }
    const opened = openProvider(account, key.value.text, providers, session)
    if (!opened.ok) account.pause({ reason: opened.error, canTryAgain: true })
    else {
      const { provider, host } = opened.value
      account.watch(provider, { host, keyStorage: session.keyring.storage, keyEnding: record.keyEnding })
    }
  })
  if (key?.ok === true && key.value.isOutdated) await keyStore.reencrypt(account.record(), key.value.text)
  return key
}

/** A keyring that was reset has no error for one text in 256, and gives out something that is no key. */
async function decryptKey(
  keyring: Keyring,
  encryptedKey: string,
  keyEnding: string,
): ReturnType<Keyring['decrypt']> {
  const key = await keyring.decrypt(encryptedKey)
  return key.ok && !key.value.text.endsWith(keyEnding) ? fail(sessionText.cannotDecrypt) : key
}
