import type { PodId } from '../../core/pods/pod'
import type { ProviderError } from '../../core/pods/provider'
import { isObject } from '../../core/base/parse-json'
import { fail, ok, type Result } from '../../core/base/result'
import { type Instant, SECOND_MS } from '../../core/base/time'
import { localError } from '../http/local-error'
import { podIdOf } from './parse-pod'
import { type Fields, parseListPage, toCamelCase } from './wire-shape'

/** The pods of a lab, unparsed, by their id. */
export interface ListedPods {
  readonly pods: ReadonlyMap<PodId, Fields>
  readonly isComplete: boolean
  readonly pages: number
}

const MAX_PAGES = 50
/** Time limit for a whole list, so that a poll always ends. */
const LIST_BUDGET_MS = 30 * SECOND_MS

/** The environment may hold secrets and is not kept. */
function withoutSecrets(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).filter(([name]) => name !== 'env' && name !== 'environment'),
  )
}

/** Reads all pages. Pods that name another lab of the key are left out. */
export async function readPodList(
  getPage: (cursor: string | null, maxMs: number) => Promise<Result<unknown, ProviderError>>,
  isOtherLab: (labId: string) => boolean,
  now: () => Instant,
): Promise<Result<ListedPods, ProviderError>> {
  const deadlineAtMs = now().monotonicMs + LIST_BUDGET_MS
  const pods = new Map<PodId, Fields>()
  const cursors = new Set<string>()
  let isComplete = true
  let cursor: string | null = null
  let pages = 0
  do {
    const maxMs = deadlineAtMs - now().monotonicMs
    if (maxMs <= 0) return fail(localError('unreachable', 'The list of pods took too long.'))
    const answer = await getPage(cursor, maxMs)
    if (!answer.ok) return answer
    const page = parseListPage(answer.value, 'pods')
    if (page === null) return fail(localError('unreadable', 'The answer is not a list of pods.'))
    pages += 1
    for (const entry of page.entries) {
      const fields = isObject(entry) ? withoutSecrets(toCamelCase(entry)) : {}
      const id = podIdOf(fields)
      if (id === null) isComplete = false
      else if (!pods.has(id) && !isOtherLab(String(fields['labId']))) pods.set(id, fields)
    }
    cursor = page.nextCursor
    const isStuck = cursor !== null && (cursors.has(cursor) || pages >= MAX_PAGES)
    if (!page.isComplete || isStuck) isComplete = false
    if (isStuck) break
    if (cursor !== null) cursors.add(cursor)
  } while (cursor !== null)
  return ok({ pods, isComplete, pages })
}
