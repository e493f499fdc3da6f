import type { PodKey } from '../../../core/pods/pod'
import type { Result } from '../../../core/base/result'
import type { PodView } from '../../../core/view/snapshot'
import type { PodFailure } from '../../../shared/bulk-requests'
import { MAX_BULK_PODS } from '../../../shared/limits'
import type { RequestError } from '../../../shared/ipc'
import { answerOf } from '../../state/answer-of'
import type { WindowServices } from '../../state/window-context'
import { bulkFailureText } from './bulk-text'

/**
 * Sends one request for all pods, or several where there are too many for one. What fails is shown as one toast, whose
 * text continues the names with `failure`, such as "not stopped". Returns for how many it succeeded; never rejects.
 */
export async function runInBulk(
  { snapshotStore }: Pick<WindowServices, 'snapshotStore'>,
  pods: readonly PodView[],
  failure: string,
  request: (podKeys: readonly PodKey[]) => Promise<Result<readonly PodFailure[], RequestError>>,
): Promise<number> {
  const names = new Map(pods.map(({ key, name }) => [key, name]))
  const keys = [...names.keys()]
  const failures: PodFailure[] = []
  for (let at = 0; at < keys.length; at += MAX_BULK_PODS) {
    const part = keys.slice(at, at + MAX_BULK_PODS)
    const answer = await answerOf(request(part))
    if (answer.ok) failures.push(...answer.value)
    else failures.push(...part.map((key) => ({ key, message: answer.error.message })))
  }
  const text = failureText(failures, names, failure)
  if (text !== null) snapshotStore.showToast('bad', text)
  return keys.length - failures.length
}

/** "llama and 2 others were not stopped: …" with the reason of the first; null when nothing failed. */
export function failureText(
  failures: readonly PodFailure[],
  names: ReadonlyMap<PodKey, string>,
  failure: string,
): string | null {
  const [first, ...others] = failures
  if (first === undefined) return null
  const name = names.get(first.key) ?? bulkFailureText.aPod
  return bulkFailureText.failed(name, others.length, failure, first.message)
}
