import { performance } from 'node:perf_hooks'
import { randomUUID } from 'node:crypto'
import type { UtcOffset } from '../core/pod-rules/keep-on'
import type { Clock } from '../core/base/time/clock'
import { MINUTE_MS } from '../core/base/time/time'

/** The longest delay that a Node timer supports without firing immediately, ms. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** Uses this computer's time zone. */
export const systemUtcOffset: UtcOffset = (atMs) => -new Date(atMs).getTimezoneOffset() * MINUTE_MS

export function createSystemClock(): Clock {
  const runId = randomUUID()
  return {
    now: () => ({ wallMs: Date.now(), monotonicMs: performance.now(), runId }),
    schedule(delayMs, run) {
      const timer = setTimeout(run, Math.min(delayMs, MAX_TIMER_MS))
      return () => clearTimeout(timer)
    },
    defer: (run) => void setImmediate(run),
  }
}
