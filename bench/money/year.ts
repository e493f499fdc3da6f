import { createLedger } from '../../src/core/money/ledger/ledger'
import { monthAfter, monthEnd, monthOf, monthStart } from '../../src/core/money/ledger/months'
import type { LedgerFiles } from '../../src/core/money/ledger/ledger-files'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/core/base/time/time'

export const PODS = 50

/** Bills are read twice: once they are settled, and never later than now, or a clock was wrong. */
const READS = [
  { laterMs: 4 * HOUR_MS, agoMs: 20 * MINUTE_MS },
  { laterMs: 5 * HOUR_MS, agoMs: 0 },
]

/** Writes the ledger of a year up to `nowMs` (Unix ms) with 50 pods that always ran and were billed by the hour. */
export function fillYear(files: LedgerFiles, nowMs: number): void {
  const ledger = createLedger(files)
  for (let back = 12; back >= 0; back--) {
    const month = monthAfter(monthOf(nowMs), -back)
    const toMs = Math.min(monthEnd(month), nowMs)
    for (let fromMs = monthStart(month); fromMs < toMs; fromMs += 7 * DAY_MS) {
      const untilMs = Math.min(toMs, fromMs + 7 * DAY_MS)
      const rows = Array.from({ length: PODS }, (_pod, pod) =>
        Array.from({ length: Math.floor((untilMs - fromMs) / HOUR_MS) }, (_hour, hour) => ({
          subjectId: `pod${pod}`,
          startMs: fromMs + hour * HOUR_MS,
          endMs: fromMs + (hour + 1) * HOUR_MS,
          totalUsd: 1.5 + pod / 100 + hour / 10_000,
          diskUsd: 0.02,
        })),
      ).flat()
      for (const { laterMs, agoMs } of READS) {
        const requestedAtMs = Math.min(untilMs + laterMs, nowMs - agoMs)
        ledger.applyBill({ kind: 'pods', requestedAtMs, fromMs, toMs: untilMs, rows })
      }
    }
  }
  ledger.save()
}
