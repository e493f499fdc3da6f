import type { ActivityView } from '../../core/audit-log/audit-log'

const KEY = 'podkeeper.activity-seen'

/** The number of the last entry that was shown. */
export interface SeenActivity {
  readonly seq: () => number
  readonly see: (seq: number) => void
  /** Returns what unsubscribes. */
  readonly subscribe: (listener: () => void) => () => void
}

/** Kept in `storage`, where it is given: a window forgets. Where nothing sound was kept nothing was seen. */
export function createSeenActivity(storage: Pick<Storage, 'getItem' | 'setItem'> | null): SeenActivity {
  const listeners = new Set<() => void>()
  const kept = Number(storage?.getItem(KEY) ?? 0)
  let seen = Number.isSafeInteger(kept) && kept > 0 ? kept : 0
  return {
    seq: () => seen,
    see(seq) {
      if (seq === seen) return
      seen = seq
      try {
        storage?.setItem(KEY, String(seq))
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
export function unseenCount({ lastSeq, alertSeqs }: ActivityView, seenSeq: number): number {
  const seen = seenSeq > lastSeq ? 0 : seenSeq
  return alertSeqs.filter((seq) => seq > seen).length
}
