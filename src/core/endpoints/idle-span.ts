import { DAY_MS, HOUR_MS, type Instant, longestElapsedMs, MINUTE_MS } from '../base/time/time'

/*
 * How long an endpoint was seen idle, and what that cost. Only time between two readings that both show it idle counts.
 * See docs/product-rules.md#59-idle-serverless-workers.
 */

/** Workers are read that often. */
export const READ_EVERY_MS = 10 * MINUTE_MS
/** Two readings further apart say nothing of the time between them: one of them may fail. */
export const MAX_GAP_MS = 25 * MINUTE_MS
/** After a longer pause nothing of before says since when it has been idle. */
export const FORGET_AFTER_MS = DAY_MS
/** An alert comes after so much idle time. */
export const ALERT_AFTER_MS = HOUR_MS
export const REPEAT_ALERT_AFTER_MS = DAY_MS

/** What a reading that shows an idle endpoint says. */
export interface IdleReading {
  readonly at: Instant
  readonly idleWorkers: number
  /** What one worker costs at most, USD per hour; null: not known. */
  readonly perWorkerUsd: number | null
}

export interface IdleSpan {
  /** The first reading, Unix ms. */
  readonly sinceMs: number
  /** Idle time that was observed, ms. */
  readonly observedMs: number
  /** What it cost at most, USD, without the time whose price is not known. */
  readonly costUsd: number
  readonly unpricedMs: number
  /** When it had been idle for long enough to alert, Unix ms; null: not yet. */
  readonly dueAtMs: number | null
  readonly last: IdleReading
}

export function beginSpan(reading: IdleReading): IdleSpan {
  return {
    sinceMs: reading.at.wallMs,
    observedMs: 0,
    costUsd: 0,
    unpricedMs: 0,
    dueAtMs: null,
    last: reading,
  }
}

/** The span after one more reading that shows it idle. */
export function continueSpan(span: IdleSpan, reading: IdleReading): IdleSpan {
  const { last } = span
  // Of the two clocks the slower one may have stood still while the computer slept.
  const passedMs = longestElapsedMs(last.at, reading.at)
  if (passedMs > FORGET_AFTER_MS) return beginSpan(reading)
  const countedMs = passedMs > MAX_GAP_MS ? 0 : passedMs
  const observedMs = span.observedMs + countedMs
  const workers = Math.min(last.idleWorkers, reading.idleWorkers)
  const usd = reading.perWorkerUsd
  return {
    ...span,
    observedMs,
    costUsd: span.costUsd + (usd === null ? 0 : (usd * workers * countedMs) / HOUR_MS),
    unpricedMs: span.unpricedMs + (usd === null ? countedMs : 0),
    dueAtMs: span.dueAtMs ?? (observedMs >= ALERT_AFTER_MS ? reading.at.wallMs : null),
    last: reading,
  }
}

/** Whether the last reading is so recent that it says something of now. */
export const isCurrent = ({ last }: IdleSpan, now: Instant): boolean =>
  longestElapsedMs(last.at, now) <= MAX_GAP_MS

/** Which alert of it is due: 0 is the first; null: none. */
export function dueAlert(span: IdleSpan, now: Instant): number | null {
  if (span.dueAtMs === null || !isCurrent(span, now)) return null
  return Math.max(0, Math.floor((now.wallMs - span.dueAtMs) / REPEAT_ALERT_AFTER_MS))
}
