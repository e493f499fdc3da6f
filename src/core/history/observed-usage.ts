import type { PodId } from '../pods/pod'
import type { ObservedPod } from '../polling/fleet'
import type { ListResult } from '../polling/poller'
import { MINUTE_MS } from '../base/time/time'
import { MAX_GPUS, toHalfPercents, type UsageRecorder, type UsageSample, type UsageState } from './usage'

/** A pod that is not running is recorded no more often. */
const OFF_INTERVAL_MS = MINUTE_MS

/** Returns what takes in each list of an account and records its use. Nothing but what the list showed is recorded. */
export function createUsageObserver(recorder: UsageRecorder): (result: ListResult) => void {
  const startedAtMs = new Map<PodId, number>()
  const offAtMs = new Map<PodId, number>()

  function isDue({ pod }: ObservedPod, atMs: number): boolean {
    if (pod.phase === 'running') {
      offAtMs.delete(pod.id)
      return true
    }
    const elapsedMs = atMs - (offAtMs.get(pod.id) ?? Number.NEGATIVE_INFINITY)
    // The clock may be set back.
    if (elapsedMs >= 0 && elapsedMs < OFF_INTERVAL_MS) return false
    offAtMs.set(pod.id, atMs)
    return true
  }

  function hasNewStart({ pod }: ObservedPod): boolean {
    const before = startedAtMs.get(pod.id)
    if (pod.phase !== 'running' || pod.startedAtMs === null) return false
    startedAtMs.set(pod.id, pod.startedAtMs)
    return before !== undefined && before !== pod.startedAtMs
  }

  return ({ at, listed, observed }) => {
    const listedIds = new Set(listed.map(({ id }) => id))
    const observedIds = new Set(observed.map(({ pod }) => pod.id))
    const atMs = Math.floor(at.wallMs)
    for (const known of [startedAtMs, offAtMs])
      for (const podId of known.keys()) if (!observedIds.has(podId)) known.delete(podId)
    const samples = observed
      .filter((one) => listedIds.has(one.pod.id) && isDue(one, atMs))
      .map((one) => toSample(one, atMs, hasNewStart(one)))
    if (samples.length > 0) recorder.record(samples)
  }
}

function toSample(one: ObservedPod, atMs: number, isNewRun: boolean): UsageSample {
  const telemetry = one.pod.phase === 'running' ? one.telemetry : null
  return {
    podId: one.pod.id,
    atMs,
    state: stateOf(one),
    isNewRun,
    gpus: (telemetry?.gpus ?? []).slice(0, MAX_GPUS).map(({ utilPercent, memoryUtilPercent }) => ({
      util: toHalfPercents(utilPercent),
      memory: toHalfPercents(memoryUtilPercent),
    })),
    cpu: toHalfPercents(telemetry?.cpuUtilPercent),
    memory: toHalfPercents(telemetry?.memoryUtilPercent),
  }
}

function stateOf({ pod, activity }: ObservedPod): UsageState {
  if (pod.phase === 'stopped') return 'off'
  return pod.phase === 'running' ? activity.kind : 'unknown'
}
