import { elapsedMs, type Instant } from '../base/time/time'

/** Tracks how long a component has been without a heartbeat. */
export interface WatchdogState {
  /** The number of heartbeats at the last check. */
  readonly heartbeats: number
  readonly checkedAt: Instant
  readonly silentMs: number
}

export const newWatchdogState = (now: Instant): WatchdogState => ({
  heartbeats: 0,
  checkedAt: now,
  silentMs: 0,
})

/**
 * The state after another check, which should happen every `everyMs`. Only watched time counts: a late check
 * (after a sleep or a clock change) adds at most two intervals.
 */
export function checkHeartbeats(
  before: WatchdogState,
  heartbeats: number,
  now: Instant,
  everyMs: number,
): WatchdogState {
  if (heartbeats !== before.heartbeats) return { heartbeats, checkedAt: now, silentMs: 0 }
  const sinceMs = Math.min(elapsedMs(before.checkedAt, now), 2 * everyMs)
  return { heartbeats, checkedAt: now, silentMs: before.silentMs + sinceMs }
}
