import { SECOND_MS } from '../../base/time/time'
import { UPTIME_TOLERANCE_S } from '../../pods/confirmed-uptime'
import type { BillingState, SubjectId } from './billing-state'
import { type BillingObservation, type CostInterval, withCertainTime } from './cost-intervals'

/** One observed subject that costs money. */
export interface ObservedSubject {
  /** The key under which it was observed. Members of a cluster are booked together. */
  readonly key: SubjectId
  readonly name: string
  readonly hardware: string | null
  readonly billingState: BillingState
  /**
   * A lower bound of its own uptime, ms: no longer does it count as certainly on. Absent or null: not known, so its
   * start time alone says how long it ran.
   */
  readonly uptimeMs?: number | null
  /** It was idle since the last observation. */
  readonly isIdle: boolean
  /** True for a pod that is on and for a volume that is mounted by a pod. */
  readonly isUsed: boolean
}

/** An observation of all pods or of all volumes. */
export interface LedgerObservation {
  readonly what: 'pods' | 'volumes'
  readonly atMs: number
  readonly subjects: readonly ObservedSubject[]
  /** Whether a missing subject certainly did not exist. */
  readonly isComplete: boolean
  /** Keys of missing subjects that are not confirmed gone yet. */
  readonly possiblyPresent: ReadonlySet<string>
}

/** The last observations, from which counting continues after a restart. */
export interface LastObservations {
  /** When pods and volumes were last observed, Unix ms; null: never. */
  readonly podsAtMs: number | null
  readonly volumesAtMs: number | null
  readonly observations: ReadonlyMap<string, LastObservation>
  /** Null when no balance was ever read. */
  readonly topUp: TopUp | null
}

export const noObservations: LastObservations = {
  podsAtMs: null,
  volumesAtMs: null,
  observations: new Map(),
  topUp: null,
}

/** The last top-up: its time, Unix ms, and the lowest balance since, in nano-dollars (possibly negative). */
export interface TopUp {
  readonly atMs: number
  readonly lowest: number
}

export interface LastObservation extends BillingObservation {
  /** Since when it is missing from complete lists, Unix ms; null when it is listed. */
  readonly missedAtMs: number | null
  /** A pod that is on or a volume that is mounted, and since when that was observed, Unix ms. */
  readonly isUsed: boolean
  readonly sinceMs: number
  /** Its own uptime, ms; null when unknown. */
  readonly uptimeMs: number | null
}

/** As far as its own uptime says that it was on since the last observation. */
export function certainIntervals(
  intervals: readonly CostInterval[],
  { billingState }: BillingObservation,
  { uptimeMs = null }: ObservedSubject,
  last: LastObservation | undefined,
): readonly CostInterval[] {
  if (uptimeMs === null || billingState.kind === 'off') return intervals
  const beforeMs = last?.uptimeMs ?? null
  const advancedMs = beforeMs !== null && uptimeMs >= beforeMs ? uptimeMs - beforeMs : uptimeMs
  return withCertainTime(intervals, advancedMs + UPTIME_TOLERANCE_S * SECOND_MS, billingState.offRate)
}
