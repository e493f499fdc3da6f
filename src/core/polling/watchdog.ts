import { elapsedMs, type Instant } from '../base/time'

/** For how long something that should stir did not, as far as somebody looked. */
export interface Silence {
  /** How often it had stirred at the last look. */
  readonly signs: number
  readonly lookedAt: Instant
  readonly ms: number
}

export const newSilence = (now: Instant): Silence => ({ signs: 0, lookedAt: now, ms: 0 })

/**
 * The silence at a further look, of which there should be one every `everyMs`. Only time that was watched counts: a
 * look that comes late (the machine slept, a clock jumped) adds no more than two that come in time.
 */
export function listen(before: Silence, signs: number, now: Instant, everyMs: number): Silence {
  if (signs !== before.signs) return { signs, lookedAt: now, ms: 0 }
  const sinceMs = Math.min(elapsedMs(before.lookedAt, now), 2 * everyMs)
  return { signs, lookedAt: now, ms: before.ms + sinceMs }
}
