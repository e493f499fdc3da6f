import {
  createRateLimit,
  jsonReply,
  type ReceivingServer,
  type ServiceReply,
  startReceivingServer,
} from './receiving-server'

/* Services as they are documented, with their limits. They share no code with what sends to them. */

export interface ServiceLimits {
  /** Requests at once, and how many come back each second. */
  readonly burst?: number
  readonly perSecond?: number
  /** Default: real time. */
  readonly nowMs?: () => number
}

/** A message as someone sees it. `text`: all of it. */
export interface SeenMessage {
  readonly text: string
  readonly payload: any
}

const bytes = (text: string | undefined): number => Buffer.byteLength(text ?? '')
const parse = (body: string): any => {
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}

/**
 * ntfy: publishing as JSON to its root. Errors have a code of five digits; there is no Retry-After. A token is needed
 * for the topic "secret".
 */
export async function startNtfy(limits: ServiceLimits = {}): Promise<ReceivingServer<SeenMessage>> {
  const rate = createRateLimit(limits.burst ?? 60, limits.perSecond ?? 0.2, limits.nowMs)
  const error = (code: number, text: string): { reply: ServiceReply } => ({
    reply: jsonReply(Math.floor(code / 100), {
      code,
      http: Math.floor(code / 100),
      error: text,
      link: 'https://ntfy.sh/docs',
    }),
  })
  return startReceivingServer(({ method, path, headers, body }) => {
    if (rate.take() !== null) return error(42901, 'limit reached: too many requests')
    if (path !== '/' || (method !== 'POST' && method !== 'PUT')) return error(40401, 'page not found')
    if (bytes(body) > 2 * 4_096) return error(41303, 'JSON body too large')
    const message = parse(body)
    if (message === null || typeof message !== 'object')
      return error(40017, 'invalid request: request body must be message JSON')
    if (!/^[-_A-Za-z0-9]{1,64}$/.test(message.topic ?? ''))
      return error(40009, 'invalid request: topic invalid')
    if (message.topic === 'secret' && headers.authorization === undefined) return error(40301, 'forbidden')
    if (headers.authorization !== undefined && headers.authorization !== 'Bearer tk_right')
      return error(40101, 'unauthorized')
    const { title, message: text, priority = 3, tags = [], actions = [] } = message
    if (!Number.isInteger(priority) || priority < 1 || priority > 5)
      return error(40007, 'invalid priority parameter')
    if (bytes(title) > 1_024) return error(40057, 'invalid request: title too long')
    if (bytes(tags.join(',')) > 512) return error(40058, 'invalid request: tags too long')
    if (bytes(text) > 4_096) return error(40014, 'invalid request: attachments not allowed')
    const areActionsValid = actions.every(
      ({ action, label, url }: any) => action === 'view' && label && /^https?:/.test(url),
    )
    if (actions.length > 3 || !areActionsValid) return error(40018, 'invalid request: actions invalid')
    const now = Math.floor(Date.now() / 1_000)
    return {
      reply: jsonReply(200, {
        id: 'sPs71M8A2T',
        time: now,
        expires: now + 43_200,
        event: 'message',
        ...message,
      }),
      message: { text: `${title ?? ''}\n${text || 'triggered'}`, payload: message },
    }
  })
}

/** Slack: an incoming webhook, one message a second. Errors are plain words; 429 has Retry-After in seconds. */
export async function startSlack(limits: ServiceLimits = {}): Promise<ReceivingServer<SeenMessage>> {
  const rate = createRateLimit(limits.burst ?? 1, limits.perSecond ?? 1, limits.nowMs)
  const word = (status: number, body: string, headers: Record<string, string> = {}) => ({
    reply: { status, headers: { 'content-type': 'text/plain', ...headers }, body },
  })
  return startReceivingServer(({ method, path, body }) => {
    if (path === '/services/T0/B0/archived') return word(410, 'channel_is_archived')
    if (path !== '/services/T0/B0/XXXX') return word(404, 'no_service')
    const waitS = rate.take()
    if (waitS !== null) return word(429, 'rate_limited', { 'retry-after': String(Math.ceil(waitS)) })
    const message = parse(body)
    if (method !== 'POST' || message === null) return word(400, 'invalid_payload')
    const { text, blocks = [] } = message
    if (!text && blocks.length === 0) return word(400, 'no_text')
    if (blocks.length > 50 || !blocks.every(isSlackBlock)) return word(400, 'invalid_blocks')
    if (String(text).length > 40_000) return word(400, 'msg_too_long')
    const seen = blocks.map((block: any) => block.text?.text ?? '').join('\n')
    return { ...word(200, 'ok'), message: { text: unescapeSlack(seen), payload: message } }
  })
}

function isSlackBlock({ type, text, elements }: any): boolean {
  const isText = (max: number) =>
    typeof text?.text === 'string' && text.text !== '' && text.text.length <= max
  if (type === 'header') return text?.type === 'plain_text' && isText(150)
  if (type === 'section') return isText(3_000)
  if (type !== 'actions' || elements.length > 25) return false
  return elements.every(
    ({ type: kind, text: label, url }: any) =>
      kind === 'button' && label.text.length <= 75 && url.length <= 3_000,
  )
}

/** How Slack shows a text; what looks like a mention would be one. */
function unescapeSlack(text: string): string {
  if (/<[!@#]/.test(text)) throw new Error('a message called people in Slack')
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}

/** Discord: a webhook, 5 messages in 2 s. 429 says the seconds in header and body; `wait=true` returns the message. */
export async function startDiscord(limits: ServiceLimits = {}): Promise<ReceivingServer<SeenMessage>> {
  const rate = createRateLimit(limits.burst ?? 5, limits.perSecond ?? 2.5, limits.nowMs)
  return startReceivingServer(({ method, path, body }) => {
    const [route, query = ''] = path.split('?')
    if (route === '/api/webhooks/1/wrong')
      return { reply: jsonReply(401, { message: 'Invalid Webhook Token', code: 50027 }) }
    if (method !== 'POST' || route !== '/api/webhooks/1/token')
      return { reply: jsonReply(404, { message: 'Unknown Webhook', code: 10015 }) }
    const waitS = rate.take()
    if (waitS !== null)
      return {
        reply: jsonReply(
          429,
          { message: 'You are being rate limited.', retry_after: waitS, global: false },
          { 'retry-after': String(Math.ceil(waitS)) },
        ),
      }
    const message = parse(body)
    const content = message?.content
    const isContent = typeof content === 'string' && content !== '' && Array.from(content).length <= 2_000
    if (!isContent || message.username?.length > 80)
      return { reply: jsonReply(400, { message: 'Invalid Form Body', code: 50035, errors: {} }) }
    const mayMention = message.allowed_mentions?.parse?.length !== 0
    if (mayMention && /(?<!\\)@(everyone|here)|<@/.test(content))
      throw new Error('a message called people in Discord')
    const text = content.replace(/\*\*/g, '').replace(/\\([^\w\s])/g, '$1')
    const reply = query.includes('wait=true')
      ? jsonReply(200, { id: '1', type: 0, content })
      : { status: 204, body: '' }
    return { reply, message: { text, payload: message } }
  })
}

/** A receiver of Alertmanager's webhooks, which answers with nothing. */
export async function startWebhook(limits: ServiceLimits = {}): Promise<ReceivingServer<SeenMessage>> {
  const rate = createRateLimit(limits.burst ?? 1e9, limits.perSecond ?? 1e9, limits.nowMs)
  return startReceivingServer(({ method, headers, body }) => {
    const waitS = rate.take()
    if (waitS !== null) return { reply: { status: 503, headers: { 'retry-after': '1' }, body: 'busy' } }
    if (headers.authorization === 'Bearer wrong') return { reply: { status: 401, body: 'who are you?' } }
    const payload = parse(body)
    if (method !== 'POST' || payload?.version !== '4' || !Array.isArray(payload.alerts))
      return { reply: { status: 400, body: 'not version 4' } }
    const text = payload.alerts.map(({ annotations }: any) => annotations.summary).join('\n')
    return { reply: { status: 200, body: '' }, message: { text, payload } }
  })
}
