import type { KeyStorage } from '../../core/view/snapshot'
import { fail, ok, type Result } from '../../core/base/result'

/**
 * The part of Electron's safeStorage that is used. Older Electrons have the synchronous half only, which may block
 * the whole app on a prompt; newer ones have both, and the newest the asynchronous half only.
 */
export interface Vault {
  isEncryptionAvailable?(): boolean
  encryptString?(text: string): Buffer
  decryptString?(blob: Buffer): string
  getSelectedStorageBackend?(): string
  isAsyncEncryptionAvailable?(): Promise<boolean>
  encryptStringAsync?(text: string): Promise<Buffer>
  decryptStringAsync?(blob: Buffer): Promise<{ result: string; shouldReEncrypt?: boolean }>
}

/** What a look at the keyring from outside found: asking an `open` one needs no prompt. */
export type KeyringState = 'open' | 'locked' | 'none'

export interface SecretsOptions {
  readonly vault: Vault
  readonly platform: NodeJS.Platform
  /** Looks at the keyring without asking it for anything. For Linux and the synchronous half. */
  readonly probe: () => Promise<KeyringState>
  /** Resolves after so many milliseconds. */
  readonly wait: (ms: number) => Promise<void>
}

/** Encrypts by the system's keyring. Every answer comes within a time, and none throws. See docs/decisions/0008. */
export interface Secrets {
  /** What a key that is kept here is safe from. */
  readonly storage: Extract<KeyStorage, 'keychain' | 'dpapi' | 'system-keyring'>
  /** Base64 of the encrypted text; else why not, to follow "since". */
  encrypt(text: string): Promise<Result<string, string>>
  /** `isOutdated`: the system wants it encrypted anew. */
  decrypt(base64: string): Promise<Result<{ text: string; isOutdated: boolean }, string>>
}

/** Linux backends that only look like encryption. */
const PLAIN_BACKENDS = ['basic_text', 'unknown']

/** People may be typing the password of their keyring meanwhile; whoever needs longer tries again. */
export const KEYRING_WAIT_MS = 20_000

const NONE = 'this system offers no keyring'
const SILENT = 'the system keyring does not answer; perhaps it asks for its password in another window'

export function createSecrets({ vault, platform, probe, wait }: SecretsOptions): Secrets {
  async function inTime<T>(answer: Promise<T>): Promise<T> {
    const tooLate = wait(KEYRING_WAIT_MS).then((): never => {
      throw new Error(SILENT)
    })
    return Promise.race([answer, tooLate])
  }

  /** Why the keyring cannot be used now; null when it can. */
  async function obstacle(): Promise<string | null> {
    if (vault.isAsyncEncryptionAvailable) {
      if (!(await inTime(vault.isAsyncEncryptionAvailable()))) return NONE
    } else {
      if (platform === 'linux') {
        const state = await inTime(probe())
        if (state === 'locked') return 'the system keyring is locked'
        if (state === 'none') return NONE
      }
      if (vault.isEncryptionAvailable?.() !== true) return NONE
    }
    const backend = platform === 'linux' ? vault.getSelectedStorageBackend?.() : undefined
    return backend !== undefined && PLAIN_BACKENDS.includes(backend) ? NONE : null
  }

  async function attempt<T>(run: () => Promise<T>): Promise<Result<T, string>> {
    try {
      const reason = await obstacle()
      return reason === null ? ok(await inTime(run())) : fail(reason)
    } catch (cause) {
      return fail(cause instanceof Error ? cause.message : String(cause))
    }
  }

  return {
    storage: platform === 'darwin' ? 'keychain' : platform === 'win32' ? 'dpapi' : 'system-keyring',
    encrypt: (text) =>
      attempt(async () => {
        const blob = vault.encryptStringAsync
          ? await vault.encryptStringAsync(text)
          : vault.encryptString?.(text)
        if (blob === undefined) throw new Error(NONE)
        return blob.toString('base64')
      }),
    decrypt: (base64) =>
      attempt(async () => {
        const blob = Buffer.from(base64, 'base64')
        if (vault.decryptStringAsync) {
          const { result, shouldReEncrypt = false } = await vault.decryptStringAsync(blob)
          return { text: result, isOutdated: shouldReEncrypt }
        }
        if (!vault.decryptString) throw new Error(NONE)
        return { text: vault.decryptString(blob), isOutdated: false }
      }),
  }
}
