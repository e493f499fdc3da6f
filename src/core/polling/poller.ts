import type { Fleet, ObservedPod } from './fleet'
import type { IntentRunner } from '../intents/intent-runner'
import type { Pod, PodId } from '../pods/pod'
import type { Clock } from '../base/time/clock'
import type { PodList, Provider, ProviderError } from '../pods/provider'
import { ok, type Result } from '../base/result'
import type { Poll } from './poll-loop'
import { createSingleReads } from './single-reads'
import type { Instant } from '../base/time/time'

/** Polls the pods, updates the fleet and reports the observed states to the open intents. */
export interface Poller {
  /**
   * Lists the pods and reads missing ones individually. Null when a sleep or a restart of the loop made the
   * result outdated.
   */
  pollAll(poll: Poll): Promise<Result<void, ProviderError> | null>
  /** Reads one pod, on which an action depends; null when it is gone. */
  pollPod(podId: PodId): Promise<Result<Pod | null, ProviderError>>
}

/** Maximum single reads per poll, to save the quota. */
const MAX_READS_PER_POLL = 10

export function createPoller(
  provider: Provider,
  clock: Clock,
  fleet: Fleet,
  intentRunner: Pick<IntentRunner, 'observe' | 'podsWithOpenIntent'>,
  onList: (poll: ListResult) => void,
): Poller {
  async function readPod(podId: PodId, isForAction: boolean): Promise<Result<Pod | null, ProviderError>> {
    const request = fleet.stampRequest(clock.now())
    const read = await provider.getPod(podId, isForAction)
    if (read.ok) {
      if (fleet.applyPod(read.value, request) || !fleet.pod(podId))
        intentRunner.observe(podId, read.value, request.at)
      return read
    }
    if (read.error.kind !== 'not-found') return read
    fleet.applyNotFound(podId, request)
    if (!fleet.pod(podId)) intentRunner.observe(podId, null, request.at)
    return ok(null)
  }

  const singleReads = createSingleReads()

  /**
   * The list with those pods that were read one by one in their place, and when those were asked for. A read that failed
   * leaves the listed one.
   */
  async function withSingleReads(
    list: PodList,
    { isCurrent, heartbeat }: Poll,
  ): Promise<{ readonly list: PodList; readonly readAt: ReadonlyMap<PodId, Instant> }> {
    const due = singleReads.due(list.pods, clock.now(), provider.minPollIntervalMs())
    const read = new Map<PodId, Pod>()
    const readAt = new Map<PodId, Instant>()
    await Promise.all(
      due.map(async (listed) => {
        const at = clock.now()
        const single = await provider.getPod(listed.id)
        if (!isCurrent()) return
        heartbeat()
        if (!single.ok) return
        singleReads.onRead(listed, single.value)
        read.set(listed.id, single.value)
        readAt.set(listed.id, at)
      }),
    )
    return { list: { ...list, pods: list.pods.map((pod) => read.get(pod.id) ?? pod) }, readAt }
  }

  return {
    pollPod: (podId) => readPod(podId, true),
    async pollAll({ isCurrent, heartbeat }) {
      const request = fleet.stampRequest(clock.now())
      const list = await provider.listPods()
      if (!isCurrent()) return null
      heartbeat()
      if (!list.ok) return list
      const known = await withSingleReads(list.value, { isCurrent, heartbeat })
      if (!isCurrent()) return null
      const listed = fleet.applyList(known.list, request, clock.now(), known.readAt)
      const { isComplete } = list.value
      onList({ at: request.at, listed, observed: fleet.observedPods(request.at), isComplete })
      for (const pod of listed) intentRunner.observe(pod.id, pod, request.at)
      // An open intent whose pod is missing from the list would otherwise wait forever.
      const unlisted = intentRunner
        .podsWithOpenIntent()
        .filter((podId) => !listed.some(({ id }) => id === podId))
      const toRead = [...new Set([...unlisted, ...fleet.podsToConfirm()])].slice(0, MAX_READS_PER_POLL)
      for (const podId of toRead) {
        heartbeat()
        await readPod(podId, false)
        if (!isCurrent()) return null
      }
      return ok(undefined)
    },
  }
}

/** A processed list of pods. */
export interface ListResult {
  readonly at: Instant
  /** Pods that this list updated. */
  readonly listed: readonly Pod[]
  /** All pods that are not known to be gone. */
  readonly observed: readonly ObservedPod[]
  readonly isComplete: boolean
}
