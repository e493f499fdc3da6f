import { type AccountCleanUp, createAccountCleanUp, type CleanUpParts } from '../clean-up/account-clean-up'
import { type ContainerWatch, createContainerWatch } from '../containers/container-watch'
import type { AccountCreation } from '../creation/account-creation'
import { readStartPriceOf } from '../creation/start-price'
import type { Guard } from '../guard/account-guard'
import {
  createPlannedStarts,
  type PlannedStartParts,
  type PlannedStarts,
} from '../guard/starts/planned-starts'
import type { ActionRequests } from '../intents/action-requests'
import type { IntentRunner } from '../intents/intent-runner'
import type { AccountContext } from '../pod-rules/account-context'
import type { MonitorCreation } from './monitor-creation'
import type { MonitorGuard } from './monitor-guard'
import type { MonitorOptions } from './monitor-types'
import { createFleet, type Fleet } from '../polling/fleet'
import { withSpacing } from '../idle/spacing'
import { MINUTE_MS, SECOND_MS } from '../base/time/time'
import type { AccountPollers } from '../money/account-pollers'
import { createdGpuCount } from '../creation/create-observation'
import type { SharedAccount } from './shared-account'
import {
  createPodRecognition,
  type PodRecognition,
  type RecognitionContext,
} from '../unrecognized-pods/pod-recognition'
import { serviceNameOf } from '../pods/labs/service-name'
import { activityRulesOf } from '../settings/settings'

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

interface RecognitionSources {
  readonly fleet: Pick<Fleet, 'pod' | 'pods'>
  readonly creation: Pick<AccountCreation, 'creates'>
  readonly shared: Pick<SharedAccount, 'sharedPods'>
  readonly onChange: () => void
}

/** Notices pods that nothing here created. One that a lab shows is judged by the account of the lab. */
export function createMonitorRecognition(
  context: RecognitionContext & Pick<MonitorOptions, 'provider'>,
  { fleet, creation, shared, onChange }: RecognitionSources,
): PodRecognition {
  return createPodRecognition(context, {
    service: serviceNameOf(context.provider),
    pods: fleet.pods,
    creates: creation.creates,
    isJudgedElsewhere: (podId) =>
      fleet.pod(podId)?.managed === undefined && shared.sharedPods().some((one) => one.podId === podId),
    onChange,
  })
}

interface PlannedStartSources extends Pick<
  PlannedStartParts,
  'isWatchedElsewhere' | 'trustedNowMs' | 'pollPod' | 'announce'
> {
  readonly fleet: Pick<Fleet, 'pod'>
  readonly intentRunner: Pick<IntentRunner, 'intents' | 'podsWithOpenIntent'>
  readonly actions: Pick<ActionRequests, 'act'>
}

/** Starts stopped pods at the times that people chose. */
export function createMonitorPlannedStarts(
  context: AccountContext & Pick<MonitorOptions, 'mayAnnounce' | 'provider'>,
  { fleet, intentRunner, actions, ...parts }: PlannedStartSources,
): PlannedStarts {
  return createPlannedStarts(context, {
    ...parts,
    mayAct: context.mayAnnounce,
    findPod: fleet.pod,
    intents: intentRunner.intents,
    podsWithOpenIntent: intentRunner.podsWithOpenIntent,
    readPrice: async (podId) => (await readStartPriceOf(context.provider, podId)).perHourUsd,
    start: (podId, id) => actions.act(podId, 'start', { id, isPlanned: true }),
  })
}

interface CleanUpSources extends Pick<CleanUpParts, 'fleet' | 'money' | 'isLive'> {
  readonly shared: Pick<SharedAccount, 'pods'>
  readonly creation: Pick<MonitorCreation, 'changes'>
}

/** What the account may have left over. */
export function createMonitorCleanUp(
  context: AccountContext,
  { shared, creation, ...parts }: CleanUpSources,
): AccountCleanUp {
  return createAccountCleanUp(context, context.clock, {
    ...parts,
    ownPods: shared.pods,
    hasVolumes: () => creation.changes.hasVolumes,
  })
}
