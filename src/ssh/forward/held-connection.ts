import { setTimeout as wait } from 'node:timers/promises'
import { fail, ok, type Result } from '../../core/base/result'
import type { RunFailure } from '../run/run-failure'
import type { PortChannel, PortConnection } from './open-port-connection'

/** `reason`: a clause or sentence for display. */
export type HeldState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'connected' }
  | { readonly kind: 'lost'; readonly reason: string }
  /** It is not made again. */
  | { readonly kind: 'given-up'; readonly failure: RunFailure }

export interface HeldConnectionOptions {
  /** Finds out where the pod is now, and connects. */
  readonly open: (signal: AbortSignal) => Promise<Result<PortConnection, RunFailure>>
  readonly onState: (state: HeldState) => void
  /** Whether a failure may resolve while a lost connection is made again. Default: all may. */
  readonly mayResolve?: (failure: RunFailure) => boolean
  /** For tests: how long to wait before each further try, ms; the last one repeats. */
  readonly retryDelaysMs?: readonly number[]
}

/** A connection that is made again whenever it is lost. */
export interface HeldConnection {
  /** Connects for the first time, once. From then on it reconnects until it is closed. */
  start(): Promise<Result<void, RunFailure>>
  /** Waits for the connection where it is being made. Null: nothing listens there, or it did not return in time. */
  openPort(port: number): Promise<PortChannel | null>
  /** What a lost connection may wait for happened: it is made again now. */
  readonly retryNow: () => void
  readonly close: () => void
}

const RETRY_DELAYS_MS: readonly number[] = [500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000]
/** How long a port waits for the connection. */
const PATIENCE_MS = 20_000

export function createHeldConnection(options: HeldConnectionOptions): HeldConnection {
  const { open, onState, mayResolve = () => true, retryDelaysMs = RETRY_DELAYS_MS } = options
  const ending = new AbortController()
  let current: PortConnection | null = null
  let delay = new AbortController()
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
      delay = new AbortController()
      await wait(delayMs, undefined, { signal: delay.signal }).catch(() => {})
      if (ending.signal.aborted) return
      onState({ kind: 'connecting' })
      const opened = await open(ending.signal)
      if (opened.ok) {
        if (ending.signal.aborted) opened.value.close()
        else take(opened.value)
        return
      }
      if (ending.signal.aborted) return
      if (!mayResolve(opened.error)) {
        close()
        onState({ kind: 'given-up', failure: opened.error })
        return
      }
      onState({ kind: 'lost', reason: opened.error.reason })
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

  function close(): void {
    ending.abort()
    delay.abort()
    for (const tell of waiting) tell(null)
    current?.close()
  }

  return {
    async start() {
      const opened = await open(ending.signal)
      if (!opened.ok) return fail(opened.error)
      if (ending.signal.aborted) {
        opened.value.close()
        return fail({ kind: 'aborted', reason: 'it was canceled' })
      }
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
    retryNow: () => delay.abort(),
    close,
  }
}
