import type { AlertKey, PendingAlert } from '../alerts/alert'
import { createDecisionLog } from './stops/decision-log'
import { dueStops } from './stops/due-stops'
import { podRulesOf, ruleOriginsOf } from '../pod-rules/pod-rules'
import { stopTimeOf } from '../pod-rules/stop-time'
import type { Intent, StopCause } from '../intents/intent'
import { type AccountGuardView, blockOf, type PodGuardState, toPodGuardView } from './guard-view'
import type { InsideLooks } from './evidence/inside-looks'
import { createMovedTimes } from './moved-times'
import type { EpisodeNames } from './episode-names'
import { isLookNeeded, isSourceNeeded, isStopTimeLookNeeded } from './policy/due-time'
import { isContinuous } from '../idle/idle-episode'
import type { IntentRunner } from '../intents/intent-runner'
import type { EarlierPod } from '../money/costs/earlier-pods'
import { afterFailedAttempt } from './policy/stop-plan'
import type { Pod, PodId } from '../pods/pod'
import {
  activeKeepOn,
  alertAfterMs,
  type CauseEvaluation,
  evaluateCause,
  isAutoStopEnabled,
  rulesOf,
  type PolicyContext,
} from './policy/policy'
import { forEachCause, type StopBlock, type StopStatus, type StopStatuses } from './policy/stop-status'
import { dueWarningKeys } from './policy/guard-text'
import { findAlerts } from './policy/idle-alerts'
import { serviceAlerts } from './policy/service-alerts'
import { createPolicyInput, type GuardContext, type PolicyParts } from './stops/policy-input'
import type { PolicyPod } from './policy/policy-pod'
import type { ProviderError } from '../pods/provider'
import type { Result } from '../base/result'
import type { ObstacleTracker } from '../obstacles/obstacle-tracker'
import { earlierOutlooks } from './earlier-outlooks'
import { type OwnOutlook, ruleOutlooks } from './rule-outlooks'
import { recentStopAlerts } from './stops/recent-stops'
import { createStopExecutor } from './stops/stop-executor'
import { createWaitingStops, waitingPodIds } from './stops/waiting-stops'
import { createKeepOnRepair } from './keep-on-repair'
import type { Poll } from '../polling/poll-loop'

/** Other parts of the account that stops need. */
export interface StopParts extends PolicyParts {
  readonly intentRunner: Pick<IntentRunner, 'podsWithOpenIntent' | 'newId' | 'sendImmediately' | 'intents'>
  /** Whether another account watches this pod, which is then none of this guard's. Absent: none does. */
  readonly isWatchedElsewhere?: (podId: PodId) => boolean
  readonly obstacles: Pick<ObstacleTracker, 'textOf'>
  /** See `CostTracker.earlierPods`. */
  readonly earlierPods: () => readonly EarlierPod[]
  /** Reads the pod again and updates the fleet; null when it is gone. */
  readonly pollPod: (podId: PodId) => Promise<Result<Pod | null, ProviderError>>
}

/** What the guard observes of pods besides polls. */
export interface GuardEvidence {
  readonly episodeNames: EpisodeNames
  /** Null: nothing can look inside a pod. */
  readonly insideLooks: Pick<InsideLooks, 'verdictOf' | 'want' | 'obstacleOf'> | null
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
  /** The warnings of stops that are still planned, those on hold included: delivered ones still hold. */
  standingWarnings(): readonly AlertKey[]
  /** The rules that may be due now, as last evaluated. */
  ruleOutlooks(): readonly OwnOutlook[]
  /** The pods that only the hourly limit keeps from being stopped, in this episode; none after a gap. */
  waitingStops(episode: string): readonly PodId[]
  /** The current state of every pod. */
  podStates(): (podId: PodId) => PodGuardState
  accountView(): AccountGuardView
  /** Whether any pod may be stopped automatically. */
  isAutoStopOn(): boolean
}

export function createStopEnforcer(
  account: GuardContext,
  parts: StopParts,
  { episodeNames, insideLooks }: GuardEvidence,
): StopEnforcer {
  const { accountId, clock, mayAnnounce, accountRules: rulesStore } = account
  const { fleet, intentRunner, isWatchedElsewhere = () => false } = parts
  const decisions = createDecisionLog(account)
  const repairKeepOns = createKeepOnRepair(account)
  const policyInput = createPolicyInput(account, parts, insideLooks)
  const { contextAt, toPolicyPod } = policyInput
  const movedTimes = createMovedTimes()
  let statuses: ReadonlyMap<PodId, StopStatuses> = new Map()
  let evaluatedAt = clock.now()
  const waiting = createWaitingStops(accountId)
  /** Pods that are tried again without a new warning, while every action is refused. */
  const quietlyRetried = new Set<PodId>()
  const executor = createStopExecutor({
    clock,
    fleet,
    intentRunner,
    decisions,
    policyInput,
    pollPod: parts.pollPod,
    confirmHolds: parts.confirmHolds,
    statusOf,
    setBlock,
  })

  function evaluate(): readonly PendingAlert[] {
    const now = clock.now()
    const holdNowMs = parts.holdNowMs()
    if (holdNowMs !== null) repairKeepOns(holdNowMs)
    const context = contextAt(now)
    if (!context.isKeyRefused) for (const podId of quietlyRetried) expectWarning(podId)
    decisions.recordSwitches(context.rules)
    const podsWithOpenIntent = intentRunner.podsWithOpenIntent()
    const next = new Map<PodId, StopStatuses>()
    const found: PendingAlert[] = [...recentStopAlerts(intentRunner.intents(), fleet, now)]
    for (const seen of fleet.observedPods(now)) {
      const policyPod = toPolicyPod(seen, context, podsWithOpenIntent)
      const activity = episodeNames.observe(seen, now)
      found.push(...serviceAlerts(accountId, seen.pod, now.wallMs))
      if (isWatchedElsewhere(seen.pod.id)) {
        movedTimes.discard(seen.pod.id)
        continue
      }
      found.push(...findAlerts({ ...policyPod, activity }, context))
      wantLook(policyPod, context)
      const before = statuses.get(seen.pod.id)
      const statusFor = (cause: StopCause): StopStatus => {
        const evaluation = evaluateCause(cause, before?.[cause], policyPod, context)
        if (evaluation.warning !== null) found.push(evaluation.warning)
        recordChange(cause, before?.[cause], evaluation, policyPod)
        return evaluation.status
      }
      const podStatuses = forEachCause(statusFor)
      next.set(seen.pod.id, podStatuses)
      movedTimes.update(seen.pod.id, podStatuses, now, context.rules.warnings)
      if (activeKeepOn(rulesOf(policyPod, context), context) !== null) movedTimes.discard(seen.pod.id)
    }
    episodeNames.share(now)
    statuses = next
    decisions.retainPods(new Set(next.keys()))
    movedTimes.retainPods(new Set(next.keys()))
    evaluatedAt = now
    return [...found, ...waiting.update(waitingPods(context), context.rules.stopsPerHour, now)]
  }

  function waitingPods({ stopsLastHour, rules, now }: PolicyContext): readonly Pod[] {
    if (stopsLastHour < rules.stopsPerHour) return []
    return waitingPodIds(statuses).flatMap((podId) => fleet.observedPod(podId, now)?.pod ?? [])
  }

  function wantLook(policyPod: PolicyPod, context: PolicyContext): void {
    const podRules = rulesOf(policyPod, context)
    if (!mayAnnounce() || activeKeepOn(podRules, context) !== null) return
    const isAutoStopOn = isAutoStopEnabled(context.accountRules.autoStop, podRules)
    const isWatched = isAutoStopOn || stopTimeOf(podRules) !== null || context.rules.hasIdleAlerts
    if (isWatched && isSourceNeeded(policyPod)) insideLooks?.want(policyPod.pod, 'each-minute')
    else if (isAutoStopOn && isLookNeeded(policyPod, podRules, context.rules))
      insideLooks?.want(policyPod.pod)
    else if (isStopTimeLookNeeded(policyPod, podRules, context.rules, context.holdNowMs))
      insideLooks?.want(policyPod.pod)
  }

  async function act(poll: Poll): Promise<void> {
    if (!mayAnnounce()) return
    const now = clock.now()
    for (const { podId, cause } of dueStops(statuses, fleet, contextAt(now).findRetry, now)) {
      if (isWatchedElsewhere(podId)) continue
      await executor.execute(podId, cause, poll)
      if (!poll.isCurrent()) return
    }
  }

  function statusOf(podId: PodId, cause: StopCause): StopStatus | null {
    return statuses.get(podId)?.[cause] ?? null
  }

  function setBlock(podId: PodId, cause: StopCause, block: StopBlock): void {
    const podStatuses = statuses.get(podId)
    const status = podStatuses?.[cause]
    const seen = fleet.observedPod(podId, clock.now())
    if (!podStatuses || status?.kind !== 'planned' || seen === null) return
    statuses = new Map(statuses).set(podId, { ...podStatuses, [cause]: { ...status, block } })
    decisions.recordBlock(cause, seen.pod, block)
  }

  /** Whichever cause leads to the next try, it needs a new last warning. */
  function expectWarning(podId: PodId): void {
    quietlyRetried.delete(podId)
    const podStatuses = statuses.get(podId)
    if (podStatuses === undefined) return
    const afterFailure = (status: StopStatus): StopStatus =>
      status.kind === 'planned' ? { ...status, plan: afterFailedAttempt(status.plan) } : status
    const failed = forEachCause((cause) => afterFailure(podStatuses[cause]))
    statuses = new Map(statuses).set(podId, failed)
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
    onIntentChange({ podId, origin, phase, refusal }) {
      if (origin === 'person' || !['failed', 'did-not-happen', 'cancelled'].includes(phase)) return
      // A key that may only read would else warn at each try of a stop that it can't send.
      if (refusal === 'forbidden' && parts.permission().refusedSince !== null) quietlyRetried.add(podId)
      else expectWarning(podId)
    },
    discardPlans(podId) {
      movedTimes.discard(podId)
      statuses = new Map(podId === null ? [] : [...statuses].filter(([other]) => other !== podId))
    },
    statusOf,
    standingWarnings: () =>
      [...statuses].flatMap(([podId, podStatuses]) =>
        Object.values<StopStatus>(podStatuses).flatMap((status) =>
          status.kind === 'planned' ? dueWarningKeys(accountId, podId, status.plan) : [],
        ),
      ),
    ruleOutlooks() {
      const context = contextAt(clock.now())
      const findPod = (podId: PodId) => fleet.observedPod(podId, context.now)?.pod ?? null
      const earlier = earlierOutlooks(parts.earlierPods(), context)
      return [...ruleOutlooks(statuses, findPod, context, evaluatedAt), ...earlier]
    },
    waitingStops(episode) {
      const now = clock.now()
      const isRecent = isContinuous(evaluatedAt, now, contextAt(now).rules.hold)
      return isRecent && episode === waiting.episode() ? waitingPodIds(statuses) : []
    },
    podStates() {
      const context = contextAt(clock.now())
      const { accountRules, rules, heldBy } = context
      return (podId) => {
        const podRules = podRulesOf(accountRules, podId)
        const isEnabled = isAutoStopEnabled(accountRules.autoStop, podRules)
        const keepOn = activeKeepOn(podRules, context)
        const movedTime = (cause: StopCause) => movedTimes.movedTime(podId, cause)
        const ruleState = {
          evaluatedAtMs: evaluatedAt.wallMs,
          isEnabled,
          rules: podRules,
          origins: ruleOriginsOf(accountRules, podId),
          keepOn,
          keptBy: heldBy?.get(podId) ?? null,
          movedTime,
          obstacleText: (cause: StopCause) => parts.obstacles.textOf(podId, cause),
        }
        return {
          guard: toPodGuardView(statuses.get(podId), ruleState),
          alertAfterMs: alertAfterMs(podRules, rules),
        }
      }
    },
    accountView() {
      const { areAutoStopsPaused, isAutoStopDryRun: isDryRun } = account.settings()
      const { autoStop, groupRules } = rulesStore.load(accountId)
      const stopAt = groupRules?.allPods.stopAt
      return { autoStop, ...(stopAt !== undefined && { stopAt }), areAutoStopsPaused, isDryRun }
    },
    isAutoStopOn() {
      const { autoStop, pods } = rulesStore.load(accountId)
      return (
        autoStop === 'all' ||
        Object.values(pods).some(
          (pod) =>
            (autoStop === 'ticked' && pod.isAutoStopped === true) ||
            pod.maxHours !== undefined ||
            stopTimeOf(pod) !== null ||
            pod.atBudget === 'stop',
        )
      )
    },
  }
}
