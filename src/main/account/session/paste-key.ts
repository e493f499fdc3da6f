import {
  accountApi,
  type AccountRecord,
  freeColor,
  freeName,
  keyIdOf,
  MAX_ACCOUNTS,
} from '../../../core/settings/account-record'
import { parseApiKey } from '../../../core/settings/api-key'
import { accountIdOf } from '../../../node/account-id'
import type { KeyCheckResult } from '../../../shared/requests/account-requests'
import { NOT_A_KEY } from '../account-prompts'
import { chooseApiAddress } from '../api-address'
import { type KeyStore, openActionsProblem } from '../key/key-store'
import { checkKey } from '../key/verify-key'
import type { KeyStorage } from '../../../core/settings/key-storage-text'
import type { KeyDetails } from '../watched/watched-account'
import { type AccountListContext, addedNow, clearTakenKey } from './account-list'
import { sessionText } from '../account-text'

/** A key that would add an account beside others. */
interface AnotherAccount {
  readonly kind: 'another-account'
  readonly podCount: number
}

/** See `AccountSession.pasteKey`. */
export function createPasteKey(context: AccountListContext): () => Promise<KeyCheckResult> {
  const { session, prompts, keyStore, providers, list } = context
  const { records } = list
  const { hosts } = session
  let isChecking = false

  async function paste(): Promise<KeyCheckResult> {
    const setting = session.store.settings().runpodBaseUrl
    const { url, source } = chooseApiAddress(session.baseUrl, setting, hosts)
    if (!url.ok) return { kind: 'undecided', message: url.error }
    const maySend = await prompts.maySendKey(url.value, source)
    if (!maySend.ok || !maySend.value) {
      const refusal = sessionText.notSent(url.value.host)
      return { kind: 'undecided', message: maySend.ok ? refusal : maySend.error }
    }
    const text = await session.readClipboard()
    const key = parseApiKey(text)
    if (key === null) return NOT_A_KEY
    const taken = await take(key, url.value)
    if (taken.kind === 'accepted') await clearTakenKey(session, text, accountIdOf(url.value, key))
    return taken
  }

  async function take(key: string, baseUrl: URL): Promise<KeyCheckResult> {
    const checked = await context.runExclusively(() => checkPastedKey(key, baseUrl, false))
    if (checked.kind !== 'another-account') return checked
    // Asked outside of `runExclusively`: a question without an answer holds up no other account.
    const mayAdd = await prompts.mayAdd(key.slice(-4), baseUrl.host, checked.podCount)
    if (!mayAdd.ok || !mayAdd.value)
      return { kind: 'undecided', message: mayAdd.ok ? sessionText.notAdded : mayAdd.error }
    const added = await context.runExclusively(() => checkPastedKey(key, baseUrl, true))
    return added.kind === 'another-account' ? { kind: 'undecided', message: sessionText.notAdded } : added
  }

  /** `outdated`: it had this key until now, and the key turns out to be for another account. */
  function accountsOfKey(key: Parameters<KeyStore['accountFor']>[0]) {
    const found = keyStore.accountFor(key)
    const known = list.find(found.id)
    const outdated = list
      .all()
      .find(
        (one) =>
          one !== known && accountApi(one.record()).kind === 'runpod' && keyIdOf(one.record()) === key.keyId,
      )
    return { found, known, outdated }
  }

  /** Nothing is stored of a key of another account that nobody agreed to add. */
  async function checkPastedKey(
    key: string,
    baseUrl: URL,
    mayAdd: boolean,
  ): Promise<KeyCheckResult | AnotherAccount> {
    const { href, host } = baseUrl
    const candidate = providers.runpod(href, key, hosts)
    const check = await checkKey(candidate)
    if (!check.ok) return check.error
    const { podIds, balanceUsd, apiAccountId } = check.value
    const keyId = accountIdOf(baseUrl, key)
    const place = await keyStore.protect(key, keyId)
    // From here on nothing is awaited, so that no account is added or removed meanwhile.
    list.stored()
    const { found, known, outdated } = accountsOfKey({ keyId, baseUrl: href, apiAccountId, podIds })
    const blocked =
      outdated && openActionsProblem(outdated.accountSnapshot().snapshot, found.id, sessionText.pasteAgain)
    if (typeof blocked === 'string') return { kind: 'undecided', message: blocked }
    const before = (known ?? outdated)?.record()
    if (before === undefined && records().length >= MAX_ACCOUNTS) return TOO_MANY
    if (before === undefined && records().length > 0 && !mayAdd)
      return { kind: 'another-account', podCount: podIds.length }
    const { possibleAccountId: _, ...kept } = before ?? {
      name: freeName(records()),
      color: freeColor(records()),
    }
    const record: AccountRecord = {
      ...kept,
      ...(before?.id === found.id ? found : { ...found, addedAtMs: addedNow(session) }),
      keyId,
      baseUrl: href,
      keyEnding: place.keyEnding,
      encryptedKey: place.encryptedKey,
      isPaused: false,
    }
    const saved = session.store.saveAccount(record, apiAccountId, outdated?.record().id)
    if (outdated) list.remove(outdated)
    const problem = place.problem ?? (saved.ok ? null : saved.error)
    const account = known ?? list.add(record)
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
    await context.leaveDemo()
    context.onChange()
    return {
      kind: 'accepted',
      podCount: podIds.length,
      balanceUsd,
      ending: keyEnding,
      storage: keyStorage,
      accountId: account.record().id,
      accountName: record.name,
      isNew: before === undefined,
    }
  }

  return async () => {
    if (isChecking) return { kind: 'undecided', message: sessionText.alreadyChecking }
    isChecking = true
    try {
      return await paste()
    } finally {
      isChecking = false
    }
  }
}

const TOO_MANY: KeyCheckResult = { kind: 'undecided', message: sessionText.tooMany }
