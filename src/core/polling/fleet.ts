import { type Activity, activityAt, type ActivityHistory, addSample, emptyHistory } from '../idle/activity'
import {
  emptyPicture,
  type Picture,
  podsOf,
  podsToConfirm,
  type RequestMark,
  shownTombstones,
  type Tombstone,
  withList,
  withoutPod,
  withPod,
} from './pod-inventory'
import type { Pod, PodId, Telemetry } from '../pods/pod'
import type { PodList, Request } from '../pods/provider'
import { type ActivityRules, sampleOf, utilPercentOf } from '../idle/sample'
import { elapsedMs, HOUR_MS, type Instant } from '../base/time'

export interface SeenPod {
  readonly pod: Pod
  readonly activity: Activity
  /** The busiest GPU (CPU pods: the CPU) of the last sample, percent. */
  readonly utilPercent: number | null
  /** The figures of the last sample, of a running pod. */
  readonly telemetry: Telemetry | null
}

/** The pods of one account as they were last seen, and what each was seen doing. */
export interface Fleet {
  /** Numbers a request that is about to be sent. */
  request(at: Instant): Request
  /** Takes in a good list, answered at `answeredAt`; returns the pods that it showed anew. */
  takeList(list: PodList, request: Request, answeredAt?: Instant): readonly Pod[]
  /** Takes in a single pod; false: the picture holds a newer one, or does not know it. */
  takePod(pod: Pod, request: Request): boolean
  /** A `GET` said 404. */
  takeGone(podId: PodId, request: Request): void
  /** Pods missing for so long that a `GET` must say whether they are gone. */
  toConfirm(): readonly PodId[]
  pod(podId: PodId): Pod | null
  pods(): readonly Pod[]
  /** Whether some pod is creating or running. */
  hasActivePod(): boolean
  seenAt(now: Instant): readonly SeenPod[]
  /** One of them; null: not in the picture. */
  seenPodAt(podId: PodId, now: Instant): SeenPod | null
  /** Of those of `podIds` that were seen running. */
  histories(podIds: readonly PodId[], now: Instant): readonly PodHistory[]
  tombstones(now: Instant): readonly Tombstone[]
  /** When the last good list was asked for, Unix ms. */
  listAtMs(): number | null
  isPartial(): boolean
}

export function createFleet(rules: () => ActivityRules, hasTerminalInput: (podId: PodId) => boolean): Fleet {
  const activity = new Map<PodId, ActivityHistory>()
  let picture: Picture = emptyPicture
  let order = 0

  const markOf = ({ order: place, at }: Request): RequestMark => ({ order: place, atMs: at.wallMs })
  const wasShownBy = (podId: PodId, request: Request): boolean =>
    picture.entries.get(podId)?.order === request.order

  /** Adds a sample of a running pod, or one of nothing when its status has no word. A stop ends what was observed. */
  function watch(pod: Pod, at: Instant, answeredAt: Instant): void {
    if (pod.phase !== 'running' && pod.phase !== 'unknown') {
      activity.delete(pod.id)
      return
    }
    const telemetry = pod.phase === 'running' ? pod.telemetry : null
    const use = { hasTerminalInput: hasTerminalInput(pod.id), hasRunningJob: false }
    const sample = sampleOf({ ...pod, telemetry }, at, use, answeredAt)
    activity.set(pod.id, addSample(activity.get(pod.id) ?? emptyHistory, sample, rules()))
  }

  function seen(pod: Pod, now: Instant): SeenPod {
    const history = activity.get(pod.id) ?? emptyHistory
    const newest = history.samples.at(-1)
    return {
      pod,
      activity: activityAt(history, now, rules()),
      utilPercent: newest ? utilPercentOf(newest.sample) : null,
      telemetry: newest?.sample.telemetry ?? null,
    }
  }

  function forgetGone(): void {
    for (const podId of activity.keys()) if (!picture.entries.has(podId)) activity.delete(podId)
  }

  return {
    request(at) {
      order += 1
      return { order, at }
    },
    takeList(list, request, answeredAt = request.at) {
      picture = withList(picture, list, markOf(request))
      const shown = podsOf(picture).filter((pod) => wasShownBy(pod.id, request))
      for (const pod of shown) watch(pod, request.at, answeredAt)
      forgetGone()
      return shown
    },
    takePod(pod, request) {
      picture = withPod(picture, pod, markOf(request))
      const isShown = wasShownBy(pod.id, request)
      if (isShown) watch(pod, request.at, request.at)
      forgetGone()
      return isShown
    },
    takeGone(podId, request) {
      picture = withoutPod(picture, podId, markOf(request))
      forgetGone()
    },
    toConfirm: () => podsToConfirm(picture),
    pod: (podId) => picture.entries.get(podId)?.pod ?? null,
    pods: () => podsOf(picture),
    hasActivePod: () => podsOf(picture).some(({ phase }) => phase === 'running' || phase === 'creating'),
    seenAt: (now) => podsOf(picture).map((pod) => seen(pod, now)),
    seenPodAt(podId, now) {
      const pod = picture.entries.get(podId)?.pod
      return pod ? seen(pod, now) : null
    },
    histories: (podIds, now) =>
      podIds.flatMap((podId) => {
        const history = activity.get(podId)
        return history ? [historyOf(podId, history, now)] : []
      }),
    tombstones: (now) => shownTombstones(picture, now.wallMs),
    listAtMs: () => picture.list?.atMs ?? null,
    isPartial: () => picture.isPartial,
  }
}

/** The last hour of one pod, for its sparkline. */
function historyOf(podId: PodId, { samples }: ActivityHistory, now: Instant): PodHistory {
  let first = samples.length
  for (; first > 0; first--) {
    const earlier = samples[first - 1]
    if (!earlier || elapsedMs(earlier.sample.at, now) > HOUR_MS) break
  }
  const points = samples.slice(first).map(({ sample, label }) => ({
    atMs: sample.at.wallMs,
    utilPercent: label.kind === 'unknown' ? null : utilPercentOf(sample),
    isIdle: label.kind === 'idle',
  }))
  return { podId, points }
}

/** The last hour of one pod, oldest first, for its sparkline. `utilPercent` null: unknown at that time. */
export interface PodHistory {
  readonly podId: PodId
  readonly points: readonly {
    readonly atMs: number
    readonly utilPercent: number | null
    readonly isIdle: boolean
  }[]
}
