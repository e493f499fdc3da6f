import { createHash } from 'node:crypto'
import type { NotAsked } from '../../core/terminal/host-key'
import type { KeyMaterial } from './find-keys'
import { type OpenKey, readPrivateKey, toOpenKey } from './private-key'
import { unlockKey } from './unlock-key'

const MAX_PASSPHRASE_ATTEMPTS = 3

/**
 * `declined`: the user gave no correct passphrase. `not-asked`: nobody could be asked for it. `too-slow`: decrypting
 * takes more work than allowed. `broken`: the key cannot be read even with a passphrase.
 */
export type KeyOpenResult =
  | { readonly kind: 'open'; readonly key: OpenKey }
  | { readonly kind: 'declined' }
  | { readonly kind: 'not-asked'; readonly message: string }
  | { readonly kind: 'too-slow' }
  | { readonly kind: 'broken' }

type FileKey = Extract<KeyMaterial, { kind: 'file' }>

export interface KeyRingOptions {
  /** Path of the built `unlock-worker.ts`. */
  readonly unlockWorkerPath: string
  /** Time limit for decrypting a key with its passphrase. */
  readonly unlockTimeoutMs: number
}

/** Where the passphrase of an encrypted key comes from. */
export interface PassphraseRequester {
  /**
   * Null if the user canceled. `isRetry`: the last passphrase was wrong. The passphrase is kept in memory
   * only, for this run.
   */
  requestPassphrase(keyName: string, isRetry: boolean, signal: AbortSignal): Promise<string | null | NotAsked>
}

/** Private keys, decrypted once until they are closed. Keys and passphrases are kept in memory only. */
export class KeyRing {
  readonly #options: KeyRingOptions
  readonly #openKeys = new Map<string, OpenKey>()
  /** Increases when the keys are closed, so that one that is being opened at that moment is not kept. */
  #closeCount = 0

  constructor(options: KeyRingOptions) {
    this.#options = options
  }

  /** Whether the key is open, so that it needs no passphrase now. */
  isOpen(file: FileKey): boolean {
    return this.#openKeys.has(keyId(file))
  }

  async open(
    file: FileKey,
    name: string,
    prompt: PassphraseRequester,
    signal: AbortSignal,
  ): Promise<KeyOpenResult> {
    const id = keyId(file)
    const closeCount = this.#closeCount
    const cached = this.#openKeys.get(id)
    if (cached !== undefined) return { kind: 'open', key: cached }
    const result = file.isLocked
      ? await this.#unlock(file.text, name, prompt, signal)
      : toOpenResult(readPrivateKey(file.text))
    if (result.kind === 'open' && closeCount === this.#closeCount) this.#openKeys.set(id, result.key)
    return result
  }

  /** Forgets every key. */
  close(): void {
    this.#closeCount += 1
    this.#openKeys.clear()
  }

  async #unlock(
    text: string,
    name: string,
    prompt: PassphraseRequester,
    signal: AbortSignal,
  ): Promise<KeyOpenResult> {
    const { unlockWorkerPath, unlockTimeoutMs } = this.#options
    for (let attempt = 0; attempt < MAX_PASSPHRASE_ATTEMPTS; attempt++) {
      const passphrase = await prompt.requestPassphrase(name, attempt > 0, signal).catch(() => null)
      if (passphrase === null || signal.aborted) break
      if (typeof passphrase === 'object') return { kind: 'not-asked', message: passphrase.notAsked }
      const unlocked = await unlockKey(unlockWorkerPath, { text, passphrase }, unlockTimeoutMs, signal)
      if (signal.aborted) break
      if (unlocked.kind === 'unlocked') return toOpenResult(unlocked.key)
      if (unlocked.kind === 'too-slow') return unlocked
      if (unlocked.kind === 'failed') return { kind: 'broken' }
    }
    return { kind: 'declined' }
  }
}

const keyId = ({ text }: FileKey): string => createHash('sha256').update(text).digest('hex')

function toOpenResult(key: Parameters<typeof toOpenKey>[0] | null): KeyOpenResult {
  const open = key === null ? null : toOpenKey(key)
  return open === null ? { kind: 'broken' } : { kind: 'open', key: open }
}
