import type { KeyStorage } from '../../../core/settings/key-storage-text'
import { fail, ok, type Result } from '../../../core/base/result'
import { keyText } from './key-text'

/**
 * The part of Electron's safeStorage that is used. Older versions of Electron have only the synchronous API,
 * which may block the whole app on a prompt; newer ones have both, and the newest only the asynchronous API.
 */
export interface SafeStorage {
  isEncryptionAvailable?(): boolean
  encryptString?(text: string): Buffer
  decryptString?(blob: Buffer): string
  getSelectedStorageBackend?(): string
  isAsyncEncryptionAvailable?(): Promise<boolean>
  encryptStringAsync?(text: string): Promise<Buffer>
  decryptStringAsync?(blob: Buffer): Promise<{ result: string; shouldReEncrypt?: boolean }>
}

/** The state of the keyring as probed. Using an `open` one needs no prompt. */
export type KeyringState = 'open' | 'locked' | 'none'

export interface KeyringOptions {
  readonly safeStorage: SafeStorage
  readonly platform: NodeJS.Platform
  /** Determines the state without accessing any secret. For Linux and the synchronous API. */
  readonly probe: () => Promise<KeyringState>
  /** Resolves after this many milliseconds. */
  readonly wait: (ms: number) => Promise<void>
}

/** Encrypts with the system's keyring. Every call has a timeout, and none throws. See docs/decisions/0008. */
export interface Keyring {
  /** The kind of protection for stored keys. */
  readonly storage: Extract<KeyStorage, 'keychain' | 'dpapi' | 'system-keyring'>
  /** Base64 of the encrypted text; the error follows "since". */
  encrypt(text: string): Promise<Result<string, string>>
  /** `isOutdated` means that the system wants the text encrypted again. */
  decrypt(base64: string): Promise<Result<{ text: string; isOutdated: boolean }, string>>
}

/** Gives out nothing and keeps nothing, for this reason, which follows "since". */
export function createNoKeyring(reason: string): Keyring {
  return {
    storage: 'system-keyring',
    encrypt: async () => fail(reason),
    decrypt: async () => fail(reason),
  }
}

/** Linux backends without real encryption. */
const PLAIN_BACKENDS = ['basic_text', 'unknown']

/** Long enough for a user to type the keyring's password; after that they can retry. */
export const KEYRING_TIMEOUT_MS = 20_000

export function createKeyring({ safeStorage, platform, probe, wait }: KeyringOptions): Keyring {
  async function withTimeout<T>(answer: Promise<T>): Promise<T> {
    const tooLate = wait(KEYRING_TIMEOUT_MS).then((): never => {
      throw new Error(keyText.keyringSilent)
    })
    return Promise.race([answer, tooLate])
  }

  /** Why the keyring cannot be used now; null when it can. */
  async function unavailableReason(): Promise<string | null> {
    if (safeStorage.isAsyncEncryptionAvailable) {
      if (!(await withTimeout(safeStorage.isAsyncEncryptionAvailable()))) return keyText.noKeyring
    } else {
      if (platform === 'linux') {
        const state = await withTimeout(probe())
        if (state === 'locked') return keyText.keyringLocked
        if (state === 'none') return keyText.noKeyring
      }
      if (safeStorage.isEncryptionAvailable?.() !== true) return keyText.noKeyring
    }
    const backend = platform === 'linux' ? safeStorage.getSelectedStorageBackend?.() : undefined
    return backend !== undefined && PLAIN_BACKENDS.includes(backend) ? keyText.noKeyring : null
  }

  async function attempt<T>(run: () => Promise<T>): Promise<Result<T, string>> {
    try {
      const reason = await unavailableReason()
      return reason === null ? ok(await withTimeout(run())) : fail(reason)
    } catch (cause) {
      return fail(cause instanceof Error ? cause.message : String(cause))
    }
  }

  return {
    storage: platform === 'darwin' ? 'keychain' : platform === 'win32' ? 'dpapi' : 'system-keyring',
    encrypt: (text) =>
      attempt(async () => {
        const blob = safeStorage.encryptStringAsync
          ? await safeStorage.encryptStringAsync(text)
          : safeStorage.encryptString?.(text)
        if (blob === undefined) throw new Error(keyText.noKeyring)
        return blob.toString('base64')
      }),
    decrypt: (base64) =>
      attempt(async () => {
        const blob = Buffer.from(base64, 'base64')
        if (safeStorage.decryptStringAsync) {
          const { result, shouldReEncrypt = false } = await safeStorage.decryptStringAsync(blob)
          return { text: result, isOutdated: shouldReEncrypt }
        }
        if (!safeStorage.decryptString) throw new Error(keyText.noKeyring)
        return { text: safeStorage.decryptString(blob), isOutdated: false }
      }),
  }
}
