import { fail, type Result } from '../base/result'
import type { PodRulesEditor } from '../pod-rules/pod-rules-editor'
import type { PodId } from '../pods/pod'
import type { PodGuards } from './pod-guards'

/** What a person may request of the guard in a pod, once they confirmed it. Errors are sentences. */
export interface PodGuardRequests {
  /** What is installed, for a person to read; null: a pod of this account can't have one. */
  readonly podGuardScript: () => string | null
  /** Installs it, or changes what it may do. `stop`: it may stop the pod without a delivered warning. */
  readonly installPodGuard: (podId: PodId, wish: 'stop' | 'report') => Promise<Result<void, string>>
  /** Reads it, and starts it where it doesn't run. */
  readonly refreshPodGuard: (podId: PodId) => Promise<Result<void, string>>
  /** Where the pod can't be reached, the guard is to report only, as soon as it can, which the error says. */
  readonly removePodGuard: (podId: PodId) => Promise<Result<void, string>>
  /** Removes all that another computer set in it, or what was asked for in the pod. */
  readonly forgetInPodGuard: (podId: PodId, whose: string) => Promise<Result<void, string>>
  /** What pods that are created from now on get; null: none. */
  readonly guardNewPods: (wish: 'stop' | 'report' | null) => Promise<Result<void, string>>
  /** The image starts the guard with the container from now on, or no longer. */
  readonly postStartPodGuard: (podId: PodId, isPostStarted: boolean) => Promise<Result<void, string>>
  /** The guard stops the pod now, which proves that it may. */
  readonly provePodGuard: (podId: PodId) => Promise<Result<void, string>>
}

const leftText =
  'Its guard is still there. It is told to only report as soon as the pod can be reached; remove it then.'

export function createPodGuardRequests(
  podGuards: Pick<PodGuards, 'refresh' | 'remove' | 'prove' | 'forget' | 'mayRunIn'>,
  editor: Pick<PodRulesEditor, 'setPodGuard' | 'setNewPodGuard' | 'setGuardPostStarted'>,
  podGuardScript: () => string | null,
): PodGuardRequests {
  return {
    podGuardScript,
    async installPodGuard(podId, wish) {
      const changed = editor.setPodGuard(podId, wish)
      return changed.ok ? podGuards.refresh(podId) : changed
    },
    refreshPodGuard: (podId) => podGuards.refresh(podId),
    async removePodGuard(podId) {
      const removed = await podGuards.remove(podId)
      const isLeft = !removed.ok && podGuards.mayRunIn(podId)
      const changed = editor.setPodGuard(podId, isLeft ? 'report' : null)
      if (!changed.ok || !isLeft) return changed
      return fail(`${removed.error} ${leftText}`)
    },
    forgetInPodGuard: (podId, whose) => podGuards.forget(podId, whose),
    guardNewPods: (wish) => Promise.resolve(editor.setNewPodGuard(wish)),
    postStartPodGuard(podId, isPostStarted) {
      const changed = editor.setGuardPostStarted(podId, isPostStarted)
      return changed.ok ? podGuards.refresh(podId) : Promise.resolve(changed)
    },
    provePodGuard: (podId) => podGuards.prove(podId),
  }
}
