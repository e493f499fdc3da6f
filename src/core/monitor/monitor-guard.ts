import { serviceNameOf } from '../pods/labs/service-name'
import {
  type AccountGuardContext,
  createGuard,
  type Guard,
  type GuardParts,
  type GuardRequests,
} from '../guard/account-guard'
import type { PodJobs } from '../idle/sample'
import type { IntentRunner } from '../intents/intent-runner'
import type { Impediment } from '../obstacles/obstacle'
import { createObstacleTracker } from '../obstacles/obstacle-tracker'
import { guardScript } from '../pod-guard/guard-script'
import { guardsForNewPods } from '../pod-guard/new-pod-guards'
import { createPodGuardRequests, type PodGuardRequests } from '../pod-guard/pod-guard-requests'
import { createPodGuards, type PodGuardContext, type PodGuards } from '../pod-guard/pod-guards'
import { createGonePodRules } from '../pod-rules/gone-pod-rules'
import { uptimesOf } from '../money/pod-recorder'
import { createTrustedClock } from '../money/trusted-clock'
import { confirmedUptimeMs } from '../pods/confirmed-uptime'
import type { Pod, PodId } from '../pods/pod'
import type { Fleet } from '../polling/fleet'
import {
  type ActingRules,
  type ActingRulesOptions,
  createActingRules,
  mergeUnableAlerts,
} from './acting-rules'

export interface MonitorGuardContext extends AccountGuardContext, PodGuardContext {
  /** The address of the API as a pod reaches it, with its version; null: a pod can't reach it. */
  readonly podApiBase?: () => string | null
  /** Why this program only reads its data folder; null: it acts. Absent: it has none. */
  readonly folderObstacle?: () => Impediment | null
  /**
   * Tries whether a stop could be saved now. Why not, as a clause; null: it could. Absent: it isn't known before one is
   * due.
   */
  readonly saveProblem?: () => string | null
  readonly jobs?: Pick<PodJobs, 'waitingJobNames' | 'stopAfterJob'>
  /** See `MonitorOptions`. */
  readonly inputAgoMs: (podId: PodId) => number | null
}

interface MonitorGuardParts
  extends
    Omit<
      GuardParts,
      'holdNowMs' | 'newHoldMs' | 'holdsInPods' | 'confirmHolds' | 'podGuards' | 'obstacles' | 'onLookChange'
    >,
    Pick<ActingRulesOptions, 'connection' | 'areNotificationsFailing'> {
  readonly fleet: Fleet
  /** Called when what windows show of the guard changed. */
  readonly publish: () => void
}

/** The guard of an account, and those in its pods. */
export interface MonitorGuard extends Guard, Pick<PodGuards, 'measuredIdleOf' | 'viewOf'>, ActingRules {
  readonly requests: GuardRequests & PodGuardRequests
  /** Unix ms as the service's replies confirm it; null: it isn't confirmed now. */
  readonly trustedNowMs: () => number | null
}

export function createMonitorGuard(context: MonitorGuardContext, parts: MonitorGuardParts): MonitorGuard {
  const { accountId, clock, podGuardHost, podApiBase } = context
  const { fleet, intentRunner, publish } = parts

  function script(): string | null {
    const apiBase = podGuardHost === undefined ? null : (podApiBase?.() ?? null)
    return apiBase === null ? null : guardScript(apiBase)
  }

  const trusted = createTrustedClock(clock, () => context.provider.serverTime?.() ?? null)
  const holdNowMs = (): number | null => (trusted.isCurrent() ? trusted.nowMs() : null)
  const obstacles = createObstacleTracker(accountId, clock, serviceNameOf(context.provider))
  const podGuards = createPodGuards(context, {
    script,
    findPod: (podId) => fleet.pod(podId),
    uptimeMsOf(pod) {
      const now = clock.now()
      const observedMs = fleet.observedPod(pod.id, now)?.uptimeMs ?? null
      return confirmedUptimeMs(pod.startedAtMs, observedMs, now.wallMs)
    },
    inputAgoMs: context.inputAgoMs,
    holdNowMs,
    couldStop: ({ id }) => !obstacles.isImpaired(id),
    wasStoppedHere: (pod, startedAtMs) => wasStopped(intentRunner, pod, startedAtMs),
    onChange: publish,
  })
  const guard = createGuard(context, {
    ...parts,
    holdNowMs,
    // After a sleep the wall clock is right and the other lags; one that is set ahead is put right (§3.1).
    newHoldMs: () => holdNowMs() ?? Math.max(trusted.nowMs(), clock.now().wallMs),
    holdsInPods: podGuards.holds,
    confirmHolds: podGuards.confirmHolds,
    podGuards,
    obstacles,
    onLookChange: publish,
    onChange() {
      podGuards.expectChanges()
      publish()
      parts.onChange()
    },
  })

  const dropGonePodRules = createGonePodRules(context)

  const acting = createActingRules({
    service: serviceNameOf(context.provider),
    obstacles,
    guard,
    podGuards,
    pods: () => fleet.pods(),
    earlierPods: parts.earlierPods,
    stopAfterJob: context.jobs?.stopAfterJob ?? (() => null),
    connection: parts.connection,
    permission: parts.permission,
    areNotificationsFailing: parts.areNotificationsFailing,
    folderObstacle: context.folderObstacle ?? (() => null),
    saveProblem: context.saveProblem ?? (() => null),
  })

  return {
    ...guard,
    ...acting,
    requests: { ...guard.requests, ...createPodGuardRequests(podGuards, guard.requests, script) },
    judge() {
      if (parts.connection().kind !== 'live') podGuards.readUnlisted()
      return acting.judge()
    },
    trustedNowMs: holdNowMs,
    measuredIdleOf: podGuards.measuredIdleOf,
    viewOf: podGuards.viewOf,
    evaluate() {
      trusted.update(uptimesOf(fleet.observedPods(clock.now())))
      if (podGuardHost !== undefined && context.mayAnnounce())
        for (const { pod, wish } of guardsForNewPods(context.accountRules.load(accountId), fleet.pods()))
          guard.requests.setPodGuard(pod.id, wish)
      if (context.mayAnnounce() && trusted.isConfirmed() && !fleet.isListPartial())
        dropGonePodRules({
          at: clock.now(),
          nowMs: trusted.nowMs(),
          podIds: new Set(fleet.pods().map(({ id }) => id)),
        })
      podGuards.tick(fleet.pods())
      const found = [...guard.evaluate(), ...podGuards.alerts(fleet.pods())]
      return mergeUnableAlerts(found, acting.judge(), (podId, rule) => obstacles.isUnable(podId, rule))
    },
    dispose() {
      guard.dispose()
      podGuards.dispose()
    },
  }
}

/** Whether a stop from here may have ended the run of the pod that began then. */
const wasStopped = (
  intentRunner: Pick<IntentRunner, 'intents'>,
  pod: Pod,
  startedAtMs: number | null,
): boolean =>
  intentRunner
    .intents()
    .some(
      ({ podId, action, phase, podStartedAtMs }) =>
        podId === pod.id &&
        action === 'stop' &&
        phase !== 'cancelled' &&
        phase !== 'failed' &&
        (podStartedAtMs === null || startedAtMs === null || podStartedAtMs === startedAtMs),
    )
