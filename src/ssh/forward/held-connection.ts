import { setTimeout as wait } from 'node:timers/promises'
import { fail, ok, type Result } from '../../core/base/result'
import type { RunFailure } from '../run/run-failure'
import type { PortChannel, PortConnection } from './open-port-connection'

/** `reason`: a clause or sentence for display. */
export type HeldState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'connected' }
  | { readonly kind: 'lost'; readonly reason: string }

export interface HeldConnectionOptions {
  /** Finds out where the pod is now, and connects. */
  readonly open: (signal: AbortSignal) => Promise<Result<PortConnection, RunFailure>>
  readonly onState: (state: HeldState) => void
  /** For tests: how long to wait before each further try, ms; the last one repeats. */
  readonly retryDelaysMs?: readonly number[]
}

/** A connection that is made again whenever it is lost. */
export interface HeldConnection {
  /** Connects for the first time, once. From then on it reconnects until it is closed. */
  start(): Promise<Result<void, RunFailure>>
  /** Waits for the connection where it is being made. Null: nothing listens there, or it did not return in time. */
  openPort(port: number): Promise<PortChannel | null>
  readonly close: () => void
}

const RETRY_DELAYS_MS: readonly number[] = [500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000]
/** How long a port waits for the connection. */
const PATIENCE_MS = 20_000

export function createHeldConnection(options: HeldConnectionOptions): HeldConnection {
  const { open, onState, retryDelaysMs = RETRY_DELAYS_MS } = options
  const ending = new AbortController()
  let current: PortConnection | null = null
  const waiting = new Set<(connection: PortConnection | null) => void>()

  function take(connection: PortConnection): void {
    current = connection
    onState({ kind: 'connected' })
    for (const tell of waiting) tell(connection)
    void connection.lost.then(async (reason) => {
      if (current === connection) current = null
      if (ending.signal.aborted) return
      onState({ kind: 'lost', reason: reason ?? 'The connection was closed.' })
      await reconnect()
    })
  }

  async function reconnect(): Promise<void> {
    for (let tries = 0; !ending.signal.aborted; tries += 1) {
      const delayMs = retryDelaysMs[Math.min(tries, retryDelaysMs.length - 1)]
      await wait(delayMs, undefined, { signal: ending.signal }).catch(() => {})
      if (ending.signal.aborted) return
      onState({ kind: 'connecting' })
      const opened = await open(ending.signal)
      if (opened.ok) {
        if (ending.signal.aborted) opened.value.close()
        else take(opened.value)
        return
      }
      if (!ending.signal.aborted) onState({ kind: 'lost', reason: opened.error.reason })
    }
  }

  /** Null: not in time. */
  function nextConnection(): Promise<PortConnection | null> {
    return new Promise((resolve) => {
      const tell = (made: PortConnection | null): void => {
        clearTimeout(timer)
        waiting.delete(tell)
        resolve(made)
      }
      const timer = setTimeout(() => tell(null), ending.signal.aborted ? 0 : PATIENCE_MS)
      waiting.add(tell)
    })
  }

  return {
    async start() {
      const opened = await open(ending.signal)
      if (!opened.ok) return fail(opened.error)
      take(opened.value)
      return ok(undefined)
    },
    async openPort(port) {
      for (;;) {
        const connection = current ?? (await nextConnection())
        if (connection === null) return null
        const opened = await connection.openPort(port)
        if (opened.ok) return opened.value
        if (opened.error === 'refused') return null
        await connection.lost
        if (current === connection) current = null
      }
    },
    close() {
      ending.abort()
      for (const tell of waiting) tell(null)
      current?.close()
    },
  }
}
