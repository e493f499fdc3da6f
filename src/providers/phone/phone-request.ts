import { fail, ok, type Result } from '../../core/base/result'
import { networkErrorText } from '../http/network-error-text'
import type { ProxyEnvironment } from '../http/proxy'
import { redirectHost } from '../http/response'
import { createTransport } from '../http/transport'

export interface PhoneRequestOptions {
  /** Podkeeper's version, for `User-Agent`. */
  readonly version: string
  readonly proxyEnvironment: ProxyEnvironment
}

export interface PhoneReply {
  readonly status: number
  readonly headers: Headers
  readonly body: string
}

export interface PhoneRequest {
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly timeoutMs: number
  readonly signal?: AbortSignal
  /** Whether what arrived so far is enough. Absent: all of it is read. */
  readonly isEnough?: (body: string) => boolean
  /** How long more is waited for once it is enough, ms. */
  readonly settleMs?: number
}

/** Sends one request and reads its reply. Never rejects; errors are sentences with the host at most. */
export type SendPhoneRequest = (request: PhoneRequest) => Promise<Result<PhoneReply, string>>

/** A hundred updates, each with a message of the largest size. */
const MAX_REPLY_BYTES = 2 * 1_024 * 1_024

export function createPhoneRequests({ version, proxyEnvironment }: PhoneRequestOptions): SendPhoneRequest {
  const transport = createTransport(proxyEnvironment)
  return async (request) => {
    const url = new URL(request.url)
    const route = transport.routeTo(url)
    if (!route.ok) return route
    const timeout = AbortSignal.timeout(request.timeoutMs)
    const signal = eitherSignal(timeout, request.signal)
    const sent = new Request(url, {
      method: request.method,
      redirect: 'manual',
      headers: { accept: 'application/json', 'user-agent': `podkeeper/${version}`, ...request.headers },
      ...(request.body !== undefined && { body: request.body }),
    })
    try {
      const response = await route.value.fetch(sent, signal)
      if (redirectHost(response) !== null)
        return fail(`${url.host} redirects elsewhere. Podkeeper doesn’t follow it.`)
      const { status, headers } = response
      return ok({ status, headers, body: await readBody(response, request, timeout) })
    } catch (error) {
      return fail(
        timeout.aborted
          ? `${url.host} did not answer in time.`
          : networkErrorText(error, url.host, route.value.proxy),
      )
    }
  }
}

/** `AbortSignal.any` is newer than the Node of the test runtime. */
function eitherSignal(first: AbortSignal, second: AbortSignal | undefined): AbortSignal {
  if (second === undefined) return first
  const both = new AbortController()
  for (const signal of [first, second]) {
    if (signal.aborted) both.abort()
    signal.addEventListener('abort', () => both.abort(), { once: true })
  }
  return both.signal
}

/** A stream that stays open ends with the time limit, and what it brought counts. */
async function readBody(
  response: Response,
  { isEnough, settleMs = 0 }: PhoneRequest,
  timeout: AbortSignal,
): Promise<string> {
  if (response.body === null) return ''
  const reader = response.body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  try {
    for (;;) {
      const hasEnough = response.ok && isEnough?.(text) === true
      const next = await (hasEnough ? within(reader.read(), settleMs) : reader.read())
      if (next === null || next.done) return text
      bytes += next.value.byteLength
      if (bytes > MAX_REPLY_BYTES) return text
      text += decoder.decode(next.value, { stream: true })
    }
  } catch (error) {
    if (timeout.aborted && isEnough !== undefined) return text
    throw error
  } finally {
    void reader.cancel().catch(() => {})
  }
}

const within = <T>(promise: Promise<T>, ms: number): Promise<T | null> =>
  Promise.race([
    promise.catch(() => null),
    new Promise<null>((resolve) => {
      setTimeout(resolve, ms, null)
    }),
  ])
