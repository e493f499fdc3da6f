import type { KeepOnChoice } from '../../../core/pod-rules/pod-rules'
import type { PodKey } from '../../../core/pods/pod'
import type { Result } from '../../../core/base/result'
import type { PodFailure } from '../../../shared/bulk-requests'
import type { AccountSession } from '../account-session-types'
import type { PodRequests } from './pod-requests'

/** The same for many pods. What fails for one keeps no other from it. */
export interface BulkPodRequests {
  stopPods(podKeys: readonly PodKey[]): Promise<readonly PodFailure[]>
  keepPodsOn(podKeys: readonly PodKey[], choice: KeepOnChoice): Promise<readonly PodFailure[]>
  selectForAutoStop(podKeys: readonly PodKey[], isAutoStopped: boolean | null): Promise<readonly PodFailure[]>
}

export function createBulkPodRequests(
  session: Pick<AccountSession, 'withPod'>,
  podRequests: Pick<PodRequests, 'act' | 'changePodRules'>,
): BulkPodRequests {
  return {
    stopPods: (podKeys) => forEachPod(podKeys, (podKey) => podRequests.act(podKey, 'stop')),
    keepPodsOn: (podKeys, choice) =>
      forEachPod(podKeys, (podKey) =>
        session.withPod(podKey, (monitor, podId) => monitor.keepOn(podId, choice)),
      ),
    selectForAutoStop: (podKeys, isAutoStopped) =>
      forEachPod(podKeys, (podKey) => podRequests.changePodRules(podKey, { isAutoStopped })),
  }
}

/** Sends all requests at once, one for each different pod. */
async function forEachPod(
  podKeys: readonly PodKey[],
  request: (podKey: PodKey) => Result<void, string> | Promise<Result<void, string>>,
): Promise<readonly PodFailure[]> {
  const answers = await Promise.all(
    [...new Set(podKeys)].map(async (key) => ({ key, result: await request(key) })),
  )
  return answers.flatMap(({ key, result }) => (result.ok ? [] : [{ key, message: result.error }]))
}
