import { setTimeout as wait } from 'node:timers/promises'
import type { Result } from '../../core/base/result'
import type { RunFailure } from '../run/run-failure'
import type { FileSession } from './session/open-file-session'
import { SftpError } from './sftp/sftp-error'
import { UnreachableProblem } from './session/transfer-problems'

export interface ReconnectOptions {
  readonly open: (signal: AbortSignal) => Promise<Result<FileSession, RunFailure>>
  readonly signal: AbortSignal
  /** That the connection was lost and is being made again, or is back. */
  readonly onConnection?: (state: 'lost' | 'back') => void
  /** For tests: how long to wait before each try, ms. Their number limits tries without progress. */
  readonly retryDelaysMs?: readonly number[]
}

/** Two minutes: a pod that restarts, or another network. */
const RETRY_DELAYS_MS: readonly number[] = [0, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000, 60_000]

export interface Reconnector {
  /** Runs a step on a connection, and again on another one whenever it is lost. */
  run<T>(step: (session: FileSession) => Promise<T>): Promise<T>
  /** Something was done, so that as many tries are left as in the beginning. */
  readonly madeProgress: () => void
  close(): void
}

/** The first connection is tried once. Failures of connections are `UnreachableProblem`s or `SftpError`s. */
export function createReconnector(options: ReconnectOptions): Reconnector {
  const { open, signal, onConnection = () => {}, retryDelaysMs = RETRY_DELAYS_MS } = options
  let session: FileSession | null = null
  let hadSession = false
  let tries = 0
  const close = (): void => {
    session?.close()
    session = null
  }
  signal.addEventListener('abort', close)

  async function connect(): Promise<FileSession> {
    const opened = await open(signal)
    if (!opened.ok) {
      const { kind, reason } = opened.error
      if (hadSession && kind === 'unreachable') throw new SftpError('lost', reason)
      throw new UnreachableProblem(`Podkeeper can’t reach the pod’s files: ${reason}`)
    }
    if (hadSession) onConnection('back')
    hadSession = true
    return opened.value
  }

  return {
    async run(step) {
      for (;;) {
        try {
          signal.throwIfAborted()
          session ??= await connect()
          // It may have been made in the moment of the abort.
          signal.throwIfAborted()
          return await step(session)
        } catch (error) {
          if (signal.aborted || !(error instanceof SftpError) || !error.isOfConnection) throw error
          close()
          const delayMs = retryDelaysMs[tries]
          if (delayMs === undefined) throw error
          tries += 1
          onConnection('lost')
          await wait(delayMs, undefined, { signal })
        }
      }
    },
    madeProgress: () => void (tries = 0),
    close() {
      signal.removeEventListener('abort', close)
      close()
    },
  }
}
