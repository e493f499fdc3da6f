import type { PodReadiness } from '../containers/readiness'
import { type LastReading, lastReadingOf } from './outside-stop'
import type { GonePod } from './pod-inventory'
import type { Pod, PodId } from '../pods/pod'
import { clockDisagreementMs, elapsedMs, type Instant, MINUTE_MS, SECOND_MS } from '../base/time/time'

/*
 * Detects events by comparing each poll with the previous state. Episode names are derived from API data
 * where possible, so that another process or the next run uses the same names.
 */

export type PodEventKind =
  | 'pod-ready'
  | 'no-container'
  | 'container-died'
  | 'gpus-missing'
  | 'pod-error'
  | 'pod-stopped'
  | 'creating-too-long'
  | 'pod-gone'

/** An event whose effect still holds. */
export interface PodEvent {
  readonly kind: PodEventKind
  readonly podId: PodId
  readonly episode: string
  /** When it was observed, Unix ms. */
  readonly atMs: number
  /** It happened between two polls that are far apart. */
  readonly isMissed: boolean
}

interface KnownPod {
  readonly phase: Pod['phase']
  readonly startedAtMs: number | null
  /** Its start was observed, or that it was starting, and it was not said yet that it is ready. */
  readonly isReadyDue: boolean
  /** The event that led to the current state; null when the pod was first observed in this state. */
  readonly event: PodEvent | null
  /** Observed time in which it was creating, ms. */
  readonly creatingForMs: number
  /** What the last poll that showed it running said of it. */
  readonly last: (Omit<LastReading, 'beforeMs'> & { readonly atMs: number }) | null
  /**
   * The run that was seen to end in a stop, when that was first seen (Unix ms), and observed time since, ms; null unless
   * it is stopped.
   */
  readonly stop: { readonly run: string; readonly atMs: number; readonly forMs: number } | null
  /** By kind: the API's last message, and how often the event occurred with the same message. */
  readonly occurrences: Readonly<
    Partial<Record<PodEventKind, { readonly name: string; readonly count: number }>>
  >
}

/** The state after the last poll. */
export interface PodEventState {
  readonly polledAt: Instant | null
  /** Polls since the last gap. */
  readonly pollsInRow: number
  readonly pods: ReadonlyMap<PodId, KnownPod>
  readonly goneEvents: ReadonlyMap<PodId, PodEvent>
}

export const emptyPodEventState: PodEventState = {
  polledAt: null,
  pollsInRow: 0,
  pods: new Map(),
  goneEvents: new Map(),
}

export interface PodEventRules {
  /** Observed time after which creating takes too long, ms. */
  readonly creatingTooLongMs: number
  /** A longer interval between two polls counts as a gap (sleep or outage), ms. */
  readonly gapMs: number
  /** By how much the two clocks may disagree between two polls, ms. */
  readonly clockToleranceMs: number
}

/** A new pod that started at most this long ago counts as started while it was watched. */
const JUST_STARTED_MS = 10 * MINUTE_MS

/** A pod counts as stopped once two readings at least this far apart show it, because replicas disagree. */
const SURELY_STOPPED_MS = 30 * SECOND_MS

/**
 * The state after a successful poll. `gonePods` are all pods shown as gone; `readinessOf` says how far a running pod is.
 */
export function withPolledPods(
  state: PodEventState,
  pods: readonly Pod[],
  gonePods: readonly GonePod[],
  now: Instant,
  rules: PodEventRules,
  readinessOf: (pod: Pod) => PodReadiness = () => 'ready',
): PodEventState {
  const { polledAt } = state
  const isAfterGap = polledAt === null || isGap(polledAt, now, rules)
  const sinceMs = polledAt === null || isAfterGap ? 0 : elapsedMs(polledAt, now)
  const known = new Map<PodId, KnownPod>()
  for (const pod of pods) {
    const readiness = pod.phase === 'running' ? readinessOf(pod) : null
    known.set(pod.id, updateKnownPod(state, pod, readiness, now, sinceMs, isAfterGap, rules))
  }
  const pollsInRow = isAfterGap ? 0 : state.pollsInRow + 1
  // It takes two lists to find a pod gone, so right after a gap it may have disappeared during the gap.
  const wasGoneBefore = pollsInRow <= 1
  const goneEvents = new Map<PodId, PodEvent>()
  for (const { id, goneAtMs } of gonePods) {
    const before = state.goneEvents.get(id)
    if (before) goneEvents.set(id, before)
    // A pod that was never observed alive is not reported.
    else if (state.pods.has(id))
      goneEvents.set(id, {
        kind: 'pod-gone',
        podId: id,
        episode: 'gone',
        atMs: goneAtMs,
        isMissed: wasGoneBefore,
      })
  }
  return { polledAt: now, pollsInRow, pods: known, goneEvents }
}

/** Events whose effect still holds. */
export function eventsOf(state: PodEventState): readonly PodEvent[] {
  const events = [...state.pods.values()].flatMap(({ event }) => (event === null ? [] : [event]))
  return [...events, ...state.goneEvents.values()]
}

/** What the last reading said of the run of a pod that was seen to end; null when it was not observed. */
export function lastReadingBeforeStop(state: PodEventState, podId: PodId): LastReading | null {
  const known = state.pods.get(podId)
  if (known === undefined || known.last === null || known.stop === null) return null
  const { atMs, ...figures } = known.last
  return { ...figures, beforeMs: Math.max(0, known.stop.atMs - atMs) }
}

/** The episode name of an event whose pod is first observed in its present state. */
export function firstEpisodeName({ startedAtMs, createdAtMs }: Pod): string {
  return String(startedAtMs ?? createdAtMs ?? 'unknown')
}

/** `readiness`: null unless it runs. */
function updateKnownPod(
  state: PodEventState,
  pod: Pod,
  readiness: PodReadiness | null,
  now: Instant,
  sinceMs: number,
  isAfterGap: boolean,
  rules: PodEventRules,
): KnownPod {
  const before = state.pods.get(pod.id)
  // An unknown status carries no information.
  if (pod.phase === 'unknown' && before) return before
  const isCreating = pod.phase === 'creating'
  const creatingForMs = isCreating && before?.phase === 'creating' ? before.creatingForMs + sinceMs : 0
  const stop = stopOf(before, pod, now, sinceMs)
  const hasStarted = readiness !== null && hasNewStart(state, before, pod, now)
  // One that was first observed without a container gets it while it is watched.
  const isOnItsWay = readiness === 'starting' || readiness === 'no-container'
  const isReadyDue = readiness !== null && (hasStarted || isOnItsWay || (before?.isReadyDue ?? false))
  const kind =
    readiness === null
      ? detectEvent(state, before, pod, creatingForMs, stop?.forMs ?? 0, rules)
      : detectRunningEvent(hasStarted ? null : (before?.event ?? null), readiness, isReadyDue)
  const after = {
    phase: pod.phase,
    startedAtMs: pod.startedAtMs,
    creatingForMs,
    last: pod.phase === 'running' ? { ...lastReadingOf(pod), atMs: now.wallMs } : (before?.last ?? null),
    stop,
    isReadyDue: isReadyDue && kind !== 'pod-ready',
  }
  const occurrences = before?.occurrences ?? {}
  if (kind === null) {
    const isSame = before?.event && !hasStarted && holds(before.event.kind, pod.phase, readiness)
    return { ...after, event: isSame ? before.event : null, occurrences }
  }
  const name = kind === 'pod-stopped' && stop !== null ? stop.run : firstEpisodeName(pod)
  const atMs = kind === 'pod-stopped' && stop !== null ? stop.atMs : now.wallMs
  const last = occurrences[kind]
  const count = last?.name === name ? last.count + 1 : 1
  const episode = count === 1 ? name : `${name} #${count}`
  // What depends on observed time is never missed, nor is a stop, which lasts.
  const isMissed = isAfterGap && (kind === 'pod-error' || kind === 'pod-ready')
  return {
    ...after,
    event: { kind, podId: pod.id, episode, atMs, isMissed },
    occurrences: { ...occurrences, [kind]: { name, count } },
  }
}

function stopOf(
  before: KnownPod | undefined,
  pod: Pod,
  { wallMs: atMs }: Instant,
  sinceMs: number,
): KnownPod['stop'] {
  if (pod.phase !== 'stopped' || before === undefined) return null
  if (before.phase === 'running')
    return { run: String(before.startedAtMs ?? firstEpisodeName(pod)), atMs, forMs: 0 }
  return before.stop && { ...before.stop, forMs: before.stop.forMs + sinceMs }
}

/** Whether the effect of an event still holds. */
function holds(kind: PodEventKind, phase: Pod['phase'], readiness: PodReadiness | null): boolean {
  switch (kind) {
    case 'pod-error':
      return phase === 'error'
    case 'pod-stopped':
      return phase === 'stopped'
    case 'creating-too-long':
      return phase === 'creating'
    case 'pod-gone':
      return phase === 'terminated'
    case 'pod-ready':
      return readiness !== null && eventOf[readiness] === null
    case 'no-container':
      // A pull that failed is tried again, which is no news.
      return readiness === kind || readiness === 'starting' || readiness === 'not-known'
    case 'container-died':
    case 'gpus-missing':
      return readiness !== null && eventOf[readiness] === kind
  }
}

/** What is said of a running pod besides that it is ready. */
const eventOf: Readonly<Record<PodReadiness, 'no-container' | 'container-died' | 'gpus-missing' | null>> = {
  starting: null,
  up: null,
  ready: null,
  'not-known': null,
  'no-container': 'no-container',
  died: 'container-died',
  'gpus-missing': 'gpus-missing',
}

/** Whether a running pod was started since the last poll. */
function hasNewStart(
  { polledAt }: PodEventState,
  before: KnownPod | undefined,
  { startedAtMs }: Pod,
  now: Instant,
): boolean {
  if (before === undefined)
    return polledAt !== null && startedAtMs !== null && now.wallMs - startedAtMs < JUST_STARTED_MS
  const hasRestarted = before.startedAtMs !== null && startedAtMs !== null && startedAtMs > before.startedAtMs
  return hasRestarted || !['unknown', 'running'].includes(before.phase)
}

/** `event`: that of its present start. */
function detectRunningEvent(
  event: PodEvent | null,
  readiness: PodReadiness,
  isReadyDue: boolean,
): PodEventKind | null {
  const kind = eventOf[readiness]
  if (kind !== null) return event?.kind === kind ? null : kind
  return readiness === 'ready' && isReadyDue ? 'pod-ready' : null
}

/** The event of a pod that isn't running. */
function detectEvent(
  { polledAt }: PodEventState,
  before: KnownPod | undefined,
  pod: Pod,
  creatingForMs: number,
  stoppedForMs: number,
  rules: PodEventRules,
): PodEventKind | null {
  switch (pod.phase) {
    case 'creating':
      if (before?.event?.kind === 'creating-too-long') return null
      return creatingForMs >= rules.creatingTooLongMs ? 'creating-too-long' : null
    case 'error': {
      const hasChanged =
        before === undefined ? polledAt !== null : !['unknown', pod.phase].includes(before.phase)
      return hasChanged ? 'pod-error' : null
    }
    case 'stopped':
      if (before?.event?.kind === 'pod-stopped') return null
      return stoppedForMs >= SURELY_STOPPED_MS ? 'pod-stopped' : null
    default:
      return null
  }
}

export function isGap(from: Instant, to: Instant, rules: Omit<PodEventRules, 'creatingTooLongMs'>): boolean {
  return elapsedMs(from, to) > rules.gapMs || clockDisagreementMs(from, to) > rules.clockToleranceMs
}
