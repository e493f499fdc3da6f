import type { PageMeta } from '../../core/pods-api/api-types'
import type { HubifyBehavior } from '../control/hubify-behavior'
import { json, page, problem, type Reply } from '../http/reply'

const codes: Readonly<Record<number, string>> = {
  400: 'bad_request',
  401: 'unauthorized',
  402: 'payment_required',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  410: 'gone',
  429: 'rate_limited',
}

/** An error of the API. Source for the envelope: Hubify documentation, "API overview", read 2026-11-24. */
export function errorReply(
  { errors }: HubifyBehavior,
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  const code = codes[status] ?? 'internal_error'
  switch (errors) {
    case 'problem':
      return problem(status, message, { headers })
    case 'envelope':
      return withMore(json({ error: { code, message, status } }, status), headers)
    case 'text':
      return withMore(json({ error: message }, status), headers)
    case 'message':
      return withMore(json({ message }, status), headers)
  }
}

const withMore = (reply: Reply, headers: Readonly<Record<string, string>>): Reply => ({
  ...reply,
  headers: { ...reply.headers, ...headers },
})

/** Answers a request for a route that doesn't exist, which does not get as far as the API. */
export function unknownRoute({ unknownRoutes }: HubifyBehavior, otherMethods: readonly string[]): Reply {
  if (unknownRoutes === 'method-not-allowed' && otherMethods.length > 0) {
    return { status: 405, headers: { Allow: otherMethods.join(', ') }, body: '' }
  }
  return unknownRoutes === 'empty'
    ? { status: 404, headers: {}, body: '' }
    : page(404, '404: This page could not be found.')
}

export interface ReplyMeta {
  readonly request_id: string
  /** ISO 8601. */
  readonly timestamp: string
}

/** One object: `name` is its name where the form has one. */
export function objectReply(
  behavior: HubifyBehavior,
  name: string,
  value: unknown,
  meta: ReplyMeta,
  status = 200,
): Reply {
  return json(inForm(behavior, name, value, meta), status)
}

/** A page of a list. The forms without `meta` have no pages; see `hasPages`. */
export function listReply(
  behavior: HubifyBehavior,
  name: string,
  items: readonly unknown[],
  meta: ReplyMeta & PageMeta,
): Reply {
  return json(inForm(behavior, name, items, meta))
}

export const hasPages = ({ lists }: HubifyBehavior): boolean => lists === 'data' || lists === 'data.name'

function inForm(behavior: HubifyBehavior, name: string, value: unknown, meta: ReplyMeta): unknown {
  const named = inNames(behavior, value)
  switch (behavior.lists) {
    case 'data':
      return { data: named, meta }
    case 'data.name':
      return { data: { [name]: named }, meta }
    case 'name':
      return { [name]: named }
    case 'bare':
      return named
  }
}

/** A body that has a form of its own. */
export function plainReply(behavior: HubifyBehavior, value: unknown): Reply {
  return json(inNames(behavior, value))
}

function inNames({ names }: HubifyBehavior, value: unknown): unknown {
  return names === 'documented' ? value : snakeCased(value)
}

/** As labs are: `_id` is `id`, and a time in ms is ISO 8601. */
function snakeCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeCased)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name === '_id' ? 'id' : name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      name.endsWith('At') && typeof each === 'number' ? new Date(each).toISOString() : snakeCased(each),
    ]),
  )
}
