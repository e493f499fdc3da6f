import type { Instant } from '../../base/time/time'
import { type StopCause, stopCauses } from '../../intents/intent'
import type { ObstacleCode } from '../../obstacles/obstacle'
import type { StopCondition } from './stop-conditions'
import type { StopPlan } from './stop-plan'

/** What blocks a stop. */
export interface StopBlock {
  readonly conditions: readonly StopCondition[]
  /** A sentence. */
  readonly text: string
  /** Why, as a clause that follows "since". */
  readonly why: string
  /** What blocks it where no condition does. */
  readonly obstacle?: ObstacleCode
}

/** Why a stop that is not near yet would not happen; `why` is a clause. */
export interface Hold {
  readonly why: string
  readonly conditions: readonly StopCondition[]
  /** Data is missing now, which may be over with the next poll. */
  readonly isDataMissing: boolean
}

/** The status of a pod for one cause of an automatic stop. */
export type StopStatus =
  /**
   * `leftMs`: time until the stop would be due if nothing changes; null when this cause does not lead to a
   * stop, or when that time is unknown.
   */
  | { readonly kind: 'clear'; readonly leftMs: number | null; readonly hold: Hold | null }
  /**
   * The first warning would be due, and these conditions block the stop. `isCreeping`: see `isMemoryCreeping`.
   */
  | ({ readonly kind: 'blocked'; readonly isCreeping?: true } & StopBlock)
  /**
   * Scheduled in `leftMs`, warnings included; 0 means now, after a fresh read. `block` is set when that read
   * did not meet the conditions, and while missing data holds the stop.
   */
  | {
      readonly kind: 'planned'
      readonly plan: StopPlan
      readonly leftMs: number
      readonly block: StopBlock | null
      /** When missing data last did not hold it. */
      readonly confirmedAt: Instant
      readonly isCreeping?: true
    }

export type PlannedStatus = Extract<StopStatus, { kind: 'planned' }>

export type StopStatuses = Readonly<Record<StopCause, StopStatus>>

/** One value for each cause, found in the order in which they are declared. */
export const forEachCause = <T>(find: (cause: StopCause) => T): Readonly<Record<StopCause, T>> =>
  Object.fromEntries(stopCauses.map((cause) => [cause, find(cause)])) as Record<StopCause, T>
