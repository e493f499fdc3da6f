import type { Fleet, SeenPod } from './fleet'
import type { IntentDesk } from '../intents/intent-runner'
import type { Pod, PodId } from '../pods/pod'
import type { Clock } from '../base/clock'
import type { Provider, ProviderError } from '../pods/provider'
import { ok, type Result } from '../base/result'
import type { Turn } from './poll-loop'
import type { Instant } from '../base/time'

/** Looks at the pods, takes what it sees into the picture, and tells the open actions of it. */
export interface Lookout {
  /**
   * A list, and single reads of what it does not show. Null: a sleep or a restart of the loop came between, and what
   * was seen is not the present any more.
   */
  lookAround(turn: Turn): Promise<Result<void, ProviderError> | null>
  /** Reads one pod; null: gone. */
  lookAt(podId: PodId): Promise<Result<Pod | null, ProviderError>>
}

/** At most so many single reads in one turn, to spare the quota. */
const CONFIRM_AT_ONCE = 10

export function createLookout(
  provider: Provider,
  clock: Clock,
  fleet: Fleet,
  desk: Pick<IntentDesk, 'look' | 'openPods'>,
  onList: (look: PodsLook) => void,
): Lookout {
  async function lookAt(podId: PodId): Promise<Result<Pod | null, ProviderError>> {
    const request = fleet.request(clock.now())
    const seen = await provider.getPod(podId)
    if (seen.ok) {
      if (fleet.takePod(seen.value, request) || !fleet.pod(podId)) desk.look(podId, seen.value, request.at)
      return seen
    }
    if (seen.error.kind !== 'not-found') return seen
    fleet.takeGone(podId, request)
    if (!fleet.pod(podId)) desk.look(podId, null, request.at)
    return ok(null)
  }

  return {
    lookAt,
    async lookAround({ isCurrent, stir }) {
      const request = fleet.request(clock.now())
      const list = await provider.listPods()
      if (!isCurrent()) return null
      stir()
      if (!list.ok) return list
      const shown = fleet.takeList(list.value, request, clock.now())
      const { isComplete } = list.value
      onList({ at: request.at, shown, seen: fleet.seenAt(request.at), isComplete })
      for (const pod of shown) desk.look(pod.id, pod, request.at)
      // An open action whose pod the list did not show would wait for ever.
      const unseen = desk.openPods().filter((podId) => !shown.some(({ id }) => id === podId))
      const toRead = [...new Set([...unseen, ...fleet.toConfirm()])].slice(0, CONFIRM_AT_ONCE)
      for (const podId of toRead) {
        stir()
        await lookAt(podId)
        if (!isCurrent()) return null
      }
      return ok(undefined)
    },
  }
}

/** A list of pods as the monitor took it in. */
export interface PodsLook {
  readonly at: Instant
  /** Those that this list showed. */
  readonly shown: readonly Pod[]
  /** All that are not known to be gone. */
  readonly seen: readonly SeenPod[]
  readonly isComplete: boolean
}
