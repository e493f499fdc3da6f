import type { Clock } from '../../core/base/time/clock'
import { elapsedMs, MINUTE_MS } from '../../core/base/time/time'
import type { AccountId } from '../../core/pods/pod'
import { isWorthSaving, lastSnapshotsOf } from '../../core/view/last-snapshot/last-snapshot'
import type { LastSnapshot } from '../../core/view/last-snapshot/last-snapshot-codec'
import type { Snapshot } from '../../core/view/snapshot'
import type { LastSnapshotStore } from '../../node/data-folder/last-snapshots-file'

const SAVE_EVERY_MS = MINUTE_MS

export interface LastSnapshotsOptions {
  readonly clock: Pick<Clock, 'now'>
  readonly store: LastSnapshotStore
  /** Whether the data folder is this program's to write. */
  readonly mayWrite: () => boolean
}

/** What windows show of accounts before their first list. See docs/product-rules.md#72-before-the-first-list. */
export interface LastSnapshots {
  /** The pods of an earlier run; null once the account was listed in this one, and where nothing is known. */
  readonly of: (accountId: AccountId) => LastSnapshot | null
  /** Takes in a published snapshot, and saves it if the last save is a minute ago and something changed. */
  readonly follow: (snapshot: Snapshot) => void
  /** Erases what is kept of the account. */
  readonly forget: (accountId: AccountId) => void
  /** Saves the latest snapshot; for the end of the program. */
  readonly save: () => void
}

export function createLastSnapshots({ clock, store, mayWrite }: LastSnapshotsOptions): LastSnapshots {
  const byAccount = (all: readonly LastSnapshot[]) => new Map(all.map((one) => [one.accountId, one]))
  let saved = byAccount(store.load())
  /** Those of accounts that were not listed in this run. */
  const earlier = new Map(saved)
  let latest: Snapshot | null = null
  let checkedAt = clock.now()

  /** What is kept of accounts that were not listed in this run stays as it is. */
  function save({ isAtEnd }: { readonly isAtEnd: boolean }): void {
    if (latest === null || !mayWrite()) return
    const listed = byAccount(lastSnapshotsOf(latest))
    const next = latest.accounts.flatMap(({ entry: { id } }) => listed.get(id) ?? saved.get(id) ?? [])
    const isDue =
      next.length !== saved.size ||
      next.some((now) => {
        const before = saved.get(now.accountId)
        return isWorthSaving(before, now) || (isAtEnd && before?.listedAtMs !== now.listedAtMs)
      })
    if (isDue && store.save(next)) saved = byAccount(next)
  }

  return {
    of: (accountId) => earlier.get(accountId) ?? null,
    follow(snapshot) {
      const { accounts } = snapshot
      // Nothing of the demo outlives it, and nothing is known of accounts before they are listed.
      if (accounts.length === 0 || accounts.some(({ entry }) => entry.isDemo)) return
      latest = snapshot
      for (const { entry, listedAtMs } of accounts) if (listedAtMs !== null) earlier.delete(entry.id)
      const now = clock.now()
      if (elapsedMs(checkedAt, now) < SAVE_EVERY_MS) return
      checkedAt = now
      save({ isAtEnd: false })
    },
    forget(accountId) {
      latest = null
      earlier.delete(accountId)
      if (!saved.has(accountId)) return
      const others = new Map([...saved].filter(([id]) => id !== accountId))
      if (store.save([...others.values()])) saved = others
    },
    save: () => save({ isAtEnd: true }),
  }
}
