import type { BillingState, SubjectId } from './billing-state'

/** One thing that costs, as a look showed it. */
export interface ObservedSubject {
  /** By what name it was looked at; members of a cluster are booked together. */
  readonly key: SubjectId
  readonly name: string
  readonly hardware: string | null
  readonly billingState: BillingState
  /** It idled since the last look. */
  readonly isIdle: boolean
  /** A pod that is on, a volume that some pod mounts. */
  readonly isUsed: boolean
}

/** A look at all pods, or at all volumes. */
export interface LedgerObservation {
  readonly what: 'pods' | 'volumes'
  readonly atMs: number
  readonly subjects: readonly ObservedSubject[]
  /** Whether what is missing was not there. */
  readonly isComplete: boolean
  /** Keys of those that are missing and not yet known to be gone. */
  readonly possiblyPresent: ReadonlySet<string>
}
