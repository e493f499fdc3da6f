import type { ElectronApplication } from 'playwright-core'

const INTERVAL_MS = 5

/** Watches main's event loop from now on; the returned function ends it and returns the longest pause, ms. */
export async function watchPauses(app: ElectronApplication): Promise<() => Promise<number>> {
  await app.evaluate((_electron, intervalMs) => {
    const pauses = { longestMs: 0, timer: undefined as NodeJS.Timeout | undefined }
    let lastMs = performance.now()
    pauses.timer = setInterval(() => {
      const nowMs = performance.now()
      pauses.longestMs = Math.max(pauses.longestMs, nowMs - lastMs - intervalMs)
      lastMs = nowMs
    }, intervalMs)
    Object.assign(globalThis, { pauses })
  }, INTERVAL_MS)
  return () =>
    app.evaluate(() => {
      const { pauses } = globalThis as unknown as {
        pauses: { longestMs: number; timer: NodeJS.Timeout }
      }
      clearInterval(pauses.timer)
      return pauses.longestMs
    })
}
