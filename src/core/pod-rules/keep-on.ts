import type { KeepOn, KeepOnChoice } from './pod-rules'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../base/time/time'

/** The offset of local time from UTC at a moment (Unix ms), in milliseconds. */
export type UtcOffset = (atMs: number) => number

const MORNING_MS = 9 * HOUR_MS
/** A morning closer than this is skipped. */
const MIN_LEAD_MS = HOUR_MS
/** A clock correction smaller than this is not treated as a clock change. */
const CLOCK_CORRECTION_MS = MINUTE_MS

/** The hold that a choice results in, starting at `nowMs` (Unix ms). See docs/product-rules.md#31-rules. */
export function createKeepOn(choice: KeepOnChoice, nowMs: number, utcOffset: UtcOffset): KeepOn {
  switch (choice) {
    case '1-hour':
      return { sinceMs: nowMs, untilMs: nowMs + HOUR_MS }
    case '4-hours':
      return { sinceMs: nowMs, untilMs: nowMs + 4 * HOUR_MS }
    case 'morning':
      return { sinceMs: nowMs, untilMs: nextMorning(nowMs, utcOffset) }
    case 'until-told':
      return { sinceMs: nowMs, untilMs: null }
  }
}

/** The next 09:00 local time that is at least an hour away, Unix ms. */
export function nextMorning(nowMs: number, utcOffset: UtcOffset): number {
  const today = Math.floor((nowMs + utcOffset(nowMs)) / DAY_MS) * DAY_MS
  for (let day = today; ; day += DAY_MS) {
    const local = day + MORNING_MS
    // Uses the offset of that morning, which may differ from today's because of daylight saving time.
    const morningMs = local - utcOffset(local - utcOffset(nowMs))
    if (morningMs - nowMs >= MIN_LEAD_MS) return morningMs
  }
}

export function isKeepOnActive(keepOn: KeepOn | undefined, nowMs: number): keepOn is KeepOn {
  return keepOn !== undefined && (keepOn.untilMs === null || nowMs < keepOn.untilMs)
}

/**
 * Restarts the hold after the clock was set back, with its chosen duration, so that an hour never becomes a
 * year. Null when the clock was not set back.
 */
export function afterClockSetBack(keepOn: KeepOn, nowMs: number): KeepOn | null {
  const { sinceMs, untilMs } = keepOn
  if (sinceMs - nowMs <= CLOCK_CORRECTION_MS) return null
  return { sinceMs: nowMs, untilMs: untilMs === null ? null : nowMs + Math.max(0, untilMs - sinceMs) }
}
