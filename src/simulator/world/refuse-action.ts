import type { PodAction } from '../../core/pods/pod'
import { apiPod, type WorldView } from './api-pod'
import { areGpusRentedOut, type PodRecord } from './pod-record'

/** Why an action was rejected: an API status and its message. */
export interface ActionRefusal {
  readonly status: 400 | 402 | 409
  readonly detail: string
}

/** Why Runpod rejects an action at this moment; null: it doesn't. */
export function refuseAction(
  action: PodAction,
  pod: PodRecord,
  view: WorldView,
  {
    isOutOfMoney,
    isBeyondSpendLimit,
  }: { readonly isOutOfMoney: boolean; readonly isBeyondSpendLimit: boolean },
): ActionRefusal | null {
  const conflict = (detail: string): ActionRefusal => ({ status: 409, detail })
  if (pod.spec.cluster !== null) return conflict('pod belongs to a cluster and is managed through it')
  const apiFields = apiPod(pod, view)
  const isAllowed = Array.isArray(apiFields['actions']) && apiFields['actions'].includes(action)
  if (!isAllowed) return conflict(`cannot ${action} a pod that is ${String(apiFields['status'])}`)
  // By the API document a lock prevents stopping but isn't reflected in `actions`, so a client must check both.
  if (action === 'stop' && pod.spec.locked) return conflict('pod is locked')
  if (action === 'restart' && pod.offAtMs !== null) return conflict('pod is being stopped')
  if (action !== 'start') return null
  if (isOutOfMoney) return { status: 402, detail: 'insufficient balance' }
  if (isBeyondSpendLimit)
    return { status: 400, detail: 'This would exceed the hourly spend limit of the account.' }
  if (!areGpusRentedOut(pod, view.nowMs)) return null
  return {
    status: 400,
    detail: 'There are not enough free GPUs on the host machine to start this pod.',
  }
}
