import { HOUR_MS } from '../../base/time/time'
import { toUsd } from '../ledger/amounts'
import type { SubjectId } from '../ledger/billing-state'
import type { StoppedPod } from '../ledger/month-book'
import type { LastObservation } from '../ledger/ledger-observation'
import { MAX_SAVING_MS } from '../ledger/stop-savings'

/** What automatic stops saved. It is an estimate, and is always called that. */
export interface SavedView {
  /** USD; null when it is known of no stop. 0 without stops. */
  readonly usd: number | null
  /** The rate of some stopped pods is not known, so the amount is a minimum. */
  readonly isAtLeast: boolean
}

/**
 * The estimate for these stops by `nowMs` (Unix ms): each from the stop until the pod was started or gone, at most 12
 * h, and no longer than it was seen to be off. See docs/product-rules.md#56-saved-by-auto-stop.
 */
export function savedByAutoStop(
  stops: Iterable<StoppedPod>,
  observations: ReadonlyMap<SubjectId, LastObservation>,
  nowMs: number,
): SavedView {
  let [nano, count, unknownCount] = [0, 0, 0]
  for (const { atMs, saving } of stops) {
    count += 1
    if (saving.perHour === null) {
      unknownCount += 1
      continue
    }
    const untilMs = saving.endedAtMs ?? seenOffUntilMs(observations.get(saving.key), atMs)
    const savedMs = Math.max(0, Math.min(untilMs, nowMs, atMs + MAX_SAVING_MS) - atMs)
    nano += Math.floor((saving.perHour / HOUR_MS) * savedMs)
  }
  return {
    usd: count > 0 && unknownCount === count ? null : toUsd(nano),
    isAtLeast: unknownCount > 0 && unknownCount < count,
  }
}

function seenOffUntilMs(last: LastObservation | undefined, stopMs: number): number {
  if (!last || last.billingState.kind !== 'off' || (last.billingState.startedAtMs ?? 0) > stopMs)
    return stopMs
  return last.missedAtMs ?? last.atMs
}
