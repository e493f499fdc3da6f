const BASE_MS = 1_000
const CAP_MS = 60_000

/**
 * Full jitter: the delay before retry number `retry` (0 is the first), in milliseconds. Uniform between 0 and
 * 1 s · 2^retry, capped at one minute. 0 ≤ random < 1.
 */
export function jitterMs(retry: number, random: number): number {
  return random * Math.min(CAP_MS, BASE_MS * 2 ** retry)
}
