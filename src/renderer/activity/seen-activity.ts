import type { AuditLogView } from '../../core/audit-log/audit-log'

const STORAGE_KEY = 'podkeeper.activity-seen'

/** Remembers the sequence number of the last entry shown. */
export interface SeenActivityStore {
  readonly lastSeenSeq: () => number
  readonly markSeen: (seq: number) => void
  /** Returns the function that unsubscribes. */
  readonly subscribe: (listener: () => void) => () => void
}

/**
 * Persists to `storage`, or keeps the number in memory when it is null. An invalid stored value counts as 0.
 */
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
        // Storage is full: the number is still valid until the window closes.
      }
      for (const listener of listeners) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/**
 * Number of alerts newer than `seenSeq`. Lower numbers than `seenSeq` mean a new log, of which nothing was
 * seen.
 */
export function unseenCount({ lastSeq, alertSeqs }: AuditLogView, seenSeq: number): number {
  const seen = seenSeq > lastSeq ? 0 : seenSeq
  return alertSeqs.filter((seq) => seq > seen).length
}
