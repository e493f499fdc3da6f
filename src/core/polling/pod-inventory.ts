import type { Pod, PodId } from '../pods/pod'
import type { PodList } from '../pods/provider'
import { DAY_MS } from '../base/time'

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

/** A tombstone, and the request that found the pod gone: an older one does not bring it back. */
interface Grave extends Tombstone {
  readonly order: number
}

/** The last good picture of one account's pods. A failed or older reply leaves it as it is. */
export interface Picture {
  readonly entries: ReadonlyMap<PodId, Entry>
  readonly graves: readonly Grave[]
  readonly list: RequestMark | null
  readonly isPartial: boolean
}

export const emptyPicture: Picture = { entries: new Map(), graves: [], list: null, isPartial: false }

/** Complete lists in a row without a pod before a single `GET` is asked whether it is gone. Product rules, "Pod states". */
const MISSED_LISTS = 2

/** The picture after a good list. One that was asked for before the picture's own is ignored. */
export function withList(picture: Picture, list: PodList, request: RequestMark): Picture {
  if (picture.list !== null && request.order <= picture.list.order) return picture
  const entries = new Map<PodId, Entry>()
  const ended: Pod[] = []
  const foundGone = new Set(
    picture.graves.filter((grave) => grave.order > request.order).map((grave) => grave.id),
  )
  for (const pod of list.pods) {
    if (entries.has(pod.id) || foundGone.has(pod.id)) continue
    const known = picture.entries.get(pod.id)
    if (known && known.order > request.order) entries.set(pod.id, known)
    else if (pod.phase === 'terminated') ended.push(pod)
    else entries.set(pod.id, { pod, order: request.order, missedLists: 0 })
  }
  const endedIds = new Set(ended.map((pod) => pod.id))
  for (const [id, entry] of picture.entries) {
    if (entries.has(id) || endedIds.has(id)) continue
    const isMissed = list.isComplete && entry.order < request.order
    entries.set(id, isMissed ? { ...entry, missedLists: entry.missedLists + 1 } : entry)
  }
  const graves = picture.graves.filter(
    ({ id, goneAtMs }) => !entries.has(id) && (endedIds.has(id) || request.atMs - goneAtMs < DAY_MS),
  )
  const fresh = ended
    .filter((pod) => !graves.some(({ id }) => id === pod.id))
    .map((pod) => graveOf(pod, request, 'reported'))
  return {
    entries,
    graves: [...graves, ...fresh],
    list: request,
    isPartial: !list.isComplete,
  }
}

/** The picture after a single pod was read, or shown in the answer to an action. */
export function withPod(picture: Picture, pod: Pod, request: RequestMark): Picture {
  const known = picture.entries.get(pod.id)
  if (!known || request.order < known.order) return picture
  if (pod.phase === 'terminated') return bury(picture, pod, request, 'reported')
  const entries = new Map(picture.entries)
  entries.set(pod.id, { pod, order: request.order, missedLists: 0 })
  return { ...picture, entries }
}

/**
 * The picture after a `GET` said 404. That alone makes no pod gone: it must be one that `podsToConfirm`
 * names. Product rules, "Pod states".
 */
export function withoutPod(picture: Picture, id: PodId, request: RequestMark): Picture {
  const known = picture.entries.get(id)
  if (!known || request.order < known.order || known.missedLists < MISSED_LISTS) return picture
  return bury(picture, known.pod, request, 'vanished')
}

function bury(picture: Picture, pod: Pod, request: RequestMark, how: Tombstone['how']): Picture {
  const entries = new Map(picture.entries)
  entries.delete(pod.id)
  return { ...picture, entries, graves: [...picture.graves, graveOf(pod, request, how)] }
}

function graveOf({ id, name }: Pod, { order, atMs }: RequestMark, how: Tombstone['how']): Grave {
  return { id, name, goneAtMs: atMs, how, order }
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
  return picture.graves
    .filter(({ goneAtMs }) => nowMs - goneAtMs < DAY_MS)
    .map(({ id, name, goneAtMs, how }) => ({ id, name, goneAtMs, how }))
}
