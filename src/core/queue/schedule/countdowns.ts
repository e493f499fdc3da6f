import { elapsedMs, type Instant, MINUTE_MS } from '../../base/time/time'
import type { PodKey } from '../../pods/pod'
import type { AnnouncedKey } from './new-key-text'
import type { PricedOffer } from './pod-offers'
import { episodeOf, type Proposal, type QueuePod } from './schedule'

/** How long an automatic start can be skipped, ms. */
export const COUNTDOWN_MS = MINUTE_MS

/** A start that happens on its own unless it is skipped. */
export interface CountdownView extends Proposal {
  readonly startsAtMs: number
  /**
   * The pod is started for the job, or created from a preset (then its key has no id yet). Absent: it runs.
   */
  readonly request?: {
    readonly presetName: string | null
    readonly perHourUsd: number
    /** Absent: there is nothing to say about it. */
    readonly hostKey?: AnnouncedKey
  }
}

interface Countdown extends CountdownView {
  readonly since: Instant
  /** What a skip counts for. */
  readonly episode: string
}

/** Starts that happen on their own unless a person skips them. */
export interface Countdowns {
  /** Call with what may be started now. Returns what is due, and what is new since the last call. */
  update(
    proposals: readonly (Proposal | PricedOffer)[],
    pods: readonly QueuePod[],
    now: Instant,
  ): { readonly due: readonly Proposal[]; readonly begun: readonly CountdownView[] }
  /** Nothing is started on the pod in this episode, or what counts down there isn't. */
  skip(key: PodKey, episode: string | null): void
  has(key: PodKey): boolean
  /** Whether a person skipped it. `queuePod`: the pod, if there is one. */
  isSkipped(proposal: Proposal, queuePod: QueuePod | undefined): boolean
  /** The start was tried: the pod has to be proposed again. */
  end(key: PodKey): void
  views(): readonly CountdownView[]
}

export function createCountdowns(): Countdowns {
  const countdowns = new Map<PodKey, Countdown>()
  const skipped = new Map<PodKey, string>()

  const isSkipped = (proposal: Proposal, queuePod: QueuePod | undefined): boolean =>
    skipped.get(proposal.podKey) === episodeOf(proposal, queuePod)

  function update(
    proposals: readonly (Proposal | PricedOffer)[],
    pods: readonly QueuePod[],
    now: Instant,
  ): ReturnType<Countdowns['update']> {
    const byKey = new Map(pods.map((one) => [one.key, one]))
    const open = proposals.filter((one) => !isSkipped(one, byKey.get(one.podKey)))
    for (const key of countdowns.keys())
      if (!open.some(({ podKey }) => podKey === key)) countdowns.delete(key)
    const begun: CountdownView[] = []
    for (const proposal of open) {
      const { podKey, jobId } = proposal
      // Another job is announced as the first one was.
      if (countdowns.get(podKey)?.jobId === jobId) continue
      const view = { podKey, jobId, startsAtMs: now.wallMs + COUNTDOWN_MS, ...requestOf(proposal) }
      countdowns.set(podKey, { ...view, since: now, episode: episodeOf(proposal, byKey.get(podKey)) })
      begun.push(view)
    }
    const due = open.filter(({ podKey }) => {
      const countdown = countdowns.get(podKey)
      return countdown !== undefined && elapsedMs(countdown.since, now) >= COUNTDOWN_MS
    })
    return { due, begun }
  }

  return {
    update,
    skip(key, idleEpisode) {
      const episode = countdowns.get(key)?.episode ?? idleEpisode
      if (episode !== null) skipped.set(key, episode)
      countdowns.delete(key)
    },
    has: (key) => countdowns.has(key),
    isSkipped,
    end: (key) => void countdowns.delete(key),
    views: () => [...countdowns.values()].map(({ since: _since, episode: _episode, ...view }) => view),
  }
}

const requestOf = (proposal: Proposal | PricedOffer): Pick<CountdownView, 'request'> =>
  'perHourUsd' in proposal
    ? {
        request: {
          presetName: proposal.presetName,
          perHourUsd: proposal.perHourUsd,
          ...(proposal.hostKey !== null && { hostKey: proposal.hostKey }),
        },
      }
    : {}
