import { type MeasuredIdle, withMeasuredIdle } from '../idle/measured-idle'
import { observedUptimeMs } from '../idle/activity-fold'
import { type ReportedMetrics, reportedMetrics } from '../idle/reported-metrics'
import {
  type Activity,
  activityAt,
  type ActivityHistory,
  addSample,
  emptyHistory,
  isBetweenRefreshes,
} from '../idle/activity'
import {
  emptyInventory,
  type GonePod,
  type InventoryEntry,
  type PodInventory,
  podsOf,
  podsToConfirm,
  recentlyGonePods,
  type WallClockStamp,
  withList,
  withoutPod,
  withPod,
} from './pod-inventory'
import type { CreatingTime } from './creating-time'
import type { Pod, PodId, Telemetry } from '../pods/pod'
import type { PodList, RequestStamp } from '../pods/provider'
import { type ActivityRules, type JobUse, sampleOf, type SeenInside, utilPercentOf } from '../idle/sample'
import { isContinuous } from '../idle/idle-episode'
import type { UnjudgedTime } from '../idle/unjudged-time'
import { addSpacing, spacingAt, type Spacings, withSpacing } from '../idle/spacing'
import { elapsedMs, type Instant, instantBefore } from '../base/time/time'
import { RECENT_INPUT_MS } from '../terminal/terminal-input'
import { createUsageTrail, type UsagePoint, type TrailSample, type UsageTrail } from '../idle/usage-trail'

export interface ObservedPod {
  readonly pod: Pod
  /** Since when it is creating; null when it isn't. */
  readonly creating: CreatingTime | null
  readonly activity: Activity
  /** The activity rests on a reading before the last one, which waits for a refresh of the figures. */
  readonly isBetweenRefreshes: boolean
  /** For how long its figures can't be judged, because some are missing or change too rarely, ms; null: they can. */
  readonly lacksFiguresForMs: number | null
  /** Null until it was measured. */
  readonly reportedMetrics: ReportedMetrics | null
  /** Null after a sample that was judged, and while the pod is not observed. */
  readonly unjudged: UnjudgedTime | null
  /** Utilization of the busiest GPU (on CPU pods: the CPU) in the last sample, percent. */
  readonly utilPercent: number | null
  /** The figures of the last sample of a running pod. */
  readonly telemetry: Telemetry | null
  /** A lower bound of its uptime since it started, ms; null when it was never observed running. */
  readonly uptimeMs: number | null
  /** Whether the bound comes from the pod itself. Otherwise it only says for how long it was observed. */
  readonly isUptimeReported: boolean
}

/** The last observed state and activity of an account's pods. */
export interface Fleet {
  /** Assigns a sequence number to a request before it is sent. */
  stampRequest(at: Instant): RequestStamp
  /**
   * Applies a successful list, received at `answeredAt`; returns the pods that it updated. `readAt`: when those that
   * were read one by one were asked for, later than the list.
   */
  applyList(
    list: PodList,
    stampRequest: RequestStamp,
    answeredAt?: Instant,
    readAt?: ReadonlyMap<PodId, Instant>,
  ): readonly Pod[]
  /** Applies a single pod. False when the known state is newer or the pod is unknown. */
  applyPod(pod: Pod, stampRequest: RequestStamp): boolean
  /** Applies a 404 of a single read. */
  applyNotFound(podId: PodId, stampRequest: RequestStamp): void
  /** Called with the interval until the next poll, ms, when one is planned. */
  addSpacing(spacingMs: number, at: Instant): void
  /** How far apart polls are, ms: see `spacingAt`. */
  spacingMs(now: Instant): number
  /** Pods that are missing for so long that a single read must confirm whether they are gone. */
  podsToConfirm(): readonly PodId[]
  pod(podId: PodId): Pod | null
  pods(): readonly Pod[]
  /** Whether any pod is creating or running. */
  hasActivePod(): boolean
  observedPods(now: Instant): readonly ObservedPod[]
  /** A single pod; null when unknown. */
  observedPod(podId: PodId, now: Instant): ObservedPod | null
  /** Histories of those of `podIds` that were observed running. */
  histories(podIds: readonly PodId[]): readonly PodHistory[]
  /** Use of a running pod from before it was observed here: see `UsageTrail.precede`. Earlier runs are left out. */
  addEarlierUsage(podId: PodId, samples: readonly TrailSample[]): void
  gonePods(now: Instant): readonly GonePod[]
  /** When the last successful list was requested, Unix ms. */
  listedAtMs(): number | null
  isListPartial(): boolean
}

/**
 * `seenInside`: what looks from inside found in the pod, as far as it still holds. `measuredIdleOf`: what its guard in it
 * measured. `isStarting`: no container was seen yet since its start, so that nothing can be idle in it.
 */
export function createFleet(
  rules: () => ActivityRules,
  inputAgoMs: (podId: PodId) => number | null,
  seenInside: (pod: Pod, at: Instant) => SeenInside = () => ({}),
  jobUseOf: (podId: PodId) => JobUse = () => ({ hasRunningJob: false }),
  measuredIdleOf: (pod: Pod, now: Instant) => MeasuredIdle | null = () => null,
  isStarting: (pod: Pod) => boolean = () => false,
): Fleet {
  const histories = new Map<PodId, ActivityHistory>()
  const trails = new Map<PodId, UsageTrail>()
  let inventory: PodInventory = emptyInventory
  let spacings: Spacings = []
  let order = 0

  const toWallClockStamp = ({ order: requestOrder, at }: RequestStamp): WallClockStamp => ({
    order: requestOrder,
    atMs: at.wallMs,
  })
  const isShownBy = (podId: PodId, request: RequestStamp): boolean =>
    inventory.entries.get(podId)?.order === request.order

  /**
   * Adds a sample of a running pod, or an unknown one if its status is unknown. A stop discards the history.
   */
  function recordSample(pod: Pod, at: Instant, answeredAt: Instant, activityRules: ActivityRules): void {
    if (pod.phase !== 'running' && pod.phase !== 'unknown') {
      forget(pod.id)
      return
    }
    const telemetry = pod.phase === 'running' ? pod.telemetry : null
    const agoMs = inputAgoMs(pod.id)
    const usage = {
      hasTerminalInput: agoMs !== null && agoMs < RECENT_INPUT_MS,
      inputAt: agoMs === null ? null : instantBefore(answeredAt, agoMs),
      ...jobUseOf(pod.id),
      ...seenInside(pod, at),
    }
    const sample = {
      ...sampleOf({ ...pod, telemetry }, at, usage, answeredAt),
      spacingMs: spacingAt(spacings, at),
    }
    const history = addSample(histories.get(pod.id) ?? emptyHistory, sample, activityRules)
    histories.set(pod.id, history)
    const newest = history.samples.at(-1)
    if (newest?.sample.at !== at) return
    const trail = trails.get(pod.id) ?? createUsageTrail()
    trails.set(pod.id, trail)
    trail.add(usageOf(newest))
  }

  function forget(podId: PodId): void {
    histories.delete(podId)
    trails.delete(podId)
  }

  function observe(
    { pod, creating }: InventoryEntry,
    now: Instant,
    activityRules: ActivityRules,
  ): ObservedPod {
    const history = histories.get(pod.id) ?? emptyHistory
    const newest = history.samples.at(-1)
    const unjudged = isStarting(pod) ? null : history.head.unjudged
    return {
      pod,
      creating,
      activity: isStarting(pod)
        ? { kind: 'unknown', reason: 'starting', sinceMs: null }
        : withMeasuredIdle(
            activityAt(history, now, activityRules),
            measuredIdleOf(pod, now),
            history.head.usedAt,
            now,
          ),
      isBetweenRefreshes: isBetweenRefreshes(history, activityRules),
      lacksFiguresForMs: history.head.lackingSince && elapsedMs(history.head.lackingSince, now),
      reportedMetrics: reportedMetrics(history.head, newest?.sample.expectedGpus ?? null, now),
      unjudged: unjudged !== null && isContinuous(unjudged.lastAt, now, activityRules) ? unjudged : null,
      utilPercent: newest ? utilPercentOf(newest.sample) : null,
      telemetry: newest?.sample.telemetry ?? null,
      uptimeMs: observedUptimeMs(history.head, now),
      isUptimeReported: history.head.uptimeS !== null,
    }
  }

  const rulesAt = (now: Instant): ActivityRules => withSpacing(rules(), spacingAt(spacings, now))

  function pruneActivity(): void {
    for (const podId of histories.keys()) if (!inventory.entries.has(podId)) forget(podId)
  }

  return {
    stampRequest(at) {
      order += 1
      return { order, at }
    },
    applyList(list, request, answeredAt = request.at, readAt = new Map()) {
      inventory = withList(inventory, list, toWallClockStamp(request))
      const shown = podsOf(inventory).filter((pod) => isShownBy(pod.id, request))
      const activityRules = rules()
      for (const pod of shown) recordSample(pod, readAt.get(pod.id) ?? request.at, answeredAt, activityRules)
      pruneActivity()
      return shown
    },
    applyPod(pod, request) {
      inventory = withPod(inventory, pod, toWallClockStamp(request))
      const isShown = isShownBy(pod.id, request)
      if (isShown) recordSample(pod, request.at, request.at, rules())
      pruneActivity()
      return isShown
    },
    applyNotFound(podId, request) {
      inventory = withoutPod(inventory, podId, toWallClockStamp(request))
      pruneActivity()
    },
    addSpacing(spacingMs, at) {
      spacings = addSpacing(spacings, spacingMs, at)
    },
    spacingMs: (now) => spacingAt(spacings, now),
    podsToConfirm: () => podsToConfirm(inventory),
    pod: (podId) => inventory.entries.get(podId)?.pod ?? null,
    pods: () => podsOf(inventory),
    hasActivePod: () => podsOf(inventory).some(({ phase }) => phase === 'running' || phase === 'creating'),
    observedPods(now) {
      const activityRules = rulesAt(now)
      return [...inventory.entries.values()].map((entry) => observe(entry, now, activityRules))
    },
    observedPod(podId, now) {
      const entry = inventory.entries.get(podId)
      return entry ? observe(entry, now, rulesAt(now)) : null
    },
    histories: (podIds) =>
      podIds.flatMap((podId) => {
        const trail = trails.get(podId)
        return trail ? [{ podId, points: trail.points() }] : []
      }),
    addEarlierUsage(podId, samples) {
      const startedAtMs = inventory.entries.get(podId)?.pod.startedAtMs ?? Number.NEGATIVE_INFINITY
      trails.get(podId)?.precede(samples.filter(({ atMs }) => atMs >= startedAtMs))
    },
    gonePods: (now) => recentlyGonePods(inventory, now.wallMs),
    listedAtMs: () => inventory.list?.atMs ?? null,
    isListPartial: () => inventory.isPartial,
  }
}

/** Figures that don't count for the verdict, as those of a boot, are shown as long as they are figures. */
function usageOf({ sample, label }: ActivityHistory['samples'][number]): TrailSample {
  const isShown = label.kind !== 'unknown' || label.reason === 'booting'
  return {
    atMs: sample.at.wallMs,
    utilPercent: isShown ? utilPercentOf(sample) : null,
    kind: label.kind,
  }
}

/** The last six hours of one pod, oldest first, for its sparkline. See `UsageTrail`. */
export interface PodHistory {
  readonly podId: PodId
  readonly points: readonly UsagePoint[]
}
