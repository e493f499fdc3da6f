import { cutText } from './cut-text'
import type { MessageContent } from './message-content'

/* Discord's limit of a message: 2,000 characters, counted as escaped. */
const MAX_TITLE = 500
const MAX_BODY = 1_200

/** A message for a webhook. Nothing in it is formatted but the title, and it mentions nobody. */
export function discordMessage({ title, body, isCritical, url }: MessageContent): object {
  const mark = isCritical ? '🚨 ' : ''
  const lines = [
    `${mark}**${escaped(cutText(title, MAX_TITLE, escapedSize))}**`,
    ...(body === '' ? [] : [escaped(cutText(body, MAX_BODY, escapedSize))]),
    // In angle brackets it has no preview.
    ...(url === null ? [] : [`<${url}>`]),
  ]
  return { content: lines.join('\n'), username: 'Podkeeper', allowed_mentions: { parse: [] } }
}

const escaped = (text: string): string => text.replace(/[\\*_~`|>#+\-[\](){}<:@!.]/g, '\\$&')

const escapedSize = (piece: string): number => escaped(piece).length
