import type { Tombstone } from './pod-inventory'
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
  readonly times: Readonly<Partial<Record<PodEventKind, { readonly name: string; readonly count: number }>>>
}

/** What was known after the last look. */
export interface PodWatch {
  readonly lookAt: Instant | null
  /** Looks since the last one that lay far from the one before. */
  readonly looksInRow: number
  readonly pods: ReadonlyMap<PodId, KnownPod>
  readonly gone: ReadonlyMap<PodId, PodEvent>
}

export const newPodWatch: PodWatch = { lookAt: null, looksInRow: 0, pods: new Map(), gone: new Map() }

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
export function withPods(
  watch: PodWatch,
  pods: readonly Pod[],
  tombstones: readonly Tombstone[],
  now: Instant,
  rules: PodEventRules,
): PodWatch {
  const { lookAt } = watch
  const isApart = lookAt === null || isFarApart(lookAt, now, rules)
  const sinceMs = lookAt === null || isApart ? 0 : elapsedMs(lookAt, now)
  const known = new Map<PodId, KnownPod>()
  for (const pod of pods) known.set(pod.id, step(watch, pod, now, sinceMs, isApart, rules))
  const looksInRow = isApart ? 0 : watch.looksInRow + 1
  // It takes two lists to find a pod gone: the first one had missed it.
  const wasGoneBefore = looksInRow <= 1
  const gone = new Map<PodId, PodEvent>()
  for (const { id, goneAtMs } of tombstones) {
    const before = watch.gone.get(id)
    if (before) gone.set(id, before)
    // One that was never seen alive is no news.
    else if (watch.pods.has(id))
      gone.set(id, {
        kind: 'pod-gone',
        podId: id,
        episode: 'gone',
        atMs: goneAtMs,
        isMissed: wasGoneBefore,
      })
  }
  return { lookAt: now, looksInRow, pods: known, gone }
}

/** What happened and still holds. */
export function eventsOf(watch: PodWatch): readonly PodEvent[] {
  const events = [...watch.pods.values()].flatMap(({ event }) => (event === null ? [] : [event]))
  return [...events, ...watch.gone.values()]
}

/** The name that an event of a pod has when it is first seen in its present state. */
export function firstEpisode({ startedAtMs, createdAtMs }: Pod): string {
  return String(startedAtMs ?? createdAtMs ?? 'unknown')
}

function step(
  watch: PodWatch,
  pod: Pod,
  now: Instant,
  sinceMs: number,
  isApart: boolean,
  rules: PodEventRules,
): KnownPod {
  const before = watch.pods.get(pod.id)
  // A status without a word says nothing.
  if (pod.phase === 'unknown' && before) return before
  const isCreating = pod.phase === 'creating'
  const creatingForMs = isCreating && before?.phase === 'creating' ? before.creatingForMs + sinceMs : 0
  const after = { phase: pod.phase, startedAtMs: pod.startedAtMs, creatingForMs }
  const times = before?.times ?? {}
  const kind = happened(watch, before, pod, now, creatingForMs, rules)
  if (kind === null) {
    const isSame = before?.event && stateOf[before.event.kind] === pod.phase
    return { ...after, event: isSame ? before.event : null, times }
  }
  const name = firstEpisode(pod)
  const last = times[kind]
  const count = last?.name === name ? last.count + 1 : 1
  const episode = count === 1 ? name : `${name} #${count}`
  // Time that nobody observed does not count as creating.
  const isMissed = isApart && kind !== 'creating-too-long'
  return {
    ...after,
    event: { kind, podId: pod.id, episode, atMs: now.wallMs, isMissed },
    times: { ...times, [kind]: { name, count } },
  }
}

const stateOf = {
  'pod-ready': 'running',
  'pod-error': 'error',
  'creating-too-long': 'creating',
  'pod-gone': 'terminated',
} as const satisfies Record<PodEventKind, Pod['phase']>

function happened(
  { lookAt }: PodWatch,
  before: KnownPod | undefined,
  pod: Pod,
  now: Instant,
  creatingForMs: number,
  rules: PodEventRules,
): PodEventKind | null {
  const isNews = before === undefined ? lookAt !== null : !['unknown', pod.phase].includes(before.phase)
  switch (pod.phase) {
    case 'creating':
      if (before?.event?.kind === 'creating-too-long') return null
      return creatingForMs >= rules.creatingTooLongMs ? 'creating-too-long' : null
    case 'error':
      return isNews ? 'pod-error' : null
    case 'running': {
      const { startedAtMs } = pod
      if (before === undefined) {
        const isFresh = startedAtMs !== null && now.wallMs - startedAtMs < JUST_STARTED_MS
        return isNews && isFresh ? 'pod-ready' : null
      }
      const isStartedAnew =
        before.startedAtMs !== null && startedAtMs !== null && startedAtMs > before.startedAtMs
      return isNews || isStartedAnew ? 'pod-ready' : null
    }
    default:
      return null
  }
}

export function isFarApart(
  from: Instant,
  to: Instant,
  rules: Omit<PodEventRules, 'creatingTooLongMs'>,
): boolean {
  return elapsedMs(from, to) > rules.gapMs || clockDisagreementMs(from, to) > rules.clockToleranceMs
}
