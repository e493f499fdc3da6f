import { elapsedMs, type Instant, MINUTE_MS, SECOND_MS } from '../base/time/time'
import type { Pod, PodId } from '../pods/pod'

/**
 * Which running pods are read one by one, because the list lacks figures that the single pod has. Measured per pod and
 * start. See docs/product-rules.md#28-what-the-api-reports.
 */
export interface SingleReads {
  /** Pods of a new list to read now, those first that were not read for longest. */
  due(pods: readonly Pod[], now: Instant, minIntervalMs: number): readonly Pod[]
  /** A pod as it was listed and as it was read. */
  onRead(listed: Pod, single: Pod): void
}

interface SingleReadState {
  readonly startedAtMs: number | null
  /** Lists in a row that lacked figures. */
  readonly lacking: number
  readonly readAt: Instant | null
  /** How much later it is tried again. */
  readonly againMs: number
  /** A read had figures that its list lacked. */
  readonly isWorthwhile: boolean
}

/** One list may lack them by chance. */
const LACKING_LISTS = 3
/** A read that failed, or had no figures at all, says little: the machine may not have answered. */
const AFTER_FAILURE_MS = 2 * MINUTE_MS
/** Where a read had no more than the list. */
const AFTER_NOTHING_MS = 30 * MINUTE_MS
const MAX_READS = 10
const POLL_MS = 15 * SECOND_MS

export function createSingleReads(): SingleReads {
  const known = new Map<PodId, SingleReadState>()

  function update(pod: Pod): SingleReadState {
    const { startedAtMs } = pod
    const before = known.get(pod.id)
    const isSame = before !== undefined && before.startedAtMs === startedAtMs
    const isLacking = missingFigures(pod) > 0
    const next = {
      startedAtMs,
      lacking: isLacking ? (isSame ? before.lacking : 0) + 1 : 0,
      readAt: isSame ? before.readAt : null,
      againMs: isSame ? before.againMs : 0,
      isWorthwhile: isSame && isLacking && before.isWorthwhile,
    }
    known.set(pod.id, next)
    return next
  }

  const isDue = ({ lacking, readAt, againMs, isWorthwhile }: SingleReadState, now: Instant): boolean =>
    isWorthwhile || (lacking >= LACKING_LISTS && (readAt === null || elapsedMs(readAt, now) >= againMs))

  return {
    due(pods, now, minIntervalMs) {
      const running = new Set<PodId>()
      const wanted: { readonly pod: Pod; readonly one: SingleReadState; readonly sinceMs: number }[] = []
      for (const pod of pods) {
        // The service that manages a pod lists all that it knows.
        if (pod.phase !== 'running' || pod.managed !== undefined) continue
        running.add(pod.id)
        const one = update(pod)
        const sinceMs = one.readAt === null ? Infinity : elapsedMs(one.readAt, now)
        if (isDue(one, now)) wanted.push({ pod, one, sinceMs })
      }
      for (const podId of known.keys()) if (!running.has(podId)) known.delete(podId)
      const due = wanted.sort((a, b) => b.sinceMs - a.sinceMs).slice(0, readsPerPoll(minIntervalMs))
      return due.map(({ pod, one }) => {
        known.set(pod.id, { ...one, readAt: now, againMs: AFTER_FAILURE_MS })
        return pod
      })
    },
    onRead(listed, single) {
      const one = known.get(listed.id)
      if (one === undefined || single.telemetry === null || single.startedAtMs !== one.startedAtMs) return
      const isWorthwhile = missingFigures(single) < missingFigures(listed)
      known.set(listed.id, { ...one, isWorthwhile, againMs: AFTER_NOTHING_MS })
    },
  }
}

/** The list is one of the reads that the quota allows in the time of a poll. */
const readsPerPoll = (minIntervalMs: number): number =>
  minIntervalMs <= 0 ? MAX_READS : Math.min(MAX_READS, Math.max(1, Math.floor(POLL_MS / minIntervalMs) - 1))

/** How many of the figures that a verdict needs are missing. */
function missingFigures({ telemetry, gpu }: Pod): number {
  const expected = gpu?.count ?? 0
  const figures = [
    ...Array.from({ length: expected }, (_, index) => telemetry?.gpus[index]?.utilPercent ?? null),
    ...Array.from({ length: expected }, (_, index) => telemetry?.gpus[index]?.memoryUtilPercent ?? null),
    telemetry?.cpuUtilPercent ?? null,
    telemetry?.memoryUtilPercent ?? null,
  ]
  return figures.filter((figure) => figure === null).length
}
