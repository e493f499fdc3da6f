import { subscribe } from 'node:diagnostics_channel'

/** After this long, a reply that began but doesn't end is a stream. */
const STREAM_MS = 200

interface RequestOfUndici {
  readonly origin: string | URL
}

/** When the reply to each request began, ms; null: it did not. */
const open = new Map<RequestOfUndici, number | null>()

const on = (name: string, run: (request: RequestOfUndici) => void): void =>
  subscribe(`undici:request:${name}`, (message) => run((message as { request: RequestOfUndici }).request))
on('create', (request) => void open.set(request, null))
on('headers', (request) => void open.set(request, performance.now()))
on('trailers', (request) => void open.delete(request))
on('error', (request) => void open.delete(request))

/** How many requests to this address were sent and not answered. */
export function requestsInFlight(url: string): number {
  const { origin } = new URL(url)
  const nowMs = performance.now()
  return [...open].filter(
    ([request, sinceMs]) =>
      String(request.origin) === origin && (sinceMs === null || nowMs - sinceMs < STREAM_MS),
  ).length
}
