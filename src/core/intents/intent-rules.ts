import { HOUR_MS, MINUTE_MS } from '../base/time/time'

/** Milliseconds. See docs/product-rules.md#41-intents. */
export interface IntentRules {
  readonly undoMs: number
  readonly stopDeadlineMs: number
  readonly restartDeadlineMs: number
  readonly startDeadlineMs: number
  readonly terminateDeadlineMs: number
  /** How long an action is retried after a 429. */
  readonly retryWindowMs: number
  /** The same for a terminate, whose confirmation is valid for this long. */
  readonly confirmationValidMs: number
  /** If a scheduled action is sent later than this after it was due, the pod is read first. */
  readonly lateAfterMs: number
  /** Delay before the first retry of a waiting start. It grows up to `gpuRetryMaxMs`. */
  readonly gpuRetryMs: number
  /** Maximum delay between two retries of a waiting start. */
  readonly gpuRetryMaxMs: number
  /** A waiting start is given up after this. */
  readonly gpuGiveUpMs: number
}

export const defaultIntentRules: IntentRules = {
  undoMs: 5_000,
  stopDeadlineMs: 2 * MINUTE_MS,
  restartDeadlineMs: 3 * MINUTE_MS,
  startDeadlineMs: 15 * MINUTE_MS,
  terminateDeadlineMs: 2 * MINUTE_MS,
  retryWindowMs: 10 * MINUTE_MS,
  confirmationValidMs: 2 * MINUTE_MS,
  lateAfterMs: 30_000,
  gpuRetryMs: MINUTE_MS,
  gpuRetryMaxMs: 5 * MINUTE_MS,
  gpuGiveUpMs: 8 * HOUR_MS,
}
