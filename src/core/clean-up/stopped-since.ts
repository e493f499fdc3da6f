import { DAY_MS } from '../base/time/time'
import type { LastObservation } from '../money/ledger/ledger-observation'
import type { Pod } from '../pods/pod'

/** Pods that are stopped for that long are worth a look. */
export const STOPPED_FOR_MS = 14 * DAY_MS

/** What the ledger observed of a pod last. */
export type StopEvidence = Pick<LastObservation, 'isUsed' | 'sinceMs' | 'atMs' | 'billingState'>

/** Since when a stopped pod is stopped. Times are Unix ms. */
export type StoppedSince =
  /** Since then at least, which is `STOPPED_FOR_MS` or longer ago. */
  | { readonly kind: 'long'; readonly sinceMs: number }
  /** For less. */
  | { readonly kind: 'recent' }
  /** Perhaps for that long. `seenSinceMs`: since when it was seen stopped; null: nothing is known. */
  | { readonly kind: 'unknown'; readonly seenSinceMs: number | null }

/**
 * The API doesn't say when a pod stopped, so what was observed does. It counts only with the start of the last run, which
 * proves that the pod was not started in between, while nothing was watched. See docs/product-rules.md#510-clean-up.
 */
export function stoppedSince(
  { startedAtMs, createdAtMs }: Pick<Pod, 'startedAtMs' | 'createdAtMs'>,
  seen: StopEvidence | undefined,
  nowMs: number,
): StoppedSince {
  const wasOnAtMs = Math.max(startedAtMs ?? 0, createdAtMs ?? 0, seen?.isUsed === true ? seen.atMs : 0)
  if (nowMs - wasOnAtMs < STOPPED_FOR_MS) return { kind: 'recent' }
  if (seen === undefined || seen.isUsed || startedAtMs === null || startedAtMs > seen.sinceMs)
    return { kind: 'unknown', seenSinceMs: null }
  if (nowMs - seen.sinceMs >= STOPPED_FOR_MS) return { kind: 'long', sinceMs: seen.sinceMs }
  // Its price while on is known only of a pod that was seen on, and so was its stop.
  return seen.billingState.computeRate === null
    ? { kind: 'unknown', seenSinceMs: seen.sinceMs }
    : { kind: 'recent' }
}
