import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request and its reply, as sent over the wire. */
export interface Exchange {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly requestType: string
  readonly requestBody: string
  readonly hasKey: boolean
  readonly status: number
  readonly replyHeaders: Headers
  /** For a stream: what was received with its beginning. */
  readonly replyBody: string
}

export interface RecordingProxy {
  readonly url: string
  /** Oldest first. */
  readonly exchanges: readonly Exchange[]
  close(): Promise<void>
}

/** Forwards everything to `target` and records the exchanges. */
export async function startRecordingProxy(target: string): Promise<RecordingProxy> {
  const exchanges: Exchange[] = []
  const server = createServer((request, response) => {
    exchangeWith(target, request)
      .then((exchange) => {
        exchanges.push(exchange)
        answer(response, exchange)
      })
      .catch(() => request.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    exchanges,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()))
        server.closeAllConnections()
      }),
  }
}

async function exchangeWith(target: string, request: IncomingMessage): Promise<Exchange> {
  const requestBody = await bodyOf(request)
  const { method = 'GET', url = '/' } = request
  const [path = '/', query = ''] = url.split('?', 2)
  const { authorization, 'content-type': requestType = '', 'user-agent': userAgent = '' } = request.headers
  const abortReply = new AbortController()
  const reply = await fetch(target + url, {
    method,
    redirect: 'manual',
    signal: abortReply.signal,
    headers: {
      ...(authorization !== undefined && { authorization }),
      ...(requestType !== '' && { 'content-type': requestType }),
      'user-agent': userAgent,
    },
    ...(requestBody !== '' && { body: requestBody }),
  })
  const replyBody = await readStart(reply)
  abortReply.abort()
  const hasKey = /^Bearer \S+$/.test(authorization ?? '')
  const sent = { method, path, query: new URLSearchParams(query), requestType, requestBody, hasKey }
  return { ...sent, status: reply.status, replyHeaders: reply.headers, replyBody }
}

function answer(response: ServerResponse, { status, replyHeaders, replyBody }: Exchange): void {
  const hopByHopHeaders = ['connection', 'content-length', 'transfer-encoding']
  const kept = [...replyHeaders].filter(([name]) => !hopByHopHeaders.includes(name))
  response.writeHead(status, Object.fromEntries(kept)).end(replyBody)
}

/** The whole body; for an event stream, which doesn't end, the first chunk. */
async function readStart(reply: Response): Promise<string> {
  if (!reply.headers.get('content-type')?.startsWith('text/event-stream')) return reply.text()
  const reader = reply.body?.getReader()
  const { value } = (await reader?.read()) ?? {}
  return new TextDecoder().decode(value)
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}
