import { isGap, type PodEventRules } from './pod-events'
import { elapsedMs, type Instant } from '../base/time/time'

/** A series of failed requests to the provider, as far as it was observed. */
export interface Outage {
  readonly since: Instant
  readonly last: Instant
}

/**
 * The outage after another failed request. A sleep in between restarts it, because its real length is
 * unknown.
 */
export function withFailedPoll(
  outage: Outage | null,
  now: Instant,
  rules: Omit<PodEventRules, 'creatingTooLongMs'>,
): Outage {
  if (outage === null || isGap(outage.last, now, rules)) return { since: now, last: now }
  return { since: outage.since, last: now }
}

/** The observed duration, ms. */
export const outageDurationMs = ({ since, last }: Outage): number => elapsedMs(since, last)
