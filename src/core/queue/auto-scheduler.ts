import type { Countdowns } from './schedule/countdowns'
import { countdownAlert } from './queue-text'
import { autoStarts, episodeOf, type Proposal, type QueuePod, wantedLooks } from './schedule/schedule'
import { createOfferedPods, type OfferedPodsOptions } from './offered-pods'
import { createRequestedPods, type RequestedPodsOptions } from './requested-pods'
import { createPodReleases, type PodReleases, type PodReleasesOptions } from './pod-releases'
import { parsePodKey } from '../pods/pod'

/** Starts jobs where a person allowed it, each after a countdown. */
export interface AutoScheduler {
  tick(): void
  readonly maxHours: PodReleases['maxHours']
}

export interface AutoSchedulerOptions extends OfferedPodsOptions, PodReleasesOptions, RequestedPodsOptions {
  readonly countdowns: Countdowns
}

export function createAutoScheduler(options: AutoSchedulerOptions): AutoScheduler {
  const { clock, store, starter, countdowns, pods, isActing, report, onChange } = options
  let isScheduling = false
  const offeredPods = createOfferedPods(options)
  const requestedPods = createRequestedPods(options)
  const podReleases = createPodReleases(options)

  /** What may be started, and the pods for it. One that was skipped takes nothing, and keeps no job from others. */
  function findStarts(): { readonly starts: readonly Proposal[]; readonly open: readonly QueuePod[] } {
    let open = pods()
    for (;;) {
      const starts = autoStarts(open, store.jobs(), store.rules(), clock.now().wallMs)
      const isSkipped = (queuePod: QueuePod): boolean =>
        starts.some((one) => one.podKey === queuePod.key && countdowns.isSkipped(one, queuePod))
      const left = open.filter((queuePod) => !isSkipped(queuePod))
      if (left.length === open.length) return { starts, open }
      open = left
    }
  }

  const isProposed = ({ podKey, jobId }: Proposal): boolean =>
    findStarts().starts.some((one) => one.podKey === podKey && one.jobId === jobId)

  /** Reads the pod again right before, and starts only what still may be. */
  async function startDue(due: readonly Proposal[], isOffer: (proposal: Proposal) => boolean): Promise<void> {
    isScheduling = true
    try {
      for (const proposal of due) {
        const { podKey } = proposal
        if (isOffer(proposal)) {
          try {
            await offeredPods.request(proposal, () => countdowns.has(podKey))
          } finally {
            countdowns.end(podKey)
          }
          continue
        }
        // A pod that can't be read now is read again at the next tick.
        if (!(await options.refreshPod(podKey))) continue
        await start(proposal)
      }
    } catch (cause) {
      report('Jobs could not be started', cause)
    } finally {
      isScheduling = false
      onChange()
    }
  }

  /** Until it is written down, it can be skipped. */
  async function start(proposal: Proposal): Promise<void> {
    const { podKey, jobId } = proposal
    const isDue = (): boolean => isActing() && countdowns.has(podKey) && isProposed(proposal)
    try {
      if (!isDue()) return
      const started = await starter.start(jobId, podKey, 'schedule', isDue)
      if (!started.ok && isDue()) giveUp(proposal, started.error)
    } finally {
      countdowns.end(podKey)
    }
  }

  /** Would fail each minute again, with an alert each time. */
  function giveUp(proposal: Proposal, why: string): void {
    const { podKey, jobId } = proposal
    report(`Job ${jobId} could not be started automatically`, why)
    const message = `It could not be started automatically, so it is on hold: ${why}`
    if (store.apply(jobId, { kind: 'hold', message }).ok) return
    const queuePod = pods().find(({ key }) => key === podKey)
    countdowns.skip(podKey, episodeOf(proposal, queuePod))
  }

  return {
    maxHours: (accountId) => podReleases.maxHours(accountId),
    tick() {
      podReleases.tick()
      requestedPods.tick()
      const { starts, open } = findStarts()
      for (const key of wantedLooks(open, store.jobs(), store.rules(), clock.now().wallMs))
        options.wantLook(key)
      if (isScheduling) return
      const offers = offeredPods.offers().filter(({ jobId }) => !starts.some((one) => one.jobId === jobId))
      const { due, begun } = countdowns.update([...starts, ...offers], pods(), clock.now())
      for (const countdown of begun) {
        const job = store.job(countdown.jobId)
        const pod = pods().find(({ key }) => key === countdown.podKey)?.pod
        const { accountId } = parsePodKey(countdown.podKey)
        if (job !== null) options.announce(accountId, countdownAlert(job, pod?.name ?? null, countdown))
      }
      if (begun.length > 0) onChange()
      const isOffer = (one: Proposal): boolean =>
        offers.some(({ podKey, jobId }) => podKey === one.podKey && jobId === one.jobId)
      if (due.length > 0) void startDue(due, isOffer)
    },
  }
}
