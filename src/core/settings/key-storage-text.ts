/** Where the account's key is stored. See `keyStorageText`. */
export type KeyStorage = 'keychain' | 'dpapi' | 'system-keyring' | 'session-only' | 'none-needed'

/** Why a key is not stored, as a clause. */
export const noKeyringText = 'this system offers no keyring'

/**
 * Where the key is stored and what it is protected from, as a sentence that promises no more than the system
 * does.
 */
export function keyStorageText(storage: KeyStorage, sessionOnlyReason?: string): string {
  switch (storage) {
    case 'keychain':
      return 'It is stored in the Keychain, protected from other users and other apps.'
    case 'dpapi':
      return 'Windows stores it encrypted: protected from other users, but not from other apps that you run.'
    case 'system-keyring':
      return 'It is stored in the system keyring, protected from other users. Whether your other apps can read it depends on the keyring.'
    case 'session-only':
      return `It is kept only until Podkeeper quits, since ${sessionOnlyReason ?? noKeyringText}.`
    case 'none-needed':
      return 'The demo needs no key.'
  }
}
