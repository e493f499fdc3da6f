import { hardwareOf } from '../pods/pod-capabilities'
import type { Pod, PodId } from '../pods/pod'
import type { ObservedPod } from '../polling/fleet'
import type { ListResult } from '../polling/poller'
import { podBillingState, podSubjectId } from './ledger/billing-state'
import type { Ledger } from './ledger/ledger'
import type { ObservedSubject } from './ledger/ledger-observation'
import type { TrustedClock } from './trusted-clock'

/** Books lists of pods at their trusted time. */
export interface PodRecorder {
  /**
   * Returns when the list was requested (Unix ms), and how long after the one before (ms; null: it is the first). Null
   * while that is not known; the list is then booked with a later one.
   */
  record(result: ListResult): { readonly atMs: number; readonly intervalMs: number | null } | null
}

/** More than a clock needs to be recognized as wrong. */
const MAX_WAITING = 100

/** `countedIntervalMs`: idle time counts between two idle lists that are no further apart. */
export function createPodRecorder(
  trusted: TrustedClock,
  ledger: Pick<Ledger, 'observe' | 'repair'>,
  countedIntervalMs: () => number,
): PodRecorder {
  let idlePodIds: ReadonlySet<PodId> = new Set()
  let recordedAtMs: number | null = null
  let isRepaired = false
  let waiting: readonly ListResult[] = []

  function book({ at, listed, observed, isComplete }: ListResult) {
    const atMs = trusted.timeOf(at)
    const intervalMs = recordedAtMs === null ? null : atMs - recordedAtMs
    recordedAtMs = atMs
    const isCounted = intervalMs !== null && intervalMs <= countedIntervalMs()
    const currentIdlePodIds = new Set(
      observed.filter(({ activity: { kind } }) => kind === 'idle').map(({ pod }) => pod.id),
    )
    const uptimes = uptimesOf(observed)
    const listedKeys = new Set(listed.map(podSubjectId))
    const keys = observed.map(({ pod }) => podSubjectId(pod))
    ledger.observe({
      what: 'pods',
      atMs,
      isComplete,
      possiblyPresent: new Set(keys.filter((key) => !listedKeys.has(key))),
      subjects: listed.map((pod) => ({
        ...observedSubject(pod, uptimes.get(pod.id) ?? null),
        isIdle: isCounted && idlePodIds.has(pod.id) && currentIdlePodIds.has(pod.id),
      })),
    })
    idlePodIds = currentIdlePodIds
    return { atMs, intervalMs }
  }

  return {
    record(result) {
      const hasMovedBack = trusted.update(uptimesOf(result.observed)) === 'moved-back'
      if (!trusted.isSettled()) {
        waiting = [...waiting, result].slice(-MAX_WAITING)
        return null
      }
      if (hasMovedBack || (!isRepaired && trusted.isFromServer())) {
        ledger.repair(trusted.nowMs())
        isRepaired = true
      }
      const earlier = waiting
      waiting = []
      earlier.forEach(book)
      return book(result)
    },
  }
}

/** A pod as one list has it, which says nothing of the time before. `uptimeMs`: as it reported. */
export const observedSubject = (pod: Pod, uptimeMs: number | null): ObservedSubject => ({
  key: podSubjectId(pod),
  name: pod.name,
  hardware: hardwareOf(pod),
  billingState: podBillingState(pod),
  uptimeMs,
  isIdle: false,
  isUsed: pod.phase !== 'stopped',
})

/** Those that the pods reported. How long a pod was observed is less, and says nothing of the time before. */
/** The uptimes that pods report, ms, for a trusted clock. */
export const uptimesOf = (observed: readonly ObservedPod[]): ReadonlyMap<PodId, number> =>
  new Map(
    observed.flatMap(({ pod: { id }, uptimeMs, isUptimeReported }) =>
      uptimeMs !== null && isUptimeReported ? [[id, uptimeMs]] : [],
    ),
  )
