import type { ElectronApplication } from 'playwright-core'

const INTERVAL_MS = 5

export interface Pauses {
  /** The longest time in which the event loop did nothing else, ms. Other programs on the computer count too. */
  readonly longestMs: number
  /** The most processor time that the process used in one pause, ms. */
  readonly mostWorkMs: number
}

/** Watches main's event loop from now on; the returned function ends it. */
export async function watchPauses(app: ElectronApplication): Promise<() => Promise<Pauses>> {
  await app.evaluate((_electron, intervalMs) => {
    const pauses = { longestMs: 0, mostWorkMs: 0 }
    let lastMs = performance.now()
    let lastUsage = process.cpuUsage()
    const timer = setInterval(() => {
      const nowMs = performance.now()
      const usage = process.cpuUsage()
      const pauseMs = nowMs - lastMs - intervalMs
      const usedMs = (usage.user + usage.system - lastUsage.user - lastUsage.system) / 1_000
      pauses.longestMs = Math.max(pauses.longestMs, pauseMs)
      pauses.mostWorkMs = Math.max(pauses.mostWorkMs, Math.min(pauseMs, usedMs))
      lastMs = nowMs
      lastUsage = usage
    }, intervalMs)
    Object.assign(globalThis, { pauses, endOfPauses: () => clearInterval(timer) })
  }, INTERVAL_MS)
  return () =>
    app.evaluate(() => {
      const { pauses, endOfPauses } = globalThis as unknown as { pauses: Pauses; endOfPauses: () => void }
      endOfPauses()
      return pauses
    })
}
