import { groupAlert } from '../../alerts/alert-batching'
import { formatTimeOfDay } from '../../base/text/format'
import { elapsedMs, type Instant, MINUTE_MS } from '../../base/time/time'
import type { PhoneOffer } from '../../phone/offer/phone'
import { cutText, utf16Units } from './cut-text'
import { type OutgoingAlert, plainAlert } from './outgoing-alert'

/** One text message, for services that show texts. Nothing is escaped. */
export type MessageContent = Pick<OutgoingAlert, 'title' | 'body' | 'tone' | 'isCritical' | 'url'>

/** What is sent at once. */
export interface MessageBatch {
  /** At least one. */
  readonly alerts: readonly SentAlert[]
  /** Everything but the essential is left out, because the service rejected the message before. */
  readonly isPlain: boolean
  /** The buttons of the only alert. Absent: it has none. */
  readonly buttons?: MessageButtons
}

export interface MessageButtons {
  readonly offer: PhoneOffer
  /** Of ntfy: where its buttons publish to. Otherwise null. */
  readonly replyTopic: string | null
}

export interface SentAlert {
  readonly alert: OutgoingAlert
  /** The alert no longer holds. */
  readonly isOver: boolean
  /** When it ended, Unix ms; null while it holds, or where its end is not reported. */
  readonly resolvedAtMs: number | null
}

/** A message that is later than this says when its alert was. */
const LATE_MS = 5 * MINUTE_MS

/** One message for all alerts of a batch. */
export function contentOf({ alerts, isPlain }: MessageBatch, now: Instant): MessageContent {
  const [first, ...others] = alerts
  if (first === undefined) throw new Error('a message has at least one alert')
  if (others.length === 0) return singleContent(first, isPlain, now)
  const oldest = alerts.reduce((a, b) => (a.alert.createdAt.wallMs <= b.alert.createdAt.wallMs ? a : b))
  const pending = alerts.map(({ alert }) => {
    const { kind, accountId, podId, episode } = alert
    return { ...alert, key: { kind, accountId, podId, episode }, buttons: [] }
  })
  const { title, body } = groupAlert(pending, now.wallMs)
  const hasCritical = alerts.some(({ alert }) => alert.isCritical)
  const url = alerts.every(({ alert }) => alert.url === first.alert.url) ? first.alert.url : null
  return {
    title,
    body: isPlain
      ? ''
      : `${cutText(`${lateText(oldest.alert, now)}${body}`, 1_500, utf16Units)}${sender(first.alert)}`,
    tone: hasCritical || alerts.some(({ alert }) => alert.tone === 'bad') ? 'bad' : 'plain',
    isCritical: hasCritical,
    url: isPlain ? null : url,
  }
}

function singleContent({ alert, isOver }: SentAlert, isPlain: boolean, now: Instant): MessageContent {
  const { title, body, tone, isCritical, url } = isPlain ? plainAlert(alert) : alert
  const over = isOver && isCritical ? ' This no longer applies.' : ''
  const text = isPlain ? '' : `${lateText(alert, now)}${body}${over}${sender(alert)}`.trim()
  return { title, body: text, tone, isCritical, url }
}

const sender = ({ computer }: OutgoingAlert): string => (computer === null ? '' : ` (${computer})`)

function lateText({ createdAt }: OutgoingAlert, now: Instant): string {
  if (elapsedMs(createdAt, now) < LATE_MS) return ''
  return `(Sent late, from ${formatTimeOfDay(createdAt.wallMs)}) `
}
