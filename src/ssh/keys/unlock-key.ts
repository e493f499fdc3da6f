import { Worker } from 'node:worker_threads'
import type { PrivateKey } from './private-key'

export interface LockedKey {
  /** The contents of the key file. */
  readonly text: string
  readonly passphrase: string
}

/** `failed`: the attempt was aborted or the thread crashed. */
export type UnlockResult =
  | { readonly kind: 'unlocked'; readonly key: PrivateKey }
  | { readonly kind: 'wrong-passphrase' }
  | { readonly kind: 'too-slow' }
  | { readonly kind: 'failed' }

/**
 * Decrypts a key in a worker thread, because it takes as long as the file demands and must not block the app.
 * `workerPath`: path of the built `unlock-worker.ts`.
 */
export function unlockKey(
  workerPath: string,
  key: LockedKey,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<UnlockResult> {
  return new Promise((resolve) => {
    // The worker doesn't inherit the process's arguments or environment; it shares only the key's memory.
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
