import { type KeyEvidence, matchAccount } from '../../../core/settings/account-identity'
import { type AccountRecord, keyIdOf } from '../../../core/settings/account-record'
import { isOpen } from '../../../core/intents/intent'
import type { PodId } from '../../../core/pods/pod'
import type { Snapshot } from '../../../core/view/snapshot'
import type { OpenJournal } from '../../../node/data-folder/journal/journal'
import type { Keyring } from './keyring'
import type { AppStore } from '../../settings/app-store'
import { keyText } from './key-text'

/** The account of a key. `possibleAccountId`: an earlier one that it may be. */
export type KeyAccount = Pick<AccountRecord, 'id' | 'possibleAccountId'>

export interface KeyStore {
  /** The key's account: a known one, or a new one. */
  accountFor(key: KeyEvidence): KeyAccount
  /** The key as it is stored; `encryptedKey` null: for this session only, and why. */
  protect(text: string, keyId: string): Promise<ProtectedKey>
  /** Encrypts the stored key again, as the system requested. */
  reencrypt(account: AccountRecord, text: string): Promise<void>
}

export interface ProtectedKey extends Pick<AccountRecord, 'keyEnding' | 'encryptedKey'> {
  /** Why the keyring did not take it; follows "since". */
  readonly problem: string | null
}

export interface KeyStoreOptions {
  readonly store: Pick<AppStore, 'accounts' | 'knownAccounts' | 'accountRules' | 'saveAccount'>
  readonly journal: Pick<OpenJournal, 'latest'>
  readonly keyring: Keyring
  /** The pods of an account's latest costs. */
  readonly recordedPodIds: (accountId: string) => readonly PodId[]
  /** The pods that an account shows now. */
  readonly shownPodIds: (accountId: string) => readonly PodId[]
}

export function createKeyStore(options: KeyStoreOptions): KeyStore {
  const { store, journal, keyring } = options

  /** Every known pod of the account. */
  function knownPodIds(accountId: string): Set<PodId> {
    const podIds = new Set<PodId>([
      ...Object.keys(store.accountRules.load(accountId).pods),
      ...options.recordedPodIds(accountId),
      ...options.shownPodIds(accountId),
    ])
    for (const intent of journal.latest()) if (intent.accountId === accountId) podIds.add(intent.podId)
    return podIds
  }

  return {
    accountFor(key) {
      const match = matchAccount(key, store.knownAccounts(), knownPodIds)
      if (match.kind === 'known') return { id: match.account.id }
      return match.kind === 'new'
        ? { id: key.keyId }
        : { id: key.keyId, possibleAccountId: match.candidate.id }
    },

    async protect(text, keyId) {
      const encrypted = await keyring.encrypt(text)
      // If the keyring is locked now, the same key that it encrypted earlier is kept.
      const earlier = store.accounts().find((account) => keyIdOf(account) === keyId)?.encryptedKey ?? null
      return {
        keyEnding: text.slice(-4),
        encryptedKey: encrypted.ok ? encrypted.value : earlier,
        problem: encrypted.ok ? null : encrypted.error,
      }
    },

    async reencrypt(account, text) {
      const encrypted = await keyring.encrypt(text)
      const stored = store.accounts().find(({ id }) => id === account.id)
      const isStillStored = stored?.encryptedKey === account.encryptedKey
      if (encrypted.ok && isStillStored) store.saveAccount({ ...stored, encryptedKey: encrypted.value }, null)
    },
  }
}

/**
 * Why an account must not be left now: its open actions would no longer be tracked. `again` says what to do after that.
 */
export function openActionsProblem(snapshot: Snapshot, nextAccountId: string, again: string): string | null {
  if (!snapshot.account || snapshot.account.isDemo || snapshot.account.id === nextAccountId) return null
  const creates = (snapshot.creates ?? []).filter(isOpen).map(({ name }) => name)
  const names = [
    ...snapshot.pods.flatMap(({ name, intent }) => (intent && isOpen(intent) ? [name] : [])),
    ...creates,
  ]
  if (names.length === 0) return null
  return keyText.openActions(names, again)
}
