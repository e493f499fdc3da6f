import type { Channel, ChannelKind } from '../../core/channels/channel'
import type { MessageBatch } from '../../core/channels/messages/message-content'
import { payloadOf } from '../../core/channels/messages/payload'
import type { SendOutcome } from '../../core/channels/outbox/outbox-ports'
import { isObject, parseJson } from '../../core/base/parse-json'
import { redact } from '../../core/base/text/redact'
import type { Instant } from '../../core/base/time/time'
import { networkErrorText } from '../http/network-error-text'
import type { ProxyEnvironment } from '../http/proxy'
import { readRetryAfterMs } from '../http/quota/rate-limit-headers'
import { redirectHost } from '../http/response'
import { capText, visibleText } from '../http/text'
import { createTransport } from '../http/transport'
import { hostOfTarget, type ChannelTarget } from './channel-target'

export interface ChannelSenderOptions {
  /** Podkeeper's version, for `User-Agent`. */
  readonly version: string
  readonly proxyEnvironment: ProxyEnvironment
  readonly now: () => Instant
  /** For one request with its reply, ms. */
  readonly timeoutMs?: number
}

/** Sends one message. Never rejects; the texts of outcomes contain neither address nor token. */
export type ChannelSender = (
  channel: Pick<Channel, 'kind' | 'name'>,
  target: ChannelTarget,
  batch: MessageBatch,
) => Promise<SendOutcome>

const TIMEOUT_MS = 10_000
/** The replies of all services are much shorter. What is longer is not read. */
const MAX_REPLY_BYTES = 64 * 1_024
const MAX_ANSWER_CHARS = 200

export function createChannelSender(options: ChannelSenderOptions): ChannelSender {
  const { version, now, timeoutMs = TIMEOUT_MS } = options
  const transport = createTransport(options.proxyEnvironment)

  return async (channel, target, batch) => {
    const host = hostOfTarget(target)
    const url = new URL(target.url)
    const route = transport.routeTo(url)
    if (!route.ok) return failed(`Nothing was sent: ${route.error}`, true)
    const request = new Request(url, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        'user-agent': `podkeeper/${version}`,
        ...(target.token !== null && { authorization: `Bearer ${target.token}` }),
      },
      body: JSON.stringify(payloadOf(channel, batch, { topic: target.topic, origin: url.origin }, now())),
    })
    const controller = new AbortController()
    const timer = setTimeout(() => controller.abort(), timeoutMs)
    try {
      const response = await route.value.fetch(request, controller.signal)
      const body = await readReply(response)
      return outcomeOf(channel.kind, target, host, response, body, now().wallMs)
    } catch (error) {
      const text = controller.signal.aborted
        ? `${host} did not answer in time.`
        : networkErrorText(error, host, route.value.proxy)
      return failed(text, false)
    } finally {
      clearTimeout(timer)
    }
  }
}

const failed = (answer: string, isBroken: boolean, retryAfterMs: number | null = null): SendOutcome => ({
  kind: 'failed',
  answer,
  isBroken,
  retryAfterMs,
})

/** The beginning of the reply, as text. */
async function readReply(response: Response): Promise<string> {
  if (response.body === null) return ''
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength
    text += decoder.decode(chunk.subarray(0, Math.max(0, MAX_REPLY_BYTES - bytes + chunk.byteLength)), {
      stream: true,
    })
    if (bytes >= MAX_REPLY_BYTES) break
  }
  return text
}

function outcomeOf(
  kind: ChannelKind,
  target: ChannelTarget,
  host: string,
  response: Response,
  body: string,
  wallMs: number,
): SendOutcome {
  const { status, headers } = response
  const redirect = redirectHost(response)
  if (redirect !== null)
    return failed(`${host} redirects elsewhere (HTTP ${status}). Podkeeper doesn’t follow it.`, true)
  const said = answerText(body, target)
  const answer = `${host} answered HTTP ${status}${said === '' ? '' : `: ${said}`}.`
  if (response.ok) {
    if (isAcceptance(kind, response, body)) return { kind: 'accepted', answer }
    return failed(`${host} answered HTTP ${status}, but not as ${serviceNames[kind]} does.`, true)
  }
  if (status === 429) {
    const retryAfterMs = readRetryAfterMs(headers, wallMs) ?? discordRetryMs(body) ?? telegramRetryMs(body)
    return failed(answer, false, retryAfterMs ?? 0)
  }
  if (status === 408 || status >= 500) return failed(answer, false, readRetryAfterMs(headers, wallMs))
  if (status === 400 || status === 413 || status === 422) return { kind: 'rejected', answer }
  return failed(answer, true)
}

export const serviceNames: Readonly<Record<ChannelKind, string>> = {
  ntfy: 'ntfy',
  slack: 'Slack',
  telegram: 'Telegram',
  discord: 'Discord',
  webhook: 'a webhook',
}

/**
 * A stop may follow an accepted warning, so a reply counts only if it is that of the service, and not the page of a
 * network that asks to sign in.
 */
function isAcceptance(kind: ChannelKind, response: Response, body: string): boolean {
  const json = parseJson(body)
  switch (kind) {
    case 'ntfy':
      return isObject(json) && typeof json['id'] === 'string' && json['event'] === 'message'
    case 'telegram':
      return isObject(json) && json['ok'] === true && isObject(json['result'])
    case 'slack':
      return body.trim() === 'ok'
    case 'discord':
      return isObject(json) && typeof json['id'] === 'string'
    case 'webhook':
      return !/^\s*(text\/html|application\/xhtml)/i.test(response.headers.get('content-type') ?? '')
  }
}

/** Discord gives seconds with decimals, also in the reply. */
function discordRetryMs(body: string): number | null {
  const json = parseJson(body)
  const seconds = isObject(json) ? json['retry_after'] : null
  return typeof seconds === 'number' && seconds >= 0 ? Math.ceil(seconds * 1_000) : null
}

/** Telegram gives whole seconds in its reply only. */
function telegramRetryMs(body: string): number | null {
  const json = parseJson(body)
  const parameters = isObject(json) ? json['parameters'] : null
  const seconds = isObject(parameters) ? parameters['retry_after'] : null
  return typeof seconds === 'number' && seconds >= 0 ? Math.ceil(seconds * 1_000) : null
}

/** The reply of the service, without secrets and without a final period. */
function answerText(body: string, { url, token, topic }: ChannelTarget): string {
  const json = parseJson(body)
  const fields = isObject(json) ? [json['error'], json['message'], json['description']] : []
  const said = fields.find((field) => typeof field === 'string') ?? (isObject(json) ? '' : body)
  if (typeof said !== 'string' || /^\s*</.test(said)) return ''
  const secrets = [url, new URL(url).pathname, token ?? '', topic].filter((secret) => secret.length > 1)
  return capText(redact(visibleText(said), secrets), MAX_ANSWER_CHARS).replace(/\.$/, '')
}
