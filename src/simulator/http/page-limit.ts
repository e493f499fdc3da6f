import { problem, type Reply } from './reply'

export interface PageOptions {
  /** Whether lists have `pagination`, which the older API document lacks. */
  readonly pagination: boolean
  /** The maximum and default page size. */
  readonly maxPageSize: number
}

const invalid = (error: string): Reply => problem(422, 'Request validation failed.', { errors: [error] })

export const invalidCursor = invalid('cursor: is not one of this list')

/** How many entries a page has, or why the request for it is refused. */
export function pageLimit(query: URLSearchParams, { maxPageSize }: PageOptions): number | Reply {
  const limit = query.has('limit') ? Number(query.get('limit')) : maxPageSize
  if (!Number.isInteger(limit) || limit < 1 || limit > 1_000) return invalid('limit: 1 to 1000')
  return Math.min(limit, maxPageSize)
}
