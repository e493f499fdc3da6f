import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** How the server handles one request. */
export type ScriptedReply =
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly headers: Record<string, string>
      readonly body: string
    }
  /** Never replies. */
  | { readonly kind: 'hang' }
  /** Closes the connection before a reply. */
  | { readonly kind: 'reset' }
  /** Announces a whole body, sends half of it and closes the connection. */
  | { readonly kind: 'half'; readonly status: number; readonly body: string }
  /** Sends the headers and half of the body, then nothing. */
  | { readonly kind: 'stall'; readonly body: string }
  /** Sends one byte of the body at a time. */
  | { readonly kind: 'drip'; readonly body: string; readonly everyMs: number }
  /** Sends `chunk` until the client disconnects. */
  | { readonly kind: 'endless'; readonly chunk: string }

export interface ReceivedRequest {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A real server on 127.0.0.1 with scripted replies that records its requests. */
export interface TestServer {
  readonly origin: string
  readonly requests: readonly ReceivedRequest[]
  /** Bytes of bodies that were sent. */
  readonly sentBytes: () => number
  /** Sets the replies from now on: these in order, repeating the last one, or what the function returns. */
  reply(...replies: readonly ScriptedReply[]): void
  replyWith(choose: (request: ReceivedRequest) => ScriptedReply): void
  /** Resolves once `count` requests have arrived in total. */
  received(count: number): Promise<void>
  close(): Promise<void>
}

interface ReplyOptions {
  readonly status?: number
  readonly headers?: Record<string, string>
}

export function json(value: unknown, { status = 200, headers = {} }: ReplyOptions = {}): ScriptedReply {
  const type = status < 400 ? 'application/json' : 'application/problem+json'
  return {
    kind: 'answer',
    status,
    headers: { 'content-type': type, ...headers },
    body: JSON.stringify(value),
  }
}

export function problem(status: number, detail: string, headers: Record<string, string> = {}): ScriptedReply {
  return json({ title: 'Problem', status, detail }, { status, headers })
}

export function text(body: string, { status = 200, headers = {} }: ReplyOptions = {}): ScriptedReply {
  return { kind: 'answer', status, headers, body }
}

export async function startHttpServer(...replies: readonly ScriptedReply[]): Promise<TestServer> {
  const requests: ReceivedRequest[] = []
  const waiting: { count: number; resolve: () => void }[] = []
  let sentBytes = 0
  let choose: (request: ReceivedRequest) => ScriptedReply = inOrder(replies)

  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const request = {
        method: incoming.method ?? '',
        path: incoming.url ?? '',
        headers: incoming.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      }
      requests.push(request)
      const reply = choose(request)
      if (reply.kind === 'answer') sentBytes += Buffer.byteLength(reply.body)
      perform(reply, response, (bytes) => (sentBytes += bytes))
      for (const { count, resolve } of waiting) if (requests.length >= count) resolve()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  return {
    origin: `http://127.0.0.1:${port}`,
    requests,
    sentBytes: () => sentBytes,
    reply: (...next) => (choose = inOrder(next)),
    replyWith: (next) => (choose = next),
    received: (count) =>
      new Promise((resolve) => {
        if (requests.length >= count) resolve()
        else waiting.push({ count, resolve })
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function inOrder(replies: readonly ScriptedReply[]): () => ScriptedReply {
  const queue = [...replies]
  return () => {
    const reply = queue.length > 1 ? queue.shift() : queue[0]
    return reply ?? text('no reply was set', { status: 599 })
  }
}

function perform(reply: ScriptedReply, response: ServerResponse, count: (bytes: number) => void): void {
  switch (reply.kind) {
    case 'answer':
      response.writeHead(reply.status, reply.headers).end(reply.body)
      return
    case 'hang':
      return
    case 'reset':
      response.socket?.destroy()
      return
    case 'half':
      writeJsonHead(response, reply.status, reply.body)
      response.write(half(reply.body), () => response.socket?.destroy())
      return
    case 'stall':
      writeJsonHead(response, 200, reply.body)
      response.write(half(reply.body))
      return
    case 'drip':
      writeJsonHead(response, 200, reply.body)
      drip(response, reply.body, reply.everyMs)
      return
    case 'endless':
      response.writeHead(200, { 'content-type': 'application/json' })
      writeForever(response, reply.chunk, count)
  }
}

function writeJsonHead(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
  })
}

function half(body: string): string {
  return body.slice(0, Math.floor(body.length / 2))
}

function drip(response: ServerResponse, body: string, everyMs: number): void {
  const [first, ...rest] = body
  if (first === undefined || response.destroyed) {
    response.end()
    return
  }
  response.write(first)
  setTimeout(() => drip(response, rest.join(''), everyMs), everyMs)
}

function writeForever(response: ServerResponse, chunk: string, count: (bytes: number) => void): void {
  if (response.destroyed) return
  count(Buffer.byteLength(chunk))
  response.write(chunk, (error) => {
    if (!error) writeForever(response, chunk, count)
  })
}
