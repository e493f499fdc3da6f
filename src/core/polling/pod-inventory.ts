import type { Pod, PodId } from '../pods/pod'
import type { PodList } from '../pods/provider'
import { DAY_MS } from '../base/time/time'
import { type CreatingTime, creatingTimeOf } from './creating-time'

/** A pod that is gone, shown for 24 hours. See docs/product-rules.md#11-states-shown. */
export interface GonePod {
  readonly id: PodId
  readonly name: string
  readonly goneAtMs: number
  /**
   * `reported`: the API returned TERMINATED; in a snapshot also after a terminate from here. `vanished`: it left the list, possibly terminated by someone
   * else, outbid, or deleted because the balance ran out.
   */
  readonly how: 'reported' | 'vanished'
}

/** The sequence number of a request and the wall time when it was sent (Unix ms). */
export interface WallClockStamp {
  readonly order: number
  readonly atMs: number
}

export interface InventoryEntry {
  readonly pod: Pod
  /** The request that this state came from, and when it was sent (Unix ms). */
  readonly order: number
  readonly seenAtMs: number
  /** Null when it isn't creating. */
  readonly creating: CreatingTime | null
  /** Consecutive complete lists since then that did not contain it. */
  readonly missedLists: number
}

/** The request that found the pod gone; an older reply does not bring it back. */
interface GonePodEntry extends GonePod {
  readonly order: number
}

/** The last good state of one account's pods. Failed or older replies never change it. */
export interface PodInventory {
  readonly entries: ReadonlyMap<PodId, InventoryEntry>
  readonly gonePods: readonly GonePodEntry[]
  readonly list: WallClockStamp | null
  readonly isPartial: boolean
}

export const emptyInventory: PodInventory = { entries: new Map(), gonePods: [], list: null, isPartial: false }

/**
 * Consecutive complete lists without a pod before a single read confirms that it is gone. See
 * docs/product-rules.md#11-states-shown.
 */
const MISSED_LISTS = 2

/** The inventory after a successful list. A list that was requested before the current one is ignored. */
export function withList(inventory: PodInventory, list: PodList, request: WallClockStamp): PodInventory {
  if (inventory.list !== null && request.order <= inventory.list.order) return inventory
  const entries = new Map<PodId, InventoryEntry>()
  const ended: Pod[] = []
  const knownGone = new Set(
    inventory.gonePods.filter((gonePod) => gonePod.order > request.order).map((gonePod) => gonePod.id),
  )
  for (const pod of list.pods) {
    if (entries.has(pod.id) || knownGone.has(pod.id)) continue
    const known = inventory.entries.get(pod.id)
    if (known && known.order > request.order) entries.set(pod.id, known)
    else if (pod.phase === 'terminated') ended.push(pod)
    else entries.set(pod.id, toEntry(pod, request, known))
  }
  const endedIds = new Set(ended.map((pod) => pod.id))
  for (const [id, entry] of inventory.entries) {
    if (entries.has(id) || endedIds.has(id)) continue
    const isMissed = list.isComplete && entry.order < request.order
    entries.set(id, isMissed ? { ...entry, missedLists: entry.missedLists + 1 } : entry)
  }
  const gonePods = inventory.gonePods.filter(
    ({ id, goneAtMs }) => !entries.has(id) && (endedIds.has(id) || request.atMs - goneAtMs < DAY_MS),
  )
  const newlyGone = ended
    .filter((pod) => !gonePods.some(({ id }) => id === pod.id))
    .map((pod) => toGonePodEntry(pod, request, 'reported'))
  return {
    entries,
    gonePods: [...gonePods, ...newlyGone],
    list: request,
    isPartial: !list.isComplete,
  }
}

/** The inventory after a single pod was read or returned by an action. */
export function withPod(inventory: PodInventory, pod: Pod, request: WallClockStamp): PodInventory {
  const known = inventory.entries.get(pod.id)
  if (!known || request.order < known.order) return inventory
  if (pod.phase === 'terminated') return markGone(inventory, pod, request, 'reported')
  const entries = new Map(inventory.entries)
  entries.set(pod.id, toEntry(pod, request, known))
  return { ...inventory, entries }
}

function toEntry(
  pod: Pod,
  { order, atMs }: WallClockStamp,
  before: InventoryEntry | undefined,
): InventoryEntry {
  return { pod, order, seenAtMs: atMs, creating: creatingTimeOf(pod, atMs, before), missedLists: 0 }
}

/**
 * The inventory after a 404 of a single read. It only counts for pods that `podsToConfirm` returns. See
 * docs/product-rules.md#11-states-shown.
 */
export function withoutPod(inventory: PodInventory, id: PodId, request: WallClockStamp): PodInventory {
  const known = inventory.entries.get(id)
  if (!known || request.order < known.order || known.missedLists < MISSED_LISTS) return inventory
  return markGone(inventory, known.pod, request, 'vanished')
}

function markGone(
  inventory: PodInventory,
  pod: Pod,
  request: WallClockStamp,
  how: GonePod['how'],
): PodInventory {
  const entries = new Map(inventory.entries)
  entries.delete(pod.id)
  return { ...inventory, entries, gonePods: [...inventory.gonePods, toGonePodEntry(pod, request, how)] }
}

function toGonePodEntry(
  { id, name }: Pod,
  { order, atMs }: WallClockStamp,
  how: GonePod['how'],
): GonePodEntry {
  return { id, name, goneAtMs: atMs, how, order }
}

/** Pods that are missing for so long that a single read is due. Only its 404 makes them gone. */
export function podsToConfirm(inventory: PodInventory): readonly PodId[] {
  return [...inventory.entries.values()]
    .filter((entry) => entry.missedLists >= MISSED_LISTS)
    .map((entry) => entry.pod.id)
}

export function podsOf(inventory: PodInventory): readonly Pod[] {
  return [...inventory.entries.values()].map((entry) => entry.pod)
}

/** Gone pods that are still shown. */
export function recentlyGonePods(inventory: PodInventory, nowMs: number): readonly GonePod[] {
  return inventory.gonePods
    .filter(({ goneAtMs }) => nowMs - goneAtMs < DAY_MS)
    .map(({ id, name, goneAtMs, how }) => ({ id, name, goneAtMs, how }))
}
