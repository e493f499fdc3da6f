import type { Pod } from '../pods/pod'
import { HOUR_MS } from '../base/time/time'
import { accrued, type NanoUsd, toUsd } from './ledger/amounts'
import { hourIn } from './ledger/month-book'
import type { Ledger } from './ledger/ledger'
import { monthOf } from './ledger/months'
import { hasOtherPrice } from './ledger/reconcile'
import { podSubjectId } from './ledger/billing-state'

/**
 * The confirmed cost of a pod in the month (UTC) of `nowMs`, USD; null when unknown. Only this may lead to a
 * stop. For each hour it uses the bill once that is final, otherwise the least that was observed.
 * Observations use this computer's clock, which may be wrong by hours, so they count only as far as the pod's
 * own uptime confirms them; while the clock is behind the last poll, nothing is confirmed. For a pod on a
 * savings plan only bills count. Members of a cluster are billed together.
 */
export function confirmedSpendUsd(
  ledger: Pick<Ledger, 'book' | 'lastObservations'>,
  pod: Pod,
  uptimeMs: number | null,
  nowMs: number,
): number | null {
  const id = podSubjectId(pod)
  const last = ledger.lastObservations().get(id)
  if (pod.clusterId !== null || last === undefined || last.atMs > nowMs || uptimeMs === null) return null
  const { startedAtMs, computeRate, onDiskRate } = last.billingState
  if (startedAtMs === null) return null
  const book = ledger.book(monthOf(nowMs))
  const hourNow = hourIn(book, nowMs)
  let billed: NanoUsd = 0
  let observed: NanoUsd = 0
  const subject = book.subjects.get(id)
  const isPriceConfirmed = subject !== undefined && !hasOtherPrice(subject)
  for (const [hour, { finalReading, min }] of subject?.hours ?? []) {
    if (hour > hourNow || finalReading === 'absent') continue
    if (finalReading !== null) billed += finalReading.total
    else if (isPriceConfirmed) observed += min
  }
  const unconfirmedMs = Math.max(0, last.atMs - startedAtMs - uptimeMs)
  const unconfirmed = accruedOver((computeRate ?? 0) + (onDiskRate ?? 0), unconfirmedMs)
  return toUsd(billed + Math.max(0, observed - unconfirmed))
}

/** Like `accrued`, for a duration of any length. */
function accruedOver(rate: NanoUsd, forMs: number): NanoUsd {
  const hours = Math.floor(forMs / HOUR_MS)
  return rate * hours + accrued(rate, 0, forMs - hours * HOUR_MS)
}
