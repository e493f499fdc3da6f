import type { StopCause } from '../../intents/intent'
import { elapsedMs, type Instant } from '../../base/time/time'

/** How long before an automatic stop its owner is warned, ms: `firstMs` > `lastMs`. */
export interface WarningRules {
  readonly firstMs: number
  readonly lastMs: number
  /** A warning that could not be delivered counts from its first attempt. */
  readonly mayActUndelivered: boolean
}

/**
 * A planned automatic stop. It exists in memory only and starts over, with its warnings, whenever the stop
 * was blocked, the pod was restarted or Podkeeper was restarted. Times are measured with the monotonic clock,
 * so that a clock change cannot shorten the warnings.
 */
export interface StopPlan {
  readonly cause: StopCause
  readonly action: 'stop' | 'terminate'
  readonly createdAt: Instant
  /**
   * When the stop would happen if nothing changes, on the monotonic clock, as estimated when it was planned.
   */
  readonly plannedForMs: number
  readonly podStartedAtMs: number | null
  /** The warnings announce a dry run, so they do not count as warnings of a real stop. */
  readonly isDryRun: boolean
  /** How much quiet time memory that moved had taken away when it was planned, ms. */
  readonly memoryMovedMs: number
  /** How many tries of this plan failed. Each retry has a last warning of its own. */
  readonly failedTries: number
  readonly first: StopWarning
  readonly last: StopWarning
}

export interface StopWarning {
  /** When it first became due. */
  readonly requestedAt: Instant | null
  /** When it is known to have been delivered. */
  readonly deliveredAt: Instant | null
}

export const warningNames = ['first', 'last'] as const
export type WarningName = (typeof warningNames)[number]

const notRequested: StopWarning = { requestedAt: null, deliveredAt: null }

/** If one of these changes, it is a different plan. */
type StopPlanTerms = Pick<StopPlan, 'cause' | 'action' | 'podStartedAtMs' | 'isDryRun'>

/** `leftMs`: time until the pod's state makes the stop due. */
export function newStopPlan(plan: StopPlanTerms, leftMs: number, now: Instant, memoryMovedMs = 0): StopPlan {
  return {
    ...plan,
    createdAt: now,
    plannedForMs: now.monotonicMs + leftMs,
    memoryMovedMs,
    failedTries: 0,
    first: notRequested,
    last: notRequested,
  }
}

/** Whether the plan is still the one that its warnings announced. */
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
    !hasTimeMoved(plan, leftMs, now, rules)
  )
}

/**
 * Whether the time of the plan moved by more than the warning period, so that its warnings are outdated. A plan that
 * is due stays due, although a frozen uptime may make it look otherwise.
 */
export function hasTimeMoved(plan: StopPlan, leftMs: number, now: Instant, rules: WarningRules): boolean {
  return leftMs > 0 && now.monotonicMs + leftMs - plan.plannedForMs > rules.firstMs
}

/** Identifies the plan, its warnings and their buttons permanently. */
export function stopPlanEpisode({ cause, createdAt }: StopPlan): string {
  return `${cause}:${createdAt.runId}:${Math.round(createdAt.monotonicMs)}`
}

/** Whether an episode belongs to a plan with this cause. */
export const isEpisodeOf = (episode: string, cause: StopCause): boolean => episode.startsWith(`${cause}:`)

export function warningEpisode(plan: StopPlan, warning: WarningName): string {
  const retry = warning === 'last' && plan.failedTries > 0 ? `:retry-${plan.failedTries}` : ''
  return `${stopPlanEpisode(plan)}:${warning}${retry}`
}

/** The warning that is due now, repeated until it is delivered; null when none is due. */
export function warningDue(
  plan: StopPlan,
  leftMs: number,
  now: Instant,
  rules: WarningRules,
): WarningName | null {
  const { first, last } = plan
  // While the first warning does not count yet, the stop is further away than the last warning.
  const isLastDue = Math.max(leftMs, warningLeftMs(first, rules.firstMs, now, rules)) <= rules.lastMs
  if (isLastDue) return last.deliveredAt === null ? 'last' : null
  return first.deliveredAt === null ? 'first' : null
}

/** The plan after an attempt to deliver the warning. */
export function withWarning(plan: StopPlan, name: WarningName, isDelivered: boolean, now: Instant): StopPlan {
  const { requestedAt, deliveredAt } = plan[name]
  return {
    ...plan,
    [name]: { requestedAt: requestedAt ?? now, deliveredAt: deliveredAt ?? (isDelivered ? now : null) },
  }
}

/** The plan after its action failed: the next attempt requires a new last warning. */
export const afterFailedAttempt = (plan: StopPlan): StopPlan => ({
  ...plan,
  failedTries: plan.failedTries + 1,
  last: notRequested,
})

/**
 * Time until both warnings were delivered early enough, ms; 0: they were. A late or undelivered warning
 * postpones the stop accordingly.
 */
export function warningsLeftMs(plan: StopPlan, now: Instant, rules: WarningRules): number {
  return Math.max(
    warningLeftMs(plan.first, rules.firstMs, now, rules),
    warningLeftMs(plan.last, rules.lastMs, now, rules),
  )
}

/** Whether a required warning cannot be delivered. */
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

/** Whether the first warning was delivered early enough, even where undelivered stops are allowed. */
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
