import { elapsedMs, type Instant, MINUTE_MS } from '../base/time/time'
import type { BurnRate } from './burn-rate'

/**
 * What the account spends besides its pods, such as serverless endpoints. It is the rate of the balance reply
 * less that of the pods at that time. The reply's rate lags behind a start or a stop, so one from around such
 * a change is not used, and the rate before it still holds.
 */
export interface OtherSpending {
  /** Takes in the current rate of the pods. True when it changed, as by a start or a stop. */
  observePods(pods: BurnRate, at: Instant): boolean
  /** Takes in the account's own rate, USD per hour, of a reply that was requested at `requestedAt`. */
  recordSpend(spendPerHourUsd: number | null, requestedAt: Instant): void
  /** Whether a rate requested at `requestedAt` was too close to a change, and one requested now is not. */
  isReadingWanted(requestedAt: Instant, now: Instant): boolean
  /** USD per hour; null when unknown. */
  perHourUsd(): number | null
}

/** For so long around a change of the pods the account's own rate is not believed. */
const SETTLE_MS = 2 * MINUTE_MS
/** Sums of the same prices in another order differ by less. */
const SAME_RATE_USD = 1e-9

interface RateReading {
  readonly perHourUsd: number
  readonly at: Instant
}

export function createOtherSpending(): OtherSpending {
  let pods: BurnRate | null = null
  let changedAt: Instant | null = null
  let believed: RateReading | null = null
  let earlier: RateReading | null = null

  const isUnsettled = (at: Instant): boolean => changedAt !== null && elapsedMs(changedAt, at) < SETTLE_MS

  return {
    observePods(current, at) {
      const before = pods
      pods = current
      if (before === null || isSameRate(before, current)) return false
      changedAt = at
      // The last reading may have seen the change before the pods did.
      if (believed !== null && elapsedMs(believed.at, at) < SETTLE_MS) believed = earlier
      // The price of a pod that was unknown is part of what was taken for other spending.
      if (before.isAtLeast) believed = null
      return true
    },
    recordSpend(spendPerHourUsd, requestedAt) {
      if (pods === null || isUnsettled(requestedAt)) return
      earlier = believed
      believed =
        spendPerHourUsd === null
          ? null
          : { perHourUsd: Math.max(0, spendPerHourUsd - pods.perHourUsd), at: requestedAt }
    },
    isReadingWanted: (requestedAt, now) => isUnsettled(requestedAt) && !isUnsettled(now),
    perHourUsd: () => believed?.perHourUsd ?? null,
  }
}

const isSameRate = (one: BurnRate, other: BurnRate): boolean =>
  one.isAtLeast === other.isAtLeast && Math.abs(one.perHourUsd - other.perHourUsd) < SAME_RATE_USD
