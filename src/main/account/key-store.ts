import type { AccountRecord } from '../../core/settings/config-schema'
import { isOpen } from '../../core/intents/intent'
import type { PodId } from '../../core/pods/pod'
import type { AccountView, Snapshot } from '../../core/view/snapshot'
import type { OpenJournal } from '../../node/data-folder/journal'
import type { Keyring } from './keyring'
import type { AppStore } from '../settings/app-store'

/** A key that Runpod accepted, and its address. */
export interface AcceptedKey {
  readonly text: string
  /** The id of the key at its address; see `accountIdOf`. */
  readonly keyId: string
  /** The address of the API. */
  readonly baseUrl: string
  readonly podIds: readonly PodId[]
}

export interface KeyStore {
  /** The id of the key's account: the one in `snapshot`, the stored one, or a new one. */
  accountIdFor(key: AcceptedKey, snapshot: Snapshot | undefined): string
  /** Stores the key for its account; returns where it is stored. */
  save(key: AcceptedKey, accountId: string): Promise<StoredKeyInfo>
  /** Encrypts the stored key again, as the system requested. */
  reencrypt(account: AccountRecord, text: string): Promise<void>
}

type StoredKeyInfo = Pick<AccountView, 'keyStorage' | 'sessionOnlyReason'> & { readonly keyEnding: string }

export function createKeyStore(store: AppStore, journal: OpenJournal, secrets: Keyring): KeyStore {
  const keyIdOf = (account: AccountRecord): string => account.keyId ?? account.id

  /** Every known pod of the account. */
  function knownPodIds(accountId: string, snapshot: Snapshot | undefined): Set<PodId> {
    const podIds = new Set<PodId>()
    for (const intent of journal.latest()) if (intent.accountId === accountId) podIds.add(intent.podId)
    if (snapshot?.account?.id === accountId) for (const { id } of snapshot.pods) podIds.add(id)
    return podIds
  }

  return {
    accountIdFor({ keyId, baseUrl, podIds }, snapshot) {
      const storedAccount = store.account()
      if (storedAccount === null || storedAccount.baseUrl !== baseUrl) return keyId
      if (keyIdOf(storedAccount) === keyId) return storedAccount.id
      // Pod ids are unique at Runpod, so a key that shows the same pods belongs to the same account.
      const known = knownPodIds(storedAccount.id, snapshot)
      return podIds.some((podId) => known.has(podId)) ? storedAccount.id : keyId
    },

    async save({ text, keyId, baseUrl }, accountId) {
      const encrypted = await secrets.encrypt(text)
      const storedAccount = store.account()
      // If the keyring is locked now, the same key that it encrypted earlier is kept.
      const earlier =
        storedAccount !== null && keyIdOf(storedAccount) === keyId ? storedAccount.encryptedKey : null
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

    async reencrypt(account, text) {
      const encrypted = await secrets.encrypt(text)
      const isStillStored = store.account()?.encryptedKey === account.encryptedKey
      if (encrypted.ok && isStillStored) store.saveAccount({ ...account, encryptedKey: encrypted.value })
    },
  }
}

/** Why another account must wait, or the demo: the open actions of this one would no longer be tracked. */
export function openActionsProblem(snapshot: Snapshot | undefined, nextAccountId: string): string | null {
  if (!snapshot?.account || snapshot.account.isDemo || snapshot.account.id === nextAccountId) return null
  const names = snapshot.pods.flatMap(({ name, intent }) => (intent && isOpen(intent) ? [name] : []))
  if (names.length === 0) return null
  return `On the present account an action is under way (${names.join(', ')}). Undo it or wait for its end, then try again.`
}
