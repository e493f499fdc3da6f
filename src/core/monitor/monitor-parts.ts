import type { AccountAlerts } from '../alerts/account-alerts'
import { type ContainerWatch, createContainerWatch } from '../containers/container-watch'
import {
  type AccountCreation,
  type AccountCreationOptions,
  createAccountCreation,
  type CreationRequests,
} from '../creation/account-creation'
import type { Guard } from '../guard/account-guard'
import { type AccountChanges, type ChangeRequests, createAccountChanges } from '../changes/account-changes'
import type { IntentRunner } from '../intents/intent-runner'
import type { CostTracker } from '../money/costs/cost-tracker'
import type { MonitorGuard } from './monitor-guard'
import type { MonitorOptions } from './monitor-types'
import { createFleet, type Fleet } from '../polling/fleet'
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
