import { MINUTE_MS, SECOND_MS } from '../../src/core/base/time/time'

/** Limits of docs/product-rules.md#13-polling, in milliseconds. */
export interface ActivityLimits {
  /** The longest interval between two samples that counts. */
  readonly countedMs: number
  /** The longest interval between two samples that ends nothing. */
  readonly gapMs: number
}

/** `pollS`: the spacing of polls, seconds. */
export function activityLimitsOf(pollS: number): ActivityLimits {
  return {
    countedMs: Math.max(MINUTE_MS, 2 * pollS * SECOND_MS),
    gapMs: Math.max(5 * MINUTE_MS, 3 * pollS * SECOND_MS),
  }
}
