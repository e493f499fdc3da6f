import type { AccountId, PodId } from '../pods/pod'
import type { HostKeyView } from './host-key'

/*
 * What is remembered of the key that a pod showed, beside the keys that a person trusts. See
 * docs/product-rules.md#82-host-keys.
 */

/** The first key that a pod showed after its latest start at which one was seen. */
export interface SeenHostKey {
  readonly accountId: AccountId
  readonly podId: PodId
  /** The start, Unix ms. */
  readonly startedAtMs: number
  readonly key: HostKeyView
  /** A person was asked about a key that was shown after this start, so that only a person decides. */
  readonly isAsked: boolean
  /** When the queue accepted the key for jobs, Unix ms; null: it did not. */
  readonly acceptedAtMs: number | null
  /** Whether it was another key than after the start before; null: not known. */
  readonly hasChanged: boolean | null
}

/** A key that a pod showed. */
export interface HostKeyObservation extends Pick<SeenHostKey, 'accountId' | 'podId' | 'startedAtMs' | 'key'> {
  /** A person is asked about it, or informed that it is refused. */
  readonly isAsked: boolean
}

export const isSameHostKey = (a: HostKeyView, b: HostKeyView): boolean =>
  a.algorithm === b.algorithm && a.fingerprint === b.fingerprint

/**
 * What is remembered after an observation; the same object where that changes nothing. `trusted`: the key that a person trusted
 * at an earlier start; null: none.
 */
export function withObservation(
  before: SeenHostKey | null,
  observation: HostKeyObservation,
  trusted: HostKeyView | null,
): SeenHostKey {
  const { isAsked, ...shown } = observation
  if (before !== null && before.startedAtMs >= observation.startedAtMs) {
    const isNews = before.startedAtMs === observation.startedAtMs && isAsked && !before.isAsked
    return isNews ? { ...before, isAsked } : before
  }
  const known = before?.key ?? trusted
  const isSame = known !== null && isSameHostKey(known, observation.key)
  return {
    ...shown,
    isAsked,
    acceptedAtMs: before !== null && isSame ? before.acceptedAtMs : null,
    hasChanged: known === null ? null : !isSame,
  }
}

/** Whether jobs trust the key because the queue accepted it. */
export const isAcceptedForJobs = (seen: SeenHostKey | null, key: HostKeyView): boolean =>
  seen !== null && seen.acceptedAtMs !== null && isSameHostKey(seen.key, key)

/**
 * Whether the queue may accept a key that was just seen after a start: it is the first one since, no other was accepted,
 * and no person was asked.
 */
export const mayBeAccepted = (
  seen: SeenHostKey | null,
  { startedAtMs, key }: Pick<HostKeyObservation, 'startedAtMs' | 'key'>,
): boolean =>
  seen !== null &&
  seen.startedAtMs === startedAtMs &&
  !seen.isAsked &&
  seen.acceptedAtMs === null &&
  isSameHostKey(seen.key, key)

/** What can be expected of the key of a pod that doesn't run, without a person. */
export const hostKeyOutlooks = ['stays', 'may-change', 'changes', 'unknown'] as const
/**
 * `stays`: a trusted key was the same after the last start, or it is a proxy's. `may-change`: a key is trusted, and no
 * start since tells. `changes`: the last start brought another one. `unknown`: none is trusted.
 */
export type HostKeyOutlook = (typeof hostKeyOutlooks)[number]

/** `isTrusted`: a person trusts a key of the pod, or the queue accepted one. */
export function hostKeyOutlook(isTrusted: boolean, seen: SeenHostKey | null): HostKeyOutlook {
  if (!isTrusted) return 'unknown'
  if (seen?.hasChanged === true) return 'changes'
  return seen?.hasChanged === false ? 'stays' : 'may-change'
}

/** How a connection for jobs treats a key that no person trusts. */
export interface JobHostKeys {
  /** Null: it takes only a key that the queue accepted before. */
  readonly acceptance: HostKeyAcceptance | null
}

/** A person allowed to accept the first key after one start of one pod. */
export interface HostKeyAcceptance {
  /** Whether it still may be, and no other one was. */
  mayAccept(key: HostKeyView): boolean
  /** Writes it down and says whether that worked: otherwise nothing is sent. Also for a key that was accepted before. */
  record(key: HostKeyView): boolean
}
