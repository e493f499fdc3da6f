import type { Instant } from './time'

export interface Clock {
  now(): Instant
  /** Calls `run` once after `delayMs`; returns a function that cancels it. */
  schedule(delayMs: number, run: () => void): () => void
  /** Calls `run` once in a separate task, after the current code and the promises that it settles. */
  defer(run: () => void): void
}
