import { telegramKeyboard, telegramText } from '../../core/channels/messages/telegram-message'
import type { PhoneService, PollOutcome } from '../../core/phone/phone-line'
import { MAX_UPDATES, parseUpdates } from './telegram-updates'
import type { CallTelegram, TelegramBot } from './telegram-api'

/** How long Telegram holds a poll open without updates, s. */
const POLL_S = 50
/** Beyond that, its reply is not coming. */
const GRACE_MS = 10_000

/** `chatId`: of the private chat with the paired person. */
export function createTelegramPhone(
  call: CallTelegram,
  bot: TelegramBot,
  chatId: string,
  { pollS = POLL_S }: { readonly pollS?: number } = {},
): PhoneService {
  return {
    poll(cursor) {
      const controller = new AbortController()
      return {
        outcome: pollTelegram(call, bot, cursor, { pollS, signal: controller.signal }),
        cancel: () => controller.abort(),
      }
    },
    async say({ text, answers }, offer) {
      const rows = offer === null ? [] : telegramKeyboard(offer)
      const sent = await call(bot, 'sendMessage', {
        ...telegramText(chatId, text),
        ...(rows.length > 0 && { reply_markup: { inline_keyboard: rows } }),
        ...(answers !== null && {
          reply_parameters: { message_id: Number(answers), allow_sending_without_reply: true },
        }),
      })
      if (sent.kind === 'ok') return 'accepted'
      return sent.status === 400 || sent.status === 413 ? 'rejected' : 'failed'
    },
    // A press that is older than a few minutes can't be answered any more, which changes nothing.
    async answer(callbackId, text) {
      const shown = text === '' ? {} : { text: text.slice(0, 200), show_alert: true }
      await call(bot, 'answerCallbackQuery', { callback_query_id: callbackId, ...shown })
    },
    async clearButtons(messageId) {
      await call(bot, 'editMessageReplyMarkup', {
        chat_id: chatId,
        message_id: Number(messageId),
        reply_markup: { inline_keyboard: [] },
      })
    },
  }
}

/** One long poll. The cursor is the offset, which confirms what came before it. */
export async function pollTelegram(
  call: CallTelegram,
  bot: TelegramBot,
  cursor: string | null,
  { pollS = POLL_S, signal }: { readonly pollS?: number; readonly signal?: AbortSignal } = {},
): Promise<PollOutcome> {
  const offset = cursor === null || !/^\d{1,15}$/.test(cursor) ? {} : { offset: Number(cursor) }
  const reply = await call(
    bot,
    'getUpdates',
    { ...offset, timeout: pollS, limit: MAX_UPDATES, allowed_updates: ['message', 'callback_query'] },
    { timeoutMs: pollS * 1_000 + GRACE_MS, ...(signal && { signal }) },
  )
  if (reply.kind === 'failed') {
    const { status, error, retryAfterMs } = reply
    const isBroken = status === 401 || status === 404
    return { ok: false, error, isBroken, retryAfterMs: status === 409 ? CONFLICT_RETRY_MS : retryAfterMs }
  }
  const parsed = parseUpdates(reply.result)
  if (parsed === null)
    return { ok: false, error: 'Telegram’s answer can’t be read.', isBroken: false, retryAfterMs: null }
  return {
    ok: true,
    updates: parsed.updates,
    cursor: parsed.nextOffset === null ? cursor : String(parsed.nextOffset),
    isFull: Array.isArray(reply.result) && reply.result.length >= MAX_UPDATES,
  }
}

/** Two programs that read one bot end each other's polls, so neither asks often. */
const CONFLICT_RETRY_MS = 30_000
