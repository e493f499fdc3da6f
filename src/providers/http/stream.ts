import type { LogStreamEnd } from '../../core/pods/pod-logs'
import { fail, ok, type Result } from '../../core/base/result'
import { MINUTE_MS } from '../../core/base/time/time'
import { type ExchangeOutcome, type HttpRequest, type Identity, readResult, send } from './exchange'
import { isWithoutConnection, networkErrorText } from './network-error-text'
import type { ResponseError } from './response'
import type { Transport } from './transport'

export interface StreamLimits {
  /** Time limit for the headers, ms. */
  readonly headersMs: number
  /** A stream without an event for so long counts as dead. Comments that keep the connection alive are no events. */
  readonly silenceMs: number
  readonly maxBytes: number
}

export const defaultStreamLimits: StreamLimits = {
  headersMs: 15_000,
  silenceMs: MINUTE_MS,
  maxBytes: 256 * 1024 * 1024,
}

export interface StreamHandlers {
  readonly onHeaders: (outcome: Pick<ExchangeOutcome, 'status' | 'headers'>) => void
  readonly onBytes: (bytes: Uint8Array) => TakenBytes
}

export interface TakenBytes {
  /** Whether they completed an event. */
  readonly hasEvent: boolean
  /** Nothing more is read until it resolves. */
  readonly taken?: void | Promise<void>
}

export interface StreamOutcome extends Pick<ExchangeOutcome, 'status' | 'headers' | 'body' | 'isUnsent'> {
  readonly result: Result<LogStreamEnd, ResponseError>
}

/**
 * Sends one request and passes on the bytes of its event stream. Any other response is an error. Ends as `closed` when
 * `abort` aborts, and as `cut` when a handler throws. Never rejects.
 */
export async function streamExchange(
  request: HttpRequest,
  identity: Identity,
  transport: Transport,
  limits: StreamLimits,
  abort: AbortSignal,
  handlers: StreamHandlers,
): Promise<StreamOutcome> {
  const url = new URL(request.url)
  const route = transport.routeTo(url)
  if (!route.ok) {
    const message = `Nothing was sent: ${route.error}`
    return { ...refused({ kind: 'unreachable', message }), isUnsent: true }
  }
  const { proxy } = route.value
  const controller = new AbortController()
  const abortExchange = (): void => controller.abort()
  let timer: ReturnType<typeof setTimeout> | undefined
  /** Null: no matter when. */
  const expectWithin = (ms: number | null): void => {
    clearTimeout(timer)
    if (ms !== null) timer = setTimeout(abortExchange, ms)
  }
  expectWithin(limits.headersMs)
  abort.addEventListener('abort', abortExchange)
  let response: Response | null = null
  let isOpen = false
  try {
    if (abort.aborted) return { result: ok('closed'), status: null, headers: null }
    response = await send(request, identity, (input) => route.value.fetch(input, controller.signal))
    const { status, headers } = response
    if (!isEventStream(response)) {
      let body: string | undefined
      const read = await readResult(response, url.host, request, (text) => (body = text))
      const message = `${url.host} answered with something that is not a log (HTTP ${status}).`
      const result = read.ok ? fail({ kind: 'unreadable' as const, message }) : read
      return { result, status, headers, body }
    }
    isOpen = true
    handlers.onHeaders({ status, headers })
    expectWithin(limits.silenceMs)
    const end = await pass(response, limits, handlers, expectWithin)
    return { result: ok(abort.aborted ? 'closed' : end), status, headers }
  } catch (error) {
    if (abort.aborted) return { result: ok('closed'), status: null, headers: null }
    if (isOpen)
      return { result: ok(controller.signal.aborted ? 'silent' : 'cut'), status: 200, headers: null }
    const through = proxy === null ? '' : ` through the proxy ${proxy.name}`
    const message = controller.signal.aborted
      ? `${url.host} did not answer in time${through}.`
      : networkErrorText(error, url.host, proxy)
    const isUnsent = response === null && isWithoutConnection(error)
    return { ...refused({ kind: 'unreachable', message }, response), isUnsent }
  } finally {
    clearTimeout(timer)
    abort.removeEventListener('abort', abortExchange)
    controller.abort()
  }
}

const refused = (error: ResponseError, response: Response | null = null): StreamOutcome => ({
  result: fail(error),
  status: response?.status ?? null,
  headers: response?.headers ?? null,
})

const isEventStream = ({ status, headers, body }: Response): boolean =>
  status === 200 && body !== null && /^text\/event-stream\b/i.test(headers.get('content-type') ?? '')

async function pass(
  response: Response,
  { silenceMs, maxBytes }: StreamLimits,
  { onBytes }: StreamHandlers,
  expectWithin: (ms: number | null) => void,
): Promise<LogStreamEnd> {
  let bytes = 0
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength
    const { hasEvent, taken } = onBytes(chunk)
    if (hasEvent) {
      // The wait for the reader of the lines doesn't count.
      expectWithin(null)
      await taken
      expectWithin(silenceMs)
    }
    if (bytes >= maxBytes) return 'full'
  }
  return 'ended'
}
