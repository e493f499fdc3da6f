import type { KeepOn, KeepOnChoice } from './pod-rules'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../base/time'

/** How far local time is ahead of UTC at a moment (Unix ms), in milliseconds. */
export type UtcOffset = (atMs: number) => number

const MORNING_MS = 9 * HOUR_MS
/** A morning that is nearer than this is too near to sleep on. */
const NIGHT_MS = HOUR_MS
/** A clock that is corrected by less than this was not set back. */
const CORRECTION_MS = MINUTE_MS

/** What a choice comes to, from `nowMs` on (Unix ms). Product rules, "Idle policy", *keep on*. */
export function keepOnOf(choice: KeepOnChoice, nowMs: number, utcOffset: UtcOffset): KeepOn {
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

/** The next 09:00 of the local calendar that is at least an hour away, Unix ms. */
function nextMorning(nowMs: number, utcOffset: UtcOffset): number {
  const today = Math.floor((nowMs + utcOffset(nowMs)) / DAY_MS) * DAY_MS
  for (let day = today; ; day += DAY_MS) {
    const local = day + MORNING_MS
    // The offset that holds in that morning, not now: a night may change it.
    const morningMs = local - utcOffset(local - utcOffset(nowMs))
    if (morningMs - nowMs >= NIGHT_MS) return morningMs
  }
}

export function isInForce(keepOn: KeepOn | undefined, nowMs: number): keepOn is KeepOn {
  return keepOn !== undefined && (keepOn.untilMs === null || nowMs < keepOn.untilMs)
}

/**
 * The same wish after the clock was set back: from now on, for as long as was chosen, so that an hour never becomes a
 * year. Null: the clock was not.
 */
export function afterSetBack(keepOn: KeepOn, nowMs: number): KeepOn | null {
  const { sinceMs, untilMs } = keepOn
  if (sinceMs - nowMs <= CORRECTION_MS) return null
  return { sinceMs: nowMs, untilMs: untilMs === null ? null : nowMs + Math.max(0, untilMs - sinceMs) }
}
