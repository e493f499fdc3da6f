import type { Activity, IdleActivity } from '../idle/activity'
import type { ObservedPod } from '../polling/fleet'
import type { StoredEpisode } from './stored-episode'
import type { AccountId, PodId } from '../pods/pod'
import { HOUR_MS, type Instant, MINUTE_MS } from '../base/time/time'

/** Shares episodes between programs. What is lost at worst repeats an alert. */
export interface IdleEpisodeStore {
  load(): readonly StoredEpisode[]
  save(episodes: readonly StoredEpisode[]): void
}

/** Names idle episodes, so that one that another program observed keeps its name. */
export interface EpisodeNames {
  /** The activity of a polled pod, with the name of its episode. */
  observe(seen: ObservedPod, now: Instant): Activity
  /** The same without a new observation. */
  named(seen: Pick<ObservedPod, 'pod' | 'activity'>): Activity
  /** Shares what was observed. Called after each poll. */
  share(now: Instant): void
}

export interface EpisodeNamesOptions {
  readonly accountId: AccountId
  /** Absent: episodes are not shared. */
  readonly store: IdleEpisodeStore | undefined
  /** False while another program acts, which names the episodes. */
  readonly isActive: () => boolean
  /** The longest interval that pauses an episode, ms. */
  readonly gapMs: () => number
}

/** Well within the gap. */
const SHARE_EVERY_MS = 2 * MINUTE_MS
const CLOCK_TOLERANCE_MS = MINUTE_MS
const KEEP_MS = HOUR_MS

interface OwnEpisode {
  readonly sinceMs: number
  readonly stored: StoredEpisode
}

/** See docs/product-rules.md#62-delivery. */
export function createEpisodeNames(options: EpisodeNamesOptions): EpisodeNames {
  const { accountId, store, isActive, gapMs } = options
  const episodes = new Map<PodId, OwnEpisode>()
  const busyAtMs = new Map<PodId, number>()
  let shared = ''
  let sharedAtMs = 0

  function observe(seen: ObservedPod, now: Instant): Activity {
    const { pod, activity } = seen
    if (pod.phase !== 'running') busyAtMs.delete(pod.id)
    if (activity.kind === 'busy') busyAtMs.set(pod.id, now.wallMs)
    // The program that acts names the episodes; after it, all are looked up again.
    if (!isActive()) episodes.clear()
    else if (store !== undefined && activity.kind === 'idle') follow(seen, activity, now)
    return named(seen)
  }

  function follow(seen: ObservedPod, activity: IdleActivity, now: Instant): void {
    const { pod } = seen
    const { sinceMs } = activity
    const known = episodes.get(pod.id)
    const nameMs =
      known?.sinceMs === sinceMs
        ? known.stored.nameMs
        : (findShared(seen, activity, known?.stored.nameMs, now)?.nameMs ?? sinceMs)
    const { id: podId, startedAtMs: podStartedAtMs } = pod
    const stored = { accountId, podId, podStartedAtMs, nameMs, lastIdleAtMs: now.wallMs }
    episodes.set(pod.id, { sinceMs, stored })
  }

  /**
   * The shared episode that this one continues. None that ended here (`endedNameMs`, or busy since
   * then) or with a restart of the pod: joining the wrong one would lose an alert, a missed one repeats it.
   */
  function findShared(
    { pod, uptimeMs }: ObservedPod,
    { sinceMs, reportedMinutes }: IdleActivity,
    endedNameMs: number | undefined,
    { wallMs }: Instant,
  ): StoredEpisode | undefined {
    const busyMs = busyAtMs.get(pod.id) ?? Number.NEGATIVE_INFINITY
    return store?.load().find((episode) => {
      const { nameMs, lastIdleAtMs } = episode
      const isOfRun =
        episode.accountId === accountId &&
        episode.podId === pod.id &&
        episode.podStartedAtMs === pod.startedAtMs
      // A report says itself since when the pod is idle. Without one, its uptime says whether it is the same run.
      const isReported = reportedMinutes !== undefined
      const isSameRun = isReported || (uptimeMs !== null && uptimeMs >= wallMs - nameMs - CLOCK_TOLERANCE_MS)
      const isContinued =
        isSameRun &&
        nameMs <= lastIdleAtMs &&
        lastIdleAtMs >= sinceMs - (isReported ? CLOCK_TOLERANCE_MS : gapMs()) &&
        lastIdleAtMs <= wallMs + CLOCK_TOLERANCE_MS
      const hasEnded = nameMs === endedNameMs || (busyMs < sinceMs && nameMs < busyMs - CLOCK_TOLERANCE_MS)
      return isOfRun && isContinued && !hasEnded
    })
  }

  function named({ pod, activity }: Pick<ObservedPod, 'pod' | 'activity'>): Activity {
    const own = episodes.get(pod.id)
    if (activity.kind !== 'idle' || own?.sinceMs !== activity.sinceMs) return activity
    return { ...activity, nameMs: own.stored.nameMs }
  }

  function share({ wallMs }: Instant): void {
    if (store === undefined || !isActive()) return
    for (const [podId, { stored }] of episodes)
      if (Math.abs(wallMs - stored.lastIdleAtMs) >= KEEP_MS) episodes.delete(podId)
    const own = [...episodes.values()].map(({ stored }) => stored)
    const names = JSON.stringify(own.map(({ podId, nameMs }) => [podId, nameMs]))
    const isDue = own.length > 0 && Math.abs(wallMs - sharedAtMs) >= SHARE_EVERY_MS
    if (names === (shared || '[]') && !isDue) return
    const others = store.load().filter((episode) => episode.accountId !== accountId)
    store.save([...others, ...own].filter(({ lastIdleAtMs }) => Math.abs(wallMs - lastIdleAtMs) < KEEP_MS))
    shared = names
    sharedAtMs = wallMs
  }

  return { observe, named, share }
}
