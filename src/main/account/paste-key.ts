import type { AccountId } from '../../core/pods/pod'
import type { Provider } from '../../core/pods/provider'
import { type AccountRecord, freeColor, freeName, MAX_ACCOUNTS } from '../../core/settings/account-record'
import { parseApiKey } from '../../core/settings/api-key'
import { accountIdOf } from '../../node/account-id'
import type { HostRule } from '../../providers/http/base-url'
import type { KeyCheckResult } from '../../shared/ipc'
import { type AccountPrompts, NOT_A_KEY } from './account-prompts'
import type { AccountSessionOptions } from './account-session-options'
import { chooseApiAddress } from './api-address'
import type { KeyStore } from './key/key-store'
import { checkKey } from './key/verify-key'
import type { KeyStorage } from '../../core/view/snapshot'
import type { KeyDetails, WatchedAccount } from './watched-account'

export interface PasteKeyOptions {
  readonly session: AccountSessionOptions
  readonly prompts: Pick<AccountPrompts, 'maySendKey'>
  readonly keyStore: KeyStore
  readonly providerFor: (baseUrl: string, apiKey: string, allowed: HostRule) => Provider
  readonly runExclusively: <T>(change: () => Promise<T>) => Promise<T>
  readonly records: () => readonly AccountRecord[]
  readonly find: (accountId: AccountId) => WatchedAccount | null
  readonly add: (record: AccountRecord) => WatchedAccount
  readonly leaveDemo: () => Promise<void>
  readonly onChange: () => void
}

/** See `AccountSession.pasteKey`. */
export function createPasteKey(options: PasteKeyOptions): () => Promise<KeyCheckResult> {
  const { session, prompts, keyStore, providerFor, records, find } = options
  const { hosts } = session
  let isChecking = false

  async function paste(): Promise<KeyCheckResult> {
    const setting = session.store.settings().runpodBaseUrl
    const { url, source } = chooseApiAddress(session.baseUrl, setting, hosts)
    if (!url.ok) return { kind: 'undecided', message: url.error }
    const maySend = await prompts.maySendKey(url.value, source)
    if (!maySend.ok || !maySend.value) {
      const refusal = `The clipboard was not read, and nothing was sent to ${url.value.host}.`
      return { kind: 'undecided', message: maySend.ok ? refusal : maySend.error }
    }
    const key = parseApiKey(await session.readClipboard())
    return key === null ? NOT_A_KEY : options.runExclusively(() => checkPastedKey(key, url.value))
  }

  async function checkPastedKey(key: string, baseUrl: URL): Promise<KeyCheckResult> {
    const { href, host } = baseUrl
    const candidate = providerFor(href, key, hosts)
    const check = await checkKey(candidate)
    if (!check.ok) return check.error
    const { podIds, balanceUsd, apiAccountId } = check.value
    const keyId = accountIdOf(baseUrl, key)
    const found = keyStore.accountFor({ keyId, baseUrl: href, apiAccountId, podIds })
    const known = find(found.id)
    if (known === null && records().length >= MAX_ACCOUNTS) return TOO_MANY
    const place = await keyStore.protect(key, keyId)
    const { name, color, ...kept } = known?.record() ?? {
      name: freeName(records()),
      color: freeColor(records()),
    }
    const record: AccountRecord = {
      ...kept,
      ...found,
      keyId,
      baseUrl: href,
      keyEnding: place.keyEnding,
      encryptedKey: place.encryptedKey,
      name,
      color,
      isPaused: false,
    }
    const saved = session.store.saveAccount(record, apiAccountId)
    const problem = place.problem ?? (saved.ok ? null : saved.error)
    const account = known ?? options.add(record)
    const { keyEnding } = place
    const keyStorage: KeyStorage = problem === null ? session.keyring.storage : 'session-only'
    const details: KeyDetails = {
      host,
      keyEnding,
      keyStorage,
      ...(problem !== null && { sessionOnlyReason: problem }),
    }
    account.watch(candidate, details)
    // The other accounts are watched again too.
    await options.leaveDemo()
    options.onChange()
    return {
      kind: 'accepted',
      podCount: podIds.length,
      balanceUsd,
      ending: keyEnding,
      storage: keyStorage,
      accountId: account.record().id,
      accountName: name,
      isNew: known === null,
    }
  }

  return async () => {
    if (isChecking) return { kind: 'undecided', message: 'A key is being tried already.' }
    isChecking = true
    try {
      return await paste()
    } finally {
      isChecking = false
    }
  }
}

const TOO_MANY: KeyCheckResult = {
  kind: 'undecided',
  message: `There are ${MAX_ACCOUNTS} accounts already. Remove one first.`,
}
