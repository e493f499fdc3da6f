import type { AuditLogView } from '../../core/audit-log/audit-log'

const STORAGE_KEY = 'podkeeper.activity-seen'

/** The number of the last entry that was shown. */
export interface SeenActivityStore {
  readonly lastSeenSeq: () => number
  readonly markSeen: (seq: number) => void
  /** Returns what unsubscribes. */
  readonly subscribe: (listener: () => void) => () => void
}

/** Kept in `storage`, where it is given: a window forgets. Where nothing sound was kept nothing was seen. */
export function createSeenActivityStore(
  storage: Pick<Storage, 'getItem' | 'setItem'> | null,
): SeenActivityStore {
  const listeners = new Set<() => void>()
  const stored = Number(storage?.getItem(STORAGE_KEY) ?? 0)
  let seen = Number.isSafeInteger(stored) && stored > 0 ? stored : 0
  return {
    lastSeenSeq: () => seen,
    markSeen(seq) {
      if (seq === seen) return
      seen = seq
      try {
        storage?.setItem(STORAGE_KEY, String(seq))
      } catch {
        // A full disk: it still holds until the window goes.
      }
      for (const listener of listeners) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** How many alerts are newer than `seenSeq`. A log that begins anew, with lower numbers, was not seen. */
export function unseenCount({ lastSeq, alertSeqs }: AuditLogView, seenSeq: number): number {
  const seen = seenSeq > lastSeq ? 0 : seenSeq
  return alertSeqs.filter((seq) => seq > seen).length
}
