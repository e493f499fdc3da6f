import { offerButtons } from '../../phone/offer/offer-buttons'
import { cutText, utf8Bytes } from './cut-text'
import type { MessageButtons, MessageContent } from './message-content'

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
const MAX_ACTIONS = 3

/** A message for ntfy's JSON format, which shows plain text. */
export function ntfyMessage(
  { title, body, tone, isCritical, url }: MessageContent,
  topic: string,
  buttons: readonly object[],
): object {
  // ntfy shows three at most.
  const actions = [
    ...buttons,
    ...(url === null ? [] : [{ action: 'view', label: 'Open in Runpod', url }]),
  ].slice(0, MAX_ACTIONS)
  return {
    topic,
    title: cutText(title, MAX_TITLE_BYTES, jsonBytes),
    // Without one ntfy shows "triggered".
    message: cutText(body === '' ? title : body, MAX_MESSAGE_BYTES, jsonBytes),
    priority: isCritical ? CRITICAL_PRIORITY : priorities[tone],
    tags: [isCritical ? tags.bad : tags[tone]],
    ...(url !== null && { click: url }),
    ...(actions.length > 0 && { actions }),
  }
}

/** Buttons that publish what was pressed to the reply topic of the same server. No token is in them. */
export const ntfyActions = (buttons: MessageButtons | undefined, origin: string): readonly object[] =>
  buttons?.replyTopic == null
    ? []
    : offerButtons(buttons.offer).map(({ label, data }) => ({
        action: 'http',
        label,
        url: `${origin}/${buttons.replyTopic}`,
        method: 'POST',
        body: data,
        clear: true,
      }))

/** As JSON, which is never less than as text. */
const jsonBytes = (piece: string): number => utf8Bytes(JSON.stringify(piece)) - 2
