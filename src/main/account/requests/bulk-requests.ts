import type { KeepOnChoice } from '../../../core/pod-rules/pod-rules'
import type { PodKey } from '../../../core/pods/pod'
import type { Result } from '../../../core/base/result'
import type { BulkFailure } from '../../../shared/requests/pod/bulk-requests'
import type { AccountSession } from '../account-session-types'
import type { PodRequests } from './pod-requests'

/** The same for many pods or intents. What fails for one keeps no other from it. */
export interface BulkPodRequests {
  stopPods(podKeys: readonly PodKey[]): Promise<readonly BulkFailure[]>
  keepPodsOn(podKeys: readonly PodKey[], choice: KeepOnChoice): Promise<readonly BulkFailure[]>
  selectForAutoStop(
    podKeys: readonly PodKey[],
    isAutoStopped: boolean | null,
  ): Promise<readonly BulkFailure[]>
  /** All are undone before this returns, so that none is sent while others are being undone. */
  undoAll(intentIds: readonly string[]): Promise<readonly BulkFailure<string>[]>
}

export function createBulkPodRequests(
  session: Pick<AccountSession, 'undo'>,
  podRequests: Pick<PodRequests, 'act' | 'changePodRules' | 'keepOn'>,
): BulkPodRequests {
  return {
    stopPods: (podKeys) => forEachOf(podKeys, (podKey) => podRequests.act(podKey, 'stop')),
    keepPodsOn: (podKeys, choice) => forEachOf(podKeys, (podKey) => podRequests.keepOn(podKey, choice)),
    selectForAutoStop: (podKeys, isAutoStopped) =>
      forEachOf(podKeys, (podKey) => podRequests.changePodRules(podKey, { isAutoStopped })),
    undoAll: (intentIds) => forEachOf(intentIds, (intentId) => session.undo(intentId)),
  }
}

/** Sends all requests at once, one for each different key. */
async function forEachOf<Key extends string>(
  keys: readonly Key[],
  request: (key: Key) => Result<void, string> | Promise<Result<void, string>>,
): Promise<readonly BulkFailure<Key>[]> {
  const answers = await Promise.all(
    [...new Set(keys)].map(async (key) => ({ key, result: await request(key) })),
  )
  return answers.flatMap(({ key, result }) => (result.ok ? [] : [{ key, message: result.error }]))
}
