import ky from 'ky'
import type { ProviderErrorKind } from '../../core/pods/provider'
import { fail, ok, type Result } from '../../core/base/result'
import { type Fault, judgeAnswer, readBody, redirectTarget } from './response'
import { networkWords } from './network-error-text'

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly url: string
  readonly json?: unknown
  /** For an API that refuses with a 200. */
  readonly findFault?: (json: unknown) => Fault | null
}

/** What came of one request; `status` and `headers` are null when there was no answer. */
export interface Outcome {
  readonly result: Result<unknown, Fault>
  readonly status: number | null
  readonly headers: Headers | null
}

const client = ky.create({
  retry: { limit: 0 },
  timeout: false,
  throwHttpErrors: false,
  redirect: 'manual',
})

/**
 * Sends one request, once, and reads its answer to the end. Ends within `timeoutMs`, or as `unreachable` when
 * `abort` aborts; never rejects.
 */
export async function exchange(
  request: HttpRequest,
  identity: { readonly apiKey: string; readonly version: string },
  timeoutMs: number,
  abort: AbortSignal | null,
): Promise<Outcome> {
  const { host } = new URL(request.url)
  const controller = new AbortController()
  const stop = () => controller.abort()
  const timer = setTimeout(stop, timeoutMs)
  abort?.addEventListener('abort', stop)
  let response: Response | null = null
  const failed = (kind: ProviderErrorKind, message: string): Outcome => ({
    result: fail({ kind, message }),
    status: response?.status ?? null,
    headers: response?.headers ?? null,
  })
  try {
    response = await send(request, identity, controller.signal)
    const judged = await judge(response, host)
    const fault = judged.ok ? (request.findFault?.(judged.value) ?? null) : null
    const result = fault === null ? judged : fail(fault)
    return { result, status: response.status, headers: response.headers }
  } catch (error) {
    if (abort?.aborted) return failed('unreachable', `The request to ${host} was given up.`)
    if (controller.signal.aborted) {
      return failed('unreachable', `${host} did not answer in time.`)
    }
    if (response === null) return failed('unreachable', networkWords(error, host))
    return failed(
      response.status >= 500 ? 'unreachable' : 'unreadable',
      `The answer of ${host} broke off (HTTP ${response.status}).`,
    )
  } finally {
    clearTimeout(timer)
    abort?.removeEventListener('abort', stop)
  }
}

function send(
  request: HttpRequest,
  identity: { readonly apiKey: string; readonly version: string },
  signal: AbortSignal,
): Promise<Response> {
  const { method, url, json } = request
  const headers = new Headers({ accept: 'application/json', 'user-agent': `podkeeper/${identity.version}` })
  if (identity.apiKey !== '') headers.set('authorization', `Bearer ${identity.apiKey}`)
  // ky joins signals with AbortSignal.any, which Node 18 lacks: the signal goes to fetch directly.
  const fetchUntil: typeof fetch = (input) => fetch(input, { signal })
  if (json === undefined) return client(url, { method, headers, fetch: fetchUntil })

  const bytes = new TextEncoder().encode(JSON.stringify(json))
  headers.set('content-type', 'application/json')
  headers.set('content-length', String(bytes.byteLength))
  // After a 421, fetch by itself sends a body again that it can rebuild. A stream it cannot.
  const body = new ReadableStream<Uint8Array>({
    start(stream) {
      stream.enqueue(bytes)
      stream.close()
    },
  })
  return client(url, { method, headers, body, fetch: fetchUntil })
}

/** The JSON of an answer, or what is wrong with it. Rejects when the body breaks off. */
async function judge(response: Response, host: string): Promise<Result<unknown, Fault>> {
  const target = redirectTarget(response)
  if (target !== null) {
    await response.body?.cancel()
    const message = `${host} redirects to ${target}, which is not followed with the key.`
    return fail({ kind: 'unreadable', message })
  }
  if (response.status === 204) return ok(undefined)
  const body = await readBody(response)
  if (body !== null) return judgeAnswer(response, body, host)
  return fail({ kind: 'unreadable', message: `The answer of ${host} is too long (over 16 MB).` })
}
