import type { Instant } from '../../../src/core/base/time/time'

/** A clock that a test moves. Its `sleep` takes no real time and advances it. */
export function createManualClock() {
  let monotonicMs = 1_000
  let wallMs = Date.parse('2026-11-24T12:00:00Z')
  const slept: number[] = []
  return {
    slept,
    now: (): Instant => ({ monotonicMs, wallMs, runId: 'test' }),
    advance(ms: number): void {
      monotonicMs += ms
      wallMs += ms
    },
    /** Like a machine that sleeps: the monotonic clock may stand still. */
    suspend(ms: number): void {
      wallMs += ms
    },
    sleep: async (ms: number): Promise<void> => {
      slept.push(ms)
      monotonicMs += ms
      wallMs += ms
    },
  }
}
