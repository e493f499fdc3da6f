import type { Result } from '../core/result'
import { fail, ok } from '../core/result'

/** The part of Electron's safeStorage that is used; the asynchronous half exists in newer Electrons only. */
export interface Vault {
  isEncryptionAvailable(): boolean
  encryptString(text: string): Buffer
  decryptString(blob: Buffer): string
  getSelectedStorageBackend?(): string
  isAsyncEncryptionAvailable?(): Promise<boolean>
  encryptStringAsync?(text: string): Promise<Buffer>
  decryptStringAsync?(blob: Buffer): Promise<{ result: string }>
}

/** Encrypts by the system's keyring. Touched only when a key is kept or read: it may block, or ask for a password. */
export interface Secrets {
  /** Base64 of the encrypted text; a reason in words where the system cannot encrypt. */
  encrypt(text: string): Promise<Result<string, string>>
  decrypt(base64: string): Promise<Result<string, string>>
}

/** Linux backends that only look like encryption. */
const PLAIN_BACKENDS = ['basic_text', 'unknown']

export function createSecrets(vault: Vault, platform: NodeJS.Platform): Secrets {
  async function isUsable(): Promise<boolean> {
    const isAvailable = vault.isAsyncEncryptionAvailable
      ? await vault.isAsyncEncryptionAvailable()
      : vault.isEncryptionAvailable()
    if (!isAvailable) return false
    const backend = platform === 'linux' ? vault.getSelectedStorageBackend?.() : undefined
    return backend === undefined || !PLAIN_BACKENDS.includes(backend)
  }

  async function attempt(run: () => Promise<string>): Promise<Result<string, string>> {
    try {
      if (!(await isUsable())) return fail('this system offers no keyring')
      return ok(await run())
    } catch (cause) {
      return fail(cause instanceof Error ? cause.message : String(cause))
    }
  }

  return {
    encrypt: (text) =>
      attempt(async () => {
        const blob = vault.encryptStringAsync
          ? await vault.encryptStringAsync(text)
          : vault.encryptString(text)
        return blob.toString('base64')
      }),
    decrypt: (base64) =>
      attempt(async () => {
        const blob = Buffer.from(base64, 'base64')
        if (!vault.decryptStringAsync) return vault.decryptString(blob)
        return (await vault.decryptStringAsync(blob)).result
      }),
  }
}
