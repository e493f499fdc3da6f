import { isObject, parseJson } from '../../core/base/parse-json'
import type { ProviderErrorKind } from '../../core/pods/provider'
import { fail, ok, type Result } from '../../core/base/result'

/** A longer body is not read completely. */
export const MAX_BODY_BYTES = 16 * 1024 * 1024

/** What is wrong with a response. `message` may contain anything that the server sent, including the key. */
export interface ResponseError {
  readonly kind: ProviderErrorKind
  readonly message: string
}

/** The body as text; null if it is too long. Rejects when the connection breaks or is aborted. */
export async function readBody(response: Response): Promise<string | null> {
  if (response.body === null) return ''
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength
    if (bytes > MAX_BODY_BYTES) return null
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

/**
 * The JSON of a successful response, or what is wrong with it. Only JSON counts as a reply from the API:
 * proxies and gateways answer with HTML or plain text, which must not be mistaken for a bad key or a missing
 * pod.
 */
export function parseResponse(
  response: Response,
  body: string,
  host: string,
): Result<unknown, ResponseError> {
  const { status } = response
  const unreadable = (what: string) =>
    fail({ kind: 'unreadable' as const, message: `${host} answered with ${what} (HTTP ${status}).` })

  if (isHtmlPage(response, body)) return unreadable('a web page instead of data')
  const json = parseJson(body)
  if (response.ok) {
    if (json !== undefined) return ok(json)
    return unreadable(body.trim() === '' ? 'nothing' : 'something that is not JSON')
  }
  const kind = kindOfStatus(status)
  const isTemporary = kind === 'unreachable' || kind === 'rate-limited'
  if (!isTemporary && body.trim() !== '' && !isObject(json))
    return unreadable('something that is not the API’s')
  return fail({
    kind,
    message: apiErrorText(json) || `${host} answered ${errorKindText[kind]} (HTTP ${status}).`,
  })
}

/** The host that a redirect points to, for the error text; null if the response is not a redirect. */
export function redirectHost(response: Response): string | null {
  if (response.status < 300 || response.status > 399) return null
  try {
    return new URL(response.headers.get('location') ?? '', response.url).host
  } catch {
    return 'an unknown place'
  }
}

export function kindOfStatus(status: number): ProviderErrorKind {
  switch (status) {
    case 401:
      return 'unauthorized'
    case 402:
      return 'no-balance'
    case 403:
      return 'forbidden'
    case 404:
      return 'not-found'
    // The server says that the request was meant for another server.
    case 421:
      return 'unreadable'
    case 408:
      return 'unreachable'
    case 409:
      return 'conflict'
    case 410:
      return 'gone'
    case 429:
      return 'rate-limited'
    default:
      if (status >= 500) return 'unreachable'
      return status >= 400 ? 'invalid' : 'unreadable'
  }
}

const errorKindText: Record<ProviderErrorKind, string> = {
  unauthorized: 'that it does not accept the key',
  forbidden: 'that the key has no permission for this',
  'not-found': 'that it was not found',
  conflict: 'that this is not possible in the pod’s current state',
  'no-capacity': 'that no GPU is free',
  'rate-limited': 'that there were too many requests',
  'no-balance': 'that the balance is too low for this',
  invalid: 'that it rejected the request',
  gone: 'that this is no longer available',
  unreachable: 'that it cannot do this now',
  unreadable: 'with something unexpected',
}

/**
 * The message of a problem document (RFC 9457, with Runpod's `errors`) or of GraphQL's `errors`; '' if there
 * is none.
 */
export function apiErrorText(json: unknown): string {
  if (!isObject(json)) return ''
  const title = messageText(json['title'])
  const detail = messageText(json['detail']) || messageText(json['message']) || messageText(json['error'])
  const errors = Array.isArray(json['errors']) ? json['errors'].slice(0, 10).map(messageText) : []
  const heading = [title, detail].filter((text) => text !== '')
  return [...new Set([[...new Set(heading)].join(': '), ...errors])].filter((text) => text !== '').join('; ')
}

function messageText(value: unknown): string {
  if (isObject(value)) return messageText(value['message'])
  return typeof value === 'string' ? value.trim() : ''
}

function isHtmlPage(response: Response, body: string): boolean {
  const type = response.headers.get('content-type') ?? ''
  return /^\s*(text\/html|application\/xhtml)/i.test(type) || /^\s*</.test(body)
}
