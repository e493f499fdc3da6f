import * as v from 'valibot'
import { alertKinds, type AlertKey } from '../../alerts/alert'
import { alertName } from '../../alerts/alert-history'
import { DAY_MS, HOUR_MS, type Instant } from '../../base/time/time'
import { channelIdSchema } from '../channel-codec'
import type { OutgoingAlert } from '../messages/outgoing-alert'
import { instantSchema } from '../../base/time/instant-schema'

/** What became of a message. Every state but `waiting` is final. */
export const messageStates = ['waiting', 'accepted', 'refused', 'expired', 'dropped'] as const
export type MessageState = (typeof messageStates)[number]

/** One alert for one channel. */
export interface OutboxMessage {
  readonly kind: 'message'
  readonly id: string
  readonly channelId: string
  readonly alert: OutgoingAlert
  /** It says that the alert no longer holds. */
  readonly isResolved: boolean
  readonly state: MessageState
  readonly stateAt: Instant
  /** Why the latest attempt failed, as a sentence; null: none failed. */
  readonly failure: string | null
}

/** How long a service asked to be left alone. */
export interface ChannelPause {
  readonly kind: 'pause'
  readonly id: string
  readonly channelId: string
  /** Unix ms. */
  readonly untilMs: number
}

export type OutboxRecord = OutboxMessage | ChannelPause

export function messageId(channelId: string, key: AlertKey, isResolved: boolean): string {
  return `${channelId} ${isResolved ? 'resolved ' : ''}${alertName(key)}`
}

const text = (maxChars: number) => v.pipe(v.string(), v.maxLength(maxChars))

const alertSchema = v.object({
  kind: v.picklist(alertKinds),
  accountId: v.string(),
  podId: v.nullable(v.string()),
  episode: v.string(),
  podName: v.nullable(text(500)),
  accountName: v.nullable(text(500)),
  computer: v.nullable(text(100)),
  title: text(500),
  body: text(2_000),
  tone: v.picklist(['good', 'plain', 'warning', 'bad']),
  isCritical: v.boolean(),
  url: v.nullable(v.pipe(text(500), v.startsWith('https://console.runpod.io/'))),
  createdAt: instantSchema,
}) satisfies v.GenericSchema<unknown, OutgoingAlert>

const recordSchema = v.variant('kind', [
  v.object({
    kind: v.literal('message'),
    id: v.string(),
    channelId: channelIdSchema,
    alert: alertSchema,
    isResolved: v.boolean(),
    state: v.picklist(messageStates),
    stateAt: instantSchema,
    failure: v.nullable(text(2_000)),
  }),
  v.object({ kind: v.literal('pause'), id: text(200), channelId: channelIdSchema, untilMs: v.number() }),
]) satisfies v.GenericSchema<unknown, OutboxRecord>

/** Null for what is no record of this version. */
export function parseOutboxRecord(value: unknown): OutboxRecord | null {
  const parsed = v.safeParse(recordSchema, value)
  return parsed.success ? parsed.output : null
}

const laterSchema = v.object({ format: v.pipe(v.number(), v.minValue(2)) })

/** Lines of this version have no format; a later version gives its lines one. */
export const isOfLaterOutboxFormat = (value: unknown): boolean => v.is(laterSchema, value)

/** What was sent is kept so that it is not sent again; what was lost, so that it can be shown. */
const KEPT_ACCEPTED_MS = DAY_MS
const KEPT_LOST_MS = 7 * DAY_MS
/** An alert that holds for longer is not reported as resolved. */
const KEPT_FIRING_MS = 7 * DAY_MS
/** No service is obeyed for longer. */
export const MAX_PAUSE_MS = HOUR_MS

/** The records that are still needed at `nowMs` (Unix ms). What waits is always kept. */
export function keptOutboxRecords(records: readonly OutboxRecord[], nowMs: number): readonly OutboxRecord[] {
  const ids = new Set(records.map(({ id }) => id))
  return records.filter((record) => {
    if (record.kind === 'pause') return record.untilMs > nowMs && record.untilMs <= nowMs + MAX_PAUSE_MS
    const { state, stateAt, isResolved, channelId, alert } = record
    const ageMs = Math.abs(nowMs - stateAt.wallMs)
    switch (state) {
      case 'waiting':
        return true
      case 'accepted':
        if (ageMs < KEPT_ACCEPTED_MS) return true
        return !isResolved && ageMs < KEPT_FIRING_MS && !ids.has(messageId(channelId, alert, true))
      default:
        return ageMs < KEPT_LOST_MS
    }
  })
}
