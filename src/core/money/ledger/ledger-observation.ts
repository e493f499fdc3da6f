import type { BillingState, SubjectId } from './billing-state'

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
