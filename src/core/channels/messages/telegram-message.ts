import type { PhoneOffer } from '../../phone/offer/phone'
import { offerButtons } from '../../phone/offer/offer-buttons'
import { cutText, utf16Units } from './cut-text'
import type { MessageContent } from './message-content'
import { unlinked } from './unlinked'

/* Telegram's limit of a message: 4,096 characters. Marks that keep a text from being a link count, too. */
const MAX_TITLE = 400
const MAX_BODY = 3_000

/** A message of a bot to one chat, as plain text. */
export function telegramMessage(
  { title, body, isCritical, url }: MessageContent,
  chatId: string,
  offer: PhoneOffer | null,
): object {
  const sizeOf = (piece: string): number => utf16Units(unlinked(piece))
  const mark = isCritical ? '🚨 ' : ''
  const lines = [
    `${mark}${unlinked(cutText(title, MAX_TITLE, sizeOf))}`,
    ...(body === '' ? [] : [unlinked(cutText(body, MAX_BODY, sizeOf))]),
  ]
  const rows = [
    ...(offer === null ? [] : telegramKeyboard(offer)),
    ...(url === null ? [] : [[{ text: 'Open in Runpod', url }]]),
  ]
  return {
    ...telegramText(chatId, lines.join('\n')),
    ...(rows.length > 0 && { reply_markup: { inline_keyboard: rows } }),
  }
}

/** The parts that all messages have. The text is shown as it is. */
export const telegramText = (chatId: string, text: string): object => ({
  chat_id: chatId,
  text,
  link_preview_options: { is_disabled: true },
})

/** Stop alone, so that nobody presses it for another. */
export function telegramKeyboard(offer: PhoneOffer): readonly (readonly object[])[] {
  const buttons = offerButtons(offer)
  const keys = (isStop: boolean) =>
    buttons
      .filter(({ verb }) => (verb === 'stop') === isStop)
      .map(({ label, data }) => ({ text: label, callback_data: data }))
  return [keys(true), keys(false)].filter((row) => row.length > 0)
}
