import type { Clock } from '../base/time/clock'

/** Timers by id, and requests on their way, of a runner. After a shutdown nothing more is timed. */
export interface PendingSends {
  /** Runs `run` after `delayMs`, in place of what was timed under this id. */
  after(id: string, delayMs: number, run: () => void): void
  cancel(id: string): void
  /** Runs `deliver` at once. A shutdown waits for it, also one that `deliver` itself causes. */
  track(deliver: () => Promise<void>): Promise<void>
  /** Whether it was shut down or disposed. */
  isClosed(): boolean
  isDisposed(): boolean
  /** Resolves once all that is on its way has ended. */
  shutDown(): Promise<void>
  /** The replies to what is on its way are of no interest any more. */
  dispose(): void
}

export function createPendingSends(clock: Pick<Clock, 'schedule'>): PendingSends {
  const timers = new Map<string, () => void>()
  const inFlight = new Set<Promise<void>>()
  let state: 'open' | 'closed' | 'disposed' = 'open'

  function cancel(id: string): void {
    timers.get(id)?.()
    timers.delete(id)
  }

  function close(to: 'closed' | 'disposed'): void {
    state = to
    for (const id of timers.keys()) cancel(id)
  }

  return {
    after(id, delayMs, run) {
      if (state !== 'open') return
      cancel(id)
      const end = clock.schedule(delayMs, () => {
        timers.delete(id)
        run()
      })
      timers.set(id, end)
    },
    cancel,
    async track(deliver) {
      let settle = (): void => {}
      const delivery = new Promise<void>((resolve) => (settle = resolve))
      inFlight.add(delivery)
      await deliver().finally(() => {
        inFlight.delete(delivery)
        settle()
      })
    },
    isClosed: () => state !== 'open',
    isDisposed: () => state === 'disposed',
    async shutDown() {
      if (state === 'open') close('closed')
      await Promise.allSettled(inFlight)
    },
    dispose: () => close('disposed'),
  }
}
