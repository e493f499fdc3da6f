import { MINUTE_MS, SECOND_MS } from '../base/time'

/** How often a window's page was lost and loaded anew, on a monotonic clock. */
export interface Recovery {
  /** Losses since the page was last up for long. */
  readonly inARow: number
  /** When it was decided to load it anew, within the last five minutes. */
  readonly reloadsAtMs: readonly number[]
  /** Since when the page is up; null: it is not. */
  readonly upSinceMs: number | null
}

export type RecoveryStep =
  | { readonly kind: 'reload'; readonly afterMs: number }
  /** Loading it again would only fail again: a page that says what to do takes its place. */
  | { readonly kind: 'give-up' }

export const newRecovery: Recovery = { inARow: 0, reloadsAtMs: [], upSinceMs: null }

/** From now on the page is up. */
export function whenUp(recovery: Recovery, nowMs: number): Recovery {
  return { ...recovery, upSinceMs: nowMs }
}

const FIRST_DELAY_MS = SECOND_MS
const LONGEST_DELAY_MS = 4 * SECOND_MS
const HEALTHY_AFTER_MS = MINUTE_MS
const MAX_RELOADS = 3
const WITHIN_MS = 5 * MINUTE_MS

/**
 * What to do about a page whose process is gone: load it again after 1, 2, 4 s, at most three times within five
 * minutes. The delays begin anew once it was up for a minute.
 */
export function whenLost(recovery: Recovery, nowMs: number): { recovery: Recovery; step: RecoveryStep } {
  const { upSinceMs } = recovery
  const wasHealthy = upSinceMs !== null && nowMs - upSinceMs >= HEALTHY_AFTER_MS
  const inARow = wasHealthy ? 0 : recovery.inARow
  const recent = recovery.reloadsAtMs.filter((atMs) => nowMs - atMs < WITHIN_MS)
  if (recent.length >= MAX_RELOADS)
    return { recovery: { inARow, reloadsAtMs: recent, upSinceMs: null }, step: { kind: 'give-up' } }
  return {
    recovery: { inARow: inARow + 1, reloadsAtMs: [...recent, nowMs], upSinceMs: null },
    step: { kind: 'reload', afterMs: Math.min(FIRST_DELAY_MS * 2 ** inARow, LONGEST_DELAY_MS) },
  }
}
