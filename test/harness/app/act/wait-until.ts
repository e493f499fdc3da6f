/** As of `expect.poll` in these tests. */
const POLL_INTERVAL_MS = 100
/** Generous, for a busy machine; it normally takes far less time. */
const LONG_ENOUGH_MS = 60_000

/**
 * Calls `check` until it returns anything but `undefined`, `null` or `false`. Throws an error with `description` at the
 * deadline.
 */
export async function waitUntil<T>(
  description: string,
  check: () => Promise<T> | T,
  timeoutMs = LONG_ENOUGH_MS,
): Promise<Exclude<T, undefined | null | false>> {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    const result = await check()
    if (result !== undefined && result !== null && result !== false) {
      return result as Exclude<T, undefined | null | false>
    }
    if (performance.now() > deadline)
      throw new Error(`waited ${timeoutMs / 1000} s in vain for ${description}`)
    await pause(POLL_INTERVAL_MS)
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
