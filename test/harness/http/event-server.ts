import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

interface EventServer {
  readonly origin: string
  readonly requests: readonly IncomingMessage[]
}

/** A real server on 127.0.0.1 that handles each request by the next handler; the last one is repeated. */
export async function startEventServer(
  ...handlers: readonly ((response: ServerResponse, request: IncomingMessage) => void)[]
): Promise<EventServer> {
  const requests: IncomingMessage[] = []
  const server = createServer((request, response) => {
    const handle = handlers[Math.min(requests.length, handlers.length - 1)]
    requests.push(request)
    handle?.(response, request)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  )
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests }
}

/** Begins an event stream. */
export function openStream(response: ServerResponse, headers: Record<string, string> = {}): ServerResponse {
  response.writeHead(200, { 'content-type': 'text/event-stream', ...headers })
  response.flushHeaders()
  return response
}

export const eventText = (id: string, line: string, source = 'container', ts = id): string =>
  `id: ${id}\ndata: ${JSON.stringify({ source, line, ts })}\n\n`
