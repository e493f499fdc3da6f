import { isFarApart, type PodEventRules } from './pod-events'
import { elapsedMs, type Instant } from '../base/time'

/** A row of failed tries to reach the provider, as far as they were observed. */
export interface Outage {
  readonly since: Instant
  readonly last: Instant
}

/** The outage after another failed try. A sleep in between begins it anew: nobody knows how long it was. */
export function withFailedTry(
  outage: Outage | null,
  now: Instant,
  rules: Omit<PodEventRules, 'creatingTooLongMs'>,
): Outage {
  if (outage === null || isFarApart(outage.last, now, rules)) return { since: now, last: now }
  return { since: outage.since, last: now }
}

/** How long it has lasted, observed, ms. */
export const lengthOf = ({ since, last }: Outage): number => elapsedMs(since, last)
