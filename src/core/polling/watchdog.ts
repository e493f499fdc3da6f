import { elapsedMs, type Instant } from '../base/time'

/** For how long something that should stir did not, as far as somebody looked. */
export interface WatchdogState {
  /** How often it had stirred at the last look. */
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
 * The silence at a further look, of which there should be one every `everyMs`. Only time that was watched counts: a
 * look that comes late (the machine slept, a clock jumped) adds no more than two that come in time.
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
