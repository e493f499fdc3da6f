import { elapsedMs, type Instant, MINUTE_MS } from '../base/time/time'
import type { Pod, PodId } from '../pods/pod'
import type { StartLog } from '../logs/start-log'
import { GONE_MS } from './container-death'
import {
  type ContainerRecord,
  type ContainerRules,
  type ContainerState,
  containerStateOf,
  type EarlierContainer,
  isContainerGap,
  newContainerRecord,
  nextContainerRecord,
} from './container-record'

/** A pod as far as its container and its GPUs are concerned. */
interface ContainerEntry {
  /** Null unless it runs and its provider shows containers. */
  readonly record: ContainerRecord | null
  /** What was last observed of it, for its next start. */
  readonly earlier: EarlierContainer
  /** How many GPUs it has, as seen in its present start or state; null: unknown. */
  readonly gpus: number | null
  /** How many it had before its present start, or was created with; null: unknown. */
  readonly expectedGpus: number | null
}

/** The containers of an account after the last list. */
export interface WatchedContainers {
  readonly listedAt: Instant | null
  readonly pods: ReadonlyMap<PodId, ContainerEntry>
}

export const emptyWatchedContainers: WatchedContainers = { listedAt: null, pods: new Map() }

/** What else is known of a pod. */
export interface ContainerSources {
  /** Null: nothing is known of its log. */
  readonly logOf: (podId: PodId) => StartLog | null
  /** Whether a look from inside, or the guard in the pod, reached it in its present start. */
  readonly isSeenInside: (pod: Pod, at: Instant) => boolean
  /** How many GPUs it was created with; null: that is not known. */
  readonly createdGpusOf: (podId: PodId) => number | null
}

/** Losses that began so close together are one. */
const SAME_LOSS_MS = 2 * MINUTE_MS
/** A lookup that times out loses the figures of a pod for a poll or two, which makes no other loss a shared one. */
const LASTING_LOSS_MS = 2 * MINUTE_MS

/** The containers after a list that was requested at `at` and updated `pods`. `known`: all pods that are not gone. */
export function withListedContainers(
  { listedAt, pods: before }: WatchedContainers,
  pods: readonly Pod[],
  known: ReadonlySet<PodId>,
  at: Instant,
  sources: ContainerSources,
  rules: ContainerRules,
): WatchedContainers {
  const isWatching = listedAt !== null && !isContainerGap(listedAt, at, rules)
  const next = new Map([...before].filter(([podId]) => known.has(podId)))
  for (const pod of pods)
    if (pod.phase !== 'unknown')
      next.set(pod.id, watchedPod(before.get(pod.id), pod, at, isWatching, sources, rules))
  return { listedAt: at, pods: withSharedLosses(next) }
}

function watchedPod(
  before: ContainerEntry | undefined,
  pod: Pod,
  at: Instant,
  isWatching: boolean,
  { logOf, createdGpusOf, isSeenInside }: ContainerSources,
  rules: ContainerRules,
): ContainerEntry {
  const { startedAtMs, container, phase } = pod
  const shown = container?.publicPorts ?? []
  // A lookup that timed out hides them, and the next start may show them still.
  const earlier = { seenAt: at, publicPorts: shown.length > 0 ? shown : (before?.earlier.publicPorts ?? []) }
  const gpus = pod.gpu?.count ?? (pod.cpu === null ? null : 0)
  if (phase !== 'running' || container === undefined) {
    const last = gpus !== null && gpus > 0 ? gpus : (before?.gpus ?? null)
    return { record: null, earlier, gpus: last, expectedGpus: null }
  }
  const reading = {
    at,
    startedAtMs,
    signs: container,
    hasFigures: pod.telemetry !== null,
    log: logOf(pod.id),
    isSeenInside: isSeenInside(pod, at),
  }
  const running = before?.record ?? null
  if (running !== null && !hasNewStart(running, startedAtMs))
    return {
      record: nextContainerRecord(running, reading, rules),
      earlier,
      gpus,
      expectedGpus: before?.expectedGpus ?? null,
    }
  const isYoung = startedAtMs !== null && Math.abs(at.wallMs - startedAtMs) < rules.limitMs
  const isStartSeen = isWatching && (before !== undefined || isOnFirstStart(pod, rules))
  const sinceMs = isYoung ? Math.min(startedAtMs, at.wallMs) : isStartSeen ? at.wallMs : null
  const record = newContainerRecord(reading, sinceMs, before?.earlier ?? null)
  const gpusBefore = Math.max(before?.gpus ?? 0, before?.expectedGpus ?? 0)
  const created = isOnFirstStart(pod, rules) ? createdGpusOf(pod.id) : null
  return { record, earlier, gpus, expectedGpus: gpusBefore > 0 ? gpusBefore : created }
}

/** Whether a pod was never started again since it was created. */
const isOnFirstStart = ({ createdAtMs, startedAtMs }: Pod, { limitMs }: ContainerRules): boolean =>
  startedAtMs === null || (createdAtMs !== null && startedAtMs - createdAtMs < limitMs)

/** A replica may show the start before for a moment. */
const hasNewStart = (record: ContainerRecord, startedAtMs: number | null): boolean =>
  record.startedAtMs !== null && startedAtMs !== null && startedAtMs > record.startedAtMs

/** Several pods that lose figures and ports at the same time show an outage of the API, and that no container died. */
function withSharedLosses(pods: ReadonlyMap<PodId, ContainerEntry>): ReadonlyMap<PodId, ContainerEntry> {
  const losses = [...pods].flatMap(([podId, { record }]) => {
    const loss = record?.death.loss ?? null
    return record === null || loss === null || elapsedMs(loss.at, record.lastAt) < LASTING_LOSS_MS
      ? []
      : [{ podId, loss }]
  })
  const shared = losses.filter(
    ({ podId, loss }) =>
      !loss.isShared && losses.some((other) => other.podId !== podId && isSameTime(other.loss.at, loss.at)),
  )
  if (shared.length === 0) return pods
  const next = new Map(pods)
  for (const { podId, loss } of shared) {
    const pod = next.get(podId)
    if (pod === undefined || pod.record === null) continue
    const death = { ...pod.record.death, loss: { ...loss, isShared: true } }
    next.set(podId, { ...pod, record: { ...pod.record, death } })
  }
  return next
}

const isSameTime = (a: Instant, b: Instant): boolean =>
  elapsedMs(a, b) <= SAME_LOSS_MS && elapsedMs(b, a) <= SAME_LOSS_MS

/** The state of a running pod's container; null: its provider doesn't show it, or it was not listed yet. */
export function watchedState(
  { pods }: WatchedContainers,
  podId: PodId,
  rules: ContainerRules,
): ContainerState | null {
  const record = pods.get(podId)?.record ?? null
  return record === null ? null : containerStateOf(record, rules)
}

/** A running pod that came back with fewer GPUs than before its start, or than it was created with; null: it didn't. */
export function missingGpusOf(
  { pods }: WatchedContainers,
  podId: PodId,
): { readonly gpus: number; readonly expected: number } | null {
  const { record = null, gpus = null, expectedGpus: expected = null } = pods.get(podId) ?? {}
  // One reading may be wrong about it.
  if (record === null || record.observedMs === 0 || gpus === null || expected === null) return null
  return gpus >= expected ? null : { gpus, expected }
}

/** Pods that lost their figures and ports together for so long that a container would count as dead; null: none. */
export interface TelemetryOutage {
  readonly since: Instant
  readonly podIds: readonly PodId[]
}

export function telemetryOutageOf({ pods }: WatchedContainers): TelemetryOutage | null {
  const lost = [...pods].flatMap(([podId, { record }]) => {
    const loss = record?.death.loss ?? null
    return loss !== null && loss.isShared && loss.forMs >= GONE_MS ? [{ podId, at: loss.at }] : []
  })
  const [first] = lost
  if (first === undefined) return null
  const since = lost.reduce((min, { at }) => (at.wallMs < min.wallMs ? at : min), first.at)
  return { since, podIds: lost.map(({ podId }) => podId) }
}
