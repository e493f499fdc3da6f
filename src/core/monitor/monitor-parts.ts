import type { AccountAlerts } from '../alerts/account-alerts'
import { type ContainerWatch, createContainerWatch } from '../containers/container-watch'
import {
  type AccountCreation,
  type AccountCreationOptions,
  createAccountCreation,
  type CreationRequests,
} from '../creation/account-creation'
import { createPodGuards, type PodGuards } from '../pod-guard/pod-guards'
import { guardScript } from '../pod-guard/guard-script'
import { confirmedUptimeMs } from '../pods/confirmed-uptime'
import { guardsForNewPods } from '../pod-guard/new-pod-guards'
import { createPodGuardRequests, type PodGuardRequests } from '../pod-guard/pod-guard-requests'
import { createGuard, type Guard, type GuardOptions, type GuardRequests } from '../guard/account-guard'
import { type AccountChanges, type ChangeRequests, createAccountChanges } from '../changes/account-changes'
import type { IntentRunner } from '../intents/intent-runner'
import type { CostTracker } from '../money/costs/cost-tracker'
import type { MonitorOptions } from './monitor-types'
import { createFleet, type Fleet } from '../polling/fleet'
import type { SharedAccount } from './shared-account'
import { withSpacing } from '../idle/spacing'
import { MINUTE_MS, SECOND_MS } from '../base/time/time'
import type { AccountPollers } from '../money/account-pollers'
import { createdGpuCount } from '../creation/create-observation'
import { activityRulesOf, intentRulesOf } from '../settings/settings'
import type { AccountNotices } from '../view/account-notices'

/* Parts of a monitor that need much of its options. */

interface FleetParts {
  readonly guard: Pick<MonitorGuard, 'seenInside' | 'measuredIdleOf'>
  readonly containers: Pick<ContainerWatch, 'stateOf'>
}

export function createMonitorFleet(
  { settings, inputAgoMs, jobs }: MonitorOptions,
  parts: () => FleetParts,
): Fleet {
  return createFleet(
    () => activityRulesOf(settings()),
    inputAgoMs,
    (pod, at) => parts().guard.seenInside(pod, at),
    jobs?.useOf,
    (pod, at) => parts().guard.measuredIdleOf(pod, at),
    ({ id }) => parts().containers.stateOf(id)?.kind === 'starting',
  )
}

interface ContainerParts {
  readonly fleet: Pick<Fleet, 'spacingMs'>
  readonly pollers: Pick<AccountPollers, 'follow' | 'progressOf' | 'startLogOf'>
  readonly creation: Pick<AccountCreation, 'creates'>
  readonly guard: Pick<Guard, 'seenInside'>
}

/** Watches the containers of the account's pods, and has those that start followed until they can be used. */
export function createMonitorContainers(
  { clock, settings }: MonitorOptions,
  parts: () => ContainerParts,
): ContainerWatch {
  const watch = createContainerWatch({
    now: () => clock.now(),
    rules() {
      const current = settings()
      const spacingMs = parts().fleet.spacingMs(clock.now())
      const { gapMs, clockToleranceMs } = withSpacing(activityRulesOf(current), spacingMs)
      const limitMs = current.creatingTooLongMin * MINUTE_MS
      return { limitMs, gapMs: gapMs + current.pollIdleS * SECOND_MS, clockToleranceMs }
    },
    logOf: (podId) => parts().pollers.startLogOf(podId),
    isSeenInside: (pod, at) => parts().guard.seenInside(pod, at).isJudgedInside === true,
    progressOf: (podId) => parts().pollers.progressOf(podId),
    createdGpusOf: (podId) => createdGpuCount(parts().creation.creates(), podId),
  })
  return {
    ...watch,
    onList(list) {
      watch.onList(list)
      parts().pollers.follow(
        list.observed.map((seen) => {
          const state = watch.stateOf(seen.pod.id)
          return { ...seen, container: state === null ? 'up' : followedStates[state.kind] }
        }),
      )
    },
  }
}

/** Nothing is to be followed of a pod that ran before it was first observed, or whose container died. */
const followedStates = {
  starting: 'starting',
  up: 'up',
  died: 'up',
  unknown: 'unknown',
  'not-seen': 'unknown',
} as const

interface GuardParts extends Pick<GuardOptions, 'pollPod' | 'permission' | 'stop' | 'accountRules'> {
  readonly fleet: Fleet
  readonly intentRunner: IntentRunner
  readonly alerts: AccountAlerts
  readonly money: Pick<CostTracker, 'confirmedSpendUsd'>
  readonly shared: Pick<SharedAccount, 'isWatchedElsewhere'>
  readonly publish: () => void
  readonly refresh: () => void
}

/** The guard of an account, and those in its pods. */
export interface MonitorGuard extends Guard, Pick<PodGuards, 'measuredIdleOf' | 'viewOf'> {
  readonly requests: GuardRequests & PodGuardRequests
}

export function createMonitorGuard(options: MonitorOptions, parts: GuardParts): MonitorGuard {
  const { fleet } = parts
  const podGuards = createMonitorPodGuards(options, parts)
  const guard = createAccountGuard(options, parts, podGuards)
  return {
    ...guard,
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
      return [...guard.evaluate(), ...podGuards.alerts(fleet.pods())]
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

function createMonitorPodGuards(options: MonitorOptions, parts: GuardParts): PodGuards {
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
    inputAgoMs: options.inputAgoMs,
    isActing: options.mayAnnounce,
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

interface CreationParts extends Pick<AccountCreationOptions, 'spending' | 'onReply'> {
  readonly fleet: Pick<Fleet, 'pod' | 'pods' | 'stampRequest' | 'isListPartial' | 'listedAtMs'>
  readonly intentRunner: Pick<IntentRunner, 'podsWithOpenIntent'>
  readonly money: Pick<CostTracker, 'expectVolumes'>
  readonly guard: Pick<Guard, 'requests' | 'accountView'>
  readonly alerts: Pick<AccountAlerts, 'announce'>
  readonly accountNotices: Pick<AccountNotices, 'add'>
  readonly publish: () => void
  readonly refresh: () => void
}

/** What creates and changes pods and volumes. */
export interface MonitorCreation extends AccountCreation {
  readonly requests: CreationRequests & ChangeRequests
  readonly changes: AccountChanges
}

export function createMonitorCreation(options: MonitorOptions, parts: CreationParts): MonitorCreation {
  const changes = createMonitorChanges(options, parts)
  const creation = createMonitorCreates(options, parts)
  return {
    ...creation,
    changes,
    requests: { ...creation.requests, ...changes.requests },
    shutDown: async () => void (await Promise.all([creation.shutDown(), changes.shutDown()])),
    dispose() {
      creation.dispose()
      changes.dispose()
    },
  }
}

function createMonitorChanges(options: MonitorOptions, parts: CreationParts): AccountChanges {
  const { fleet, accountNotices } = parts
  return createAccountChanges({
    accountId: options.account.id,
    provider: options.provider,
    clock: options.clock,
    auditLog: options.auditLog,
    listedPods: () => (fleet.listedAtMs() === null || fleet.isListPartial() ? null : fleet.pods()),
    findPod: (podId) => fleet.pod(podId),
    hasOpenIntent: (podId) => parts.intentRunner.podsWithOpenIntent().includes(podId),
    stampRequest: (at) => fleet.stampRequest(at),
    onReply: parts.onReply,
    expectVolumes: () => parts.money.expectVolumes(),
    addNotice: (id, text) => accountNotices.add(id, text),
    newId: options.newId,
    onChange: parts.publish,
  })
}

function createMonitorCreates(options: MonitorOptions, parts: CreationParts): AccountCreation {
  const { fleet, guard, alerts, accountNotices } = parts
  return createAccountCreation({
    accountId: options.account.id,
    provider: options.provider,
    clock: options.clock,
    store: options.creates,
    newId: options.newId,
    random: options.random,
    intentRules: () => intentRulesOf(options.settings()),
    listedPods: () => fleet.pods(),
    rulesEditor: guard.requests,
    autoStopMode: () => guard.accountView().autoStop,
    spending: parts.spending,
    requestPoll: parts.refresh,
    stampRequest: (at) => fleet.stampRequest(at),
    onReply: parts.onReply,
    auditLog: options.auditLog,
    addNotice: (id, text) => accountNotices.add(id, text),
    announce: (alert) => alerts.announce(alert),
    onChange: parts.publish,
  })
}
