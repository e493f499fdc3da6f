import type { Deliveries, PendingAlert } from '../alerts/alert'
import { confirmedUptimeMs } from '../pods/confirmed-uptime'
import { createDecisionLog, type DecisionLogOptions } from './decision-log'
import { dataImpact } from '../pods/data-impact'
import { dueStops } from './due-stops'
import type { Fleet, ObservedPod } from '../polling/fleet'
import { impactSentence } from '../pods/data-impact-text'
import { type AccountRulesStore, podRulesOf } from '../pod-rules/pod-rules'
import type { Intent, StopCause } from '../intents/intent'
import { type AccountGuardView, blockOf, type PodGuardState, toAutoStopView } from './guard-view'
import { blockedBy, blockText } from './stop-conditions'
import { causeText } from './guard-text'
import type { IntentRunner } from '../intents/intent-runner'
import type { WritePermission } from '../intents/write-permission'
import { afterFailedAttempt, wasFirstWarningDelivered } from './stop-plan'
import type { Pod, PodId } from '../pods/pod'
import {
  activeKeepOn,
  alertAfterMs,
  type Block,
  evaluateCause,
  findAlerts,
  isAutoStopEnabled,
  type PolicyContext,
  type PolicyPod,
  stopFactsOf,
  type StopStatus,
  type StopStatuses,
} from './policy'
import { policyRulesOf } from './policy-settings'
import type { ProviderError } from '../pods/provider'
import type { Result } from '../base/result'
import type { Settings } from '../settings/settings'
import { recentStopAlerts } from './recent-stops'
import { stopsWithinHour } from './stop-limit'
import { findStopRetries } from './stop-retry'
import { createWaitingStops, waitingPodIds } from './waiting-stops'
import { elapsedMs, type Instant, MINUTE_MS } from '../base/time'
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
  readonly permission: () => WritePermission
  /** Confirmed cost of a pod in the month (UTC) of `nowMs`, USD; null when unknown. */
  readonly confirmedSpendUsd: (seen: Pick<ObservedPod, 'pod' | 'telemetry'>, nowMs: number) => number | null
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
  /** The pods that only the hourly limit keeps from being stopped, in this episode; none after a gap. */
  waitingStops(episode: string): readonly PodId[]
  /** The current state of every pod. */
  podStates(): (podId: PodId) => PodGuardState
  accountView(): AccountGuardView
  /** Whether any pod may be stopped automatically. */
  isAutoStopOn(): boolean
}

const cancelReasons: Readonly<Record<StopCause, string>> = {
  quiet: 'it is not quiet any more',
  'max-hours': 'its time is not over',
  budget: 'its budget is not spent',
}

export function createStopEnforcer(options: StopEnforcerOptions): StopEnforcer {
  const { accountId, clock, fleet, intentRunner, auditLog, mayAnnounce, report } = options
  const rulesStore = options.accountRules
  const decisions = createDecisionLog({ accountId, clock, auditLog, mayAnnounce, report })
  const repairKeepOns = createKeepOnRepair(accountId, rulesStore, report)
  const startedAt = clock.now()
  let statuses: ReadonlyMap<PodId, StopStatuses> = new Map()
  let evaluatedAt = startedAt
  const waiting = createWaitingStops(accountId)

  function contextAt(now: Instant): PolicyContext {
    const intents = intentRunner.intents()
    return {
      accountId,
      accountRules: rulesStore.load(accountId),
      rules: policyRulesOf(options.settings()),
      findRetry: findStopRetries(intents, startedAt, options.permission(), now),
      stopsLastHour: stopsWithinHour(intents, startedAt, now),
      deliveries: options.deliveries,
      now,
    }
  }

  function toPolicyPod(
    seen: ObservedPod,
    { accountRules, now }: PolicyContext,
    podsWithOpenIntent: readonly PodId[],
  ): PolicyPod {
    const { pod, activity, telemetry } = seen
    const uptimeMs = confirmedUptimeMs(pod.startedAtMs, telemetry?.uptimeS ?? null, now.wallMs)
    const hasBudget = podRulesOf(accountRules, pod.id).atBudget !== undefined
    const spentUsd = hasBudget ? options.confirmedSpendUsd(seen, now.wallMs) : null
    return { pod, activity, uptimeMs, spentUsd, hasOpenIntent: podsWithOpenIntent.includes(pod.id) }
  }

  function evaluate(): readonly PendingAlert[] {
    const now = clock.now()
    repairKeepOns(now)
    const context = contextAt(now)
    decisions.recordSwitches(context.rules)
    const podsWithOpenIntent = intentRunner.podsWithOpenIntent()
    const next = new Map<PodId, StopStatuses>()
    const found: PendingAlert[] = [...recentStopAlerts(intentRunner.intents(), fleet, now)]
    for (const seen of fleet.observedPods(now)) {
      const policyPod = toPolicyPod(seen, context, podsWithOpenIntent)
      found.push(...findAlerts(policyPod, context))
      const before = statuses.get(seen.pod.id)
      const statusFor = (cause: StopCause): StopStatus => {
        const { status, warning } = evaluateCause(cause, before?.[cause], policyPod, context)
        if (warning !== null) found.push(warning)
        recordChange(cause, before?.[cause], status, policyPod, context)
        return status
      }
      next.set(seen.pod.id, {
        quiet: statusFor('quiet'),
        'max-hours': statusFor('max-hours'),
        budget: statusFor('budget'),
      })
    }
    statuses = next
    decisions.retainPods(new Set(next.keys()))
    evaluatedAt = now
    return [...found, ...waiting.update(waitingPods(context), context.rules.stopsPerHour, now)]
  }

  function waitingPods({ stopsLastHour, rules, now }: PolicyContext): readonly Pod[] {
    if (stopsLastHour < rules.stopsPerHour) return []
    return waitingPodIds(statuses).flatMap((podId) => fleet.observedPod(podId, now)?.pod ?? [])
  }

  async function act(poll: Poll): Promise<void> {
    if (!mayAnnounce()) return
    const now = clock.now()
    for (const { podId, cause } of dueStops(statuses, fleet, contextAt(now).findRetry, now)) {
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
    const sent = intentRunner.sendImmediately(pod, action, cause, facts.retry?.failures ?? 0)
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
    const isWarned = wasFirstWarningDelivered(plan, now, context.rules.warnings)
    const action = plan.action === 'terminate' && !isWarned ? 'stop' : plan.action
    const isFresh = polled !== null && polled.ok && polled.value === seen.pod
    return stopFactsOf(
      cause,
      { ...plan, action },
      toPolicyPod(seen, context, intentRunner.podsWithOpenIntent()),
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
    after: StopStatus,
    { pod, hasOpenIntent }: PolicyPod,
    context: PolicyContext,
  ): void {
    const block = blockOf(after)
    if (block === null) decisions.clearBlock(cause, pod.id)
    else decisions.recordBlock(cause, pod, block)
    if (before?.kind !== 'planned' || after.kind !== 'clear' || pod.phase !== 'running' || hasOpenIntent)
      return
    const isKeptOn = activeKeepOn(podRulesOf(context.accountRules, pod.id), context.now) !== null
    decisions.recordCancellation(pod, before, isKeptOn ? 'you keep it on' : cancelReasons[cause])
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
    waitingStops(episode) {
      const isRecent = elapsedMs(evaluatedAt, clock.now()) <= options.settings().gapMin * MINUTE_MS
      return isRecent && episode === waiting.episode() ? waitingPodIds(statuses) : []
    },
    podStates() {
      const context = contextAt(clock.now())
      const { accountRules, rules } = context
      return (podId) => {
        const podRules = podRulesOf(accountRules, podId)
        const isEnabled = isAutoStopEnabled(accountRules.autoStop, podRules)
        const keepOn = activeKeepOn(podRules, context.now)
        const ruleState = { evaluatedAtMs: evaluatedAt.wallMs, isEnabled, rules: podRules, keepOn }
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
        autoStop === 'all' || (autoStop === 'ticked' && Object.values(pods).some((pod) => pod.isAutoStopped))
      )
    },
  }
}
