import type { Pod } from '../pods/pod'
import { HOUR_MS, SECOND_MS } from '../base/time'
import { accrued, type NanoUsd, usdOf } from './ledger/amounts'
import { hourIn } from './ledger/month-book'
import type { Ledger } from './ledger/ledger'
import { monthOf } from './ledger/months'
import { isBilledOtherwise } from './ledger/reconcile'
import { subjectOfPod } from './ledger/billing-state'

/**
 * What the pod surely cost in the month (UTC) of `nowMs`, USD; null: that is not known. Only this may lead to a stop: of
 * an hour what its bill says once that is final, else the least that was seen. What was seen by this computer's clock,
 * which may be wrong by hours, counts only as far as the pod's own uptime says that it ran; and while the clock stands
 * before the last look, nothing is certain. Of a pod that is paid for otherwise, by a savings plan, only bills count. Members of a cluster are billed together.
 */
export function certainSpendUsd(
  ledger: Pick<Ledger, 'book' | 'looks'>,
  pod: Pod,
  uptimeS: number | null,
  nowMs: number,
): number | null {
  const id = subjectOfPod(pod)
  const last = ledger.looks().get(id)
  if (pod.clusterId !== null || last === undefined || last.atMs > nowMs || uptimeS === null) return null
  const { startedAtMs, computeRate, onDiskRate } = last.standing
  if (startedAtMs === null) return null
  const book = ledger.book(monthOf(nowMs))
  const hourNow = hourIn(book, nowMs)
  let billed: NanoUsd = 0
  let seen: NanoUsd = 0
  const subject = book.subjects.get(id)
  const isPriceCertain = subject !== undefined && !isBilledOtherwise(subject)
  for (const [hour, { final, min }] of subject?.hours ?? []) {
    if (hour > hourNow || final === 'absent') continue
    if (final !== null) billed += final.total
    else if (isPriceCertain) seen += min
  }
  const doubtfulMs = Math.max(0, last.atMs - startedAtMs - uptimeS * SECOND_MS)
  const doubtful = costOver((computeRate ?? 0) + (onDiskRate ?? 0), doubtfulMs)
  return usdOf(billed + Math.max(0, seen - doubtful))
}

/** Of any time, however long. */
function costOver(rate: NanoUsd, forMs: number): NanoUsd {
  const hours = Math.floor(forMs / HOUR_MS)
  return rate * hours + accrued(rate, 0, forMs - hours * HOUR_MS)
}
