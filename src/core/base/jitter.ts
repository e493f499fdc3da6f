const BASE_MS = 1_000
const CAP_MS = 60_000

/**
 * Full jitter: the wait before the `retry`-th retry (0 is the first), in milliseconds: any time up to 1 s · 2^retry, a
 * minute at most. 0 ≤ random < 1.
 */
export function jitterMs(retry: number, random: number): number {
  return random * Math.min(CAP_MS, BASE_MS * 2 ** retry)
}
