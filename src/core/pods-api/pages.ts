import type { ApiListItem, ApiQuery, PageMeta } from './api-types'

export const DEFAULT_PAGE_LIMIT = 20
export const MAX_PAGE_LIMIT = 100

/** One page of a list, or why the query is refused. */
export type ListPage =
  | { readonly items: readonly unknown[]; readonly meta: PageMeta }
  | { readonly problem: string }

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
