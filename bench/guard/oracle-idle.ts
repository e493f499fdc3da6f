import { SECOND_MS } from '../../src/core/base/time/time'
import type { ActivityLimits } from './activity-limits'
import type { PodTruth } from './pod-script'
import { REPLICA_LAG_S } from './telemetry-faults'
import type { Observation } from './virtual-provider'

/*
 * How long a pod was idle, as an upper and a lower bound (`atMostMs`, `atLeastMs`). A program that follows
 * docs/product-rules.md#23-idle-and-idle-episodes and saw the same data may arrive at any value between them.
 */

/** Intervals may differ by this much between the world and a program, because of clocks and answers that take time. */
export const TOLERANCE_MS = 30 * SECOND_MS
/** Two replies within this time may come from replicas, so an uptime that doesn't advance means nothing. */
const SAME_READING_MS = 6 * SECOND_MS

/** One pod's observations during its present run. All times are true times. */
export interface IdleTally {
  /** The state at the newest observation, or unknown if no program could determine it. */
  readonly truth: PodTruth | 'not-running'
  readonly lastAtMs: number
  /** Start of the longest interval that could count as one idle episode. */
  readonly looseSinceMs: number | null
  readonly atMostMs: number
  /** Start of the interval that certainly counts as idle. */
  readonly strictSinceMs: number | null
  readonly atLeastMs: number
  readonly lastIdleAtMs: number
  readonly busyInARow: number
  /** The highest uptime of this run. */
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

export const isIdle = (truth: IdleTally['truth']): boolean =>
  truth === 'calm' || truth === 'active' || truth === 'unclear'

/** The tally after one more observation. One that was requested before the newest is ignored. */
export function updateTally(
  before: IdleTally,
  { askedAtMs, pod, sample }: Observation,
  limits: ActivityLimits,
): IdleTally {
  if (askedAtMs < before.lastAtMs) return before
  if (pod.phase !== 'running' || sample === null)
    return { ...emptyTally, truth: 'not-running', lastAtMs: askedAtMs }
  const uptimeS = sample.telemetry?.uptimeS ?? null
  const hasAnotherStart = before.startedAtMs !== null && before.startedAtMs !== pod.startedAtMs
  const hasFallen = before.uptimeS !== null && uptimeS !== null && uptimeS < before.uptimeS - REPLICA_LAG_S
  const isAnotherRun = hasAnotherStart || hasFallen
  const from = isAnotherRun ? emptyTally : before
  const isNewUptime = uptimeS !== null && (from.uptimeS === null || uptimeS > from.uptimeS)
  const isStale =
    sample.isFrozen &&
    uptimeS !== null &&
    from.uptimeS !== null &&
    uptimeS <= from.uptimeS &&
    askedAtMs - from.uptimeAtMs >= SAME_READING_MS
  // The first reading after a fall is unknown, unless a new start explains the fall.
  const isUnexplained = hasFallen && (!hasAnotherStart || pod.startedAtMs === null)
  const truth = isStale || isUnexplained ? 'unknown' : sample.truth
  const common = {
    truth,
    lastAtMs: askedAtMs,
    uptimeS: isNewUptime ? uptimeS : from.uptimeS,
    uptimeAtMs: isNewUptime ? askedAtMs : from.uptimeAtMs,
    startedAtMs: pod.startedAtMs,
  }
  if (isIdle(truth)) return { ...withIdle(from, askedAtMs, limits), ...common }
  // Two responses from the same moment count as one observation: the one with figures.
  if (truth === 'unknown' && askedAtMs === before.lastAtMs && isIdle(before.truth)) return before
  // Missing telemetry pauses an episode, and only one that is too long ends it.
  if (truth === 'unknown') return { ...from, ...common }
  // Two responses from the same moment count as one observation.
  const isNext = askedAtMs > from.lastAtMs
  const busyInARow = Math.max(1, from.busyInARow + (isNext ? 1 : 0))
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

function withIdle(from: IdleTally, atMs: number, { countedMs, gapMs }: ActivityLimits): IdleTally {
  const sinceIdleMs = atMs - from.lastIdleAtMs
  const isLoose = from.looseSinceMs !== null && sinceIdleMs <= gapMs + TOLERANCE_MS
  const isStrict = from.strictSinceMs !== null && sinceIdleMs <= gapMs
  const looseMs = sinceIdleMs <= countedMs + TOLERANCE_MS ? sinceIdleMs : 0
  const strictMs = sinceIdleMs <= countedMs ? sinceIdleMs : 0
  return {
    ...from,
    busyInARow: 0,
    lastIdleAtMs: atMs,
    looseSinceMs: isLoose ? from.looseSinceMs : atMs,
    atMostMs: isLoose ? from.atMostMs + looseMs : 0,
    strictSinceMs: isStrict ? from.strictSinceMs : atMs,
    atLeastMs: isStrict ? from.atLeastMs + strictMs : 0,
  }
}

/**
 * Resets the lower bound after a disturbance for which the rules don't define the counting (sleep, a clock change).
 */
export function afterDisturbance(tally: IdleTally): IdleTally {
  return { ...tally, strictSinceMs: null, atLeastMs: 0 }
}
