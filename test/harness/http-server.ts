import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the server does with one request. */
export type Reply =
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly headers: Record<string, string>
      readonly body: string
    }
  /** Never says a word. */
  | { readonly kind: 'hang' }
  /** Hangs up before an answer. */
  | { readonly kind: 'reset' }
  /** Announces a whole body, sends half of it and hangs up. */
  | { readonly kind: 'half'; readonly status: number; readonly body: string }
  /** Sends the headers and half of the body, then nothing. */
  | { readonly kind: 'stall'; readonly body: string }
  /** One byte of the body at a time. */
  | { readonly kind: 'drip'; readonly body: string; readonly everyMs: number }
  /** Sends `chunk` until the client leaves. */
  | { readonly kind: 'endless'; readonly chunk: string }

export interface RecordedRequest {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A real server on 127.0.0.1 that answers as told and remembers what it was asked. */
export interface TestServer {
  readonly origin: string
  readonly requests: readonly RecordedRequest[]
  /** Bytes of bodies that went out. */
  readonly sentBytes: () => number
  /** From now on: these in order, the last one again and again; or what the function says. */
  reply(...replies: readonly Reply[]): void
  replyWith(choose: (request: RecordedRequest) => Reply): void
  /** Resolves once `count` requests have come in all. */
  received(count: number): Promise<void>
  close(): Promise<void>
}

interface AnswerOptions {
  readonly status?: number
  readonly headers?: Record<string, string>
}

export function json(value: unknown, { status = 200, headers = {} }: AnswerOptions = {}): Reply {
  const type = status < 400 ? 'application/json' : 'application/problem+json'
  return {
    kind: 'answer',
    status,
    headers: { 'content-type': type, ...headers },
    body: JSON.stringify(value),
  }
}

export function problem(status: number, detail: string, headers: Record<string, string> = {}): Reply {
  return json({ title: 'Problem', status, detail }, { status, headers })
}

export function text(body: string, { status = 200, headers = {} }: AnswerOptions = {}): Reply {
  return { kind: 'answer', status, headers, body }
}

export async function startHttpServer(...replies: readonly Reply[]): Promise<TestServer> {
  const requests: RecordedRequest[] = []
  const waiting: { count: number; resolve: () => void }[] = []
  let sentBytes = 0
  let choose: (request: RecordedRequest) => Reply = inOrder(replies)

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

function inOrder(replies: readonly Reply[]): () => Reply {
  const queue = [...replies]
  return () => {
    const reply = queue.length > 1 ? queue.shift() : queue[0]
    return reply ?? text('no reply was set', { status: 599 })
  }
}

function perform(reply: Reply, response: ServerResponse, count: (bytes: number) => void): void {
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
      announce(response, reply.status, reply.body)
      response.write(half(reply.body), () => response.socket?.destroy())
      return
    case 'stall':
      announce(response, 200, reply.body)
      response.write(half(reply.body))
      return
    case 'drip':
      announce(response, 200, reply.body)
      drip(response, reply.body, reply.everyMs)
      return
    case 'endless':
      response.writeHead(200, { 'content-type': 'application/json' })
      pour(response, reply.chunk, count)
  }
}

function announce(response: ServerResponse, status: number, body: string): void {
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

function pour(response: ServerResponse, chunk: string, count: (bytes: number) => void): void {
  if (response.destroyed) return
  count(Buffer.byteLength(chunk))
  response.write(chunk, (error) => {
    if (!error) pour(response, chunk, count)
  })
}
