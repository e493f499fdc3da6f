import type { Deliveries, PendingAlert } from '../../alerts/alert'
import {
  type AccountRules,
  type AutoStopMode,
  type KeepOn,
  type PodRules,
  podRulesOf,
} from '../../pod-rules/pod-rules'
import type { StopCause } from '../../intents/intent'
import { type DueTime, dueTimeOf } from './due-time'
import type { PolicyPod } from './policy-pod'
import { isContinuous } from '../../idle/idle-episode'
import {
  blockedBy,
  blockBy,
  isUnknown,
  notDueText,
  retryBlock,
  retryLeftMs,
  type StopCondition,
  type StopFacts,
  unmetText,
} from './stop-conditions'
import type { Hold, PlannedStatus, StopStatus } from './stop-status'
import { stopWarningAlert, stopWarningKey } from './guard-text'
import { creepDoubtOf, isMemoryCreeping } from './memory-creep'
import { isKeepOnActive } from '../../pod-rules/keep-on'
import {
  isSameStopPlan,
  isWarningUndelivered,
  newStopPlan,
  type StopPlan,
  warningDue,
  type WarningName,
  warningNames,
  warningsLeftMs,
  withWarning,
} from './stop-plan'
import type { AccountId, Pod, PodId } from '../../pods/pod'
import type { PolicyRules } from './policy-settings'
import type { FindStopRetry } from './stop-retry'
import { type Instant, MINUTE_MS } from '../../base/time/time'

/** What the policy needs to know besides the pods. */
export interface PolicyContext {
  readonly accountId: AccountId
  readonly accountRules: AccountRules
  readonly rules: PolicyRules
  readonly findRetry: FindStopRetry
  /** Every action of this session was refused, so that a new try needs no new warning. */
  readonly isKeyRefused: boolean
  /** See `stopsWithinHour`. */
  readonly stopsLastHour: number
  readonly deliveries: Deliveries
  /** The names of the jobs that a pod could run now, the first in front. */
  readonly waitingJobNames: (podId: PodId) => readonly string[]
  readonly now: Instant
  /** See `PolicyParts`. */
  readonly holdNowMs: number | null
  /** The pods that another computer keeps running, and which that is; absent: none is known. */
  readonly heldBy?: ReadonlyMap<PodId, string>
}

const warnedCondition: readonly StopCondition[] = ['warned']
const unjudgedCondition: readonly StopCondition[] = ['still-quiet']

const clearStatus: StopStatus = { kind: 'clear', leftMs: null, hold: null }

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

/** While the time isn't known, no hold has ended. */
export function activeKeepOn(
  { keepOn }: PodRules,
  { holdNowMs }: Pick<PolicyContext, 'holdNowMs'>,
): KeepOn | null {
  if (holdNowMs === null) return keepOn ?? null
  return isKeepOnActive(keepOn, holdNowMs) ? keepOn : null
}

export interface CauseEvaluation {
  readonly status: StopStatus
  /** The warning that is due now. */
  readonly warning: PendingAlert | null
  /** Why the previous plan ended, as a clause; null when it goes on or there was none. */
  readonly endedBecause: string | null
}

/**
 * Evaluates `cause` for the pod, given its previous status. Missing data holds a plan for a while; only an
 * observed contradiction ends it at once. See docs/product-rules.md#33-missing-data.
 */
export function evaluateCause(
  cause: StopCause,
  before: StopStatus | undefined,
  policyPod: PolicyPod,
  context: PolicyContext,
): CauseEvaluation {
  const { rules, now } = context
  const podRules = rulesOf(policyPod, context)
  const previous = before?.kind === 'planned' ? before : null
  const canHold = previous !== null && isContinuous(previous.confirmedAt, now, rules.hold)
  const lapsed = previous !== null && !canHold ? 'it could not be observed for a while' : null
  const end = (status: StopStatus, why: string): CauseEvaluation => ({
    status,
    warning: null,
    endedBecause: previous === null ? null : (lapsed ?? why),
  })

  const isEnabled = isAutoStopEnabled(context.accountRules.autoStop, podRules)
  if (!isEnabled && cause === 'quiet') return end(clearStatus, 'it is no longer selected')
  const observedDue = dueTimeOf(cause, policyPod, podRules, rules, context)
  const creepDoubt = creepDoubtOf(before, observedDue, now, rules.warnings)
  const due =
    observedDue.kind === 'known' && creepDoubt !== null ? { ...observedDue, doubt: creepDoubt } : observedDue
  if (due.kind === 'none') return end(statusWithoutTime(due), due.why)
  const facts = { ...stopFactsOf(cause, null, policyPod, context), due }
  if (facts.keepOn !== null)
    return end({ kind: 'clear', leftMs: due.leftMs, hold: null }, 'you keep it running')
  const isNear = due.leftMs !== null && due.leftMs <= rules.warnings.firstMs
  if (due.kind === 'known' && !isNear)
    return end({ kind: 'clear', leftMs: due.leftMs, hold: standingHold(facts) }, notDueText[cause])

  const unmet = isNear ? blockedBy(facts, 'standing') : []
  const creepPart = isMemoryCreeping(before, due, creepDoubt) ? { isCreeping: true as const } : {}
  const isHeld = due.kind === 'unknown' || (unmet.length > 0 && unmet.every((name) => isUnknown(name, facts)))
  if (isHeld && canHold) {
    const plan = withDeliveries(previous.plan, policyPod, context)
    return {
      status: { ...heldStatus({ ...previous, plan }, facts), ...creepPart },
      warning: null,
      endedBecause: null,
    }
  }
  if (unmet.length > 0) {
    const block = blockBy(facts, unmet)
    return end({ kind: 'blocked', ...block, ...creepPart }, block.text)
  }
  if (due.kind === 'unknown') {
    const block = before?.kind === 'blocked' ? before : creepBlockOf(previous)
    return end(block !== null && due.isLasting !== true ? block : missingData(due), due.why)
  }
  // A plan that is tried again without a new warning goes on.
  const longPause = context.isKeyRefused && canHold ? null : retryBlock(facts, rules.warnings.firstMs)
  if (longPause) return { status: { kind: 'blocked', ...longPause }, warning: null, endedBecause: lapsed }
  return evaluatePlan(cause, canHold ? previous : null, due.leftMs, lapsed, policyPod, context)
}

/** The time of an earlier plan doesn't come back once the pod is judged again. */
const statusWithoutTime = ({ unknownBecause: why }: Extract<DueTime, { kind: 'none' }>): StopStatus =>
  why === undefined
    ? clearStatus
    : { kind: 'clear', leftMs: null, hold: { why, conditions: unjudgedCondition, isDataMissing: false } }

const missingData = ({ leftMs, why }: Extract<DueTime, { kind: 'unknown' }>): StopStatus => ({
  kind: 'clear',
  leftMs,
  hold: { why, conditions: unjudgedCondition, isDataMissing: true },
})

/** What would keep a stop from happening if it were due now; null when nothing is known to. */
function standingHold(facts: StopFacts): Hold | null {
  const unmet = blockedBy(facts, 'standing')
  if (unmet.length === 0) return null
  return {
    why: unmetText(facts, unmet),
    conditions: unmet,
    isDataMissing: unmet.every((name) => isUnknown(name, facts)),
  }
}

/** What goes on to hold a stop whose plan ends while its figures are missing. */
const creepBlockOf = (previous: PlannedStatus | null): StopStatus | null =>
  previous?.block && previous.isCreeping ? { kind: 'blocked', ...previous.block, isCreeping: true } : null

/** A plan on hold. The warnings that were given stay given. */
function heldStatus(previous: PlannedStatus, facts: StopFacts): StopStatus {
  const { plan, leftMs, confirmedAt } = previous
  const unmet = blockedBy(facts, 'due').filter((name) => isUnknown(name, facts))
  return { kind: 'planned', plan, leftMs, confirmedAt, block: blockBy(facts, unmet) }
}

/** The plan with the warnings that were delivered since. */
function withDeliveries(
  plan: StopPlan,
  { pod }: PolicyPod,
  { accountId, deliveries, now }: PolicyContext,
): StopPlan {
  const isDelivered = (name: WarningName): boolean =>
    plan[name].requestedAt !== null &&
    plan[name].deliveredAt === null &&
    deliveries.deliveredAtMs(stopWarningKey(accountId, pod.id, plan, name)) !== null
  return warningNames.filter(isDelivered).reduce((before, name) => withWarning(before, name, true, now), plan)
}

/** The plan of a stop that is due within the time of its first warning, and the warning that is due. */
function evaluatePlan(
  cause: StopCause,
  previous: PlannedStatus | null,
  leftMs: number,
  lapsed: string | null,
  policyPod: PolicyPod,
  context: PolicyContext,
): CauseEvaluation {
  const { rules, now } = context
  const facts = stopFactsOf(cause, null, policyPod, context)
  const memoryMovedMs = facts.due.kind === 'known' ? (facts.due.creep?.movedMs ?? 0) : 0
  const planTerms = {
    cause,
    action: facts.action,
    podStartedAtMs: policyPod.pod.startedAtMs,
    isDryRun: rules.isDryRun,
  }
  const isSame = previous !== null && isSameStopPlan(previous.plan, planTerms, leftMs, now, rules.warnings)
  const currentPlan = isSame ? previous.plan : newStopPlan(planTerms, leftMs, now, memoryMovedMs)
  let plan = withDeliveries(currentPlan, policyPod, context)
  const name = warningDue(plan, Math.max(leftMs, retryLeftMs(facts)), now, rules.warnings)
  if (name !== null) plan = withWarning(plan, name, false, now)
  const planFacts = stopFactsOf(cause, plan, policyPod, context)
  const planLeftMs = Math.max(leftMs, retryLeftMs(facts), planFacts.warningsLeftMs)
  const undelivered = planFacts.isWarningUndelivered ? blockBy(planFacts, warnedCondition) : null
  const block = undelivered ?? retryBlock(facts) ?? (planLeftMs > 0 ? null : (previous?.block ?? null))
  return {
    status: { kind: 'planned', plan, leftMs: planLeftMs, block, confirmedAt: now },
    warning: name === null ? null : stopWarningAlert(context.accountId, planFacts, plan, name, planLeftMs),
    endedBecause: previous === null || isSame ? lapsed : 'its time changed',
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
  const { pod, hasOpenIntent } = policyPod
  const { accountRules, rules, stopsLastHour, now } = context
  const podRules = rulesOf(policyPod, context)
  const action = plan?.action ?? actionOf(cause, pod, podRules)
  return {
    cause,
    action,
    pod,
    podRules,
    keepOn: activeKeepOn(podRules, context),
    due: dueTimeOf(cause, policyPod, podRules, rules, context),
    isCauseEnabled: cause !== 'quiet' || isAutoStopEnabled(accountRules.autoStop, podRules),
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
 * Only maximum hours may terminate a pod, and only if its owner chose that. See
 * docs/product-rules.md#31-rules.
 */
function actionOf(cause: StopCause, pod: Pod, podRules: PodRules): 'stop' | 'terminate' {
  const isChosen = cause === 'max-hours' && podRules.atMaxHours === 'terminate'
  return isChosen && pod.actions.includes('terminate') ? 'terminate' : 'stop'
}
