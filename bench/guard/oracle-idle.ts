import { MINUTE_MS, SECOND_MS } from '../../src/core/base/time'
import type { Observation } from './virtual-provider'

/*
 * How long a pod was idle, as an upper and a lower bound (`atMostMs`, `atLeastMs`). A program that follows
 * docs/product-rules.md#23-idle-and-idle-episodes and saw the same data may arrive at any value between them.
 */

const GAP_MS = 5 * MINUTE_MS
/** Clocks may differ by this much before an interval counts as a gap. */
const TOLERANCE_MS = 30 * SECOND_MS

/** One pod's observations during its present run. All times are true times. */
export interface IdleTally {
  /** The state at the newest observation, or unknown if no program could determine it. */
  readonly truth: 'busy' | 'calm' | 'active' | 'unknown' | 'not-running'
  readonly lastAtMs: number
  /** Start of the longest interval that could count as one idle episode. */
  readonly looseSinceMs: number | null
  readonly atMostMs: number
  /** Start of the interval that certainly counts as idle. */
  readonly strictSinceMs: number | null
  readonly atLeastMs: number
  readonly lastIdleAtMs: number
  readonly busyInARow: number
  readonly uptimeS: number | null
  /** When an observation first showed that uptime. */
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

/** The tally after one more observation. One that was requested before the newest is ignored. */
export function updateTally(before: IdleTally, { askedAtMs, pod, sample }: Observation): IdleTally {
  if (askedAtMs < before.lastAtMs) return before
  if (pod.phase !== 'running' || sample === null)
    return { ...emptyTally, truth: 'not-running', lastAtMs: askedAtMs }
  const uptimeS = sample.telemetry?.uptimeS ?? null
  const isAnotherRun =
    (before.startedAtMs !== null && before.startedAtMs !== pod.startedAtMs) ||
    (before.uptimeS !== null && uptimeS !== null && uptimeS < before.uptimeS)
  const from = isAnotherRun ? emptyTally : before
  // Uptime has whole seconds, so it may be unchanged a moment later.
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
  // Two responses from the same moment count as one observation.
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

/**
 * Resets the lower bound after a disturbance for which the rules don't define the counting (sleep, a clock change, an
 * outage).
 */
export function afterDisturbance(tally: IdleTally): IdleTally {
  return { ...tally, strictSinceMs: null, atLeastMs: 0 }
}
