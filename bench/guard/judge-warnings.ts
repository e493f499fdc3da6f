import type { PodRuleChanges } from '../../src/core/pod-rules/pod-rules'
import type { Alert, Delivery } from '../../src/core/alerts/alert'
import type { Settings } from '../../src/core/settings/settings'
import { MINUTE_MS, SECOND_MS } from '../../src/core/base/time'
import type { DueCause } from './judge-due'

/** For what a pod is stopped. */
export type Cause = 'quiet' | DueCause

/** A warning of a stop, by true time. */
export interface Warned {
  readonly atMs: number
  readonly cause: Cause
  readonly delivery: Delivery
}

/** A moment that is told twice may be told a little apart. */
export const ROUNDING_MS = SECOND_MS

/** What an alert says that the pod is stopped for; null: it warns of no stop. */
export function causeOf({ key: { kind }, body }: Alert): Cause | null {
  if (kind === 'max-hours-soon') return 'max-hours'
  if (kind !== 'auto-stop-soon') return null
  return /\bbudget\b/.test(body) ? 'budget' : 'quiet'
}

/** Why the warnings of this cause were not enough at `trueMs`; null: they were. */
export function lackOf(
  warnings: readonly Warned[],
  cause: Cause,
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

/** Whether the first one reached its reader for long enough, whatever may be done unheard. */
export const wasFirstHeard = (
  warnings: readonly Warned[],
  cause: Cause,
  { autoStopFirstWarningMin: firstMin }: Settings,
  trueMs: number,
): boolean =>
  warnings
    .filter((one) => one.cause === cause && one.delivery === 'shown')
    .some(({ atMs }) => trueMs - atMs >= firstMin * MINUTE_MS - ROUNDING_MS)

/** The last one failed, and will be tried again: ever more seldom, up to a quarter of an hour. */
export function isDeaf(warnings: readonly Warned[], trueMs: number): boolean {
  const last = warnings.at(-1)
  return last !== undefined && last.delivery !== 'shown' && trueMs - last.atMs < TRIED_AGAIN_MS
}

const TRIED_AGAIN_MS = 17 * MINUTE_MS

/** Whether a change of rules makes it another stop, which has to be warned of anew. */
export const isVoidBy = (cause: Cause, changes: PodRuleChanges): boolean =>
  rulesOfCause[cause].some((name) => name in changes)

const rulesOfCause: Readonly<Record<Cause, readonly (keyof PodRuleChanges)[]>> = {
  quiet: ['isAutoStopped', 'autoStopAfterMin'],
  'max-hours': ['isAutoStopped', 'maxHours', 'atMaxHours'],
  budget: ['isAutoStopped', 'monthlyBudgetUsd', 'atBudget'],
}
