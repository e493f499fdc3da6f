import type { KyInstance } from 'ky'
import type { ProviderErrorKind } from '../../core/pods/provider'
import { parseJson } from '../../core/base/parse-json'
import { fail, ok, type Result } from '../../core/base/result'
import { parseResponse, readBody, redirectHost, type ResponseError } from './response'
import { isWithoutConnection, networkErrorText } from './network-error-text'
import type { Transport } from './transport'

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly url: string
  readonly json?: unknown
  /** Besides those of every request, or in their place; names in lower case. */
  readonly headers?: Readonly<Record<string, string>>
  /** For an API that reports errors with status 200. */
  readonly findFault?: (json: unknown) => ResponseError | null
  /**
   * The error of a response with an error status, by its JSON (`undefined` where it is something else). Null: as
   * for every API.
   */
  readonly readError?: (status: number, json: unknown) => ResponseError | null
  /**
   * A read on which an action depends. No budget of ours holds it back, nor what is kept for other tools: only a pause
   * that the server asked for does.
   */
  readonly isForAction?: boolean
  /** A successful response without a body is accepted, as `undefined`. */
  readonly isBodyOptional?: boolean
}

export interface Identity {
  readonly apiKey: string
  readonly version: string
}

/** The outcome of one request. `status` and `headers` are null when there was no response. */
export interface ExchangeOutcome {
  readonly result: Result<unknown, ResponseError>
  readonly status: number | null
  readonly headers: Headers | null
  /** As it was read; absent where none was read completely. */
  readonly body?: string
  /** There certainly was no connection. */
  readonly isUnsent?: boolean
}

let client: KyInstance | null = null

/**
 * Loaded on demand: it loads Node's fetch, which a start would wait for. Retries, times and errors are ours: see
 * docs/decisions/0042-ky-and-electron-store.md.
 */
async function loadClient(): Promise<KyInstance> {
  const { default: ky } = await import('ky')
  return ky.create({ retry: { limit: 0 }, timeout: false, throwHttpErrors: false, redirect: 'manual' })
}

/**
 * Sends one request and reads the whole response. Ends within `timeoutMs`, or as `unreachable` when `abort`
 * aborts. Never rejects. Nothing is sent when the environment names a proxy that cannot be used.
 */
export async function exchange(
  request: HttpRequest,
  identity: Identity,
  transport: Transport,
  timeoutMs: number,
  abort: AbortSignal | null,
): Promise<ExchangeOutcome> {
  const url = new URL(request.url)
  const { host } = url
  const route = transport.routeTo(url)
  if (!route.ok) {
    const result = fail({ kind: 'unreachable' as const, message: `Nothing was sent: ${route.error}` })
    return { result, status: null, headers: null, isUnsent: true }
  }
  const { proxy } = route.value
  const through = proxy === null ? '' : ` through the proxy ${proxy.name}`
  const controller = new AbortController()
  const abortExchange = () => controller.abort()
  const timer = setTimeout(abortExchange, timeoutMs)
  abort?.addEventListener('abort', abortExchange)
  let response: Response | null = null
  let body: string | undefined
  const toFailure = (kind: ProviderErrorKind, message: string): ExchangeOutcome => ({
    result: fail({ kind, message }),
    status: response?.status ?? null,
    headers: response?.headers ?? null,
  })
  try {
    response = await send(request, identity, (input) => route.value.fetch(input, controller.signal))
    const readOutcome = await readResult(response, host, request, (text) => (body = text))
    const fault = readOutcome.ok ? (request.findFault?.(readOutcome.value) ?? null) : null
    const result = fault === null ? readOutcome : fail(fault)
    return { result, status: response.status, headers: response.headers, body }
  } catch (error) {
    if (abort?.aborted) return toFailure('unreachable', `The request to ${host} was canceled.`)
    if (controller.signal.aborted) {
      return toFailure('unreachable', `${host} did not answer in time${through}.`)
    }
    if (response === null) {
      const failure = toFailure('unreachable', networkErrorText(error, host, proxy))
      return { ...failure, isUnsent: isWithoutConnection(error) }
    }
    return toFailure(
      response.status >= 500 ? 'unreachable' : 'unreadable',
      `The response from ${host}${through} was cut off (HTTP ${response.status}).`,
    )
  } finally {
    clearTimeout(timer)
    abort?.removeEventListener('abort', abortExchange)
  }
}

/** Rejects when there is no response. */
export async function send(
  request: HttpRequest,
  identity: Identity,
  fetchRequest: (request: Request) => Promise<Response>,
): Promise<Response> {
  const { method, url, json } = request
  client ??= await loadClient()
  const headers = new Headers({
    accept: 'application/json',
    'user-agent': `podkeeper/${identity.version}`,
    ...request.headers,
  })
  if (identity.apiKey !== '') headers.set('authorization', `Bearer ${identity.apiKey}`)
  // The signal goes to fetch itself, so that ky makes no combined one for each request.
  const fetchWithSignal: typeof fetch = (input) => fetchRequest(input as Request)
  if (json === undefined) return client(url, { method, headers, fetch: fetchWithSignal })

  const bytes = new TextEncoder().encode(JSON.stringify(json))
  headers.set('content-type', 'application/json')
  headers.set('content-length', String(bytes.byteLength))
  // After a 421, fetch resends a body that it can rebuild. It cannot rebuild a stream.
  const body = new ReadableStream<Uint8Array>({
    start(stream) {
      stream.enqueue(bytes)
      stream.close()
    },
  })
  return client(url, { method, headers, body, fetch: fetchWithSignal })
}

/**
 * Parses the JSON of a response, or returns what is wrong with it. Rejects when the body is cut off. `onBody` gets the
 * text of a body that was read.
 */
export async function readResult(
  response: Response,
  host: string,
  { readError, isBodyOptional }: HttpRequest,
  onBody: (text: string) => void = () => {},
): Promise<Result<unknown, ResponseError>> {
  const target = redirectHost(response)
  if (target !== null) {
    await response.body?.cancel()
    const message = `${host} redirects to ${target}. Podkeeper doesn’t follow redirects with your key.`
    return fail({ kind: 'unreadable', message })
  }
  if (response.status === 204) return ok(undefined)
  const body = await readBody(response)
  if (body === null)
    return fail({ kind: 'unreadable', message: `The response from ${host} is too large (over 16 MB).` })
  onBody(body)
  if (response.ok && isBodyOptional === true && body === '') return ok(undefined)
  const error = response.ok ? null : (readError?.(response.status, parseJson(body)) ?? null)
  return error === null ? parseResponse(response, body, host) : fail(error)
}
