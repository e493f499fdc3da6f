import { Worker } from 'node:worker_threads'
import type { PrivateKey } from './private-key'

export interface LockedKey {
  /** Of its file. */
  readonly text: string
  readonly passphrase: string
}

/** `failed`: it was given up, or its thread broke off. */
export type Unlocking =
  | { readonly kind: 'unlocked'; readonly key: PrivateKey }
  | { readonly kind: 'wrong-passphrase' }
  | { readonly kind: 'too-slow' }
  | { readonly kind: 'failed' }

/**
 * Opens an encrypted key in a thread of its own, which ends with it: that takes as long as the file says, and all else
 * goes on meanwhile. `program`: where `unlock-program.ts` lies once it is built.
 */
export function unlockKey(
  program: string,
  key: LockedKey,
  limitMs: number,
  signal: AbortSignal,
): Promise<Unlocking> {
  return new Promise((resolve) => {
    // It inherits neither what the process was started with nor its environment, and shares only the memory of its key.
    const thread = new Worker(program, { workerData: key, env: {}, execArgv: [], argv: [] })
    const settle = (unlocking: Unlocking): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      void thread.terminate()
      resolve(unlocking)
    }
    const onAbort = (): void => settle({ kind: 'failed' })
    const timer = setTimeout(() => settle({ kind: 'too-slow' }), limitMs)
    signal.addEventListener('abort', onAbort)
    thread
      .on('message', (opened: PrivateKey | null) =>
        settle(opened === null ? { kind: 'wrong-passphrase' } : { kind: 'unlocked', key: opened }),
      )
      .on('error', () => settle({ kind: 'failed' }))
      .on('exit', () => settle({ kind: 'failed' }))
    if (signal.aborted) onAbort()
  })
}
