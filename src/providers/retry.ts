/** Tries of one read, the first included. */
export const MAX_TRIES = 3

const BASE_MS = 1_000
const CAP_MS = 60_000

/**
 * Full jitter: the wait before the `retry`-th retry (0 is the first), in milliseconds.
 * `random` gives [0, 1).
 */
export function jitterMs(retry: number, random: () => number): number {
  return random() * Math.min(CAP_MS, BASE_MS * 2 ** retry)
}

/** Waits `ms`, or until `signal` aborts; never rejects. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>

export const sleep: Sleep = (ms, signal) =>
  new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    // Timers may fire a little early, and a wait that the server asked for is a minimum.
    const timer = setTimeout(end, Math.ceil(ms) + 2)
    signal.addEventListener('abort', end)
    if (signal.aborted) end()
  })
