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
