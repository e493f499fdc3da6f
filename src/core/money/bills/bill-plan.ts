import { DAY_MS, HOUR_MS } from '../../base/time/time'
import { hourStart, monthAfter, monthOf, monthStart } from '../ledger/months'

/** A range of hours to request bills for, Unix ms. */
export interface BillSpan {
  readonly fromMs: number
  readonly toMs: number
}

/** What was already requested. Unix ms. */
export interface BillReadProgress {
  /** How many times the whole month was read, and when last; null: never. */
  readonly monthReads: number
  readonly monthReadAtMs: number | null
  /** Older hours were read back to this time, and how many times; null: not started. */
  readonly olderDownToMs: number | null
  readonly olderPasses: number
}

export const initialBillReadProgress: BillReadProgress = {
  monthReads: 0,
  monthReadAtMs: null,
  olderDownToMs: null,
  olderPasses: 0,
}

const RECENT_MS = 2 * DAY_MS
/** A hundred pods for a week, by the hour, are a few megabytes. */
const CHUNK_MS = 7 * DAY_MS
/** How often the month is reread for late corrections. */
const MONTH_EVERY_MS = 6 * HOUR_MS
/** A bill is final after two equal reads. */
const PASSES = 2
const KEEP_MONTHS = 13

/**
 * Plans which ranges to read now, and the progress after they were read: always the last two days; the month
 * and the week before it, twice at first and then every six hours; and one week of older hours at a time,
 * until each was read twice.
 */
export function planBillReads(
  progress: BillReadProgress,
  nowMs: number,
): { readonly spans: readonly BillSpan[]; readonly progress: BillReadProgress } {
  const toMs = hourStart(nowMs) + HOUR_MS
  const recentMs = hourStart(nowMs - RECENT_MS)
  const monthMs = monthStart(monthOf(nowMs)) - CHUNK_MS
  const isMonthDue = progress.monthReads < PASSES || nowMs - (progress.monthReadAtMs ?? 0) >= MONTH_EVERY_MS
  const spans = isMonthDue ? splitIntoChunks(Math.min(monthMs, recentMs), toMs) : [{ fromMs: recentMs, toMs }]
  const next = isMonthDue
    ? { ...progress, monthReads: progress.monthReads + 1, monthReadAtMs: nowMs }
    : progress
  const oldestMs = monthStart(monthAfter(monthOf(nowMs), 1 - KEEP_MONTHS))
  if (progress.olderPasses >= PASSES || monthMs <= oldestMs) return { spans, progress: next }
  const untilMs = progress.olderDownToMs ?? monthMs
  const fromMs = Math.max(oldestMs, untilMs - CHUNK_MS)
  const isPassDone = fromMs <= oldestMs
  return {
    spans: [...spans, { fromMs, toMs: untilMs }],
    progress: {
      ...next,
      olderDownToMs: isPassDone ? null : fromMs,
      olderPasses: progress.olderPasses + (isPassDone ? 1 : 0),
    },
  }
}

/** Newest first. */
function splitIntoChunks(fromMs: number, toMs: number): readonly BillSpan[] {
  const spans: BillSpan[] = []
  for (let endMs = toMs; endMs > fromMs; endMs -= CHUNK_MS)
    spans.push({ fromMs: Math.max(fromMs, endMs - CHUNK_MS), toMs: endMs })
  return spans
}
