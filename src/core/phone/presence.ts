import {
  clockDisagreementMs,
  type Instant,
  longestElapsedMs,
  MAX_CLOCK_DISAGREEMENT_MS,
  MINUTE_MS,
} from '../base/time/time'

/** Presses of a phone that arrived within this time of the poll before are of that time, ms. */
export const PRESENT_FOR_MS = 2 * MINUTE_MS

/**
 * Whether what arrives was just pressed. Telegram's presses carry no time, so all that is known is that each came after
 * the poll before it.
 */
export interface Presence {
  /** Of the last poll that was answered, in this run; null: none was. */
  readonly lastReplyAt: Instant | null
  /** What waited is not read to its end. */
  readonly isCatchingUp: boolean
}

export const absent: Presence = { lastReplyAt: null, isCatchingUp: false }

/**
 * After a poll that was answered at `now`. `isFull`: more may wait. `isAway`: what it brought may be of any age, as in
 * the first poll after a start, a sleep or two minutes offline.
 */
export function afterReply(
  { lastReplyAt, isCatchingUp }: Presence,
  isFull: boolean,
  now: Instant,
): { readonly presence: Presence; readonly isAway: boolean } {
  const isAway =
    isCatchingUp ||
    lastReplyAt === null ||
    longestElapsedMs(lastReplyAt, now) > PRESENT_FOR_MS ||
    clockDisagreementMs(lastReplyAt, now) > MAX_CLOCK_DISAGREEMENT_MS
  return { presence: { lastReplyAt: now, isCatchingUp: isAway && isFull }, isAway }
}
