import type { AccountAlerts } from '../alerts/account-alerts'
import { createGuard, type Guard, type GuardOptions, type GuardRequests } from '../guard/account-guard'
import type { IntentRunner } from '../intents/intent-runner'
import type { CostTracker } from '../money/costs/cost-tracker'
import { createObstacleTracker, type ObstacleTracker } from '../obstacles/obstacle-tracker'
import { guardScript } from '../pod-guard/guard-script'
import { guardsForNewPods } from '../pod-guard/new-pod-guards'
import { createPodGuardRequests, type PodGuardRequests } from '../pod-guard/pod-guard-requests'
import { createPodGuards, type PodGuards } from '../pod-guard/pod-guards'
import { confirmedUptimeMs } from '../pods/confirmed-uptime'
import type { ConnectionView } from '../polling/connection'
import type { Fleet } from '../polling/fleet'
import { activityRulesOf } from '../settings/settings'
import { type ActingRules, createActingRules, mergeUnableAlerts } from './acting-rules'
import type { MonitorOptions } from './monitor-types'
import type { SharedAccount } from './shared-account'

interface GuardParts extends Pick<GuardOptions, 'pollPod' | 'permission' | 'stop' | 'accountRules'> {
  readonly fleet: Fleet
  readonly intentRunner: IntentRunner
  readonly alerts: AccountAlerts
  readonly money: Pick<CostTracker, 'confirmedSpendUsd'>
  readonly shared: Pick<SharedAccount, 'isWatchedElsewhere'>
  readonly connection: () => ConnectionView
  readonly publish: () => void
  readonly refresh: () => void
}

/** The guard of an account, and those in its pods. */
export interface MonitorGuard extends Guard, Pick<PodGuards, 'measuredIdleOf' | 'viewOf'>, ActingRules {
  readonly requests: GuardRequests & PodGuardRequests
}

export function createMonitorGuard(options: MonitorOptions, parts: GuardParts): MonitorGuard {
  const { fleet } = parts
  const obstacles = createObstacleTracker(options.account.id, options.clock)
  const podGuards = createMonitorPodGuards(options, parts, obstacles)
  const guard = createAccountGuard(options, parts, podGuards, obstacles)
  const acting = createActingRules({
    obstacles,
    guard,
    podGuards,
    pods: () => fleet.pods(),
    connection: parts.connection,
    permission: parts.permission,
    areNotificationsFailing: () => parts.alerts.areNotificationsFailing(),
  })
  return {
    ...guard,
    ...acting,
    requests: {
      ...guard.requests,
      ...createPodGuardRequests(podGuards, guard.requests, () => scriptFor(options)),
    },
    measuredIdleOf: podGuards.measuredIdleOf,
    viewOf: podGuards.viewOf,
    evaluate() {
      if (options.podGuardHost !== undefined && options.mayAnnounce())
        for (const { pod, wish } of guardsForNewPods(
          parts.accountRules.load(options.account.id),
          fleet.pods(),
        ))
          guard.requests.setPodGuard(pod.id, wish)
      podGuards.tick(fleet.pods())
      const found = [...guard.evaluate(), ...podGuards.alerts(fleet.pods())]
      return mergeUnableAlerts(found, acting.judge(), obstacles.isUnable)
    },
    dispose() {
      guard.dispose()
      podGuards.dispose()
    },
  }
}

function createAccountGuard(
  options: MonitorOptions,
  parts: GuardParts,
  podGuards: Pick<PodGuards, 'verdictOf' | 'expectChanges'>,
  obstacles: ObstacleTracker,
): Guard {
  const { fleet, intentRunner, alerts, money, shared, publish } = parts
  return createGuard({
    accountId: options.account.id,
    clock: options.clock,
    settings: options.settings,
    accountRules: parts.accountRules,
    auditLog: options.auditLog,
    utcOffset: options.utcOffset,
    mayAnnounce: options.mayAnnounce,
    report: options.report,
    fleet,
    intentRunner,
    deliveries: alerts,
    pollPod: parts.pollPod,
    permission: parts.permission,
    confirmedSpendUsd: money.confirmedSpendUsd,
    stop: parts.stop,
    lookInside: options.lookInside,
    podGuards,
    obstacles,
    idleEpisodes: options.idleEpisodes,
    isWatchedElsewhere: shared.isWatchedElsewhere,
    waitingJobNames: options.jobs?.waitingJobNames,
    onLookChange: publish,
    onChange() {
      podGuards.expectChanges()
      publish()
      parts.refresh()
    },
  })
}

function scriptFor({ podGuardHost, podApiBase }: MonitorOptions): string | null {
  const apiBase = podGuardHost === undefined ? null : (podApiBase?.() ?? null)
  return apiBase === null ? null : guardScript(apiBase)
}

function createMonitorPodGuards(
  options: MonitorOptions,
  parts: GuardParts,
  obstacles: ObstacleTracker,
): PodGuards {
  const { clock } = options
  const { fleet, intentRunner } = parts
  return createPodGuards({
    accountId: options.account.id,
    clock,
    host: options.podGuardHost,
    script: () => scriptFor(options),
    accountRules: parts.accountRules,
    settings: () => ({
      autoStopAfterMin: options.settings().autoStopAfterMin,
      busyAtPercent: activityRulesOf(options.settings()).busyAtPercent,
      areStopsPaused: options.settings().areAutoStopsPaused || options.settings().isAutoStopDryRun,
    }),
    findPod: (podId) => fleet.pod(podId),
    uptimeMsOf(pod) {
      const now = clock.now()
      const observedMs = fleet.observedPod(pod.id, now)?.uptimeMs ?? null
      return confirmedUptimeMs(pod.startedAtMs, observedMs, now.wallMs)
    },
    isActing: options.mayAnnounce,
    couldStop: ({ id }) => !obstacles.isImpaired(id),
    wasStoppedHere: (pod, startedAtMs) =>
      intentRunner
        .intents()
        .some(
          ({ podId, action, phase, podStartedAtMs }) =>
            podId === pod.id &&
            action === 'stop' &&
            phase !== 'cancelled' &&
            phase !== 'failed' &&
            (podStartedAtMs === null || startedAtMs === null || podStartedAtMs === startedAtMs),
        ),
    onChange: parts.publish,
    report: options.report,
  })
}
