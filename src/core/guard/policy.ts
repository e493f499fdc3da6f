import type { Activity } from '../idle/activity'
import type { Announcement, Deliveries } from '../alerts/alert'
import {
  type AccountGuard,
  type AutoStopMode,
  type KeepOn,
  type PodRules,
  podRulesOf,
} from '../pod-rules/pod-rules'
import type { StopCause } from '../intents/intent'
import { type GuardRule, heldBy, heldWords, type StopFacts } from './stop-conditions'
import {
  idleAnnouncement,
  keptOnAnnouncement,
  partlyIdleAnnouncement,
  reminderAnnouncement,
  warningAnnouncement,
  warningKey,
} from './guard-text'
import { isInForce } from '../pod-rules/keep-on'
import { monthEnd, monthOf } from '../money/ledger/months'
import {
  isSamePlan,
  isUnheard,
  newPlan,
  type Plan,
  warningDue,
  warningNames,
  warningsLeftMs,
  withWarning,
} from './stop-plan'
import type { AccountId, Pod } from '../pods/pod'
import type { PolicyRules } from './policy-settings'
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS } from '../base/time'

/** A pod as the rules see it. */
export interface JudgedPod {
  readonly pod: Pod
  readonly activity: Activity
  /** How long it has run for certain, ms; null: not known. */
  readonly ageMs: number | null
  /** What it surely cost in this month (UTC), USD; null: that is not asked for, or not known. */
  readonly spentUsd: number | null
  readonly hasOpenIntent: boolean
}

/** What the rules know besides the pods. */
export interface PolicyContext {
  readonly accountId: AccountId
  readonly guard: AccountGuard
  readonly rules: PolicyRules
  readonly mayKeyAct: boolean
  readonly stopsLastHour: number
  readonly deliveries: Deliveries
  readonly now: Instant
}

/** What forbids a stop; `words` is a sentence. */
export interface Hold {
  readonly by: readonly GuardRule[]
  readonly words: string
}

/** Where a pod stands with one cause of an automatic stop. */
export type Standing =
  /** `leftMs`: until the stop would be due as things are; null: nothing leads there. */
  | { readonly kind: 'clear'; readonly leftMs: number | null }
  /** Its first warning would be due, and these rules forbid the stop. */
  | ({ readonly kind: 'held' } & Hold)
  /** It is coming, in `leftMs`, warnings included; 0: now, on a fresh look. `held`: that one was not good enough. */
  | {
      readonly kind: 'planned'
      readonly plan: Plan
      readonly leftMs: number
      readonly held: Hold | null
    }

export type Standings = Readonly<Record<StopCause, Standing>>

const warned: readonly GuardRule[] = ['warned']

const clear: Standing = { kind: 'clear', leftMs: null }

/** Whether a pod may be stopped by itself. New pods come unticked. Product rules, "Idle policy". */
export function isAutoStopped(mode: AutoStopMode, { isAutoStopped: tick }: PodRules): boolean {
  return mode === 'all' ? tick !== false : mode === 'ticked' && tick === true
}

/** Observed idle time at which the owner of a pod is told, ms. */
export function alertAfterMs(podRules: PodRules, rules: PolicyRules): number {
  return podRules.idleAlertAfterMin === undefined
    ? rules.idleAlertAfterMs
    : podRules.idleAlertAfterMin * MINUTE_MS
}

export function keepOnInForce(podRules: PodRules, now: Instant): KeepOn | null {
  return isInForce(podRules.keepOn, now.wallMs) ? podRules.keepOn : null
}

/** All that is to be said of a pod now, apart from warnings of a stop. Product rules, "Idle policy". */
export function findAlerts(judged: JudgedPod, context: PolicyContext): readonly Announcement[] {
  const { pod, activity } = judged
  const { accountId, rules, now } = context
  const podRules = rulesOf(judged, context)
  if (pod.phase !== 'running') return []
  const keepOn = keepOnInForce(podRules, now)
  if (keepOn !== null) {
    const days = Math.floor((now.wallMs - keepOn.sinceMs) / DAY_MS)
    return keepOn.untilMs === null && days >= 1 ? [keptOnAnnouncement(accountId, pod, keepOn, days, now)] : []
  }
  const afterMs = alertAfterMs(podRules, rules)
  if (activity.kind === 'busy') {
    const { partlyIdle } = activity
    return partlyIdle !== null && partlyIdle.idleForMs >= afterMs
      ? [partlyIdleAnnouncement(accountId, pod, partlyIdle)]
      : []
  }
  if (activity.kind !== 'idle' || activity.idleForMs < afterMs) return []
  const found = [idleAnnouncement(accountId, pod, activity)]
  const reminderMs = rules.remindersMs.filter((each) => each > afterMs && each <= activity.idleForMs).at(-1)
  if (reminderMs !== undefined) found.push(reminderAnnouncement(accountId, pod, activity, reminderMs))
  return found
}

/** Where the pod stands with `cause`, given where it stood, and the warning that is to be given for it now. */
export function judge(
  cause: StopCause,
  before: Standing | undefined,
  judged: JudgedPod,
  context: PolicyContext,
): { readonly standing: Standing; readonly warning: Announcement | null } {
  const { rules, now, deliveries } = context
  const leftMs = untilDueMs(cause, judged, context)
  if (leftMs === null) return { standing: clear, warning: null }
  const isTicked = isAutoStopped(context.guard.autoStop, rulesOf(judged, context))
  // Whoever set maximum hours or a budget is told that they come to nothing; of idleness alone nobody said anything.
  if (!isTicked && cause === 'quiet') return { standing: clear, warning: null }
  if (leftMs > rules.warnings.firstMs) return { standing: { kind: 'clear', leftMs }, warning: null }

  const facts = factsOf(cause, null, judged, context)
  if (facts.keepOn !== null) return { standing: clear, warning: null }
  const by = heldBy(facts, 'standing')
  if (by.length > 0) return { standing: { kind: 'held', by, words: heldWords(facts, by) }, warning: null }

  const wanted = {
    cause,
    action: facts.action,
    podStartedAtMs: judged.pod.startedAtMs,
    isRehearsal: rules.isDryRun,
  }
  const known = before?.kind === 'planned' ? before.plan : null
  const heldBefore = before?.kind === 'planned' ? before.held : null
  let plan =
    known !== null && isSamePlan(known, wanted, leftMs, now, rules.warnings)
      ? known
      : newPlan(wanted, leftMs, now)
  for (const name of warningNames) {
    const isWaiting = plan[name].wantedAt !== null && plan[name].heardAt === null
    if (
      isWaiting &&
      deliveries.deliveredAtMs(warningKey(context.accountId, judged.pod.id, plan, name)) !== null
    )
      plan = withWarning(plan, name, true, now)
  }
  const name = warningDue(plan, leftMs, now, rules.warnings)
  if (name !== null) plan = withWarning(plan, name, false, now)
  const planFacts = factsOf(cause, plan, judged, context)
  const planLeftMs = Math.max(leftMs, planFacts.warningsLeftMs)
  const unheard = planFacts.isUnheard ? { by: warned, words: heldWords(planFacts, warned) } : null
  const held = unheard ?? (planLeftMs > 0 ? null : heldBefore)
  return {
    standing: { kind: 'planned', plan, leftMs: planLeftMs, held },
    warning: name === null ? null : warningAnnouncement(context.accountId, planFacts, plan, name, planLeftMs),
  }
}

/** What the rules of an automatic stop look at, from the pod as it is known now. */
export function factsOf(
  cause: StopCause,
  plan: Plan | null,
  judged: JudgedPod,
  context: PolicyContext,
  isFresh = false,
): StopFacts {
  const { pod, activity, hasOpenIntent } = judged
  const { guard, rules, mayKeyAct, stopsLastHour, now } = context
  const podRules = rulesOf(judged, context)
  return {
    cause,
    action: plan?.action ?? actionOf(cause, pod, podRules),
    pod,
    activity,
    podRules,
    isAutoStopped: isAutoStopped(guard.autoStop, podRules),
    keepOn: keepOnInForce(podRules, now),
    leftMs: untilDueMs(cause, judged, context),
    warningsLeftMs: plan === null ? rules.warnings.firstMs : warningsLeftMs(plan, now, rules.warnings),
    isUnheard: plan !== null && isUnheard(plan, now, rules.warnings),
    plannedStartedAtMs: plan?.podStartedAtMs ?? null,
    hasOpenIntent,
    mayKeyAct,
    stopsLastHour,
    isFresh,
    isRehearsal: rules.isDryRun || plan?.isRehearsal === true,
    rules,
  }
}

/** What was told of this pod. A pod's id may be any text. */
export function rulesOf({ pod }: Pick<JudgedPod, 'pod'>, { guard }: Pick<PolicyContext, 'guard'>): PodRules {
  return podRulesOf(guard, pod.id)
}

/** How long the pod's own state leaves until a stop, ms; 0 or less: it is due. Null: it leads to none. */
function untilDueMs(cause: StopCause, judged: JudgedPod, context: PolicyContext): number | null {
  const { pod, activity, ageMs } = judged
  const podRules = rulesOf(judged, context)
  if (pod.phase !== 'running') return null
  if (cause === 'max-hours')
    return podRules.maxHours === undefined || ageMs === null ? null : podRules.maxHours * HOUR_MS - ageMs
  if (cause === 'budget') return untilSpentMs(judged, podRules, context.now)
  if (activity.kind !== 'idle') return null
  const afterMs =
    podRules.autoStopAfterMin === undefined
      ? context.rules.autoStopAfterMs
      : podRules.autoStopAfterMin * MINUTE_MS
  return afterMs - activity.quietForMs
}

/**
 * Until the pod's budget of the month is spent for certain, ms; below 0: so much longer than that ago, at its present price,
 * so that a plan made of it stays where it is. Null: that does not end in a stop, not this month, or cannot be told.
 */
function untilSpentMs(
  { pod: { costPerHourUsd }, spentUsd }: JudgedPod,
  { monthlyBudgetUsd, atBudget }: PodRules,
  { wallMs }: Instant,
): number | null {
  if (monthlyBudgetUsd === undefined || atBudget !== 'stop') return null
  if (spentUsd === null || costPerHourUsd === null || costPerHourUsd <= 0) return null
  const leftMs = ((monthlyBudgetUsd - spentUsd) / costPerHourUsd) * HOUR_MS
  return leftMs < monthEnd(monthOf(wallMs)) - wallMs ? leftMs : null
}

/** Terminating is for maximum hours only, and only where its owner chose it. Product rules, "Idle policy". */
function actionOf(cause: StopCause, pod: Pod, podRules: PodRules): 'stop' | 'terminate' {
  const isChosen = cause === 'max-hours' && podRules.atMaxHours === 'terminate'
  return isChosen && pod.actions.includes('terminate') ? 'terminate' : 'stop'
}
