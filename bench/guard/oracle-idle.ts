import { MINUTE_MS, SECOND_MS } from '../../src/core/base/time'
import type { Observation } from './virtual-provider'

/*
 * How long a pod was idle, by the product rules, "Activity", as two bounds: nobody who read what this judge was told can
 * come to more than `atMostMs`, and nobody can come to less than `atLeastMs`. Between them a program may count as it likes.
 */

const GAP_MS = 5 * MINUTE_MS
/** Clocks may differ by so much before a stretch counts as a gap. */
const TOLERANCE_MS = 30 * SECOND_MS

/** One pod's looks, as far as they are about its present run. True times. */
export interface IdleTally {
  /** The newest look: what is true by it, with what no program could see taken out. */
  readonly truth: 'busy' | 'calm' | 'active' | 'unknown' | 'not-running'
  readonly lastAtMs: number
  /** Begin of the longest stretch that anybody could call one episode. */
  readonly looseSinceMs: number | null
  readonly atMostMs: number
  /** Begin of the stretch that nobody could call anything but idle. */
  readonly strictSinceMs: number | null
  readonly atLeastMs: number
  readonly lastIdleAtMs: number
  readonly busyInARow: number
  readonly uptimeS: number | null
  /** When a look first showed that uptime. */
  readonly uptimeAtMs: number
  readonly startedAtMs: number | null
}

export const emptyTally: IdleTally = {
  truth: 'unknown',
  lastAtMs: -Infinity,
  looseSinceMs: null,
  atMostMs: 0,
  strictSinceMs: null,
  atLeastMs: 0,
  lastIdleAtMs: -Infinity,
  busyInARow: 0,
  uptimeS: null,
  uptimeAtMs: -Infinity,
  startedAtMs: null,
}

/** The tally after one more look. One that was asked for before the newest tells nothing new. */
export function updateTally(before: IdleTally, { askedAtMs, pod, sample }: Observation): IdleTally {
  if (askedAtMs < before.lastAtMs) return before
  if (pod.phase !== 'running' || sample === null)
    return { ...emptyTally, truth: 'not-running', lastAtMs: askedAtMs }
  const uptimeS = sample.telemetry?.uptimeS ?? null
  const isAnotherRun =
    (before.startedAtMs !== null && before.startedAtMs !== pod.startedAtMs) ||
    (before.uptimeS !== null && uptimeS !== null && uptimeS < before.uptimeS)
  const from = isAnotherRun ? emptyTally : before
  // Told in whole seconds, it may well be the same a moment later.
  const isSame = uptimeS !== null && uptimeS === from.uptimeS
  const isStale = isSame && askedAtMs - from.uptimeAtMs >= SECOND_MS
  const truth = isStale ? 'unknown' : sample.truth
  const common = {
    truth,
    lastAtMs: askedAtMs,
    uptimeS: uptimeS ?? from.uptimeS,
    uptimeAtMs: isSame || uptimeS === null ? from.uptimeAtMs : askedAtMs,
    startedAtMs: pod.startedAtMs,
  }
  if (truth === 'calm' || truth === 'active') return { ...withIdle(from, askedAtMs), ...common }
  // Two answers of one moment are one look.
  const isNext = askedAtMs > from.lastAtMs
  const busyInARow = truth === 'busy' ? Math.max(1, from.busyInARow + (isNext ? 1 : 0)) : 0
  const isOver = busyInARow >= 2
  return {
    ...from,
    ...common,
    busyInARow,
    strictSinceMs: null,
    atLeastMs: 0,
    looseSinceMs: isOver ? null : from.looseSinceMs,
    atMostMs: isOver ? 0 : from.atMostMs,
    lastIdleAtMs: isOver ? -Infinity : from.lastIdleAtMs,
  }
}

function withIdle(from: IdleTally, atMs: number): IdleTally {
  const sinceIdleMs = atMs - from.lastIdleAtMs
  const isLoose = from.looseSinceMs !== null && sinceIdleMs <= GAP_MS + TOLERANCE_MS
  const isStrict = from.strictSinceMs !== null && sinceIdleMs <= GAP_MS
  return {
    ...from,
    busyInARow: 0,
    lastIdleAtMs: atMs,
    looseSinceMs: isLoose ? from.looseSinceMs : atMs,
    atMostMs: isLoose ? from.atMostMs + sinceIdleMs : 0,
    strictSinceMs: isStrict ? from.strictSinceMs : atMs,
    atLeastMs: isStrict ? from.atLeastMs + sinceIdleMs : 0,
  }
}

/** After a trouble of which the rules leave open how it is counted (a sleep, a clock that was set, an outage). */
export function afterDisturbance(tally: IdleTally): IdleTally {
  return { ...tally, strictSinceMs: null, atLeastMs: 0 }
}
