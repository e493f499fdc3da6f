import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** How a service answers one request. */
export interface ServiceReply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
}

export interface ServiceRequest {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** What goes wrong with a request. `drop-reply`: it is carried out, and its reply is lost. */
export type ServiceFault =
  | { readonly kind: 'reply'; readonly reply: ServiceReply }
  | { readonly kind: 'reset' | 'drop-reply' }

/** A service on this computer that keeps what it accepted. */
export interface ReceivingServer<Message> {
  readonly origin: string
  /** What people see: every message that was accepted, in order. */
  readonly received: Message[]
  /** How many requests arrived, refused ones included. */
  requestCount(): number
  /** Sets what goes wrong with the requests from now on; null: nothing. */
  fail(fault: ((body: string) => ServiceFault | null) | null): void
  close(): Promise<void>
}

/** `answer` carries out a request: it returns the reply, and the message if it is accepted. */
export async function startReceivingServer<Message>(
  answer: (request: ServiceRequest) => { readonly reply: ServiceReply; readonly message?: Message },
): Promise<ReceivingServer<Message>> {
  const received: Message[] = []
  let requestCount = 0
  let faultOf: ((body: string) => ServiceFault | null) | null = null
  const server = createServer((incoming, response) => {
    void readAll(incoming).then((body) => {
      requestCount += 1
      const fault = faultOf?.(body) ?? null
      if (fault?.kind === 'reset') return response.socket?.destroy()
      if (fault?.kind === 'reply') return send(fault.reply)
      const { method = '', url = '', headers } = incoming
      const { reply, message } = answer({ method, path: url, headers, body })
      if (message !== undefined) received.push(message)
      return fault?.kind === 'drop-reply' ? response.socket?.destroy() : send(reply)
    })
    const send = ({ status, headers = {}, body }: ServiceReply): void =>
      void response.writeHead(status, headers).end(body)
  })
  await listen(server)
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    requestCount: () => requestCount,
    fail: (fault) => (faultOf = fault),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const listen = (server: Server): Promise<void> =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))

async function readAll(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

export const jsonReply = (
  status: number,
  value: unknown,
  headers: Record<string, string> = {},
): ServiceReply => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(value),
})

/** A bucket of requests that fills up by `perSecond`. */
export function createRateLimit(burst: number, perSecond: number, nowMs: () => number = Date.now) {
  let left = burst
  let atMs = nowMs()
  return {
    /** Null: taken. Otherwise how long until the next, seconds. */
    take(): number | null {
      const now = nowMs()
      left = Math.min(burst, left + ((now - atMs) / 1_000) * perSecond)
      atMs = now
      if (left < 1) return (1 - left) / perSecond
      left -= 1
      return null
    },
  }
}
