import { HOUR_MS } from '../../base/time/time'
import { podSubjectId } from '../ledger/billing-state'
import { toUsd } from '../ledger/amounts'
import { hourAmount } from '../ledger/hour-bucket'
import type { Ledger } from '../ledger/ledger'
import { hourIn } from '../ledger/month-book'
import { hourStart, monthOf } from '../ledger/months'
import type { PodId } from '../../pods/pod'

/** What a pod cost over a time. */
export interface PodCost {
  readonly usd: number
  /** How long of that time it was not observed to be on, ms: what that cost is not in `usd`. */
  readonly unobservedMs: number
  /** A price was not known, so that it cost at least as much. */
  readonly isAtLeast: boolean
}

/**
 * What a pod cost between two times (Unix ms) by the ledger: for each hour its part of what the hour cost while the pod
 * was observed to be on, so at the mean price of that hour and by the bill once that is final. Null: nothing of it was
 * observed.
 */
export function podCostBetween(
  ledger: Pick<Ledger, 'book'>,
  podId: PodId,
  fromMs: number,
  toMs: number,
): PodCost | null {
  const id = podSubjectId({ id: podId, clusterId: null })
  let cost: PodCost = { usd: 0, unobservedMs: 0, isAtLeast: false }
  let isSeen = false
  for (let atMs = fromMs; atMs < toMs;) {
    const endMs = Math.min(toMs, hourStart(atMs) + HOUR_MS)
    const book = ledger.book(monthOf(atMs))
    const bucket = book.subjects.get(id)?.hours.get(hourIn(book, atMs))
    const observedMs = Math.min(endMs - atMs, bucket?.onMs ?? 0)
    const unobservedMs = cost.unobservedMs + (endMs - atMs - observedMs)
    if (bucket === undefined || observedMs === 0) cost = { ...cost, unobservedMs }
    else {
      const { likely, unobserved, isAtLeast } = hourAmount(bucket)
      isSeen = true
      cost = {
        usd: cost.usd + toUsd(likely - unobserved) * (observedMs / bucket.onMs),
        unobservedMs,
        isAtLeast: cost.isAtLeast || isAtLeast,
      }
    }
    atMs = endMs
  }
  return isSeen ? cost : null
}
