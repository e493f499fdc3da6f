/** Generous, for a busy machine; it normally takes far less time. */
const LONG_ENOUGH_MS = 60_000
const INTERVAL_MS = 10

/** Calls `check` until it returns anything but `undefined`, `null` or `false`. */
export async function waitUntil<T>(
  describe: () => string,
  check: () => Promise<T> | T,
): Promise<Exclude<T, undefined | null | false>> {
  const endMs = performance.now() + LONG_ENOUGH_MS
  for (;;) {
    const result = await check()
    if (result !== undefined && result !== null && result !== false)
      return result as Exclude<T, undefined | null | false>
    if (performance.now() > endMs)
      throw new Error(`Waited ${LONG_ENOUGH_MS / 1_000} s in vain for ${describe()}`)
    await new Promise((resolve) => {
      setTimeout(resolve, INTERVAL_MS)
    })
  }
}
