import { elapsedMs, type Instant, MINUTE_MS, SECOND_MS } from '../base/time/time'

/**
 * How often the figures of a pod change in one start of it. Its uptime is the clock: it stands still between two
 * refreshes. See docs/product-rules.md#28-what-the-api-reports.
 */
export interface RefreshCadence {
  /** The last reading, whatever it had. */
  readonly readAt: Instant | null
  /** The uptime of the last refresh, s; null: none was read. */
  readonly uptimeS: number | null
  /** The first reading with that uptime. */
  readonly refreshedAt: Instant | null
  /** A reading since then had it still, so late that it would have grown otherwise. */
  readonly hasStood: boolean
  /** No reading since then was missed, so that the next refresh is one and not several. */
  readonly isWatched: boolean
  /** The last refreshes, newest last. */
  readonly refreshes: readonly Refresh[]
}

interface Refresh {
  /** By how much the uptime grew, s. */
  readonly stepS: number
  /** A reading before it had the uptime of the refresh before. Without any, the figures may change more often. */
  readonly hasStood: boolean
}

export const emptyCadence: RefreshCadence = {
  readAt: null,
  uptimeS: null,
  refreshedAt: null,
  hasStood: false,
  isWatched: false,
  refreshes: [],
}

/** So many refreshes make a cadence; their median is robust against two outliers. */
const REFRESHES = 5
/** Of them, so many must have stood still, or each reading has new figures. */
const STOOD = 2
/** Replicas differ by less, s, so a smaller step is no refresh. */
const SMALLEST_STEP_S = 5

/** An uptime that grows has grown noticeably by then, whichever replica answers. */
const STANDS_MS = 10 * SECOND_MS

/** Readings further apart than `maxGapMs` may have missed a refresh. */
export function withReading(
  cadence: RefreshCadence,
  { at, uptimeS }: { readonly at: Instant; readonly uptimeS: number | null },
  maxGapMs: number = MINUTE_MS,
): RefreshCadence {
  const { readAt } = cadence
  const isNear = readAt?.runId === at.runId && elapsedMs(readAt, at) <= maxGapMs
  const isWatched = cadence.isWatched && isNear
  if (uptimeS === null) return { ...cadence, readAt: at, isWatched }
  const { refreshedAt } = cadence
  if (cadence.uptimeS === null || refreshedAt === null)
    return { ...cadence, readAt: at, uptimeS, refreshedAt: at, hasStood: false, isWatched: true }
  const stepS = uptimeS - cadence.uptimeS
  const isStanding = elapsedMs(refreshedAt, at) >= STANDS_MS
  if (stepS < SMALLEST_STEP_S)
    return { ...cadence, readAt: at, hasStood: cadence.hasStood || isStanding, isWatched }
  const refresh = { stepS, hasStood: cadence.hasStood }
  return {
    readAt: at,
    uptimeS,
    refreshedAt: at,
    hasStood: false,
    isWatched: true,
    refreshes: isWatched ? [...cadence.refreshes, refresh].slice(-REFRESHES) : cadence.refreshes,
  }
}

/** The refreshes that were measured, at most those that a cadence is made of. */
export const refreshCount = ({ refreshes }: RefreshCadence): number => refreshes.length

/**
 * The time between two refreshes, ms: the median of the last ones; null until `least` were seen. Where each reading has
 * new figures, it is the time between two readings: see `isAtEachReading`.
 */
export function cadenceMs({ refreshes }: RefreshCadence, least: number = REFRESHES): number | null {
  if (refreshes.length < least) return null
  const steps = refreshes.map(({ stepS }) => stepS).sort((a, b) => a - b)
  const middle = steps[Math.floor(steps.length / 2)]
  return middle === undefined ? null : middle * SECOND_MS
}

/** Whether each reading has new figures, so that nothing says how often they change in between. */
export const isAtEachReading = ({ refreshes }: RefreshCadence): boolean =>
  refreshes.filter(({ hasStood }) => hasStood).length < STOOD

/** The cadence that was measured, ms; null: not known yet, or there is none, because each reading has new figures. */
export const measuredCadenceMs = (cadence: RefreshCadence): number | null =>
  isAtEachReading(cadence) ? null : cadenceMs(cadence)
