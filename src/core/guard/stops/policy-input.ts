import type { Deliveries } from '../../alerts/alert'
import { confirmedUptimeMs } from '../../pods/confirmed-uptime'
import type { Fleet, ObservedPod } from '../../polling/fleet'
import type { InsideLooks } from '../evidence/inside-looks'
import type { PodJobs } from '../../idle/sample'
import type { IntentRunner } from '../../intents/intent-runner'
import type { WritePermission } from '../../intents/write-permission'
import { createKnownSince, stopsWithinHour } from '../policy/stop-limit'
import type { PolicyContext } from '../policy/policy'
import type { PolicyPod } from '../policy/policy-pod'
import { policyRulesOf } from '../policy/policy-settings'
import type { AccountContext } from '../../pod-rules/account-context'
import { type HoldInPod, withHoldsInPods } from '../../pod-rules/holds-in-pods'
import { podRulesOf } from '../../pod-rules/pod-rules'
import type { Pod } from '../../pods/pod'
import { findStopRetries } from '../policy/stop-retry'
import type { Instant } from '../../base/time/time'

/** The context of an account whose pods are guarded. */
export interface GuardContext extends AccountContext {
  /** Absent: there is no queue of jobs. */
  readonly jobs?: Pick<PodJobs, 'waitingJobNames'>
}

/** Other parts of the account that the policy decides on. */
export interface PolicyParts {
  /** The time by which holds end, Unix ms: a wall clock that is wrong ends none. Null: not known yet. */
  readonly holdNowMs: () => number | null
  /** What others keep running, as last read in the pods. Absent: nothing is read there. */
  readonly holdsInPods?: (now: Instant) => readonly HoldInPod[]
  /**
   * Reads what others keep running in the pod, where a guard is to be there. False: that could not be read, so a stop
   * waits. Absent: nothing is read there.
   */
  readonly confirmHolds?: (pod: Pod) => Promise<boolean>
  readonly fleet: Pick<Fleet, 'observedPods' | 'observedPod' | 'spacingMs'>
  readonly intentRunner: Pick<IntentRunner, 'podsWithOpenIntent' | 'intents'>
  readonly deliveries: Deliveries
  /** What the actions of this session say about the key. */
  readonly permission: () => WritePermission
  /** Confirmed cost of a pod in the month (UTC) of `nowMs`, USD; null when unknown. */
  readonly confirmedSpendUsd: (seen: Pick<ObservedPod, 'pod' | 'uptimeMs'>, nowMs: number) => number | null
}

/** Collects what the policy decides on. */
export interface PolicyInput {
  readonly contextAt: (now: Instant) => PolicyContext
  readonly toPolicyPod: (
    seen: ObservedPod,
    context: PolicyContext,
    podsWithOpenIntent: readonly string[],
  ) => PolicyPod
}

/** `insideLooks` is null where nothing can look inside a pod. */
export function createPolicyInput(
  context: GuardContext,
  parts: PolicyParts,
  insideLooks: Pick<InsideLooks, 'verdictOf' | 'obstacleOf'> | null,
): PolicyInput {
  const { accountId, accountRules, clock, settings, jobs } = context
  const { fleet, intentRunner } = parts
  const known = createKnownSince()
  known.track(intentRunner.intents(), clock.now())
  return {
    contextAt(now) {
      const intents = intentRunner.intents()
      const knownSince = known.track(intents, now)
      const permission = parts.permission()
      const holdNowMs = parts.holdNowMs()
      const holds = parts.holdsInPods?.(now) ?? []
      const held = withHoldsInPods(accountRules.load(accountId), holds, holdNowMs ?? now.wallMs)
      return {
        accountId,
        accountRules: held.rules,
        heldBy: held.heldBy,
        rules: policyRulesOf(settings(), fleet.spacingMs(now)),
        findRetry: findStopRetries(intents, knownSince, permission, now),
        isKeyRefused: permission.refusedSince !== null,
        stopsLastHour: stopsWithinHour(intents, knownSince, now),
        deliveries: parts.deliveries,
        waitingJobNames: jobs?.waitingJobNames ?? (() => []),
        now,
        holdNowMs,
      }
    },
    toPolicyPod(seen, { accountRules: rules, now }, podsWithOpenIntent) {
      const { pod, activity, unjudged, lacksFiguresForMs } = seen
      const uptimeMs = confirmedUptimeMs(pod.startedAtMs, seen.uptimeMs, now.wallMs)
      const insideVerdict = insideLooks?.verdictOf(pod, now) ?? null
      const lookObstacle = insideLooks?.obstacleOf(pod.id) ?? null
      const hasBudget = podRulesOf(rules, pod.id).atBudget !== undefined
      const spentUsd = hasBudget ? parts.confirmedSpendUsd(seen, now.wallMs) : null
      const hasOpenIntent = podsWithOpenIntent.includes(pod.id)
      return {
        pod,
        activity,
        unjudged,
        lacksFiguresForMs,
        insideVerdict,
        lookObstacle,
        uptimeMs,
        spentUsd,
        hasOpenIntent,
      }
    },
  }
}
