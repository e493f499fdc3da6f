import * as v from 'valibot'
import { isObject } from '../../../core/base/parse-json'
import type { Page } from '../../http/read-pages'
import { record } from '../../wire/wire-values'

const pagination = v.pipe(
  record,
  v.object({ hasNextPage: v.nullish(v.boolean()), nextCursor: v.nullish(v.string()) }),
)

/** A page of a list with unparsed entries; null if the response is not a list. Some lists have no pages. */
export function parsePage(value: unknown, field: 'pods' | 'templates' | 'endpoints'): Page | null {
  if (!isObject(value)) return null
  const { [field]: entries, pagination: pages } = value
  if (!Array.isArray(entries)) return null
  if (pages === undefined || pages === null) return { entries, nextCursor: null, isComplete: true }
  const info = v.safeParse(pagination, pages)
  if (!info.success) return { entries, nextCursor: null, isComplete: false }
  const { hasNextPage, nextCursor } = info.output
  if (hasNextPage === false) return { entries, nextCursor: null, isComplete: true }
  if (nextCursor) return { entries, nextCursor, isComplete: true }
  return { entries, nextCursor: null, isComplete: hasNextPage !== true }
}
