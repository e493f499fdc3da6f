import type { PodId } from '../pods/pod'
import { DAY_MS, MINUTE_MS } from '../base/time/time'

/* Which pods of an account were listed before, so that a new one is noticed. Times are Unix ms. */

/** Pods that appeared at once, that nothing of this installation created, and that nobody recognized yet. */
export interface Appearance {
  /** Unique within the account. */
  readonly episode: string
  readonly atMs: number
  /** When the account was listed last before; null: it was being watched. */
  readonly unwatchedSinceMs: number | null
  /** Several appeared within minutes. */
  readonly isCritical: boolean
  /** The pod that the alert is about; null: it is about several. */
  readonly alertPodId: PodId | null
  readonly podIds: readonly PodId[]
}

export interface KnownPods {
  /** When the account was listed last. */
  readonly listedAtMs: number
  /** When each pod was listed last. */
  readonly pods: Readonly<Record<PodId, number>>
  /** Oldest first. */
  readonly appearances: readonly Appearance[]
}

/** The known pods of the accounts of a data folder. */
export interface KnownPodStore {
  /** Null: the account was never listed, or what was kept of it can't be read. */
  load(): KnownPods | null
  save(known: KnownPods): void
  /** False while another program acts on the data folder. */
  mayWrite(): boolean
  /** Whether a server watches the account in place of this computer. */
  isWatchedByServer(): boolean
}

/** After a longer pause between two lists nobody knows when a pod appeared. */
export const UNWATCHED_AFTER_MS = 10 * MINUTE_MS
/** After a longer one the list says nothing of what is new: it is like the first one. */
export const FORGET_AFTER_MS = 7 * DAY_MS
/** So many within so long are critical. A cluster counts once. */
export const SEVERAL_PODS = 3
export const SEVERAL_WITHIN_MS = 10 * MINUTE_MS

/** An appearance is shown for that long at most. */
const SHOW_FOR_MS = 7 * DAY_MS
/** A pod that is not listed for that long is forgotten. */
const KEEP_MS = 30 * DAY_MS
const MAX_PODS = 5_000

/** Whether the account counts as not listed before. */
export const isFirstList = (known: KnownPods | null, nowMs: number): boolean =>
  known === null || Math.abs(nowMs - known.listedAtMs) > FORGET_AFTER_MS

/** With these pods as listed now; those listed long ago are left out. */
export function withListed(known: KnownPods, podIds: readonly PodId[], nowMs: number): KnownPods {
  const listed = { ...known.pods }
  for (const id of podIds) listed[id] = nowMs
  const kept = Object.entries(listed)
    .filter(([, atMs]) => Math.abs(nowMs - atMs) < KEEP_MS)
    .sort(([, a], [, b]) => b - a)
    .slice(0, MAX_PODS)
  return { ...known, listedAtMs: nowMs, pods: Object.fromEntries(kept) }
}

/** Without appearances that are old, or none of whose pods exists any more. */
export function withoutOver(
  appearances: readonly Appearance[],
  isGone: (podId: PodId) => boolean,
  nowMs: number,
): readonly Appearance[] {
  return appearances.flatMap((one) => {
    const podIds = one.podIds.filter((id) => !isGone(id))
    return podIds.length === 0 || Math.abs(nowMs - one.atMs) > SHOW_FOR_MS ? [] : [{ ...one, podIds }]
  })
}

/** Without the pods that a person recognized. */
export const withoutRecognized = (
  appearances: readonly Appearance[],
  isRecognized: (podId: PodId, one: Appearance) => boolean,
): readonly Appearance[] =>
  appearances.flatMap((one) => {
    const podIds = one.podIds.filter((id) => !isRecognized(id, one))
    return podIds.length === 0 ? [] : [{ ...one, podIds }]
  })
