import * as v from 'valibot'
import { ntfyActions } from '../../core/channels/messages/ntfy-message'
import { isObject, parseJson } from '../../core/base/parse-json'
import { parsePress } from '../../core/phone/offer/offer-buttons'
import type { PhoneUpdate } from '../../core/phone/offer/phone'
import type { PhoneService, PollOutcome } from '../../core/phone/phone-line'
import { readRetryAfterMs } from '../http/quota/rate-limit-headers'
import type { PhoneReply, SendPhoneRequest } from './phone-request'

/** A topic with buttons, and the one that they publish to. */
export interface NtfyPhone {
  readonly origin: string
  readonly topic: string
  readonly replyTopic: string
  readonly token: string | null
}

/** How long the stream stays open without messages, ms. ntfy sends a sign of life each 45 s. */
const POLL_MS = 55_000
/** What waited at the server arrives together. */
const SETTLE_MS = 300
const TIMEOUT_MS = 10_000

const lineSchema = v.object({
  id: v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/)),
  /** Unix s, by the clock of the server. */
  time: v.pipe(v.number(), v.safeInteger()),
  event: v.string(),
  message: v.optional(v.string(), ''),
})

export function createNtfyPhone(
  send: SendPhoneRequest,
  phone: NtfyPhone,
  { pollMs = POLL_MS }: { readonly pollMs?: number } = {},
): PhoneService {
  const { origin, topic, replyTopic, token } = phone
  const headers: Readonly<Record<string, string>> = token === null ? {} : { authorization: `Bearer ${token}` }
  return {
    poll(cursor) {
      const controller = new AbortController()
      const startedMs = performance.now()
      const request = send({
        url: `${origin}/${replyTopic}/json?since=${cursor ?? 'all'}`,
        method: 'GET',
        headers,
        timeoutMs: pollMs,
        signal: controller.signal,
        isEnough: (body) => body.includes('"event":"message"'),
        settleMs: SETTLE_MS,
      })
      return {
        outcome: request.then((reply) =>
          reply.ok
            ? toOutcome(reply.value, cursor, performance.now() - startedMs)
            : { ok: false, error: reply.error, isBroken: false, retryAfterMs: null },
        ),
        cancel: () => controller.abort(),
      }
    },
    async say({ text }, offer) {
      const actions = offer === null ? [] : ntfyActions({ offer, replyTopic }, origin)
      const reply = await send({
        url: `${origin}/`,
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({
          topic,
          title: 'Podkeeper',
          message: text,
          ...(actions.length > 0 && { actions }),
        }),
        timeoutMs: TIMEOUT_MS,
      })
      if (!reply.ok) return 'failed'
      const { status } = reply.value
      return status === 200 ? 'accepted' : status === 400 || status === 413 ? 'rejected' : 'failed'
    },
    answer: async () => {},
    clearButtons: async () => {},
  }
}

function toOutcome(
  { status, headers, body }: PhoneReply,
  cursor: string | null,
  tookMs: number,
): PollOutcome {
  if (status !== 200) {
    const isBroken = status === 401 || status === 403
    const error = isBroken
      ? 'The ntfy server doesn’t let Podkeeper read what buttons publish, so they don’t work.'
      : `The ntfy server answered HTTP ${status}, so buttons don’t work.`
    return { ok: false, error, isBroken, retryAfterMs: readRetryAfterMs(headers, Date.now()) }
  }
  const updates: PhoneUpdate[] = []
  let next = cursor
  let openedAtS: number | null = null
  for (const line of body.split('\n')) {
    const parsed = v.safeParse(lineSchema, parseJson(line))
    if (!parsed.success) continue
    const { id, time, event, message } = parsed.output
    if (event === 'open') openedAtS ??= time
    if (event !== 'message') continue
    next = id
    const press = parsePress(message.trim())
    // Seconds are whole, so a press may look younger by one.
    const agoMs = openedAtS === null ? null : Math.max(0, (openedAtS - time + 1) * 1_000 + tookMs)
    updates.push(
      press === null
        ? { id, kind: 'other' }
        : {
            id,
            kind: 'press',
            ...press,
            from: null,
            isPrivate: true,
            callbackId: null,
            messageId: null,
            agoMs,
          },
    )
  }
  if (openedAtS === null)
    return {
      ok: false,
      error: 'The ntfy server’s answer can’t be read, so buttons don’t work.',
      isBroken: false,
      retryAfterMs: null,
    }
  return { ok: true, updates, cursor: next, isFull: updates.length >= MAX_AT_ONCE }
}

/** Beyond that, more may still be on its way. */
const MAX_AT_ONCE = 100

/**
 * Whether nobody without a token can read the topics, which the server is asked for. Only then who presses a button is
 * someone whom its owner let in. Null: the server didn't say.
 */
export async function areTopicsProtected(
  send: SendPhoneRequest,
  { origin, topic, replyTopic, token }: NtfyPhone,
): Promise<boolean | null> {
  if (token === null) return false
  const both = await Promise.all([topic, replyTopic].map((each) => isTopicProtected(send, origin, each)))
  return both.includes(false) ? false : both.includes(null) ? null : true
}

async function isTopicProtected(
  send: SendPhoneRequest,
  origin: string,
  topic: string,
): Promise<boolean | null> {
  const reply = await send({ url: `${origin}/${topic}/auth`, method: 'GET', timeoutMs: TIMEOUT_MS })
  if (!reply.ok) return null
  const { status, body } = reply.value
  if (status === 429 || status >= 500) return null
  if (status !== 401 && status !== 403) return false
  const json = parseJson(body)
  const code = isObject(json) ? json['code'] : null
  return code === 40101 || code === 40301
}
