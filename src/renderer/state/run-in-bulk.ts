import type { Result } from '../../core/base/result'
import type { BulkFailure } from '../../shared/requests/pod/bulk-requests'
import { MAX_BULK_PODS } from '../../shared/requests/limits'
import type { RequestError } from '../../shared/ipc'
import { answerOf } from './answer-of'
import type { WindowServices } from './window-context'
import { bulkFailureText } from './state-text'

/**
 * Sends one request for all, or several at once where there are too many for one. What fails is shown as one toast,
 * whose text continues the names with `failure`, such as "not stopped". Returns for how many it succeeded; never
 * rejects.
 */
export async function runInBulk<Key extends string>(
  { snapshotStore }: Pick<WindowServices, 'snapshotStore'>,
  all: readonly { readonly key: Key; readonly name: string }[],
  failure: string,
  request: (keys: readonly Key[]) => Promise<Result<readonly BulkFailure<Key>[], RequestError>>,
): Promise<number> {
  const names = new Map(all.map(({ key, name }) => [key, name]))
  const keys = [...names.keys()]
  const parts = Array.from({ length: Math.ceil(keys.length / MAX_BULK_PODS) }, (_, part) =>
    keys.slice(part * MAX_BULK_PODS, (part + 1) * MAX_BULK_PODS),
  )
  const failuresOf = async (part: readonly Key[]): Promise<readonly BulkFailure<Key>[]> => {
    const answer = await answerOf(request(part))
    return answer.ok ? answer.value : part.map((key) => ({ key, message: answer.error.message }))
  }
  const failures = (await Promise.all(parts.map(failuresOf))).flat()
  const text = failureText(failures, names, failure)
  if (text !== null) snapshotStore.showToast('bad', text)
  return keys.length - failures.length
}

/** "llama and 2 others were not stopped: …" with the reason of the first; null when nothing failed. */
export function failureText<Key extends string>(
  failures: readonly BulkFailure<Key>[],
  names: ReadonlyMap<Key, string>,
  failure: string,
): string | null {
  const [first, ...others] = failures
  if (first === undefined) return null
  const name = names.get(first.key) ?? bulkFailureText.aPod
  return bulkFailureText.failed(name, others.length, failure, first.message)
}
