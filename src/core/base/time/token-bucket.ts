/** A rate limit: `burst` at once, then `perSecond` per second. */
export interface RateLimit {
  readonly burst: number
  readonly perSecond: number
}

export interface TokenBucket {
  /** Takes a token at this moment of a monotonic clock, ms; false when none is left. */
  take(nowMs: number): boolean
}

export function createTokenBucket({ burst, perSecond }: RateLimit): TokenBucket {
  let tokens = burst
  let countedAtMs: number | null = null
  return {
    take(nowMs) {
      const passedMs = countedAtMs === null ? 0 : Math.max(0, nowMs - countedAtMs)
      countedAtMs = nowMs
      tokens = Math.min(burst, tokens + (passedMs / 1_000) * perSecond)
      if (tokens < 1) return false
      tokens -= 1
      return true
    },
  }
}
