/** How often something may happen: `burst` times at once, then `perSecond` times a second. */
export interface RateLimit {
  readonly burst: number
  readonly perSecond: number
}

export interface TokenBucket {
  /** Whether it may happen once more at this moment of a monotonic clock, ms; counted if so. */
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
