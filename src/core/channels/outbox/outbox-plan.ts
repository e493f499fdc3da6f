import { elapsedMs, HOUR_MS, type Instant, MINUTE_MS } from '../../base/time/time'
import type { Channel } from '../channel'
import type { OutboxMessage } from './outbox-message'
import { isHeld, type RoutingContext } from '../routing'

/** What is known of the messages that a channel got in this run. */
export interface ChannelPace {
  /** How long until the service may get the next message, ms: it asked for a pause, or failed. */
  readonly pausedForMs: number
  /** How long ago each message without a critical alert was accepted, ms. */
  readonly acceptedAgoMs: readonly number[]
}

export type NextStep =
  | { readonly kind: 'send'; readonly messages: readonly OutboxMessage[] }
  /** Look again after so many ms. */
  | { readonly kind: 'wait'; readonly forMs: number }
  | { readonly kind: 'nothing' }

/** More alerts than this at once become one message, as on the screen. */
const MAX_AT_ONCE = 3
/** The most alerts of one message. */
const MAX_GROUP = { text: 20, webhook: 50 }
/** The wall clock may be set at any time, and quiet hours follow it. */
const QUIET_CHECK_MS = MINUTE_MS / 2

/**
 * What a channel does next: critical alerts first, each in a message of its own, oldest first. `waiting` are its
 * messages, oldest first. See docs/product-rules.md#142-phone-and-chat.
 */
export function nextStep(
  channel: Channel,
  waiting: readonly OutboxMessage[],
  { pausedForMs, acceptedAgoMs }: ChannelPace,
  routing: Pick<RoutingContext, 'mayStopUnwarned'>,
  now: Instant,
): NextStep {
  if (waiting.length === 0) return { kind: 'nothing' }
  if (pausedForMs > 0) return { kind: 'wait', forMs: pausedForMs }
  const isFree = ({ alert }: OutboxMessage): boolean => !isHeld(channel, alert, now.wallMs, routing)
  const critical = waiting.find((message) => message.alert.isCritical && isFree(message))
  if (critical !== undefined) return { kind: 'send', messages: [critical] }
  const others = waiting.filter(({ alert }) => !alert.isCritical).filter(isFree)
  const [oldest] = others
  if (oldest === undefined) return { kind: 'wait', forMs: QUIET_CHECK_MS }

  const groupMs = channel.groupMinutes * MINUTE_MS
  const groupLeftMs = groupMs - elapsedMs(oldest.alert.createdAt, now)
  if (groupLeftMs > 0) return { kind: 'wait', forMs: groupLeftMs }
  const recent = acceptedAgoMs.filter((agoMs) => agoMs < HOUR_MS)
  if (recent.length >= channel.maxPerHour) return { kind: 'wait', forMs: HOUR_MS - Math.max(...recent) }
  if (channel.kind === 'webhook') return { kind: 'send', messages: others.slice(0, MAX_GROUP.webhook) }
  const isGrouped = others.length > MAX_AT_ONCE || groupMs > 0
  return { kind: 'send', messages: others.slice(0, isGrouped ? MAX_GROUP.text : 1) }
}

const FIRST_RETRY_MS = 5_000
const MAX_RETRY_MS = { temporary: 15 * MINUTE_MS, broken: HOUR_MS }

/**
 * The pause after the `count`th failure in a row (1 is the first), whole ms: 5 s, 10, 20 … 15 min, or an hour where only a
 * person can help, and up to a fifth more; never less than the service asks for. 0 ≤ random < 1.
 */
export function retryPauseMs(
  count: number,
  isBroken: boolean,
  retryAfterMs: number | null,
  random: number,
): number {
  const maxMs = isBroken ? MAX_RETRY_MS.broken : MAX_RETRY_MS.temporary
  const growingMs = Math.min(maxMs, FIRST_RETRY_MS * 2 ** Math.min(count - 1, 20))
  return Math.ceil(Math.max(Math.min(retryAfterMs ?? 0, HOUR_MS), growingMs * (1 + 0.2 * random)))
}

/** What is older when an attempt fails is given up. */
const MAX_AGE_MS = { critical: 24 * HOUR_MS, other: 12 * HOUR_MS }
/** A message that waited for the end of quiet hours, a sleep or a start of this program is tried for as long, ms. */
const MIN_FAILING_MS = HOUR_MS

/**
 * Whether a message is given up after an attempt that failed. `failingSince`: since when it could have been sent and
 * the service failed; null: it is held.
 */
export function isExpired({ alert }: OutboxMessage, failingSince: Instant | null, now: Instant): boolean {
  if (failingSince === null || elapsedMs(failingSince, now) < MIN_FAILING_MS) return false
  return elapsedMs(alert.createdAt, now) > (alert.isCritical ? MAX_AGE_MS.critical : MAX_AGE_MS.other)
}
