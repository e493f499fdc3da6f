const BASE_MS = 1_000
const CAP_MS = 60_000

/**
 * Full jitter: the delay before retry number `retry` (0 is the first), in milliseconds. Uniform between 0 and
 * 1 s · 2^retry, capped at one minute. 0 ≤ random < 1.
 */
export function jitterMs(retry: number, random: number): number {
  return random * Math.min(CAP_MS, BASE_MS * 2 ** retry)
}

/**
 * The pause after the `count`th 429 in a row (1 is the first), in milliseconds: 1, 2, 4 … 60 s, and up to a
 * fifth more, but never less than `retryAfterMs`. 0 ≤ random < 1. See docs/product-rules.md#42-sending.
 */
export function rateLimitPauseMs(count: number, retryAfterMs: number, random: number): number {
  const growingMs = Math.min(CAP_MS, BASE_MS * 2 ** (count - 1))
  return Math.max(retryAfterMs, growingMs * (1 + 0.2 * random))
}
