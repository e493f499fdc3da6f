import { type Liveness, notDue, unsureLiveness } from './oracle-liveness'
import type { RecordedWarning, WarningCause } from './oracle-warnings'

export interface DuePod {
  byCause: Record<WarningCause, Liveness>
  /** Warnings that were shown since the plan of each cause began. */
  warnings: Record<WarningCause, readonly RecordedWarning[]>
  /** Since when only a look from inside is missing. */
  lookDueSinceMs: number | null
  /** Until then the rules don't say when it is stopped. */
  suspendedUntilMs: number
  /** The newest observation. */
  seenAtMs: number
  startedAtMs: number | null
  uptimeS: number | null
  /** When the certain quiet began that the warnings of `quiet` are about. */
  quietSinceMs: number | null
  /** The last first warning of `quiet` whose stop nothing but memory that moved can have called off. */
  quietWarning: QuietWarning | null
}

export interface QuietWarning {
  readonly atMs: number
  /** How much quiet time memory that moved took away then, ms. */
  readonly movedMs: number
}

export const forEachCause = <T>(value: T): Record<WarningCause, T> => ({
  quiet: value,
  'max-hours': value,
  budget: value,
})

export const newDuePod = (trueMs: number): DuePod => ({
  byCause: { ...forEachCause(unsureLiveness(trueMs)), quiet: notDue },
  warnings: forEachCause([]),
  lookDueSinceMs: null,
  suspendedUntilMs: -Infinity,
  seenAtMs: -Infinity,
  startedAtMs: null,
  uptimeS: null,
  quietSinceMs: null,
  quietWarning: null,
})
