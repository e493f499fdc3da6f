import type { ProviderError } from '../../core/pods/provider'
import { fail, ok, type Result } from '../../core/base/result'
import { type Instant, SECOND_MS } from '../../core/base/time/time'
import { localError } from './local-error'

/** A page of a list. `isComplete` false: entries could not be read, or there are more that cannot be requested. */
export interface Page {
  readonly entries: readonly unknown[]
  /** Null: there is no further page. */
  readonly nextCursor: string | null
  readonly isComplete: boolean
}

const MAX_PAGES = 50
/** Time limit for a whole list, so that a poll always ends. */
const LIST_BUDGET_MS = 30 * SECOND_MS

/**
 * Reads all pages of a list of `what`, within a time limit. A cursor that comes again, or too many pages, ends it
 * incomplete. `parsePage` returns null for what is no page.
 */
export async function readPages(
  getPage: (cursor: string | null, maxMs: number) => Promise<Result<unknown, ProviderError>>,
  parsePage: (reply: unknown) => Page | null,
  now: () => Instant,
  { what = 'pods', maxPages = MAX_PAGES } = {},
): Promise<Result<Omit<Page, 'nextCursor'> & { readonly pages: number }, ProviderError>> {
  const deadlineAtMs = now().monotonicMs + LIST_BUDGET_MS
  const entries: unknown[] = []
  const cursors = new Set<string>()
  let isComplete = true
  let cursor: string | null = null
  let pages = 0
  do {
    const maxMs = deadlineAtMs - now().monotonicMs
    if (maxMs <= 0) return fail(localError('unreachable', `The list of ${what} took too long.`))
    const answer = await getPage(cursor, maxMs)
    if (!answer.ok) return answer
    const page = parsePage(answer.value)
    if (page === null) return fail(localError('unreadable', `The response is not a list of ${what}.`))
    pages += 1
    entries.push(...page.entries)
    cursor = page.nextCursor
    const isStuck = cursor !== null && (cursors.has(cursor) || pages >= maxPages)
    if (!page.isComplete || isStuck) isComplete = false
    if (isStuck) break
    if (cursor !== null) cursors.add(cursor)
  } while (cursor !== null)
  return ok({ entries, isComplete, pages })
}
