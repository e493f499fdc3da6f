import type { PodRuleChanges } from '../../src/core/pod-rules/pod-rules'
import type { Alert, Delivery } from '../../src/core/alerts/alert'
import type { Settings } from '../../src/core/settings/settings'
import { MINUTE_MS, SECOND_MS } from '../../src/core/base/time/time'

/** The reasons for a stop. */
export const warningCauses = ['quiet', 'max-hours', 'budget'] as const
export type WarningCause = (typeof warningCauses)[number]

/** A warning before a stop, by true time. */
export interface RecordedWarning {
  readonly atMs: number
  readonly cause: WarningCause
  readonly delivery: Delivery
  /** It is the first one of its plan. Absent: it isn't known to be. */
  readonly isFirst?: boolean
  /** The first list after it, at which the program knows how it was delivered. */
  readonly knownAtMs: number | null
}

/** Two records of the same moment may differ by this much. */
export const ROUNDING_MS = SECOND_MS

/** The stop reason that an alert gives; null if it doesn't warn of a stop. */
export function warningCauseOf({ key: { kind }, body }: Alert): WarningCause | null {
  if (kind === 'max-hours-soon') return 'max-hours'
  if (kind !== 'auto-stop-soon') return null
  return /\bbudget\b/.test(body) ? 'budget' : 'quiet'
}

/** Why the warnings for this cause were not sufficient at `trueMs`; null if they were. */
export function missingWarningText(
  warnings: readonly RecordedWarning[],
  cause: WarningCause,
  settings: Settings,
  trueMs: number,
): string | null {
  const { autoStopFirstWarningMin: firstMin, autoStopLastWarningMin: lastMin, mayStopUnheard } = settings
  const ago = warnings
    .filter((one) => one.cause === cause && (one.delivery === 'shown' || mayStopUnheard))
    .map(({ atMs }) => trueMs - atMs)
  if (!ago.some((ms) => ms >= firstMin * MINUTE_MS - ROUNDING_MS))
    return `no warning was heard ${firstMin} min before`
  if (ago.filter((ms) => ms >= lastMin * MINUTE_MS - ROUNDING_MS).length < 2)
    return `no second warning was heard ${lastMin} min before`
  return null
}

/** Whether the first warning was shown early enough, even if undelivered warnings are allowed to count. */
export const wasFirstWarningDelivered = (
  warnings: readonly RecordedWarning[],
  cause: WarningCause,
  { autoStopFirstWarningMin: firstMin }: Settings,
  trueMs: number,
): boolean =>
  warnings
    .filter((one) => one.cause === cause && one.delivery === 'shown')
    .some(({ atMs }) => trueMs - atMs >= firstMin * MINUTE_MS - ROUNDING_MS)

/** Whether the last warning failed and is still being retried, at growing intervals of up to 15 minutes. */
export function areAlertsUndelivered(warnings: readonly RecordedWarning[], trueMs: number): boolean {
  const last = warnings.at(-1)
  return last !== undefined && last.delivery !== 'shown' && trueMs - last.atMs < RETRY_WINDOW_MS
}

const RETRY_WINDOW_MS = 17 * MINUTE_MS

/** Whether a rule change results in a different stop that needs new warnings. */
export const isResetBy = (cause: WarningCause, changes: PodRuleChanges): boolean =>
  ruleNamesOfCause[cause].some((name) => name in changes)

const ruleNamesOfCause: Readonly<Record<WarningCause, readonly (keyof PodRuleChanges)[]>> = {
  quiet: ['isAutoStopped', 'autoStopAfterMin'],
  'max-hours': ['isAutoStopped', 'maxHours', 'atMaxHours'],
  budget: ['isAutoStopped', 'monthlyBudgetUsd', 'atBudget'],
}
