import type { Clock } from '../../src/core/base/time/clock'

/** A clock that jumps to the next due timer, so that a night takes only as long as the work in it. */
export interface FastClock extends Clock {
  /** Runs the timer that is due first; false if there is none. */
  step(): boolean
  /** The number of waiting timers. */
  waiting(): number
}

export function createFastClock(startMs: number): FastClock {
  let passedMs = 0
  const timers = new Map<symbol, { readonly dueMs: number; readonly run: () => void }>()
  return {
    now: () => ({ wallMs: startMs + passedMs, monotonicMs: passedMs, runId: 'soak' }),
    schedule(delayMs, run) {
      const id = Symbol('timer')
      timers.set(id, { dueMs: passedMs + Math.max(0, delayMs), run })
      return () => void timers.delete(id)
    },
    defer: (run) => void setImmediate(run),
    step() {
      const [next] = [...timers].sort(([, a], [, b]) => a.dueMs - b.dueMs)
      if (next === undefined) return false
      const [id, { dueMs, run }] = next
      timers.delete(id)
      passedMs = Math.max(passedMs, dueMs)
      run()
      return true
    },
    waiting: () => timers.size,
  }
}
