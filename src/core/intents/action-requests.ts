import type { IntentDesk } from './intent-runner'
import type { Intent, IntentAction } from './intent'
import type { Pod, PodId } from '../pods/pod'
import { fail, ok, type Result } from '../base/result'
import { canDo } from '../pods/pod-capabilities'

/** What a person may ask to be done with a pod. */
export interface ActionRequests {
  /** Schedules the action; what was asked is on disk when this returns ok. */
  act(podId: PodId, action: Exclude<IntentAction, 'terminate'>): Result<void, string>
  /** Starts the pod once a GPU is free, asking again and again; `undo` ends it. */
  waitForGpu(podId: PodId): Result<void, string>
  undo(intentId: string): Result<void, string>
}

/** What is done when a person asks for it; types do not hold what other programs send. */
const ASKED_FREELY: readonly IntentAction[] = ['start', 'stop', 'restart']

export function createActionRequests(podOf: (podId: PodId) => Pod | null, desk: IntentDesk): ActionRequests {
  /** Of a pod that is known and allows it. */
  function schedule(
    podId: PodId,
    action: IntentAction,
    begin: (pod: Pod) => Result<Intent, string>,
  ): Result<void, string> {
    const pod = podOf(podId)
    if (!pod) return fail('That pod is not in the list any more.')
    if (!canDo(pod, action)) return fail(`${pod.name} does not allow ${action} now.`)
    const scheduled = begin(pod)
    return scheduled.ok ? ok(undefined) : scheduled
  }

  return {
    act(podId, action) {
      if (!ASKED_FREELY.includes(action)) return fail(`A ${action} has to be confirmed first.`)
      return schedule(podId, action, (pod) => desk.schedule(pod, action))
    },
    waitForGpu: (podId) => schedule(podId, 'start', (pod) => desk.waitForGpu(pod)),
    undo: (intentId) => desk.undo(intentId),
  }
}
