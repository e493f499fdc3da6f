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

export interface IdleEpisode {
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

export function beginEpisode(reading: IdleReading): IdleEpisode {
  return {
    sinceMs: reading.at.wallMs,
    observedMs: 0,
    costUsd: 0,
    unpricedMs: 0,
    dueAtMs: null,
    last: reading,
  }
}

/** The episode after one more reading that shows it idle. */
export function continueEpisode(episode: IdleEpisode, reading: IdleReading): IdleEpisode {
  const { last } = episode
  // Of the two clocks the slower one may have stood still while the computer slept.
  const passedMs = longestElapsedMs(last.at, reading.at)
  if (passedMs > FORGET_AFTER_MS) return beginEpisode(reading)
  const countedMs = passedMs > MAX_GAP_MS ? 0 : passedMs
  const observedMs = episode.observedMs + countedMs
  const workers = Math.min(last.idleWorkers, reading.idleWorkers)
  const usd = reading.perWorkerUsd
  return {
    ...episode,
    observedMs,
    costUsd: episode.costUsd + (usd === null ? 0 : (usd * workers * countedMs) / HOUR_MS),
    unpricedMs: episode.unpricedMs + (usd === null ? countedMs : 0),
    dueAtMs: episode.dueAtMs ?? (observedMs >= ALERT_AFTER_MS ? reading.at.wallMs : null),
    last: reading,
  }
}

/** Whether the last reading is so recent that it says something of now. */
export const isCurrent = ({ last }: IdleEpisode, now: Instant): boolean =>
  longestElapsedMs(last.at, now) <= MAX_GAP_MS

/** Which alert of the episode is due: 0 is the first; null: none. */
export function dueAlert(episode: IdleEpisode, now: Instant): number | null {
  if (episode.dueAtMs === null || !isCurrent(episode, now)) return null
  return Math.max(0, Math.floor((now.wallMs - episode.dueAtMs) / REPEAT_ALERT_AFTER_MS))
}
