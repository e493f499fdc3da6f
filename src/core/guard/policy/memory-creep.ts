import type { QuietDoubt } from '../../idle/quiet-doubt'
import type { Instant } from '../../base/time/time'
import type { DueTime } from './due-time'
import { hasTimeMoved, type StopPlan, type WarningRules } from './stop-plan'

/** The part of a stop's status before that matters here. */
type StatusBefore =
  | { readonly kind: 'clear' }
  | { readonly kind: 'blocked'; readonly isCreeping?: true }
  | { readonly kind: 'planned'; readonly plan: StopPlan; readonly isCreeping?: true }

/**
 * What holds a stop whose memory changed again after its warning, until a look from inside decides or memory was still
 * for the whole time of the rule; null: nothing. Otherwise memory that creeps would be warned of again and again. See
 * docs/product-rules.md#25-quiet.
 */
export function creepDoubtOf(
  before: StatusBefore | undefined,
  due: DueTime,
  now: Instant,
  rules: WarningRules,
): QuietDoubt | null {
  if (due.kind !== 'known' || due.creep === undefined) return null
  const { movedMs, doubt } = due.creep
  if (before?.kind === 'blocked') return before.isCreeping === true ? doubt : null
  if (before?.kind !== 'planned' || movedMs <= before.plan.memoryMovedMs) return null
  const hasMoved = due.doubt !== null || hasTimeMoved(before.plan, due.leftMs, now, rules)
  return hasMoved ? doubt : null
}

/** Whether memory changed again after a warning, as far as is known: missing figures say nothing else. */
export const isMemoryCreeping = (
  before: StatusBefore | undefined,
  due: DueTime,
  doubt: QuietDoubt | null,
): boolean =>
  doubt !== null ||
  (due.kind === 'unknown' && before !== undefined && before.kind !== 'clear' && before.isCreeping === true)
