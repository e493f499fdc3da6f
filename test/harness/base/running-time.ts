import { onTestFinished } from 'vitest'

const TICK_MS = 10

/**
 * Starts to measure for how long this process runs, in ms; returns the time so far. It is counted in ticks, so that
 * what a busy machine takes away, or all of it while it stands still, is not included.
 */
export function measureRunningTime(): () => number {
  let ticks = 0
  const timer = setInterval(() => (ticks += 1), TICK_MS)
  onTestFinished(() => clearInterval(timer))
  return () => ticks * TICK_MS
}
