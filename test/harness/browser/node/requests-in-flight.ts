import { subscribe } from 'node:diagnostics_channel'

interface RequestOfUndici {
  readonly origin: string | URL
}
interface ReplyOfUndici {
  /** Names and values in turn. */
  readonly headers: readonly Buffer[]
}
interface UndiciMessage {
  readonly request: RequestOfUndici
  readonly response?: ReplyOfUndici
}

const open = new Set<RequestOfUndici>()

const on = (name: string, run: (message: UndiciMessage) => void): void =>
  subscribe(`undici:request:${name}`, (message) => run(message as UndiciMessage))
on('create', ({ request }) => void open.add(request))
on('headers', ({ request, response }) => void (isStream(response) && open.delete(request)))
on('trailers', ({ request }) => void open.delete(request))
on('error', ({ request }) => void open.delete(request))

/** A stream of events begins, and doesn't end. */
const isStream = (response: ReplyOfUndici | undefined): boolean =>
  response?.headers.some((part) => part.toString() === 'text/event-stream') === true

/** How many requests to this address were sent and not answered. */
export function requestsInFlight(url: string): number {
  const { origin } = new URL(url)
  return [...open].filter((request) => String(request.origin) === origin).length
}
