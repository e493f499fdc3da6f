import type { ChannelKind } from '../../core/channels/channel'
import { isLoopback } from '../../core/base/loopback'
import { fail, ok, type Result } from '../../core/base/result'
import type { HostRule } from '../http/base-url'

/** Where the messages of a channel go. All of it is secret: who knows it can write there. */
export interface ChannelTarget {
  /** What is posted to: https, or on this computer. */
  readonly url: string
  /** Sent as a bearer token; null: none. */
  readonly token: string | null
  /** Of ntfy. The chat of a Telegram bot. Otherwise empty. */
  readonly topic: string
}

const MAX_ADDRESS_CHARS = 1_000
const NTFY_TOPIC = /^[-_A-Za-z0-9]{1,64}$/
/** Of a private chat, which has the id of its person. */
const CHAT_ID = /^\d{1,20}$/
const BOT_TOKEN = /^\d{3,20}:[\w-]{20,100}$/
const DISCORD_PATH = /^\/api\/(?:v\d+\/)?webhooks\/\d+\/[\w-]+$/
/** What an HTTP header can hold, without spaces. */
const TOKEN = /^[\x21-\x7e]{1,500}$/

/** The target of an address that a person typed. The error is a sentence that doesn't repeat the address. */
export function parseChannelTarget(
  kind: ChannelKind,
  address: string,
  token: string | null = null,
  hosts: HostRule = 'any',
): Result<ChannelTarget, string> {
  const url = parseSecretAddress(address, hosts)
  if (!url.ok) return url
  if (token !== null && !TOKEN.test(token))
    return fail('The token must not contain spaces or other special characters.')
  const target = { url: url.value.href, token, topic: '' }
  switch (kind) {
    case 'ntfy': {
      const topic = url.value.pathname.slice(1)
      if (!NTFY_TOPIC.test(topic) || url.value.search !== '')
        return fail('The address must end with the topic, such as https://ntfy.sh/my-topic.')
      return ok({ ...target, url: `${url.value.origin}/`, topic })
    }
    case 'telegram': {
      const chatId = url.value.pathname.slice(1)
      if (!CHAT_ID.test(chatId) || url.value.search !== '' || token === null || !BOT_TOKEN.test(token))
        return fail('This bot isn’t paired with anyone yet. Pair it first.')
      return ok({ url: `${url.value.origin}/bot${token}/sendMessage`, token: null, topic: chatId })
    }
    case 'slack':
      if (url.value.pathname === '/' || url.value.search !== '')
        return fail(
          'This is not the address of an incoming webhook, such as https://hooks.slack.com/services/….',
        )
      return ok({ ...target, token: null })
    case 'discord':
      if (!DISCORD_PATH.test(url.value.pathname) || url.value.search !== '')
        return fail(
          'This is not the address of a Discord webhook, such as https://discord.com/api/webhooks/….',
        )
      // Discord then answers with the message that it made.
      return ok({ ...target, url: `${url.value.href}?wait=true`, token: null })
    case 'webhook':
      return ok(target)
  }
}

/** Why this is no token of a bot, as a sentence; null: it may be one. */
export const botTokenProblem = (token: string): string | null =>
  BOT_TOKEN.test(token) ? null : 'This is not the token of a bot, such as 110201543:AAHdqTcvCH1vGWJxf….'

/** The host of a target, for display. */
export const hostOfTarget = ({ url }: ChannelTarget): string => new URL(url).host

/** A secret address that a person typed: https, or on this computer. The error is a sentence that doesn't repeat it. */
export function parseSecretAddress(address: string, hosts: HostRule): Result<URL, string> {
  const text = address.trim()
  if (text.length > MAX_ADDRESS_CHARS) return fail('The address is too long.')
  const url = /^https?:\/\//i.test(text) ? parseUrl(text) : null
  if (url === null) return fail('The address must begin with https://.')
  if (url.username !== '' || url.password !== '')
    return fail('The address must not contain a user name or password.')
  if (text.includes('#')) return fail('The address must not contain a “#” part.')
  if (hosts === 'loopback-only' && !isLoopback(url.hostname))
    return fail('Only addresses of this computer are allowed here.')
  if (url.protocol !== 'https:' && !isLoopback(url.hostname))
    return fail('The address must begin with https://, or be on this computer.')
  return ok(url)
}

function parseUrl(text: string): URL | null {
  try {
    return new URL(text)
  } catch {
    return null
  }
}
