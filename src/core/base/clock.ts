import type { Instant } from './time'

export interface Clock {
  now(): Instant
  /** Calls `run` once after `delayMs`; returns what cancels it. */
  schedule(delayMs: number, run: () => void): () => void
  /** Calls `run` once, in a task of its own: after what runs now and the promises that this settles. */
  defer(run: () => void): void
}
