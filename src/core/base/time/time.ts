import * as v from 'valibot'

export const instantSchema = v.object({
  wallMs: v.number(),
  monotonicMs: v.number(),
  /** Identifies the process that the monotonic clock belongs to. */
  runId: v.string(),
})

/**
 * A moment on two clocks. The wall clock (Unix milliseconds) is for display and may jump. The monotonic clock
 * (milliseconds from an arbitrary start) measures durations and is only comparable within one process.
 */
export type Instant = Readonly<v.InferOutput<typeof instantSchema>>

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

/**
 * By how much the two clocks disagree between `from` and `to`, in milliseconds, because of a sleep or a clock
 * change. Infinity across processes.
 */
export function clockDisagreementMs(from: Instant, to: Instant): number {
  if (from.runId !== to.runId) return Number.POSITIVE_INFINITY
  return Math.abs(to.wallMs - from.wallMs - (to.monotonicMs - from.monotonicMs))
}
