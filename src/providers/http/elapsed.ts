import type { Instant } from '../../core/base/time'

/**
 * Milliseconds since creation, on a clock that never goes back and does not stand still while the machine sleeps
 * (the monotonic clock may). A wall clock set forward counts as time gone by: a quota then ends early, and the
 * server says so.
 */
export function createElapsed(now: () => Instant): () => number {
  let last = now()
  let elapsedMs = 0
  return () => {
    const next = now()
    elapsedMs += Math.max(0, next.monotonicMs - last.monotonicMs, next.wallMs - last.wallMs)
    last = next
    return elapsedMs
  }
}
