import type { AlertKey } from './alert'
import { DAY_MS } from '../base/time/time'
import type { AccountId } from '../pods/pod'

/** What happened to an alert. Kept across restarts so that no alert is repeated. */
export interface AlertRecord extends AlertKey {
  /** When it was shown, or otherwise logged, Unix ms. */
  readonly atMs: number
  /**
   * `said`: shown. `held`: deferred by a pause or quiet hours, and shown afterwards if it is still relevant.
   * `dropped`: never shown.
   */
  readonly state: 'said' | 'held' | 'dropped'
  /** When the system accepted this critical alert, Unix ms. */
  readonly deliveredAtMs?: number
}

/** Key: see `alertName`. */
export type AlertHistory = Readonly<Record<string, AlertRecord>>

/** Older records are removed, unless their alert is still pending. */
const KEEP_MS = 7 * DAY_MS

/** Well above what a thousand pods produce in a week. Beyond it, the oldest are removed. */
export const MAX_RECORDS = 5_000

export function alertName({ kind, accountId, podId, episode }: AlertKey): string {
  return JSON.stringify([kind, accountId, podId, episode])
}

/**
 * Removes records that are too old, and the oldest ones above the limit. `activeNames` are those of pending alerts,
 * whose records are kept; null means unknown, and then no record counts as too old.
 */
export function pruneHistory(
  history: AlertHistory,
  activeNames: ReadonlySet<string> | null,
  nowMs: number,
): AlertHistory {
  const all = Object.entries(history)
  const kept = all.filter(
    ([name, { atMs }]) => activeNames === null || activeNames.has(name) || Math.abs(nowMs - atMs) < KEEP_MS,
  )
  if (kept.length === all.length && all.length <= MAX_RECORDS) return history
  const isActive = (name: string): boolean => activeNames?.has(name) ?? false
  const excessCount = kept.length - MAX_RECORDS
  const oldest = kept
    .filter(([name]) => !isActive(name))
    .sort(([, a], [, b]) => a.atMs - b.atMs)
    .slice(0, Math.max(0, excessCount))
  const removed = new Set(oldest.map(([name]) => name))
  return Object.fromEntries(kept.filter(([name]) => !removed.has(name)))
}

/** The records of one account. Those of the others are left as they are, no matter who changed them meanwhile. */
export function accountHistory(store: AlertHistoryStore, accountId: AccountId): AlertHistoryStore {
  let whole: AlertHistory | null = null
  let own: AlertHistory = {}
  return {
    load() {
      const current = store.load()
      if (current === whole) return own
      whole = current
      own = Object.fromEntries(Object.entries(current).filter(([, record]) => record.accountId === accountId))
      return own
    },
    save(history) {
      const others = Object.entries(store.load()).filter(([, record]) => record.accountId !== accountId)
      store.save({ ...Object.fromEntries(others), ...history })
    },
  }
}

/** Persists the alert history across restarts. */
export interface AlertHistoryStore {
  load(): AlertHistory
  save(history: AlertHistory): void
}
