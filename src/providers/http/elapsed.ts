import type { Instant } from '../../core/base/time/time'

/**
 * Milliseconds since creation, on a clock that never goes backwards and keeps counting while the machine
 * sleeps (the monotonic clock may not). Setting the wall clock forward counts as elapsed time: a quota window
 * then ends early, and the server rejects the request.
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
