import { cutText } from './cut-text'
import type { MessageContent } from './message-content'

/* Limits of Slack's Block Kit, counted as escaped: 150 characters for a header, 3,000 for a section. */
const MAX_HEADER = 150
const MAX_SECTION = 3_000

/** A message for an incoming webhook. Its texts are plain: nothing in them is formatted, mentioned or a link. */
export function slackMessage({ title, body, isCritical, url }: MessageContent): object {
  const mark = isCritical ? '🚨 ' : ''
  const header = escaped(cutText(`${mark}${title}`, MAX_HEADER, escapedSize))
  const section = escaped(cutText(body, MAX_SECTION, escapedSize))
  return {
    text: header,
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      { type: 'header', text: plain(header) },
      ...(section === '' ? [] : [{ type: 'section', text: plain(section) }]),
      ...(url === null
        ? []
        : [{ type: 'actions', elements: [{ type: 'button', text: plain('Open in Runpod'), url }] }]),
    ],
  }
}

const plain = (text: string) => ({ type: 'plain_text', text, emoji: false })

/** Slack's own escapes. Without them "<!channel>" would call everyone. */
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const escapedSize = (piece: string): number => escaped(piece).length
