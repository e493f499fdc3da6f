import type { ProviderError } from '../../core/pods/provider'
import { isObject } from '../../core/base/parse-json'
import type { Result } from '../../core/base/result'
import { apiErrorText, type ResponseError } from '../http/response'

/*
 * Hubify answers errors as `{error: {code, message, status}}`; `{error: "…"}`, `{message}` and problem documents
 * (RFC 9457) are understood too. Where a route doesn't exist, what answers is not the API but what stands before it.
 */

/** Whether a 404 is about a pod or a lab, and not about the address. */
function isAboutThing(json: unknown): boolean {
  if (!isObject(json)) return false
  const { error } = json
  if (isObject(error)) return typeof error['code'] === 'string' || typeof error['message'] === 'string'
  // Routers of web frameworks answer in these shapes as well, and then name the path.
  const text = apiErrorText(json)
  return /\b(pod|lab)\b/i.test(text) && !text.includes('/')
}

/** For routes that are documented as shipped: a 404 that is not about a pod or a lab says nothing. */
export function readShippedRouteError(status: number, json: unknown): ResponseError | null {
  if (status !== 404 || isAboutThing(json)) return null
  return { kind: 'unreadable', message: 'Hubify answered that it does not know this address (HTTP 404).' }
}

/** For routes that are announced: `gone` where the server does not know the route. Nothing was done then. */
export function readAnnouncedRouteError(status: number, json: unknown): ResponseError | null {
  const isUnknown = status === 405 || status === 501 || (status === 404 && !isAboutThing(json))
  if (!isUnknown) return null
  return { kind: 'gone', message: `Hubify’s API does not offer this yet (HTTP ${status}).` }
}

/** An error in a reply with a successful status. Its words are left out, and what was done is not known. */
export function findErrorInReply(json: unknown): ResponseError | null {
  if (!isObject(json) || (!json['error'] && json['success'] !== false)) return null
  return { kind: 'unreadable', message: 'Hubify answered with an error and a successful status.' }
}

/** What a key needs for a request, in both ways that Hubify's documents spell it. */
export interface Scope {
  /** "pods:write"; null where the documents name none. */
  readonly name: string | null
  readonly lab: 'r' | 'rw' | null
}

/** Adds to a 403 the scope that the key lacks. */
export function withScope<T>(
  result: Result<T, ProviderError>,
  { name, lab }: Scope,
  slug: string,
): Result<T, ProviderError> {
  if (result.ok || result.error.kind !== 'forbidden') return result
  const names = [name, lab === null ? null : `lab:${slug === '' ? '<slug>' : slug}:${lab}`]
  const scope = names.filter((each) => each !== null).join(' or ')
  return { ok: false, error: { ...result.error, message: `${result.error.message} The key needs ${scope}.` } }
}
