import * as v from 'valibot'
import { parseJson } from '../../core/base/parse-json'
import { capText, visibleText } from '../http/text'
import type { SendPhoneRequest } from './phone-request'

/** A bot at a server of Telegram's Bot API. All of it is secret. */
export interface TelegramBot {
  /** `https://api.telegram.org`, or that of a server of one's own. */
  readonly origin: string
  readonly token: string
}

export type TelegramReply =
  | { readonly kind: 'ok'; readonly result: unknown }
  /** The error is a sentence without the token. `status` 0: there was no reply of the API. */
  | {
      readonly kind: 'failed'
      readonly status: number
      readonly error: string
      readonly retryAfterMs: number | null
    }

export type CallTelegram = (
  bot: TelegramBot,
  method: string,
  parameters: object,
  options?: { readonly timeoutMs?: number; readonly signal?: AbortSignal },
) => Promise<TelegramReply>

const TIMEOUT_MS = 10_000

const okSchema = v.object({ ok: v.literal(true), result: v.unknown() })
const failedSchema = v.object({
  ok: v.literal(false),
  description: v.optional(v.string(), ''),
  parameters: v.optional(v.object({ retry_after: v.optional(v.pipe(v.number(), v.minValue(0))) })),
})

/** Calls methods of the Bot API (core.telegram.org/bots/api). Never rejects. */
export function createTelegramCalls(send: SendPhoneRequest): CallTelegram {
  return async ({ origin, token }, method, parameters, { timeoutMs = TIMEOUT_MS, signal } = {}) => {
    const { host } = new URL(origin)
    const reply = await send({
      url: `${origin}/bot${token}/${method}`,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(parameters),
      timeoutMs,
      ...(signal && { signal }),
    })
    if (!reply.ok) return { kind: 'failed', status: 0, error: reply.error, retryAfterMs: null }
    const { status, body } = reply.value
    const json = parseJson(body)
    const done = v.safeParse(okSchema, json)
    if (status === 200 && done.success) return { kind: 'ok', result: done.output.result }
    const refused = v.safeParse(failedSchema, json)
    if (!refused.success)
      return {
        kind: 'failed',
        status: 0,
        error: `${host} answered HTTP ${status}, but not as Telegram does.`,
        retryAfterMs: null,
      }
    const { description, parameters: hints } = refused.output
    const said = capText(visibleText(description).replaceAll(token, '[token]'), 200).replace(/\.$/, '')
    const retryAfterS = hints?.retry_after
    return {
      kind: 'failed',
      status,
      error: telegramErrors[status] ?? `${host} answered HTTP ${status}${said === '' ? '' : `: ${said}`}.`,
      retryAfterMs: retryAfterS === undefined ? null : retryAfterS * 1_000,
    }
  }
}

const telegramErrors: Readonly<Record<number, string>> = {
  401: 'Telegram refuses the bot’s token.',
  404: 'Telegram doesn’t know this bot.',
  403: 'Telegram doesn’t deliver to this person: the bot may be blocked.',
  409: 'Another program reads this bot’s messages, so its buttons don’t work here. Use a bot of its own for Podkeeper.',
}
