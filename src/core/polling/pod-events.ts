import type { GonePod } from './pod-inventory'
import type { Pod, PodId } from '../pods/pod'
import { clockDisagreementMs, elapsedMs, type Instant, MINUTE_MS } from '../base/time'

/*
 * What happened to pods, found by comparing each look with what was known before. Episodes are named by what the API
 * says where it says enough, so that another process, or the next run, gives them the same names.
 */

export type PodEventKind = 'pod-ready' | 'pod-error' | 'creating-too-long' | 'pod-gone'

/** One thing that happened and still holds. */
export interface PodEvent {
  readonly kind: PodEventKind
  readonly podId: PodId
  readonly episode: string
  /** When it was seen, Unix ms. */
  readonly atMs: number
  /** It came about between two looks that lie far apart. */
  readonly isMissed: boolean
}

interface KnownPod {
  readonly phase: Pod['phase']
  readonly startedAtMs: number | null
  /** Why it is as it is, as far as that was seen; null: it was so when it was seen first. */
  readonly event: PodEvent | null
  /** Observed time in which it was creating, ms. */
  readonly creatingForMs: number
  /** By kind: what the API said of it the last time, and how often it got there with the same words. */
  readonly occurrences: Readonly<
    Partial<Record<PodEventKind, { readonly name: string; readonly count: number }>>
  >
}

/** What was known after the last look. */
export interface PodEventState {
  readonly polledAt: Instant | null
  /** Looks since the last one that lay far from the one before. */
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
  /** Observed time in which a pod may be creating, ms. */
  readonly creatingTooLongMs: number
  /** Two looks that lie further apart have a sleep or an outage between them, ms. */
  readonly gapMs: number
  /** By how much the two clocks may disagree between two looks, ms. */
  readonly clockToleranceMs: number
}

/** A pod that is new and started this long ago, or less, was started under our eyes. */
const JUST_STARTED_MS = 10 * MINUTE_MS

/** The watch after a good look. `tombstones`: all that are shown. */
export function withPolledPods(
  state: PodEventState,
  pods: readonly Pod[],
  gonePods: readonly GonePod[],
  now: Instant,
  rules: PodEventRules,
): PodEventState {
  const { polledAt } = state
  const isAfterGap = polledAt === null || isGap(polledAt, now, rules)
  const sinceMs = polledAt === null || isAfterGap ? 0 : elapsedMs(polledAt, now)
  const known = new Map<PodId, KnownPod>()
  for (const pod of pods) known.set(pod.id, updateKnownPod(state, pod, now, sinceMs, isAfterGap, rules))
  const pollsInRow = isAfterGap ? 0 : state.pollsInRow + 1
  // It takes two lists to find a pod gone: the first one had missed it.
  const wasGoneBefore = pollsInRow <= 1
  const goneEvents = new Map<PodId, PodEvent>()
  for (const { id, goneAtMs } of gonePods) {
    const before = state.goneEvents.get(id)
    if (before) goneEvents.set(id, before)
    // One that was never seen alive is no news.
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

/** What happened and still holds. */
export function eventsOf(state: PodEventState): readonly PodEvent[] {
  const events = [...state.pods.values()].flatMap(({ event }) => (event === null ? [] : [event]))
  return [...events, ...state.goneEvents.values()]
}

/** The name that an event of a pod has when it is first seen in its present state. */
export function firstEpisodeName({ startedAtMs, createdAtMs }: Pod): string {
  return String(startedAtMs ?? createdAtMs ?? 'unknown')
}

function updateKnownPod(
  state: PodEventState,
  pod: Pod,
  now: Instant,
  sinceMs: number,
  isAfterGap: boolean,
  rules: PodEventRules,
): KnownPod {
  const before = state.pods.get(pod.id)
  // A status without a word says nothing.
  if (pod.phase === 'unknown' && before) return before
  const isCreating = pod.phase === 'creating'
  const creatingForMs = isCreating && before?.phase === 'creating' ? before.creatingForMs + sinceMs : 0
  const after = { phase: pod.phase, startedAtMs: pod.startedAtMs, creatingForMs }
  const occurrences = before?.occurrences ?? {}
  const kind = detectEvent(state, before, pod, now, creatingForMs, rules)
  if (kind === null) {
    const isSame = before?.event && phaseOfEvent[before.event.kind] === pod.phase
    return { ...after, event: isSame ? before.event : null, occurrences }
  }
  const name = firstEpisodeName(pod)
  const last = occurrences[kind]
  const count = last?.name === name ? last.count + 1 : 1
  const episode = count === 1 ? name : `${name} #${count}`
  // Time that nobody observed does not count as creating.
  const isMissed = isAfterGap && kind !== 'creating-too-long'
  return {
    ...after,
    event: { kind, podId: pod.id, episode, atMs: now.wallMs, isMissed },
    occurrences: { ...occurrences, [kind]: { name, count } },
  }
}

const phaseOfEvent = {
  'pod-ready': 'running',
  'pod-error': 'error',
  'creating-too-long': 'creating',
  'pod-gone': 'terminated',
} as const satisfies Record<PodEventKind, Pod['phase']>

function detectEvent(
  { polledAt }: PodEventState,
  before: KnownPod | undefined,
  pod: Pod,
  now: Instant,
  creatingForMs: number,
  rules: PodEventRules,
): PodEventKind | null {
  const hasChanged = before === undefined ? polledAt !== null : !['unknown', pod.phase].includes(before.phase)
  switch (pod.phase) {
    case 'creating':
      if (before?.event?.kind === 'creating-too-long') return null
      return creatingForMs >= rules.creatingTooLongMs ? 'creating-too-long' : null
    case 'error':
      return hasChanged ? 'pod-error' : null
    case 'running': {
      const { startedAtMs } = pod
      if (before === undefined) {
        const isFresh = startedAtMs !== null && now.wallMs - startedAtMs < JUST_STARTED_MS
        return hasChanged && isFresh ? 'pod-ready' : null
      }
      const hasRestarted =
        before.startedAtMs !== null && startedAtMs !== null && startedAtMs > before.startedAtMs
      return hasChanged || hasRestarted ? 'pod-ready' : null
    }
    default:
      return null
  }
}

export function isGap(from: Instant, to: Instant, rules: Omit<PodEventRules, 'creatingTooLongMs'>): boolean {
  return elapsedMs(from, to) > rules.gapMs || clockDisagreementMs(from, to) > rules.clockToleranceMs
}
