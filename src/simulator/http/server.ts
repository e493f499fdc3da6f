import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { errorText } from '../../core/base/text/error-text'
import { isLoopback } from '../../core/base/loopback'
import { type EventStream, problem, type Reply, type Sink, withHeaders } from './reply'

/** A fully received request. */
export interface IncomingRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly authorization: string | null
  readonly userAgent: string | null
  readonly contentType: string
  readonly lastEventId: string | null
  readonly body: string
}

/** What to send. */
export type ReplyDelivery =
  | { readonly kind: 'reply'; readonly reply: Reply | EventStream; readonly delayMs?: number }
  /** Sends half of the body and then destroys the connection. */
  | { readonly kind: 'half'; readonly reply: Reply | EventStream }
  | { readonly kind: 'reset' }
  | { readonly kind: 'hang' }

const BODY_LIMIT_BYTES = 1 << 20

/** Serves `handle` on loopback; `port` 0 picks a free one. */
export async function listen(
  port: number,
  handle: (incoming: IncomingRequest) => ReplyDelivery,
): Promise<Server> {
  let requestCount = 0
  const handleSafely = (incoming: IncomingRequest): ReplyDelivery => {
    try {
      return handle(incoming)
    } catch (error) {
      return { kind: 'reply', reply: problem(500, errorText(error)) }
    }
  }
  const server = createServer((request, response) => {
    read(request)
      .then((body) => {
        if (body === null) return request.destroy()
        if (isFromPage(request))
          return deliver(request, response, 'sim-refused', {
            kind: 'reply',
            reply: problem(403, NOT_FOR_PAGES),
          })
        requestCount += 1
        const requestId = `sim-${String(requestCount).padStart(6, '0')}`
        return deliver(request, response, requestId, handleSafely(toIncomingRequest(request, body)))
      })
      // The reply cannot be sent, for example because a fault has a line break in a header.
      .catch(() => request.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return server
}

const NOT_FOR_PAGES = 'The simulator answers programs of this computer, and no web page.'

/**
 * Whether a web page in a browser sent this: across origins browsers name the page, and a host name that was made to
 * lead here is not this computer's.
 */
function isFromPage({ headers }: IncomingMessage): boolean {
  const { origin, host = '' } = headers
  return origin !== undefined || !isLoopback(host.replace(/:\d+$/, ''))
}

function toIncomingRequest(request: IncomingMessage, body: string): IncomingRequest {
  const [path = '/', query = ''] = (request.url ?? '/').split('?', 2)
  return {
    method: request.method ?? 'GET',
    path,
    query: new URLSearchParams(query),
    authorization: request.headers.authorization ?? null,
    userAgent: request.headers['user-agent'] ?? null,
    contentType: request.headers['content-type'] ?? '',
    lastEventId: header(request.headers['last-event-id']),
    body,
  }
}

const header = (value: string | string[] | undefined): string | null =>
  typeof value === 'string' ? value : (value?.[0] ?? null)

/** The body as text; null if it is too large or the connection broke. */
async function read(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of request) {
      bytes += (chunk as Buffer).length
      if (bytes > BODY_LIMIT_BYTES) return null
      chunks.push(chunk as Buffer)
    }
  } catch {
    return null
  }
  return Buffer.concat(chunks).toString()
}

function deliver(
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
  delivery: ReplyDelivery,
): void {
  if (delivery.kind === 'hang') return
  if (delivery.kind === 'reset') {
    request.socket.resetAndDestroy()
    return
  }
  const reply = withHeaders(delivery.reply, { 'x-request-id': requestId })
  if (delivery.kind === 'half') {
    sendHalf(request, response, reply)
    return
  }
  if (!delivery.delayMs) {
    send(response, reply)
    return
  }
  const timer = setTimeout(() => send(response, reply), delivery.delayMs)
  response.once('close', () => clearTimeout(timer))
}

function sendHalf(request: IncomingMessage, response: ServerResponse, reply: Reply | EventStream): void {
  if (!('body' in reply) || reply.body === null) {
    request.socket.resetAndDestroy()
    return
  }
  const body = Buffer.from(reply.body)
  response.writeHead(reply.status, { ...reply.headers, 'content-length': body.length })
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => request.socket.destroy())
}

function send(response: ServerResponse, reply: Reply | EventStream): void {
  response.writeHead(reply.status, reply.headers)
  if ('body' in reply) {
    response.end(reply.body ?? undefined)
    return
  }
  response.flushHeaders()
  const stop = reply.open(sinkOf(response))
  response.once('close', stop)
}

const sinkOf = (response: ServerResponse): Sink => ({
  write: (text) => !response.writableEnded && response.write(text),
  onceDrained: (listener) => void response.once('drain', listener),
  end: () => void response.end(),
  destroy: () => void setImmediate(() => response.socket?.destroy()),
})
