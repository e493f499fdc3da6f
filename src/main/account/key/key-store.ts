import { type KeyEvidence, matchAccount } from '../../../core/settings/account-identity'
import { type AccountRecord, keyIdOf } from '../../../core/settings/config-schema'
import { isOpen } from '../../../core/intents/intent'
import type { PodId } from '../../../core/pods/pod'
import type { AccountView, Snapshot } from '../../../core/view/snapshot'
import type { OpenJournal } from '../../../node/data-folder/journal'
import type { Keyring } from './keyring'
import type { AppStore } from '../../settings/app-store'

/** A key that Runpod accepted, and its address. */
export interface AcceptedKey {
  readonly text: string
  /** The id of the key at its address; see `accountIdOf`. */
  readonly keyId: string
  /** The address of the API. */
  readonly baseUrl: string
  readonly podIds: readonly PodId[]
  readonly apiAccountId: string | null
}

/** The account of a key. `possibleAccountId`: an earlier one that it may be. */
export type KeyAccount = Pick<AccountRecord, 'id' | 'possibleAccountId'>

export interface KeyStore {
  /** The key's account: a known one, or a new one. `snapshot` may show pods of a known one. */
  accountFor(key: KeyEvidence, snapshot: Snapshot | undefined): KeyAccount
  /** Stores the key for its account; returns where it is stored. */
  save(key: AcceptedKey, account: KeyAccount): Promise<StoredKeyInfo>
  /** Encrypts the stored key again, as the system requested. */
  reencrypt(account: AccountRecord, text: string): Promise<void>
}

type StoredKeyInfo = Pick<AccountView, 'keyStorage' | 'sessionOnlyReason'> & { readonly keyEnding: string }

/** `recordedPodIds`: the pods of an account's latest costs. */
export function createKeyStore(
  store: AppStore,
  journal: OpenJournal,
  secrets: Keyring,
  recordedPodIds: (accountId: string) => readonly PodId[],
): KeyStore {
  /** Every known pod of the account. */
  function knownPodIds(accountId: string, snapshot: Snapshot | undefined): Set<PodId> {
    const podIds = new Set<PodId>([
      ...Object.keys(store.accountRules.load(accountId).pods),
      ...recordedPodIds(accountId),
    ])
    for (const intent of journal.latest()) if (intent.accountId === accountId) podIds.add(intent.podId)
    if (snapshot?.account?.id === accountId) for (const { id } of snapshot.pods) podIds.add(id)
    return podIds
  }

  return {
    accountFor(key, snapshot) {
      const match = matchAccount(key, store.knownAccounts(), (id) => knownPodIds(id, snapshot))
      if (match.kind === 'known') return { id: match.account.id }
      return match.kind === 'new'
        ? { id: key.keyId }
        : { id: key.keyId, possibleAccountId: match.candidate.id }
    },

    async save({ text, keyId, baseUrl, apiAccountId }, account) {
      const encrypted = await secrets.encrypt(text)
      const storedAccount = store.account()
      // If the keyring is locked now, the same key that it encrypted earlier is kept.
      const earlier =
        storedAccount !== null && keyIdOf(storedAccount) === keyId ? storedAccount.encryptedKey : null
      const keyEnding = text.slice(-4)
      const encryptedKey = encrypted.ok ? encrypted.value : earlier
      const saved = store.saveAccount({ ...account, keyId, baseUrl, keyEnding, encryptedKey }, apiAccountId)
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

/**
 * Why another account must wait: the open actions of the current one would no longer be tracked. `again` says what to
 * do after that.
 */
export function openActionsProblem(
  snapshot: Snapshot | undefined,
  nextAccountId: string,
  again: string,
): string | null {
  if (!snapshot?.account || snapshot.account.isDemo || snapshot.account.id === nextAccountId) return null
  const names = snapshot.pods.flatMap(({ name, intent }) => (intent && isOpen(intent) ? [name] : []))
  if (names.length === 0) return null
  return `This has to wait, because an action is under way (${names.join(', ')}) that would not be followed to its end. Undo it or wait for its end, then ${again}.`
}
