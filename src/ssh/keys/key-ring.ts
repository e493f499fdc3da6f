import { createHash } from 'node:crypto'
import type { KeyAccess } from './find-keys'
import { type OpenKey, openKeyOf, readPrivateKey } from './private-key'
import { unlockKey } from './unlock-key'

const PASSPHRASE_TRIES = 3

/**
 * `declined`: no passphrase that opens it was given. `too-slow`: it asks for more work than it may take. `broken`: it cannot
 * be read with one either.
 */
export type Opening =
  | { readonly kind: 'open'; readonly key: OpenKey }
  | { readonly kind: 'declined' }
  | { readonly kind: 'too-slow' }
  | { readonly kind: 'broken' }

type FileKey = Extract<KeyAccess, { kind: 'file' }>

export interface KeyRingOptions {
  /** Where `unlock-program.ts` lies once it is built. */
  readonly unlockProgram: string
  /** How long a passphrase may take to open a key. */
  readonly unlockMs: number
}

/** Where the passphrase of an encrypted key comes from. */
export interface PassphrasePrompt {
  /** Null: canceled. `isAgain`: the last passphrase was wrong. It is kept in memory only, and for this run. */
  askPassphrase(keyName: string, isAgain: boolean, signal: AbortSignal): Promise<string | null>
}

/** Private keys, opened once per run. They and their passphrases are kept in memory only. */
export class KeyRing {
  readonly #options: KeyRingOptions
  readonly #opened = new Map<string, OpenKey>()

  constructor(options: KeyRingOptions) {
    this.#options = options
  }

  async open(file: FileKey, name: string, prompt: PassphrasePrompt, signal: AbortSignal): Promise<Opening> {
    const id = createHash('sha256').update(file.text).digest('hex')
    const known = this.#opened.get(id)
    if (known !== undefined) return { kind: 'open', key: known }
    const opening = file.isLocked
      ? await this.#unlock(file.text, name, prompt, signal)
      : opened(readPrivateKey(file.text))
    if (opening.kind === 'open') this.#opened.set(id, opening.key)
    return opening
  }

  async #unlock(text: string, name: string, prompt: PassphrasePrompt, signal: AbortSignal): Promise<Opening> {
    const { unlockProgram, unlockMs } = this.#options
    for (let tries = 0; tries < PASSPHRASE_TRIES; tries++) {
      const passphrase = await prompt.askPassphrase(name, tries > 0, signal).catch(() => null)
      if (passphrase === null || signal.aborted) break
      const unlocking = await unlockKey(unlockProgram, { text, passphrase }, unlockMs, signal)
      if (signal.aborted) break
      if (unlocking.kind === 'unlocked') return opened(unlocking.key)
      if (unlocking.kind === 'too-slow') return unlocking
      if (unlocking.kind === 'failed') return { kind: 'broken' }
    }
    return { kind: 'declined' }
  }
}

function opened(key: Parameters<typeof openKeyOf>[0] | null): Opening {
  const open = key === null ? null : openKeyOf(key)
  return open === null ? { kind: 'broken' } : { kind: 'open', key: open }
}
