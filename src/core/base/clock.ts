import type { Instant } from './time'

export interface Clock {
  now(): Instant
  /** Calls `run` once after `delayMs`; returns what cancels it. */
  schedule(delayMs: number, run: () => void): () => void
}
