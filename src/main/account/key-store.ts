import type { AccountRecord } from '../../core/settings/config-schema'
import { isOpen } from '../../core/intents/intent'
import type { PodId } from '../../core/pods/pod'
import type { AccountView, Snapshot } from '../../core/view/snapshot'
import type { OpenJournal } from '../../node/data-folder/journal'
import type { Secrets } from './keyring'
import type { AppStore } from '../settings/app-store'

/** A key that Runpod accepted, and where. */
export interface AcceptedKey {
  readonly text: string
  /** Names the key at its address; see `accountIdOf`. */
  readonly keyId: string
  /** Of the API. */
  readonly baseUrl: string
  readonly podIds: readonly PodId[]
}

export interface KeyKeeper {
  /** The account that the key is for: the present one (`shown`), the kept one, or one that is new here. */
  accountOf(key: AcceptedKey, shown: Snapshot | undefined): string
  /** Keeps the key as the one of its account; the answer says where it lies. */
  keep(key: AcceptedKey, accountId: string): Promise<KeyPlace>
  /** Encrypts the kept key once more, since the system asked for it. */
  renew(account: AccountRecord, text: string): Promise<void>
}

type KeyPlace = Pick<AccountView, 'keyStorage' | 'sessionOnlyReason'> & { readonly keyEnding: string }

export function createKeyKeeper(store: AppStore, journal: OpenJournal, secrets: Secrets): KeyKeeper {
  const keyIdOf = (account: AccountRecord): string => account.keyId ?? account.id

  /** Every pod that the account is known by. */
  function podsOf(accountId: string, shown: Snapshot | undefined): Set<PodId> {
    const pods = new Set<PodId>()
    for (const intent of journal.latest()) if (intent.accountId === accountId) pods.add(intent.podId)
    if (shown?.account?.id === accountId) for (const { id } of shown.pods) pods.add(id)
    return pods
  }

  return {
    accountOf({ keyId, baseUrl, podIds }, shown) {
      const kept = store.account()
      if (kept === null || kept.baseUrl !== baseUrl) return keyId
      if (keyIdOf(kept) === keyId) return kept.id
      // Ids of pods are unique at Runpod: what shows the same pods is the same account, whatever its key.
      const known = podsOf(kept.id, shown)
      return podIds.some((podId) => known.has(podId)) ? kept.id : keyId
    },

    async keep({ text, keyId, baseUrl }, accountId) {
      const encrypted = await secrets.encrypt(text)
      const kept = store.account()
      // A keyring that is shut now may open again for what it encrypted of this very key.
      const earlier = kept !== null && keyIdOf(kept) === keyId ? kept.encryptedKey : null
      const keyEnding = text.slice(-4)
      const saved = store.saveAccount({
        id: accountId,
        keyId,
        baseUrl,
        keyEnding,
        encryptedKey: encrypted.ok ? encrypted.value : earlier,
      })
      const stored = encrypted.ok ? saved : encrypted
      return stored.ok
        ? { keyEnding, keyStorage: secrets.storage }
        : { keyEnding, keyStorage: 'session-only', sessionOnlyReason: stored.error }
    },

    async renew(account, text) {
      const encrypted = await secrets.encrypt(text)
      const isStillKept = store.account()?.encryptedKey === account.encryptedKey
      if (encrypted.ok && isStillKept) store.saveAccount({ ...account, encryptedKey: encrypted.value })
    },
  }
}

/** Why another account must wait: what was asked for on this one would not be looked after to its end. */
export function openActionsProblem(shown: Snapshot | undefined, nextAccountId: string): string | null {
  if (!shown?.account || shown.account.isDemo || shown.account.id === nextAccountId) return null
  const names = shown.pods.flatMap(({ name, intent }) => (intent && isOpen(intent) ? [name] : []))
  if (names.length === 0) return null
  return `This key is for another account, and on the present one an action is under way (${names.join(', ')}). Undo it or wait for its end, then paste again.`
}
