/** Requests of one caller within a minute. */
export interface RateVerdict {
  readonly isAllowed: boolean
  readonly limit: number
  readonly remaining: number
  /** Until the window ends, ms. */
  readonly resetsInMs: number
}

/** Limits callers to so many requests in each window of `windowMs`. Times are of a monotonic clock. */
export interface RateWindows {
  take(callerId: string, nowMs: number): RateVerdict
}

const MAX_CALLERS = 1_000

export function createRateWindows(limit: number, windowMs: number): RateWindows {
  const windows = new Map<string, { readonly sinceMs: number; readonly used: number }>()
  return {
    take(callerId, nowMs) {
      const known = windows.get(callerId)
      const isCurrent = known !== undefined && nowMs - known.sinceMs < windowMs
      const { sinceMs, used } = isCurrent ? known : { sinceMs: nowMs, used: 0 }
      const isAllowed = used < limit
      // The latest stays, so that the map forgets those who asked long ago.
      windows.delete(callerId)
      windows.set(callerId, { sinceMs, used: isAllowed ? used + 1 : used })
      const [oldest] = windows.keys()
      if (windows.size > MAX_CALLERS && oldest !== undefined) windows.delete(oldest)
      return {
        isAllowed,
        limit,
        remaining: Math.max(0, limit - used - (isAllowed ? 1 : 0)),
        resetsInMs: Math.max(0, sinceMs + windowMs - nowMs),
      }
    },
  }
}
