import type { PageMeta } from './hubify-reply'

const DEFAULT_LIMIT = 20
const MAX_LIMIT = 100

/** One page of a list, or why the query is refused. Source: "API overview", read 2026-11-24. */
export type Page<T> = { readonly items: readonly T[]; readonly meta: PageMeta } | { readonly problem: string }

/** A cursor names the last item of the page before. */
export function pageOf<T>(items: readonly T[], query: URLSearchParams, idOf: (item: T) => string): Page<T> {
  const limit = query.has('limit') ? Number(query.get('limit')) : DEFAULT_LIMIT
  if (!Number.isInteger(limit) || limit < 1) return { problem: 'limit must be a whole number from 1 on' }
  const cursor = query.get('cursor')
  const last = cursor === null ? -1 : items.findIndex((item) => toCursor(idOf(item)) === cursor)
  if (cursor !== null && last < 0) return { problem: 'cursor is not valid' }
  const page = items.slice(last + 1, last + 1 + Math.min(limit, MAX_LIMIT))
  const hasMore = last + 1 + page.length < items.length
  const lastItem = page.at(-1)
  const nextCursor = hasMore && lastItem !== undefined ? toCursor(idOf(lastItem)) : null
  return { items: page, meta: { next_cursor: nextCursor, has_more: hasMore } }
}

const toCursor = (id: string): string => Buffer.from(id).toString('base64url')
