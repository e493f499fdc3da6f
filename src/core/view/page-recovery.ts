import { MINUTE_MS, SECOND_MS } from '../base/time'

/** How often a window's page was lost and loaded anew, on a monotonic clock. */
export interface PageRecovery {
  /** Losses since the page was last up for long. */
  readonly consecutiveLosses: number
  /** When it was decided to load it anew, within the last five minutes. */
  readonly reloadsAtMs: readonly number[]
  /** Since when the page is up; null: it is not. */
  readonly loadedSinceMs: number | null
}

export type PageRecoveryStep =
  | { readonly kind: 'reload'; readonly afterMs: number }
  /** Loading it again would only fail again: a page that says what to do takes its place. */
  | { readonly kind: 'give-up' }

export const newPageRecovery: PageRecovery = { consecutiveLosses: 0, reloadsAtMs: [], loadedSinceMs: null }

/** From now on the page is up. */
export function withPageLoaded(recovery: PageRecovery, nowMs: number): PageRecovery {
  return { ...recovery, loadedSinceMs: nowMs }
}

const FIRST_DELAY_MS = SECOND_MS
const LONGEST_DELAY_MS = 4 * SECOND_MS
const HEALTHY_AFTER_MS = MINUTE_MS
const MAX_RELOADS = 3
const RELOAD_WINDOW_MS = 5 * MINUTE_MS

/**
 * What to do about a page whose process is gone: load it again after 1, 2, 4 s, at most three times within five
 * minutes. The delays begin anew once it was up for a minute.
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
