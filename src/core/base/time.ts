/**
 * A moment on two clocks. The wall clock (Unix milliseconds) is what people read and may jump; the
 * monotonic clock (milliseconds from an arbitrary start) measures durations, and means something only
 * within one run of the program.
 */
export interface Instant {
  readonly wallMs: number
  readonly monotonicMs: number
  /** Names the run of the program whose monotonic clock this is. */
  readonly runId: string
}

export const SECOND_MS = 1_000
export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS

/** Milliseconds from `from` to `to`: monotonic within one run, else by the wall clock; never negative. */
export function elapsedMs(from: Instant, to: Instant): number {
  const ms = from.runId === to.runId ? to.monotonicMs - from.monotonicMs : to.wallMs - from.wallMs
  return Math.max(0, ms)
}

/** How far the two clocks disagree on the way from `from` to `to`, in milliseconds (a sleep, or a clock that was set). */
export function clockDisagreementMs(from: Instant, to: Instant): number {
  if (from.runId !== to.runId) return Number.POSITIVE_INFINITY
  return Math.abs(to.wallMs - from.wallMs - (to.monotonicMs - from.monotonicMs))
}
