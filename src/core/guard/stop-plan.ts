import type { StopCause } from '../intents/intent'
import { elapsedMs, type Instant } from '../base/time'

/** How long before an automatic stop its owner is warned, milliseconds: `firstMs` > `lastMs`. */
export interface WarningRules {
  readonly firstMs: number
  readonly lastMs: number
  /** A warning that could not be delivered counts from when it was first tried. */
  readonly mayActUnheard: boolean
}

/**
 * An automatic stop that is coming. It lives in memory only and begins anew with its warnings whenever something
 * stood in its way, the pod was started again, or Podkeeper was: a stop comes only after two warnings that were heard
 * this far ago by a clock that nobody can set.
 */
export interface Plan {
  readonly cause: StopCause
  readonly action: 'stop' | 'terminate'
  readonly madeAt: Instant
  /** When it would come about if nothing changes, by the monotonic clock, as it looked then. */
  readonly plannedForMs: number
  readonly podStartedAtMs: number | null
  /** Its warnings speak of what would be done: they are none of a real one. */
  readonly isRehearsal: boolean
  readonly first: Warning
  readonly last: Warning
}

export interface Warning {
  /** When it was first to be given. */
  readonly wantedAt: Instant | null
  /** When it was known to have reached its reader. */
  readonly heardAt: Instant | null
}

export const warningNames = ['first', 'last'] as const
export type WarningName = (typeof warningNames)[number]

const notGiven: Warning = { wantedAt: null, heardAt: null }

/** What makes a plan another one. */
type PlanTerms = Pick<Plan, 'cause' | 'action' | 'podStartedAtMs' | 'isRehearsal'>

/** `leftMs`: until the stop is due by the pod's own state. */
export function newPlan(plan: PlanTerms, leftMs: number, now: Instant): Plan {
  return { ...plan, madeAt: now, plannedForMs: now.monotonicMs + leftMs, first: notGiven, last: notGiven }
}

/** Whether the plan is still the one that its warnings told of. */
export function isSamePlan(
  plan: Plan,
  next: PlanTerms,
  leftMs: number,
  now: Instant,
  rules: WarningRules,
): boolean {
  return (
    plan.madeAt.runId === now.runId &&
    plan.cause === next.cause &&
    plan.action === next.action &&
    plan.podStartedAtMs === next.podStartedAtMs &&
    plan.isRehearsal === next.isRehearsal &&
    // A moment that moved away by more than the warning: what was said of it is long past. One that has come goes nowhere,
    // though an uptime that stands still makes it look so.
    (leftMs <= 0 || now.monotonicMs + leftMs - plan.plannedForMs <= rules.firstMs)
  )
}

/** Names the plan for good: its warnings, and what their buttons may still do. */
export function episodeOf({ cause, madeAt }: Plan): string {
  return `${cause}:${madeAt.runId}:${Math.round(madeAt.monotonicMs)}`
}

/** Whether an episode is of a plan with that cause. */
export const isCausedBy = (episode: string, cause: StopCause): boolean => episode.startsWith(`${cause}:`)

export const warningEpisode = (plan: Plan, warning: WarningName): string => `${episodeOf(plan)}:${warning}`

/** The warning to be given now, again and again until it is heard; null: none is due. */
export function warningDue(
  plan: Plan,
  leftMs: number,
  now: Instant,
  rules: WarningRules,
): WarningName | null {
  const { first, last } = plan
  // Of a first warning that does not count yet more is left than the last one is ahead.
  const isNear = Math.max(leftMs, warningLeftMs(first, rules.firstMs, now, rules)) <= rules.lastMs
  if (isNear) return last.heardAt === null ? 'last' : null
  return first.heardAt === null ? 'first' : null
}

/** The plan once the warning was to be given. */
export function withWarning(plan: Plan, name: WarningName, isHeard: boolean, now: Instant): Plan {
  const { wantedAt, heardAt } = plan[name]
  return { ...plan, [name]: { wantedAt: wantedAt ?? now, heardAt: heardAt ?? (isHeard ? now : null) } }
}

/** The plan after its action came to nothing: the next try comes no sooner than after a last warning. */
export const afterAttempt = (plan: Plan): Plan => ({ ...plan, last: notGiven })

/** Milliseconds until the warnings were heard for long enough; 0: they were. Late or unheard ones postpone by as much. */
export function warningsLeftMs(plan: Plan, now: Instant, rules: WarningRules): number {
  return Math.max(
    warningLeftMs(plan.first, rules.firstMs, now, rules),
    warningLeftMs(plan.last, rules.lastMs, now, rules),
  )
}

/** Whether a warning does not get through, though it must. */
export function isUnheard(plan: Plan, now: Instant, { lastMs, mayActUnheard }: WarningRules): boolean {
  if (mayActUnheard) return false
  return warningNames.some((name) => {
    const { wantedAt, heardAt } = plan[name]
    return wantedAt !== null && heardAt === null && elapsedMs(wantedAt, now) >= lastMs
  })
}

/** Whether the first warning reached its reader as long ago as it must, whatever may be done unheard. */
export function wasFirstHeard({ first }: Plan, now: Instant, { firstMs }: WarningRules): boolean {
  return first.heardAt !== null && elapsedMs(first.heardAt, now) >= firstMs
}

function warningLeftMs(warning: Warning, beforeMs: number, now: Instant, rules: WarningRules): number {
  const from = countsFrom(warning, rules)
  return from === null ? beforeMs : Math.max(0, beforeMs - elapsedMs(from, now))
}

function countsFrom({ wantedAt, heardAt }: Warning, { mayActUnheard }: WarningRules): Instant | null {
  return heardAt ?? (mayActUnheard ? wantedAt : null)
}
