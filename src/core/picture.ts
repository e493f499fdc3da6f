import type { Pod, PodId } from './pod'
import type { PodList } from './ports'
import { DAY_MS } from './time'

/** A pod that went: shown for 24 hours. */
export interface Tombstone {
  readonly id: PodId
  readonly name: string
  readonly goneAtMs: number
  /** `reported`: the API said TERMINATED. `vanished`: it left the list; perhaps by someone else, perhaps outbid. */
  readonly how: 'reported' | 'vanished'
}

/** One request: its place in the order of requests, and the wall time at which it was sent (Unix ms). */
export interface RequestMark {
  readonly order: number
  readonly atMs: number
}

interface Entry {
  readonly pod: Pod
  /** The request that showed the pod like this. */
  readonly order: number
  /** Complete lists in a row, since then, that did not have it. */
  readonly missedLists: number
}

/** The last good picture of one account's pods. A failed or older reply leaves it as it is. */
export interface Picture {
  readonly entries: ReadonlyMap<PodId, Entry>
  readonly tombstones: readonly Tombstone[]
  readonly list: RequestMark | null
  readonly isPartial: boolean
}

export const emptyPicture: Picture = { entries: new Map(), tombstones: [], list: null, isPartial: false }

/** Complete lists in a row without a pod before a single `GET` is asked whether it is gone. Product rules, "Pod states". */
const MISSED_LISTS = 2

/** The picture after a good list. One that was asked for before the picture's own is ignored. */
export function withList(picture: Picture, list: PodList, request: RequestMark): Picture {
  if (picture.list !== null && request.order <= picture.list.order) return picture
  const entries = new Map<PodId, Entry>()
  const ended: Pod[] = []
  for (const pod of list.pods) {
    if (entries.has(pod.id)) continue
    const known = picture.entries.get(pod.id)
    if (known && known.order > request.order) entries.set(pod.id, { ...known, missedLists: 0 })
    else if (pod.phase === 'terminated') ended.push(pod)
    else entries.set(pod.id, { pod, order: request.order, missedLists: 0 })
  }
  const endedIds = new Set(ended.map((pod) => pod.id))
  for (const [id, entry] of picture.entries) {
    if (entries.has(id) || endedIds.has(id)) continue
    const isMissed = list.isComplete && entry.order < request.order
    entries.set(id, isMissed ? { ...entry, missedLists: entry.missedLists + 1 } : entry)
  }
  const tombstones = picture.tombstones.filter(
    ({ id, goneAtMs }) => !entries.has(id) && (endedIds.has(id) || request.atMs - goneAtMs < DAY_MS),
  )
  const fresh = ended
    .filter((pod) => !tombstones.some(({ id }) => id === pod.id))
    .map((pod): Tombstone => ({ id: pod.id, name: pod.name, goneAtMs: request.atMs, how: 'reported' }))
  return {
    entries,
    tombstones: [...tombstones, ...fresh],
    list: request,
    isPartial: !list.isComplete,
  }
}

/** The picture after a single pod was read, or shown in the answer to an action. */
export function withPod(picture: Picture, pod: Pod, request: RequestMark): Picture {
  const known = picture.entries.get(pod.id)
  if (!known || request.order < known.order) return picture
  if (pod.phase === 'terminated') return withoutPod(picture, pod.id, request, 'reported')
  const entries = new Map(picture.entries)
  entries.set(pod.id, { pod, order: request.order, missedLists: 0 })
  return { ...picture, entries }
}

/** The picture after a `GET` said 404, of a pod that `podsToConfirm` named. */
export function withoutPod(
  picture: Picture,
  id: PodId,
  request: RequestMark,
  how: Tombstone['how'] = 'vanished',
): Picture {
  const known = picture.entries.get(id)
  if (!known || request.order < known.order) return picture
  const entries = new Map(picture.entries)
  entries.delete(id)
  const tombstone: Tombstone = { id, name: known.pod.name, goneAtMs: request.atMs, how }
  return { ...picture, entries, tombstones: [...picture.tombstones, tombstone] }
}

/** Pods that are missing for long enough that a `GET` is due; only its 404 makes them gone. */
export function podsToConfirm(picture: Picture): readonly PodId[] {
  return [...picture.entries.values()]
    .filter((entry) => entry.missedLists >= MISSED_LISTS)
    .map((entry) => entry.pod.id)
}

export function podsOf(picture: Picture): readonly Pod[] {
  return [...picture.entries.values()].map((entry) => entry.pod)
}

/** The tombstones still to be shown. */
export function shownTombstones(picture: Picture, nowMs: number): readonly Tombstone[] {
  return picture.tombstones.filter(({ goneAtMs }) => nowMs - goneAtMs < DAY_MS)
}
