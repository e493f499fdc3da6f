import * as v from 'valibot'
import { fail, type Result } from '../base/result'
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
/** `forget:ID`: removes all that the computer of that id set. */
export type PodGuardChange = (typeof podGuardChanges)[number] | `forget:${string}`

/** Whose settings are to be removed; null: that is not what is asked for. */
export const forgottenBy = (change: PodGuardChange): string | null =>
  /^forget:([0-9a-z]{1,16})$/.exec(change)?.[1] ?? null

export const podGuardChangeSchema = v.union([
  v.picklist(podGuardChanges),
  v.custom<`forget:${string}`>((value) => typeof value === 'string' && /^forget:[0-9a-z]{1,16}$/.test(value)),
])

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
  const whose = forgottenBy(change)
  if (whose !== null) return requests.forgetInPodGuard(podId, whose)
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
    default:
      return Promise.resolve(fail('Podkeeper knows no such computer.'))
  }
}
