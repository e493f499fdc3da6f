import { MINUTE_MS, SECOND_MS } from '../../base/time/time'

/** Tracks lost and reloaded pages of a window, on a monotonic clock. */
export interface PageRecovery {
  /** Consecutive losses since the page was last stable. */
  readonly consecutiveLosses: number
  /** Times of reloads within the last five minutes. */
  readonly reloadsAtMs: readonly number[]
  /** Since when the page is loaded; null when it is not. */
  readonly loadedSinceMs: number | null
}

export type PageRecoveryStep =
  | { readonly kind: 'reload'; readonly afterMs: number }
  /** Reloading would fail again, so the recovery page replaces it. */
  | { readonly kind: 'give-up' }

export const newPageRecovery: PageRecovery = { consecutiveLosses: 0, reloadsAtMs: [], loadedSinceMs: null }

/** The state once the page has loaded. */
export function withPageLoaded(recovery: PageRecovery, nowMs: number): PageRecovery {
  return { ...recovery, loadedSinceMs: nowMs }
}

const FIRST_DELAY_MS = SECOND_MS
const LONGEST_DELAY_MS = 4 * SECOND_MS
const HEALTHY_AFTER_MS = MINUTE_MS
const MAX_RELOADS = 3
const RELOAD_WINDOW_MS = 5 * MINUTE_MS

/**
 * What to do when a page's process is gone: reload after 1, 2 and 4 s, at most three times within five
 * minutes. The delays start over after the page was loaded for a minute.
 */
export function withPageLost(
  recovery: PageRecovery,
  nowMs: number,
): { recovery: PageRecovery; step: PageRecoveryStep } {
  const { loadedSinceMs } = recovery
  const wasHealthy = loadedSinceMs !== null && nowMs - loadedSinceMs >= HEALTHY_AFTER_MS
  const consecutiveLosses = wasHealthy ? 0 : recovery.consecutiveLosses
  const recent = recovery.reloadsAtMs.filter((atMs) => nowMs - atMs < RELOAD_WINDOW_MS)
  if (recent.length >= MAX_RELOADS)
    return {
      recovery: { consecutiveLosses, reloadsAtMs: recent, loadedSinceMs: null },
      step: { kind: 'give-up' },
    }
  return {
    recovery: {
      consecutiveLosses: consecutiveLosses + 1,
      reloadsAtMs: [...recent, nowMs],
      loadedSinceMs: null,
    },
    step: { kind: 'reload', afterMs: Math.min(FIRST_DELAY_MS * 2 ** consecutiveLosses, LONGEST_DELAY_MS) },
  }
}
