import type { StopCause } from '../intents/intent'
import { elapsedMs, type Instant } from '../base/time'

/** How long before an automatic stop its owner is warned, milliseconds: `firstMs` > `lastMs`. */
export interface WarningRules {
  readonly firstMs: number
  readonly lastMs: number
  /** A warning that could not be delivered counts from when it was first tried. */
  readonly mayActUndelivered: boolean
}

/**
 * An automatic stop that is coming. It lives in memory only and begins anew with its warnings whenever something
 * stood in its way, the pod was started again, or Podkeeper was: a stop comes only after two warnings that were heard
 * this far ago by a clock that nobody can set.
 */
export interface StopPlan {
  readonly cause: StopCause
  readonly action: 'stop' | 'terminate'
  readonly createdAt: Instant
  /** When it would come about if nothing changes, by the monotonic clock, as it looked then. */
  readonly plannedForMs: number
  readonly podStartedAtMs: number | null
  /** Its warnings speak of what would be done: they are none of a real one. */
  readonly isDryRun: boolean
  readonly first: StopWarning
  readonly last: StopWarning
}

export interface StopWarning {
  /** When it was first to be given. */
  readonly requestedAt: Instant | null
  /** When it was known to have reached its reader. */
  readonly deliveredAt: Instant | null
}

export const warningNames = ['first', 'last'] as const
export type WarningName = (typeof warningNames)[number]

const notRequested: StopWarning = { requestedAt: null, deliveredAt: null }

/** What makes a plan another one. */
type StopPlanTerms = Pick<StopPlan, 'cause' | 'action' | 'podStartedAtMs' | 'isDryRun'>

/** `leftMs`: until the stop is due by the pod's own state. */
export function newStopPlan(plan: StopPlanTerms, leftMs: number, now: Instant): StopPlan {
  return {
    ...plan,
    createdAt: now,
    plannedForMs: now.monotonicMs + leftMs,
    first: notRequested,
    last: notRequested,
  }
}

/** Whether the plan is still the one that its warnings told of. */
export function isSameStopPlan(
  plan: StopPlan,
  next: StopPlanTerms,
  leftMs: number,
  now: Instant,
  rules: WarningRules,
): boolean {
  return (
    plan.createdAt.runId === now.runId &&
    plan.cause === next.cause &&
    plan.action === next.action &&
    plan.podStartedAtMs === next.podStartedAtMs &&
    plan.isDryRun === next.isDryRun &&
    // A moment that moved away by more than the warning: what was said of it is long past. One that has come goes nowhere,
    // though an uptime that stands still makes it look so.
    (leftMs <= 0 || now.monotonicMs + leftMs - plan.plannedForMs <= rules.firstMs)
  )
}

/** Names the plan for good: its warnings, and what their buttons may still do. */
export function stopPlanEpisode({ cause, createdAt }: StopPlan): string {
  return `${cause}:${createdAt.runId}:${Math.round(createdAt.monotonicMs)}`
}

/** Whether an episode is of a plan with that cause. */
export const isEpisodeOf = (episode: string, cause: StopCause): boolean => episode.startsWith(`${cause}:`)

export const warningEpisode = (plan: StopPlan, warning: WarningName): string =>
  `${stopPlanEpisode(plan)}:${warning}`

/** The warning to be given now, again and again until it is heard; null: none is due. */
export function warningDue(
  plan: StopPlan,
  leftMs: number,
  now: Instant,
  rules: WarningRules,
): WarningName | null {
  const { first, last } = plan
  // Of a first warning that does not count yet more is left than the last one is ahead.
  const isLastDue = Math.max(leftMs, warningLeftMs(first, rules.firstMs, now, rules)) <= rules.lastMs
  if (isLastDue) return last.deliveredAt === null ? 'last' : null
  return first.deliveredAt === null ? 'first' : null
}

/** The plan once the warning was to be given. */
export function withWarning(plan: StopPlan, name: WarningName, isDelivered: boolean, now: Instant): StopPlan {
  const { requestedAt, deliveredAt } = plan[name]
  return {
    ...plan,
    [name]: { requestedAt: requestedAt ?? now, deliveredAt: deliveredAt ?? (isDelivered ? now : null) },
  }
}

/** The plan after its action came to nothing: the next try comes no sooner than after a last warning. */
export const afterFailedAttempt = (plan: StopPlan): StopPlan => ({ ...plan, last: notRequested })

/** Milliseconds until the warnings were heard for long enough; 0: they were. Late or unheard ones postpone by as much. */
export function warningsLeftMs(plan: StopPlan, now: Instant, rules: WarningRules): number {
  return Math.max(
    warningLeftMs(plan.first, rules.firstMs, now, rules),
    warningLeftMs(plan.last, rules.lastMs, now, rules),
  )
}

/** Whether a warning does not get through, though it must. */
export function isWarningUndelivered(
  plan: StopPlan,
  now: Instant,
  { lastMs, mayActUndelivered }: WarningRules,
): boolean {
  if (mayActUndelivered) return false
  return warningNames.some((name) => {
    const { requestedAt, deliveredAt } = plan[name]
    return requestedAt !== null && deliveredAt === null && elapsedMs(requestedAt, now) >= lastMs
  })
}

/** Whether the first warning reached its reader as long ago as it must, whatever may be done unheard. */
export function wasFirstWarningDelivered(
  { first }: StopPlan,
  now: Instant,
  { firstMs }: WarningRules,
): boolean {
  return first.deliveredAt !== null && elapsedMs(first.deliveredAt, now) >= firstMs
}

function warningLeftMs(warning: StopWarning, beforeMs: number, now: Instant, rules: WarningRules): number {
  const from = countsFromInstant(warning, rules)
  return from === null ? beforeMs : Math.max(0, beforeMs - elapsedMs(from, now))
}

function countsFromInstant(
  { requestedAt, deliveredAt }: StopWarning,
  { mayActUndelivered }: WarningRules,
): Instant | null {
  return deliveredAt ?? (mayActUndelivered ? requestedAt : null)
}
