import type { Deliveries, PendingAlert } from '../alerts/alert'
import { confirmedUptimeMs } from '../pods/confirmed-uptime'
import { createDecisionLog, type DecisionLogOptions } from './decision-log'
import { dataImpact } from '../pods/data-impact'
import { terminatedAlert } from '../alerts/alert-text'
import type { Fleet, ObservedPod } from '../polling/fleet'
import { impactSentence } from '../pods/data-impact-text'
import { type AccountRulesStore, podRulesOf } from '../pod-rules/pod-rules'
import { type Intent, type StopCause, stopCauses } from '../intents/intent'
import { type AccountGuardView, blockOf, type PodGuardState, toAutoStopView } from './guard-view'
import { blockedBy, blockText } from './stop-conditions'
import { isLookNeeded } from './due-time'
import { type InsideLooks, RENEW_VERDICT_AFTER_MS } from './inside-looks'
import { autoStoppedAlert, causeText } from './guard-text'
import type { IntentRunner } from '../intents/intent-runner'
import { afterFailedAttempt, wasFirstWarningDelivered } from './stop-plan'
import type { Pod, PodId } from '../pods/pod'
import {
  activeKeepOn,
  alertAfterMs,
  type Block,
  type CauseEvaluation,
  evaluateCause,
  findAlerts,
  isAutoStopEnabled,
  rulesOf,
  type PolicyContext,
  stopFactsOf,
  type StopStatus,
  type StopStatuses,
} from './policy'
import type { PolicyPod } from './policy-pod'
import { policyRulesOf } from './policy-settings'
import type { ProviderError } from '../pods/provider'
import type { Result } from '../base/result'
import type { Settings } from '../settings/settings'
import { stopsWithinHour } from './stop-limit'
import { HOUR_MS, type Instant } from '../base/time'
import { createKeepOnRepair } from './keep-on-repair'
import type { Poll } from '../polling/poll-loop'

export interface StopEnforcerOptions extends DecisionLogOptions {
  readonly accountRules: AccountRulesStore
  readonly settings: () => Settings
  readonly fleet: Pick<Fleet, 'observedPods' | 'observedPod'>
  readonly intentRunner: Pick<IntentRunner, 'podsWithOpenIntent' | 'sendImmediately' | 'intents'>
  readonly deliveries: Deliveries
  /** Reads the pod again and updates the fleet; null when it is gone. */
  readonly pollPod: (podId: PodId) => Promise<Result<Pod | null, ProviderError>>
  readonly canKeyWrite: () => boolean
  /** Absent: nothing can look inside a pod. */
  readonly insideLooks?: Pick<InsideLooks, 'verdictOf' | 'want'>
  /** Confirmed cost of a pod in the month (UTC) of `nowMs`, USD; null when unknown. */
  readonly confirmedSpendUsd: (seen: Pick<ObservedPod, 'pod' | 'uptimeMs'>, nowMs: number) => number | null
}

/** Evaluates the guard's rules for an account's pods and performs automatic stops. */
export interface StopEnforcer {
  /** Called after a successful poll; returns the current alerts. */
  evaluate(): readonly PendingAlert[]
  /** Performs the stops that are due, each after a fresh read. */
  act(poll: Poll): Promise<void>
  onIntentChange(intent: Intent): void
  /** Called when rules changed: plans made under the old rules are discarded. Null: for every pod. */
  discardPlans(podId: PodId | null): void
  statusOf(podId: PodId, cause: StopCause): StopStatus | null
  /** The current state of every pod. */
  podStates(): (podId: PodId) => PodGuardState
  accountView(): AccountGuardView
  /** Whether any pod may be stopped automatically. */
  isAutoStopOn(): boolean
}

/** An automatic stop is no longer announced after this. */
const RECENT_STOP_MS = 12 * HOUR_MS

export function createStopEnforcer(options: StopEnforcerOptions): StopEnforcer {
  const { accountId, clock, fleet, intentRunner, auditLog, mayAnnounce, report } = options
  const rulesStore = options.accountRules
  const decisions = createDecisionLog({ accountId, clock, auditLog, mayAnnounce, report })
  const repairKeepOns = createKeepOnRepair(accountId, rulesStore, report)
  const startedAt = clock.now()
  let statuses: ReadonlyMap<PodId, StopStatuses> = new Map()
  let evaluatedAtMs = startedAt.wallMs

  function contextAt(now: Instant): PolicyContext {
    return {
      accountId,
      accountRules: rulesStore.load(accountId),
      rules: policyRulesOf(options.settings()),
      canKeyWrite: options.canKeyWrite(),
      stopsLastHour: stopsWithinHour(intentRunner.intents(), startedAt, now),
      deliveries: options.deliveries,
      now,
    }
  }

  function toPolicyPod(
    seen: ObservedPod,
    { accountRules, now }: PolicyContext,
    podsWithOpenIntent: readonly PodId[],
  ): PolicyPod {
    const { pod, activity } = seen
    const uptimeMs = confirmedUptimeMs(pod.startedAtMs, seen.uptimeMs, now.wallMs)
    const insideVerdict = options.insideLooks?.verdictOf(pod, now) ?? null
    const hasBudget = podRulesOf(accountRules, pod.id).atBudget !== undefined
    const spentUsd = hasBudget ? options.confirmedSpendUsd(seen, now.wallMs) : null
    const hasOpenIntent = podsWithOpenIntent.includes(pod.id)
    return { pod, activity, insideVerdict, uptimeMs, spentUsd, hasOpenIntent }
  }

  function evaluate(): readonly PendingAlert[] {
    const now = clock.now()
    repairKeepOns(now)
    const context = contextAt(now)
    decisions.recordSwitches(context.rules)
    const podsWithOpenIntent = intentRunner.podsWithOpenIntent()
    const next = new Map<PodId, StopStatuses>()
    const found: PendingAlert[] = [...recentStopAlerts(now)]
    for (const seen of fleet.observedPods(now)) {
      const policyPod = toPolicyPod(seen, context, podsWithOpenIntent)
      found.push(...findAlerts(policyPod, context))
      wantLook(policyPod, context)
      const before = statuses.get(seen.pod.id)
      const statusFor = (cause: StopCause): StopStatus => {
        const evaluation = evaluateCause(cause, before?.[cause], policyPod, context)
        if (evaluation.warning !== null) found.push(evaluation.warning)
        recordChange(cause, before?.[cause], evaluation, policyPod)
        return evaluation.status
      }
      next.set(seen.pod.id, {
        quiet: statusFor('quiet'),
        'max-hours': statusFor('max-hours'),
        budget: statusFor('budget'),
      })
    }
    statuses = next
    decisions.retainPods(new Set(next.keys()))
    evaluatedAtMs = now.wallMs
    return found
  }

  function wantLook(policyPod: PolicyPod, context: PolicyContext): void {
    const podRules = rulesOf(policyPod, context)
    const isWanted =
      mayAnnounce() &&
      isAutoStopEnabled(context.accountRules.autoStop, podRules) &&
      activeKeepOn(podRules, context.now) === null &&
      isLookNeeded(policyPod, podRules, context.rules)
    if (isWanted) options.insideLooks?.want(policyPod.pod)
  }

  /** Alerts about recent automatic stops, while they are still relevant. */
  function recentStopAlerts(now: Instant): readonly PendingAlert[] {
    return intentRunner.intents().flatMap((intent) => {
      const { origin, phase, phaseAt, podId } = intent
      const isRecent = Math.abs(now.wallMs - phaseAt.wallMs) <= RECENT_STOP_MS
      if (origin === 'person' || phase !== 'observed' || !isRecent) return []
      if (intent.action === 'terminate') return [terminatedAlert(intent)]
      const seen = fleet.observedPod(podId, now)
      return seen?.pod.phase === 'stopped' ? [autoStoppedAlert({ ...intent, origin }, seen.pod)] : []
    })
  }

  async function act(poll: Poll): Promise<void> {
    if (!mayAnnounce()) return
    for (const [podId, podStatuses] of statuses)
      for (const cause of stopCauses) {
        const status = podStatuses[cause]
        if (status.kind !== 'planned' || status.leftMs > 0) continue
        await executeStop(podId, cause, poll)
        if (!poll.isCurrent()) return
      }
  }

  async function executeStop(podId: PodId, cause: StopCause, poll: Poll): Promise<void> {
    if (blockIfUnmet(podId, cause, null)) return
    poll.heartbeat()
    const polled = await options.pollPod(podId)
    if (!poll.isCurrent()) return
    // No await between this check and sending, so that the action matches the state just read.
    if (blockIfUnmet(podId, cause, polled)) return
    const facts = currentFacts(podId, cause, polled)
    if (facts === null) return
    const { pod, action } = facts
    const done = action === 'stop' ? 'stopped' : 'terminated'
    const text = `${pod.name} is ${done} automatically. ${causeText(facts)} ${impactSentence(dataImpact(pod, action))}`
    const recorded = decisions.recordAction(pod, text)
    if (!recorded.ok) {
      setBlock(podId, cause, {
        conditions: [],
        text: `Not ${done}, since it could not be written down: ${recorded.error}.`,
      })
      return
    }
    const sent = intentRunner.sendImmediately(pod, action, cause)
    if (!sent.ok) setBlock(podId, cause, { conditions: [], text: sent.error })
  }

  /** The current facts; `polled` is the fresh read (null: none yet). Null when no stop is planned. */
  function currentFacts(podId: PodId, cause: StopCause, polled: Result<Pod | null, ProviderError> | null) {
    const status = statuses.get(podId)?.[cause]
    const now = clock.now()
    const seen = fleet.observedPod(podId, now)
    if (status?.kind !== 'planned' || seen === null) return null
    const context = contextAt(now)
    const { plan } = status
    const policyPod = toPolicyPod(seen, context, intentRunner.podsWithOpenIntent())
    const { insideVerdict } = policyPod
    const isVerdictOld = insideVerdict !== null && now.wallMs - insideVerdict.atMs > RENEW_VERDICT_AFTER_MS
    const isWarned = wasFirstWarningDelivered(plan, now, context.rules.warnings)
    const action = plan.action === 'terminate' && !isWarned ? 'stop' : plan.action
    const isFresh = polled !== null && polled.ok && polled.value === seen.pod
    return stopFactsOf(
      cause,
      { ...plan, action },
      isVerdictOld ? { ...policyPod, insideVerdict: null } : policyPod,
      context,
      isFresh,
    )
  }

  /** Whether a condition blocks the planned stop now; if so, that is recorded. */
  function blockIfUnmet(
    podId: PodId,
    cause: StopCause,
    polled: Result<Pod | null, ProviderError> | null,
  ): boolean {
    const facts = currentFacts(podId, cause, polled)
    if (facts === null) return true
    const unmet = blockedBy(facts, polled === null ? 'due' : 'fresh')
    if (unmet.length === 0) return false
    const isDryRunOnly = unmet.length === 1 && unmet[0] === 'not-a-rehearsal'
    const text = isDryRunOnly
      ? `Rehearsal: it would have been ${facts.action === 'stop' ? 'stopped' : 'terminated'} now. ${causeText(facts)}`
      : blockText(facts, unmet)
    setBlock(podId, cause, { conditions: unmet, text })
    return true
  }

  function setBlock(podId: PodId, cause: StopCause, block: Block): void {
    const podStatuses = statuses.get(podId)
    const status = podStatuses?.[cause]
    const seen = fleet.observedPod(podId, clock.now())
    if (!podStatuses || status?.kind !== 'planned' || seen === null) return
    statuses = new Map(statuses).set(podId, { ...podStatuses, [cause]: { ...status, block } })
    decisions.recordBlock(cause, seen.pod, block)
  }

  function recordChange(
    cause: StopCause,
    before: StopStatus | undefined,
    { status, endedBecause }: CauseEvaluation,
    { pod, hasOpenIntent }: PolicyPod,
  ): void {
    const block = blockOf(status)
    // A hold of a plan lasts a few minutes at most and is shown, but not logged.
    if (block === null) decisions.clearBlock(cause, pod.id)
    else if (status.kind === 'blocked') decisions.recordBlock(cause, pod, block)
    const isCanceled = endedBecause !== null && status.kind !== 'blocked'
    if (before?.kind === 'planned' && isCanceled && pod.phase === 'running' && !hasOpenIntent)
      decisions.recordCancellation(pod, before, endedBecause)
  }

  return {
    evaluate,
    act,
    onIntentChange({ podId, origin, phase }) {
      const podStatuses = statuses.get(podId)
      if (origin === 'person' || !podStatuses || !['failed', 'did-not-happen', 'cancelled'].includes(phase))
        return
      const status = podStatuses[origin]
      if (status.kind !== 'planned') return
      const next: StopStatus = { ...status, plan: afterFailedAttempt(status.plan) }
      statuses = new Map(statuses).set(podId, { ...podStatuses, [origin]: next })
    },
    discardPlans(podId) {
      statuses = new Map(podId === null ? [] : [...statuses].filter(([other]) => other !== podId))
    },
    statusOf: (podId, cause) => statuses.get(podId)?.[cause] ?? null,
    podStates() {
      const context = contextAt(clock.now())
      const { accountRules, rules } = context
      return (podId) => {
        const podRules = podRulesOf(accountRules, podId)
        const isEnabled = isAutoStopEnabled(accountRules.autoStop, podRules)
        const keepOn = activeKeepOn(podRules, context.now)
        const ruleState = { evaluatedAtMs, isEnabled, rules: podRules, keepOn }
        const autoStop = toAutoStopView(statuses.get(podId), ruleState)
        return {
          guard: { rules: podRules, isAutoStopEnabled: isEnabled, keepOn, autoStop },
          alertAfterMs: alertAfterMs(podRules, rules),
        }
      }
    },
    accountView() {
      const { areAutoStopsPaused, isAutoStopDryRun: isDryRun } = options.settings()
      return { autoStop: rulesStore.load(accountId).autoStop, areAutoStopsPaused, isDryRun }
    },
    isAutoStopOn() {
      const { autoStop, pods } = rulesStore.load(accountId)
      return (
        autoStop === 'all' ||
        Object.values(pods).some(
          (pod) =>
            (autoStop === 'ticked' && pod.isAutoStopped === true) ||
            pod.maxHours !== undefined ||
            pod.atBudget === 'stop',
        )
      )
    },
  }
}
