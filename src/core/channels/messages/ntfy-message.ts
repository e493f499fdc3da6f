import { cutText, utf8Bytes } from './cut-text'
import type { MessageContent } from './message-content'

/*
 * Limits of ntfy: 1,024 bytes for a title, 512 for all tags, 4,096 for a message, which would become a file if it were
 * longer, and twice that for the JSON.
 */
const MAX_TITLE_BYTES = 1_000
const MAX_MESSAGE_BYTES = 3_000

const tags = {
  good: 'white_check_mark',
  plain: 'information_source',
  warning: 'warning',
  bad: 'rotating_light',
}
/** From 1 to 5. */
const priorities = { good: 2, plain: 3, warning: 3, bad: 4 }
const CRITICAL_PRIORITY = 5

/** A message for ntfy's JSON format, which shows plain text. */
export function ntfyMessage({ title, body, tone, isCritical, url }: MessageContent, topic: string): object {
  return {
    topic,
    title: cutText(title, MAX_TITLE_BYTES, jsonBytes),
    // Without one ntfy shows "triggered".
    message: cutText(body === '' ? title : body, MAX_MESSAGE_BYTES, jsonBytes),
    priority: isCritical ? CRITICAL_PRIORITY : priorities[tone],
    tags: [isCritical ? tags.bad : tags[tone]],
    ...(url !== null && { click: url, actions: [{ action: 'view', label: 'Open in Runpod', url }] }),
  }
}

/** As JSON, which is never less than as text. */
const jsonBytes = (piece: string): number => utf8Bytes(JSON.stringify(piece)) - 2
