import type { Activity } from '../idle/activity'
import type { Announcement, Deliveries } from '../alerts/alert'
import {
  type AccountRules,
  type AutoStopMode,
  type KeepOn,
  type PodRules,
  podRulesOf,
} from '../pod-rules/pod-rules'
import type { StopCause } from '../intents/intent'
import { type GuardRule, heldBy, heldWords, type StopFacts } from './stop-conditions'
import {
  idleAlert,
  keptOnAlert,
  partlyIdleAlert,
  idleReminderAlert,
  stopWarningAlert,
  stopWarningKey,
} from './guard-text'
import { isKeepOnActive } from '../pod-rules/keep-on'
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
  readonly accountRules: AccountRules
  readonly rules: PolicyRules
  readonly mayKeyAct: boolean
  readonly stopsLastHour: number
  readonly deliveries: Deliveries
  readonly now: Instant
}

/** What forbids a stop; `words` is a sentence. */
export interface Block {
  readonly conditions: readonly GuardRule[]
  readonly text: string
}

/** Where a pod stands with one cause of an automatic stop. */
export type StopStatus =
  /** `leftMs`: until the stop would be due as things are; null: nothing leads there. */
  | { readonly kind: 'clear'; readonly leftMs: number | null }
  /** Its first warning would be due, and these rules forbid the stop. */
  | ({ readonly kind: 'held' } & Block)
  /** It is coming, in `leftMs`, warnings included; 0: now, on a fresh look. `held`: that one was not good enough. */
  | {
      readonly kind: 'planned'
      readonly plan: Plan
      readonly leftMs: number
      readonly block: Block | null
    }

export type StopStatuses = Readonly<Record<StopCause, StopStatus>>

const warnedCondition: readonly GuardRule[] = ['warned']

const clearStatus: StopStatus = { kind: 'clear', leftMs: null }

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

export function activeKeepOn(podRules: PodRules, now: Instant): KeepOn | null {
  return isKeepOnActive(podRules.keepOn, now.wallMs) ? podRules.keepOn : null
}

/** All that is to be said of a pod now, apart from warnings of a stop. Product rules, "Idle policy". */
export function findAlerts(judged: JudgedPod, context: PolicyContext): readonly Announcement[] {
  const { pod, activity } = judged
  const { accountId, rules, now } = context
  const podRules = rulesOf(judged, context)
  if (pod.phase !== 'running') return []
  const keepOn = activeKeepOn(podRules, now)
  if (keepOn !== null) {
    const days = Math.floor((now.wallMs - keepOn.sinceMs) / DAY_MS)
    return keepOn.untilMs === null && days >= 1 ? [keptOnAlert(accountId, pod, keepOn, days, now)] : []
  }
  const afterMs = alertAfterMs(podRules, rules)
  if (activity.kind === 'busy') {
    const { partlyIdle } = activity
    return partlyIdle !== null && partlyIdle.idleForMs >= afterMs
      ? [partlyIdleAlert(accountId, pod, partlyIdle)]
      : []
  }
  if (activity.kind !== 'idle' || activity.idleForMs < afterMs) return []
  const found = [idleAlert(accountId, pod, activity)]
  const reminderMs = rules.remindersMs.filter((each) => each > afterMs && each <= activity.idleForMs).at(-1)
  if (reminderMs !== undefined) found.push(idleReminderAlert(accountId, pod, activity, reminderMs))
  return found
}

/** Where the pod stands with `cause`, given where it stood, and the warning that is to be given for it now. */
export function judge(
  cause: StopCause,
  before: StopStatus | undefined,
  judged: JudgedPod,
  context: PolicyContext,
): { readonly status: StopStatus; readonly warning: Announcement | null } {
  const { rules, now, deliveries } = context
  const leftMs = untilDueMs(cause, judged, context)
  if (leftMs === null) return { status: clearStatus, warning: null }
  const isTicked = isAutoStopped(context.accountRules.autoStop, rulesOf(judged, context))
  // Whoever set maximum hours or a budget is told that they come to nothing; of idleness alone nobody said anything.
  if (!isTicked && cause === 'quiet') return { status: clearStatus, warning: null }
  if (leftMs > rules.warnings.firstMs) return { status: { kind: 'clear', leftMs }, warning: null }

  const facts = factsOf(cause, null, judged, context)
  if (facts.keepOn !== null) return { status: clearStatus, warning: null }
  const unmet = heldBy(facts, 'standing')
  if (unmet.length > 0) return { status: { kind: 'held', conditions: unmet, text: heldWords(facts, unmet) }, warning: null }

  const planTerms = {
    cause,
    action: facts.action,
    podStartedAtMs: judged.pod.startedAtMs,
    isDryRun: rules.isDryRun,
  }
  const previousPlan = before?.kind === 'planned' ? before.plan : null
  const previousBlock = before?.kind === 'planned' ? before.block : null
  let plan =
    previousPlan !== null && isSamePlan(previousPlan, planTerms, leftMs, now, rules.warnings)
      ? previousPlan
      : newPlan(planTerms, leftMs, now)
  for (const name of warningNames) {
    const isWaiting = plan[name].wantedAt !== null && plan[name].heardAt === null
    if (
      isWaiting &&
      deliveries.deliveredAtMs(stopWarningKey(context.accountId, judged.pod.id, plan, name)) !== null
    )
      plan = withWarning(plan, name, true, now)
  }
  const name = warningDue(plan, leftMs, now, rules.warnings)
  if (name !== null) plan = withWarning(plan, name, false, now)
  const planFacts = factsOf(cause, plan, judged, context)
  const planLeftMs = Math.max(leftMs, planFacts.warningsLeftMs)
  const undelivered = planFacts.isUnheard ? { conditions: warnedCondition, text: heldWords(planFacts, warnedCondition) } : null
  const block = undelivered ?? (planLeftMs > 0 ? null : previousBlock)
  return {
    status: { kind: 'planned', plan, leftMs: planLeftMs, block },
    warning: name === null ? null : stopWarningAlert(context.accountId, planFacts, plan, name, planLeftMs),
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
  const { accountRules, rules, mayKeyAct, stopsLastHour, now } = context
  const podRules = rulesOf(judged, context)
  return {
    cause,
    action: plan?.action ?? actionOf(cause, pod, podRules),
    pod,
    activity,
    podRules,
    isAutoStopped: isAutoStopped(accountRules.autoStop, podRules),
    keepOn: activeKeepOn(podRules, now),
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
export function rulesOf({ pod }: Pick<JudgedPod, 'pod'>, { accountRules }: Pick<PolicyContext, 'accountRules'>): PodRules {
  return podRulesOf(accountRules, pod.id)
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
