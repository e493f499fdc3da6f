import { DAY_MS, HOUR_MS } from '../base/time'
import { hourStart, monthAfter, monthOf, monthStart } from './ledger/months'

/** Hours to ask a bill for, Unix ms. */
export interface Span {
  readonly fromMs: number
  readonly toMs: number
}

/** What was asked for already. Unix ms. */
export interface BillProgress {
  /** Whole reads of the month so far, and the last of them; null: none. */
  readonly monthReads: number
  readonly monthReadAtMs: number | null
  /** The older ones were read down to here, as many times over; null: not begun. */
  readonly olderDownToMs: number | null
  readonly olderPasses: number
}

export const noProgress: BillProgress = {
  monthReads: 0,
  monthReadAtMs: null,
  olderDownToMs: null,
  olderPasses: 0,
}

const RECENT_MS = 2 * DAY_MS
/** A hundred pods by the hour for a week are some megabytes. */
const CHUNK_MS = 7 * DAY_MS
/** How often to look for corrections that come late. */
const MONTH_EVERY_MS = 6 * HOUR_MS
/** Two reads make a bill final. */
const PASSES = 2
const KEEP_MONTHS = 13

/**
 * Which spans to read now, and what the progress is once they were read: always the last two days; the month, with
 * the week before it, twice at first and then every six hours; of what is older one week each time, until it was
 * read twice.
 */
export function planBills(
  progress: BillProgress,
  nowMs: number,
): { readonly spans: readonly Span[]; readonly progress: BillProgress } {
  const toMs = hourStart(nowMs) + HOUR_MS
  const recentMs = hourStart(nowMs - RECENT_MS)
  const monthMs = monthStart(monthOf(nowMs)) - CHUNK_MS
  const isMonthDue = progress.monthReads < PASSES || nowMs - (progress.monthReadAtMs ?? 0) >= MONTH_EVERY_MS
  const spans = isMonthDue ? chunks(Math.min(monthMs, recentMs), toMs) : [{ fromMs: recentMs, toMs }]
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

/** The newest first. */
function chunks(fromMs: number, toMs: number): readonly Span[] {
  const spans: Span[] = []
  for (let endMs = toMs; endMs > fromMs; endMs -= CHUNK_MS)
    spans.push({ fromMs: Math.max(fromMs, endMs - CHUNK_MS), toMs: endMs })
  return spans
}
