/** Attempts for one read, including the first. */
export const MAX_ATTEMPTS = 3

/** Waits `ms`, or until `signal` aborts; never rejects. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>

export const sleep: Sleep = (ms, signal) =>
  new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', finish)
      resolve()
    }
    // Timers may fire slightly early, and a wait that the server asked for is a minimum.
    const timer = setTimeout(finish, Math.ceil(ms) + 2)
    signal.addEventListener('abort', finish)
    if (signal.aborted) finish()
  })
