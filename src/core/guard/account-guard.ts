import { withSpacing } from '../idle/spacing'
import { type AlertActionResult, createAlertActions, type GuardButton } from './alert-actions'
import type { InsideVerdict } from '../idle/inside/inside-look'
import type { SeenInside } from '../idle/sample'
import type { LiveGpu } from '../gpus/gpu-reading'
import { createLiveGpuEvidence } from './evidence/live-gpu-evidence'
import type { Fleet } from '../polling/fleet'
import { createStopEnforcer, type StopEnforcer, type StopParts } from './stop-enforcer'
import {
  createPodRulesEditor,
  type PodRulesEditor,
  type PodRulesEditorParts,
} from '../pod-rules/pod-rules-editor'
import type { Pod, PodId } from '../pods/pod'
import type { Instant } from '../base/time/time'
import type { AlertKey } from '../alerts/alert'
import { fail, type Result } from '../base/result'
import {
  createInsideLooks,
  insideNowOf,
  type InsideLookView,
  type LookContext,
} from './evidence/inside-looks'
import type { GuardContext } from './stops/policy-input'
import { createEpisodeNames, type IdleEpisodeStore } from './episode-names'
import { activityRulesOf } from '../settings/settings'
import type { PodGuardState } from './guard-view'

export interface AccountGuardContext extends GuardContext, LookContext {
  /** Absent: idle episodes are not shared with other programs. */
  readonly idleEpisodes?: IdleEpisodeStore
}

/** Other parts of the account that its guard needs. */
export interface GuardParts extends StopParts, Pick<PodRulesEditorParts, 'newHoldMs'> {
  readonly fleet: StopParts['fleet'] & Pick<Fleet, 'pod'>
  /** Stops the pod with the usual undo window. */
  readonly stop: (podId: PodId) => Result<void, string>
  /** Called when the user changed the rules. */
  readonly onChange: () => void
  /** Called when a look inside a pod starts or ends. */
  readonly onLookChange: () => void
  /** What guards in pods found, which counts like a look from inside. */
  readonly podGuards: { verdictOf(pod: Pod, now: Instant): InsideVerdict | null }
}

/** What the user may request of the guard. */
export interface GuardRequests extends PodRulesEditor {
  /** Looks inside the pod now, which takes a minute. See docs/product-rules.md#25-quiet. */
  lookInside(podId: PodId): Promise<Result<InsideVerdict, string>>
  /** It has to be known whether something works in the pod: looks soon, as often as the guard may. */
  wantLook(podId: PodId): void
  /**
   * GPUs that a person watched live in the run of the pod that started then (Unix ms). Those that work are evidence;
   * those at rest say nothing of its other work. See docs/product-rules.md#134-live-gpus-snippets-editors.
   */
  recordLiveGpus(podId: PodId, startedAtMs: number | null, gpus: readonly LiveGpu[]): void
  /** The pod that an alert is about, while it still applies; otherwise null. */
  podOfAlert(key: AlertKey): PodId | null
  /** Handles a pressed notification button. */
  runAlertAction(key: AlertKey, button: GuardButton): Result<AlertActionResult, string>
}

/** The guard of one account: its rules, and the automatic stops that they cause. */
export interface Guard extends Omit<StopEnforcer, 'podStates'> {
  readonly requests: GuardRequests
  /** The current state of every pod, and of the looks inside it (null: none). */
  podStates(): (podId: PodId) => GuardedPodState
  /** What looks found in the pod, as far as it still holds at `at`. */
  seenInside(pod: Pod, at: Instant): SeenInside
  /** Ends the looks in progress. */
  dispose(): void
}

export interface GuardedPodState extends PodGuardState {
  readonly insideLook: InsideLookView | null
}

export function createGuard(context: AccountGuardContext, parts: GuardParts): Guard {
  const { clock, settings } = context
  const { fleet, podGuards } = parts
  const insideLooks = createInsideLooks(context, parts.onLookChange)
  const episodeNames = createEpisodeNames({
    accountId: context.accountId,
    store: context.idleEpisodes,
    isActive: context.mayAnnounce,
    gapMs: () => withSpacing(activityRulesOf(settings()), fleet.spacingMs(clock.now())).gapMs,
  })
  const enforcer = createStopEnforcer(context, parts, {
    episodeNames,
    insideLooks: {
      verdictOf: (pod, now) => podGuards.verdictOf(pod, now) ?? insideLooks.verdictOf(pod, now),
      obstacleOf: (podId) => insideLooks.obstacleOf(podId),
      want(pod, how) {
        if (podGuards.verdictOf(pod, clock.now()) === null) insideLooks.want(pod, how)
      },
    },
  })
  const rulesEditor = createPodRulesEditor(context, {
    findPod: fleet.pod,
    newHoldMs: parts.newHoldMs,
    onChange(podId) {
      enforcer.discardPlans(podId)
      parts.onChange()
    },
  })
  const alertActions = createAlertActions(context, {
    fleet,
    intentRunner: parts.intentRunner,
    stop: parts.stop,
    enforcer,
    episodeNames,
    rulesEditor,
  })
  async function lookInside(podId: PodId): Promise<Result<InsideVerdict, string>> {
    const pod = fleet.pod(podId)
    return pod === null ? fail('That pod is not on the list.') : insideLooks.lookNow(pod)
  }
  const liveGpus = createLiveGpuEvidence()
  function recordLiveGpus(podId: PodId, startedAtMs: number | null, gpus: readonly LiveGpu[]): void {
    const pod = fleet.pod(podId)
    if (pod === null || pod.startedAtMs !== startedAtMs) return
    const work = liveGpus.record(pod, gpus, activityRulesOf(settings()).busyAtPercent, clock.now())
    if (work !== null) insideLooks.recordWork(pod, work)
  }
  function wantLook(podId: PodId): void {
    const pod = fleet.pod(podId)
    if (pod !== null) insideLooks.want(pod)
  }

  return {
    ...enforcer,
    requests: { ...rulesEditor, ...alertActions, lookInside, wantLook, recordLiveGpus },
    podStates() {
      const [stateOf, now] = [enforcer.podStates(), clock.now()]
      return (podId) => {
        const pod = fleet.pod(podId)
        return { ...stateOf(podId), insideLook: pod && insideLooks.viewOf(pod, now) }
      }
    },
    seenInside(pod, at) {
      const verdicts = [podGuards.verdictOf(pod, at), insideLooks.verdictOf(pod, at)] as const
      const insideNow = insideNowOf(verdicts, at)
      return {
        ...(insideNow !== null && { insideNow }),
        isWorkingInside: verdicts.some((verdict) => verdict?.kind === 'working'),
        isWorkSeenByLook: verdicts[1]?.kind === 'working',
        isJudgedInside: verdicts.some((verdict) => verdict !== null),
        isGpuBusyInside: liveGpus.isBusy(pod, at),
      }
    },
    dispose: () => insideLooks.dispose(),
  }
}
