import * as v from 'valibot'
import { fail, ok, type Result } from '../base/result'
import {
  type ApiCall,
  type ApiLab,
  type ApiReply,
  errorReply,
  type MaybePromise,
  type ApiListItem,
  type ApiQuery,
  type PageMeta,
} from './api-types'

const DEFAULT_PAGE_LIMIT = 20
const MAX_PAGE_LIMIT = 100

/** One page of a list, or why the query is refused. */
type ListPage = { readonly items: readonly unknown[]; readonly meta: PageMeta } | { readonly problem: string }

/** A cursor names the last item of the page before. `hasPages` false: all of them are one page. */
export function pageOf(items: readonly ApiListItem[], query: ApiQuery, hasPages: boolean): ListPage {
  const limit = query.has('limit') ? Number(query.get('limit')) : DEFAULT_PAGE_LIMIT
  if (!Number.isInteger(limit) || limit < 1) return { problem: 'limit must be a whole number from 1 on' }
  const cursor = query.get('cursor')
  const last = cursor === null ? -1 : items.findIndex(({ id }) => toCursor(id) === cursor)
  if (cursor !== null && last < 0) return { problem: 'cursor is not valid' }
  const rest = hasPages ? items.slice(last + 1) : items
  const page = hasPages ? rest.slice(0, Math.min(limit, MAX_PAGE_LIMIT)) : rest
  const lastItem = page.at(-1)
  const hasMore = page.length < rest.length
  return {
    items: page.map(({ body }) => body),
    meta: { next_cursor: hasMore && lastItem ? toCursor(lastItem.id) : null, has_more: hasMore },
  }
}

const toCursor = (id: string): string => `after-${encodeURIComponent(id)}`

/** Replies with the lab of `labId`: 400 without one, and 403 if the caller may not access it or there is none. */
export function withLab(
  answer: (lab: ApiLab, call: ApiCall) => MaybePromise<ApiReply>,
): (call: ApiCall) => MaybePromise<ApiReply> {
  return (call) => {
    const labId = call.query.get('labId')
    if (labId === null || labId === '') return errorReply(400, 'labId is required')
    const lab = call.backend.findLab(labId)
    if (lab === null || !call.backend.canAccess(lab)) return noAccess()
    return answer(lab, call)
  }
}

export const noAccess = (): ApiReply => errorReply(403, 'This key has no access to the lab')

/** A body that matches the schema; the error says what is wrong. */
export function readJsonBody<S extends v.GenericSchema>(
  schema: S,
  text: string,
): Result<v.InferOutput<S>, string> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return fail('The body is not JSON')
  }
  const read = v.safeParse(schema, json)
  return read.success ? ok(read.output) : fail(read.issues.slice(0, MAX_ISSUES).map(issueText).join('; '))
}

const MAX_ISSUES = 10
const MAX_NAME_CHARS = 200

function issueText({ path, message, type, expected }: v.BaseIssue<unknown>): string {
  const name = (path ?? []).map(({ key }) => String(key).slice(0, MAX_NAME_CHARS)).join('.')
  if (type === 'strict_object' && expected === 'never') return `${name}: there is no such field`
  return name === '' ? message : `${name}: ${message}`
}
