import type { Result } from '../base/result'
import type { PodId } from '../pods/pod'
import type { PodGuardRequests } from './pod-guard-requests'

/**
 * `stop`, `report`: installs a guard that may stop the pod, or only reports. `new-pods-…`: the same in each pod of the
 * account that is created from now on. `post-start`: the image starts the guard with the container.
 */
export const podGuardChanges = [
  'stop',
  'report',
  'prove',
  'refresh',
  'remove',
  'post-start',
  'no-post-start',
  'new-pods-stop',
  'new-pods-report',
  'no-new-pods',
] as const
export type PodGuardChange = (typeof podGuardChanges)[number]

/** What a change is for new pods; undefined: it is one of this pod. */
export const newPodsWish = (change: PodGuardChange): 'stop' | 'report' | null | undefined =>
  change === 'no-new-pods'
    ? null
    : change === 'new-pods-stop'
      ? 'stop'
      : change === 'new-pods-report'
        ? 'report'
        : undefined

/** Carries out what was confirmed where that is needed. Errors are sentences. */
export function changePodGuard(
  requests: PodGuardRequests,
  podId: PodId,
  change: PodGuardChange,
): Promise<Result<void, string>> {
  switch (change) {
    case 'stop':
    case 'report':
      return requests.installPodGuard(podId, change)
    case 'prove':
      return requests.provePodGuard(podId)
    case 'refresh':
      return requests.refreshPodGuard(podId)
    case 'remove':
      return requests.removePodGuard(podId)
    case 'post-start':
    case 'no-post-start':
      return requests.postStartPodGuard(podId, change === 'post-start')
    case 'new-pods-stop':
    case 'new-pods-report':
    case 'no-new-pods':
      return requests.guardNewPods(newPodsWish(change) ?? null)
  }
}
