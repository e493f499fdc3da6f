import type { KeyStorage } from './snapshot'

/**
 * Where the key is stored and what it is protected from, as a sentence that promises no more than the system
 * does.
 */
export function keyStorageText(storage: KeyStorage, sessionOnlyReason?: string): string {
  switch (storage) {
    case 'keychain':
      return 'It is kept in the Keychain, closed to other users and to other apps.'
    case 'dpapi':
      return 'Windows keeps it encrypted for you: closed to other users, but not to other apps that you run.'
    case 'system-keyring':
      return 'It is kept in the system keyring: closed to other users; whether to other apps of yours depends on the keyring.'
    case 'session-only':
      return `It is kept until Podkeeper ends, since ${sessionOnlyReason ?? 'this system offers no keyring'}.`
    case 'none-needed':
      return 'The demo needs none.'
  }
}
