import type { Activity } from '../idle/activity'
import type { Deliveries, PendingAlert } from '../alerts/alert'
import {
  type AccountRules,
  type AutoStopMode,
  type KeepOn,
  type PodRules,
  podRulesOf,
} from '../pod-rules/pod-rules'
import type { StopCause } from '../intents/intent'
import { blockedBy, blockText, type StopCondition, type StopFacts } from './stop-conditions'
import {
  idleAlert,
  idleReminderAlert,
  keptOnAlert,
  partlyIdleAlert,
  stopWarningAlert,
  stopWarningKey,
} from './guard-text'
import { isKeepOnActive } from '../pod-rules/keep-on'
import { monthEnd, monthOf } from '../money/ledger/months'
import {
  isSameStopPlan,
  isWarningUndelivered,
  newStopPlan,
  type StopPlan,
  warningDue,
  warningNames,
  warningsLeftMs,
  withWarning,
} from './stop-plan'
import type { AccountId, Pod } from '../pods/pod'
import type { PolicyRules } from './policy-settings'
import type { FindStopRetry } from './stop-retry'
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS } from '../base/time'

/** A pod as the policy sees it. */
export interface PolicyPod {
  readonly pod: Pod
  readonly activity: Activity
  /** Confirmed uptime, ms; null when unknown. */
  readonly uptimeMs: number | null
  /** Confirmed cost in this month (UTC), USD; null when not requested or unknown. */
  readonly spentUsd: number | null
  readonly hasOpenIntent: boolean
}

/** What the policy needs to know besides the pods. */
export interface PolicyContext {
  readonly accountId: AccountId
  readonly accountRules: AccountRules
  readonly rules: PolicyRules
  readonly findRetry: FindStopRetry
  /** See `stopsWithinHour`. */
  readonly stopsLastHour: number
  readonly deliveries: Deliveries
  readonly now: Instant
}

/** What blocks a stop; `text` is a sentence. */
export interface Block {
  readonly conditions: readonly StopCondition[]
  readonly text: string
}

/** The status of a pod for one cause of an automatic stop. */
export type StopStatus =
  /**
   * `leftMs`: time until the stop would be due if nothing changes; null when this cause does not lead to a
   * stop.
   */
  | { readonly kind: 'clear'; readonly leftMs: number | null }
  /** The first warning would be due, and these conditions block the stop. */
  | ({ readonly kind: 'blocked' } & Block)
  /**
   * Scheduled in `leftMs`, warnings included; 0 means now, after a fresh read. `held` is set when that read
   * did not meet the conditions.
   */
  | {
      readonly kind: 'planned'
      readonly plan: StopPlan
      readonly leftMs: number
      readonly block: Block | null
    }

export type StopStatuses = Readonly<Record<StopCause, StopStatus>>

const warnedCondition: readonly StopCondition[] = ['warned']
const retryCondition: readonly StopCondition[] = ['retry-due']

const clearStatus: StopStatus = { kind: 'clear', leftMs: null }

/**
 * Whether a pod may be stopped automatically. New pods are not selected. See docs/product-rules.md#31-rules.
 */
export function isAutoStopEnabled(mode: AutoStopMode, { isAutoStopped: override }: PodRules): boolean {
  return mode === 'all' ? override !== false : mode === 'ticked' && override === true
}

/** Observed idle time before the pod's owner is alerted, ms. */
export function alertAfterMs(podRules: PodRules, rules: PolicyRules): number {
  return podRules.idleAlertAfterMin === undefined
    ? rules.idleAlertAfterMs
    : podRules.idleAlertAfterMin * MINUTE_MS
}

export function activeKeepOn(podRules: PodRules, now: Instant): KeepOn | null {
  return isKeepOnActive(podRules.keepOn, now.wallMs) ? podRules.keepOn : null
}

/** All current alerts about a pod except stop warnings. See docs/product-rules.md#31-rules. */
export function findAlerts(policyPod: PolicyPod, context: PolicyContext): readonly PendingAlert[] {
  const { pod, activity } = policyPod
  const { accountId, rules, now } = context
  const podRules = rulesOf(policyPod, context)
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

/**
 * Evaluates `cause` for the pod, given its previous status. Returns the new status and the warning that is
 * due now.
 */
export function evaluateCause(
  cause: StopCause,
  before: StopStatus | undefined,
  policyPod: PolicyPod,
  context: PolicyContext,
): { readonly status: StopStatus; readonly warning: PendingAlert | null } {
  const { rules, now, deliveries } = context
  const leftMs = timeUntilDueMs(cause, policyPod, context)
  if (leftMs === null) return { status: clearStatus, warning: null }
  const isEnabled = isAutoStopEnabled(context.accountRules.autoStop, rulesOf(policyPod, context))
  // The owner must learn that maximum hours or a budget have no effect. Quiet alone was never set for this
  // pod.
  if (!isEnabled && cause === 'quiet') return { status: clearStatus, warning: null }
  if (leftMs > rules.warnings.firstMs) return { status: { kind: 'clear', leftMs }, warning: null }

  const facts = stopFactsOf(cause, null, policyPod, context)
  if (facts.keepOn !== null) return { status: clearStatus, warning: null }
  const unmet = blockedBy(facts, 'standing')
  if (unmet.length > 0)
    return { status: { kind: 'blocked', conditions: unmet, text: blockText(facts, unmet) }, warning: null }
  const retryLeftMs = facts.retry?.leftMs ?? 0
  const retryBlock =
    retryLeftMs > 0 ? { conditions: retryCondition, text: blockText(facts, retryCondition) } : null
  if (retryBlock !== null && retryLeftMs > rules.warnings.firstMs)
    return { status: { kind: 'blocked', ...retryBlock }, warning: null }

  const planTerms = {
    cause,
    action: facts.action,
    podStartedAtMs: policyPod.pod.startedAtMs,
    isDryRun: rules.isDryRun,
  }
  const previousPlan = before?.kind === 'planned' ? before.plan : null
  const previousBlock = before?.kind === 'planned' ? before.block : null
  let plan =
    previousPlan !== null && isSameStopPlan(previousPlan, planTerms, leftMs, now, rules.warnings)
      ? previousPlan
      : newStopPlan(planTerms, leftMs, now)
  for (const name of warningNames) {
    const isWaiting = plan[name].requestedAt !== null && plan[name].deliveredAt === null
    if (
      isWaiting &&
      deliveries.deliveredAtMs(stopWarningKey(context.accountId, policyPod.pod.id, plan, name)) !== null
    )
      plan = withWarning(plan, name, true, now)
  }
  const name = warningDue(plan, Math.max(leftMs, retryLeftMs), now, rules.warnings)
  if (name !== null) plan = withWarning(plan, name, false, now)
  const planFacts = stopFactsOf(cause, plan, policyPod, context)
  const planLeftMs = Math.max(leftMs, retryLeftMs, planFacts.warningsLeftMs)
  const undelivered = planFacts.isWarningUndelivered
    ? { conditions: warnedCondition, text: blockText(planFacts, warnedCondition) }
    : null
  const block = undelivered ?? retryBlock ?? (planLeftMs > 0 ? null : previousBlock)
  return {
    status: { kind: 'planned', plan, leftMs: planLeftMs, block },
    warning: name === null ? null : stopWarningAlert(context.accountId, planFacts, plan, name, planLeftMs),
  }
}

/** The facts that the stop conditions are checked against, from the current state of the pod. */
export function stopFactsOf(
  cause: StopCause,
  plan: StopPlan | null,
  policyPod: PolicyPod,
  context: PolicyContext,
  isFresh = false,
): StopFacts {
  const { pod, activity, hasOpenIntent } = policyPod
  const { accountRules, rules, stopsLastHour, now } = context
  const podRules = rulesOf(policyPod, context)
  const action = plan?.action ?? actionOf(cause, pod, podRules)
  return {
    cause,
    action,
    pod,
    activity,
    podRules,
    isAutoStopEnabled: isAutoStopEnabled(accountRules.autoStop, podRules),
    keepOn: activeKeepOn(podRules, now),
    leftMs: timeUntilDueMs(cause, policyPod, context),
    warningsLeftMs: plan === null ? rules.warnings.firstMs : warningsLeftMs(plan, now, rules.warnings),
    isWarningUndelivered: plan !== null && isWarningUndelivered(plan, now, rules.warnings),
    plannedStartedAtMs: plan?.podStartedAtMs ?? null,
    hasOpenIntent,
    retry: context.findRetry(pod, action),
    stopsLastHour,
    isFresh,
    isDryRun: rules.isDryRun || plan?.isDryRun === true,
    rules,
  }
}

/** The rules of this pod. Pod ids are arbitrary text, so inherited properties must not match. */
export function rulesOf(
  { pod }: Pick<PolicyPod, 'pod'>,
  { accountRules }: Pick<PolicyContext, 'accountRules'>,
): PodRules {
  return podRulesOf(accountRules, pod.id)
}

/**
 * Time until the pod's state makes a stop due, ms; 0 or less means due. Null: this cause does not lead to a
 * stop.
 */
function timeUntilDueMs(cause: StopCause, policyPod: PolicyPod, context: PolicyContext): number | null {
  const { pod, activity, uptimeMs } = policyPod
  const podRules = rulesOf(policyPod, context)
  if (pod.phase !== 'running') return null
  if (cause === 'max-hours')
    return podRules.maxHours === undefined || uptimeMs === null
      ? null
      : podRules.maxHours * HOUR_MS - uptimeMs
  if (cause === 'budget') return timeUntilBudgetSpentMs(policyPod, podRules, context.now)
  if (activity.kind !== 'idle') return null
  const afterMs =
    podRules.autoStopAfterMin === undefined
      ? context.rules.autoStopAfterMs
      : podRules.autoStopAfterMin * MINUTE_MS
  return afterMs - activity.quietForMs
}

/**
 * Time until the pod's monthly budget is certainly spent, ms. Negative values say how long ago at the present
 * price, so that an existing plan keeps its time. Null: no stop, not this month, or unknown.
 */
function timeUntilBudgetSpentMs(
  { pod: { costPerHourUsd }, spentUsd }: PolicyPod,
  { monthlyBudgetUsd, atBudget }: PodRules,
  { wallMs }: Instant,
): number | null {
  if (monthlyBudgetUsd === undefined || atBudget !== 'stop') return null
  if (spentUsd === null || costPerHourUsd === null || costPerHourUsd <= 0) return null
  const leftMs = ((monthlyBudgetUsd - spentUsd) / costPerHourUsd) * HOUR_MS
  return leftMs < monthEnd(monthOf(wallMs)) - wallMs ? leftMs : null
}

/**
 * Only maximum hours may terminate a pod, and only if its owner chose that. See
 * docs/product-rules.md#31-rules.
 */
function actionOf(cause: StopCause, pod: Pod, podRules: PodRules): 'stop' | 'terminate' {
  const isChosen = cause === 'max-hours' && podRules.atMaxHours === 'terminate'
  return isChosen && pod.actions.includes('terminate') ? 'terminate' : 'stop'
}
