import { Worker } from 'node:worker_threads'
import type { PrivateKey } from './private-key'

export interface LockedKey {
  /** Of its file. */
  readonly text: string
  readonly passphrase: string
}

/** `failed`: it was given up, or its thread broke off. */
export type UnlockResult =
  | { readonly kind: 'unlocked'; readonly key: PrivateKey }
  | { readonly kind: 'wrong-passphrase' }
  | { readonly kind: 'too-slow' }
  | { readonly kind: 'failed' }

/**
 * Opens an encrypted key in a thread of its own, which ends with it: that takes as long as the file says, and all else
 * goes on meanwhile. `program`: where `unlock-program.ts` lies once it is built.
 */
export function unlockKey(
  workerPath: string,
  key: LockedKey,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<UnlockResult> {
  return new Promise((resolve) => {
    // It inherits neither what the process was started with nor its environment, and shares only the memory of its key.
    const worker = new Worker(workerPath, { workerData: key, env: {}, execArgv: [], argv: [] })
    const settle = (result: UnlockResult): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      void worker.terminate()
      resolve(result)
    }
    const onAbort = (): void => settle({ kind: 'failed' })
    const timer = setTimeout(() => settle({ kind: 'too-slow' }), timeoutMs)
    signal.addEventListener('abort', onAbort)
    worker
      .on('message', (opened: PrivateKey | null) =>
        settle(opened === null ? { kind: 'wrong-passphrase' } : { kind: 'unlocked', key: opened }),
      )
      .on('error', () => settle({ kind: 'failed' }))
      .on('exit', () => settle({ kind: 'failed' }))
    if (signal.aborted) onAbort()
  })
}
