/** Tries of one read, the first included. */
export const MAX_TRIES = 3

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
