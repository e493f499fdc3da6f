import { createHash } from 'node:crypto'
import type { KeyMaterial } from './find-keys'
import { type OpenKey, readPrivateKey, toOpenKey } from './private-key'
import { unlockKey } from './unlock-key'

const MAX_PASSPHRASE_ATTEMPTS = 3

/**
 * `declined`: no passphrase that opens it was given. `too-slow`: it asks for more work than it may take. `broken`: it cannot
 * be read with one either.
 */
export type KeyOpenResult =
  | { readonly kind: 'open'; readonly key: OpenKey }
  | { readonly kind: 'declined' }
  | { readonly kind: 'too-slow' }
  | { readonly kind: 'broken' }

type FileKey = Extract<KeyMaterial, { kind: 'file' }>

export interface KeyRingOptions {
  /** Where `unlock-program.ts` lies once it is built. */
  readonly unlockWorkerPath: string
  /** How long a passphrase may take to open a key. */
  readonly unlockTimeoutMs: number
}

/** Where the passphrase of an encrypted key comes from. */
export interface PassphraseRequester {
  /** Null: canceled. `isRetry`: the last passphrase was wrong. It is kept in memory only, and for this run. */
  requestPassphrase(keyName: string, isRetry: boolean, signal: AbortSignal): Promise<string | null>
}

/** Private keys, opened once per run. They and their passphrases are kept in memory only. */
export class KeyRing {
  readonly #options: KeyRingOptions
  readonly #openKeys = new Map<string, OpenKey>()

  constructor(options: KeyRingOptions) {
    this.#options = options
  }

  async open(
    file: FileKey,
    name: string,
    prompt: PassphraseRequester,
    signal: AbortSignal,
  ): Promise<KeyOpenResult> {
    const id = createHash('sha256').update(file.text).digest('hex')
    const cached = this.#openKeys.get(id)
    if (cached !== undefined) return { kind: 'open', key: cached }
    const result = file.isLocked
      ? await this.#unlock(file.text, name, prompt, signal)
      : toOpenResult(readPrivateKey(file.text))
    if (result.kind === 'open') this.#openKeys.set(id, result.key)
    return result
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
      const unlocked = await unlockKey(unlockWorkerPath, { text, passphrase }, unlockTimeoutMs, signal)
      if (signal.aborted) break
      if (unlocked.kind === 'unlocked') return toOpenResult(unlocked.key)
      if (unlocked.kind === 'too-slow') return unlocked
      if (unlocked.kind === 'failed') return { kind: 'broken' }
    }
    return { kind: 'declined' }
  }
}

function toOpenResult(key: Parameters<typeof toOpenKey>[0] | null): KeyOpenResult {
  const open = key === null ? null : toOpenKey(key)
  return open === null ? { kind: 'broken' } : { kind: 'open', key: open }
}
