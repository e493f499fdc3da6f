import type { Instant } from './instant-schema'

// Its schema is apart: neither windows nor commands start with one.
export type { Instant } from './instant-schema'

export const SECOND_MS = 1_000
export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS

/**
 * Milliseconds from `from` to `to`, never negative. Uses the monotonic clock within one process, otherwise
 * the wall clock.
 */
export function elapsedMs(from: Instant, to: Instant): number {
  const ms = from.runId === to.runId ? to.monotonicMs - from.monotonicMs : to.wallMs - from.wallMs
  return Math.max(0, ms)
}

/** The instant `ms` before `at`, by both clocks. */
export const instantBefore = (at: Instant, ms: number): Instant => ({
  ...at,
  wallMs: at.wallMs - ms,
  monotonicMs: at.monotonicMs - ms,
})

/** If the two clocks disagree by more, the computer slept or its clock was set, ms. */
export const MAX_CLOCK_DISAGREEMENT_MS = 30 * SECOND_MS

/**
 * By how much the two clocks disagree between `from` and `to`, in milliseconds, because of a sleep or a clock
 * change. Infinity across processes.
 */
export function clockDisagreementMs(from: Instant, to: Instant): number {
  if (from.runId !== to.runId) return Number.POSITIVE_INFINITY
  return Math.abs(to.wallMs - from.wallMs - (to.monotonicMs - from.monotonicMs))
}

/** The larger elapsed time of both clocks, so that a sleep counts in which one of them stood still. */
export function longestElapsedMs(from: Instant, to: Instant): number {
  return Math.max(elapsedMs(from, to), to.wallMs - from.wallMs)
}
