import type { Deliveries } from '../../alerts/alert'
import { confirmedUptimeMs } from '../../pods/confirmed-uptime'
import type { Fleet, ObservedPod } from '../../polling/fleet'
import type { InsideLooks } from '../evidence/inside-looks'
import type { IntentRunner } from '../../intents/intent-runner'
import type { WritePermission } from '../../intents/write-permission'
import { createKnownSince } from '../policy/known-since'
import type { PolicyContext } from '../policy/policy'
import type { PolicyPod } from '../policy/policy-pod'
import { policyRulesOf } from '../policy/policy-settings'
import { type AccountRulesStore, podRulesOf } from '../../pod-rules/pod-rules'
import type { AccountId, PodId } from '../../pods/pod'
import type { Settings } from '../../settings/settings'
import { stopsWithinHour } from '../policy/stop-limit'
import { findStopRetries } from '../policy/stop-retry'
import type { Clock } from '../../base/time/clock'
import type { Instant } from '../../base/time/time'

export interface PolicyInputOptions {
  readonly accountId: AccountId
  readonly clock: Pick<Clock, 'now'>
  readonly accountRules: AccountRulesStore
  readonly settings: () => Settings
  readonly fleet: Pick<Fleet, 'observedPods' | 'observedPod' | 'spacingMs'>
  readonly intentRunner: Pick<IntentRunner, 'podsWithOpenIntent' | 'intents'>
  readonly deliveries: Deliveries
  /** Absent: there is no queue of jobs. */
  readonly waitingJobNames?: ((podId: PodId) => readonly string[]) | undefined
  /** What the actions of this session say about the key. */
  readonly permission: () => WritePermission
  /** Absent: nothing can look inside a pod. */
  readonly insideLooks?: Pick<InsideLooks, 'verdictOf' | 'want' | 'obstacleOf'>
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

export function createPolicyInput(options: PolicyInputOptions): PolicyInput {
  const { accountId, intentRunner, accountRules } = options
  const known = createKnownSince()
  known.track(intentRunner.intents(), options.clock.now())
  return {
    contextAt(now) {
      const intents = intentRunner.intents()
      const knownSince = known.track(intents, now)
      const permission = options.permission()
      return {
        accountId,
        accountRules: accountRules.load(accountId),
        rules: policyRulesOf(options.settings(), options.fleet.spacingMs(now)),
        findRetry: findStopRetries(intents, knownSince, permission, now),
        isKeyRefused: permission.refusedSince !== null,
        stopsLastHour: stopsWithinHour(intents, knownSince, now),
        deliveries: options.deliveries,
        waitingJobNames: options.waitingJobNames ?? (() => []),
        now,
      }
    },
    toPolicyPod(seen, { accountRules: rules, now }, podsWithOpenIntent) {
      const { pod, activity, unjudged, lacksFiguresForMs } = seen
      const uptimeMs = confirmedUptimeMs(pod.startedAtMs, seen.uptimeMs, now.wallMs)
      const insideVerdict = options.insideLooks?.verdictOf(pod, now) ?? null
      const lookObstacle = options.insideLooks?.obstacleOf(pod.id) ?? null
      const hasBudget = podRulesOf(rules, pod.id).atBudget !== undefined
      const spentUsd = hasBudget ? options.confirmedSpendUsd(seen, now.wallMs) : null
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
