import { elapsedMs, type Instant, MINUTE_MS } from '../base/time'
import type { PodKey } from '../pods/pod'
import { idleEpisodeOf, type Proposal, type QueuePod } from './schedule'
import type { CountdownView } from './queue-view'

/** How long an automatic start can be skipped, ms. */
export const COUNTDOWN_MS = MINUTE_MS

interface Countdown {
  readonly jobId: string
  readonly since: Instant
  readonly startsAtMs: number
}

/** Starts that happen on their own unless a person skips them. */
export interface Countdowns {
  /** Call with what may be started now. Returns what is due, and what is new since the last call. */
  update(
    proposals: readonly Proposal[],
    pods: readonly QueuePod[],
    now: Instant,
  ): { readonly due: readonly Proposal[]; readonly begun: readonly CountdownView[] }
  /** Nothing is started on the pod in this idle episode. */
  skip(queuePod: QueuePod): void
  /** The start was tried: the pod has to be proposed again. */
  end(key: PodKey): void
  views(): readonly CountdownView[]
}

export function createCountdowns(): Countdowns {
  const countdowns = new Map<PodKey, Countdown>()
  const skipped = new Map<PodKey, string>()

  function update(
    proposals: readonly Proposal[],
    pods: readonly QueuePod[],
    now: Instant,
  ): ReturnType<Countdowns['update']> {
    const byKey = new Map(pods.map((one) => [one.key, one]))
    const isSkipped = (key: PodKey): boolean => {
      const queuePod = byKey.get(key)
      return queuePod !== undefined && skipped.get(key) === idleEpisodeOf(queuePod)
    }
    const open = proposals.filter(({ podKey }) => !isSkipped(podKey))
    for (const key of countdowns.keys())
      if (!open.some(({ podKey }) => podKey === key)) countdowns.delete(key)
    const begun: CountdownView[] = []
    for (const { podKey, jobId } of open) {
      // Another job is announced as the first one was.
      if (countdowns.get(podKey)?.jobId === jobId) continue
      const startsAtMs = now.wallMs + COUNTDOWN_MS
      countdowns.set(podKey, { jobId, since: now, startsAtMs })
      begun.push({ podKey, jobId, startsAtMs })
    }
    const due = open.filter(({ podKey }) => {
      const countdown = countdowns.get(podKey)
      return countdown !== undefined && elapsedMs(countdown.since, now) >= COUNTDOWN_MS
    })
    return { due, begun }
  }

  return {
    update,
    skip(queuePod) {
      const episode = idleEpisodeOf(queuePod)
      if (episode !== null) skipped.set(queuePod.key, episode)
      countdowns.delete(queuePod.key)
    },
    end: (key) => void countdowns.delete(key),
    views: () => [...countdowns].map(([podKey, { jobId, startsAtMs }]) => ({ podKey, jobId, startsAtMs })),
  }
}
