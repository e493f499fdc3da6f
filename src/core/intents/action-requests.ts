import type { IntentRunner } from './intent-runner'
import { type Intent, isUnsent } from './intent'
import type { ActOptions } from './schedule-options'
import { type Pod, type PodId, podNotListedText, type PowerAction, powerActions } from '../pods/pod'
import { fail, ok, type Result } from '../base/result'
import { isActionAllowed } from '../pods/pod-capabilities'

/** Actions that the user may request for a pod. */
export interface ActionRequests {
  /** Schedules the action. When this returns ok, the request is on disk. */
  act(podId: PodId, action: PowerAction, options?: ActOptions): Result<void, string>
  /** Starts the pod once a GPU is free, with repeated attempts; `undo` ends them. */
  waitForGpu(podId: PodId, options?: ActOptions): Result<void, string>
  undo(intentId: string): Result<void, string>
  /** Takes back what was not sent so far of the request of a job. */
  undoForJob(jobRequestId: string): void
}

export function createActionRequests(
  findPod: (podId: PodId) => Pod | null,
  intentRunner: IntentRunner,
): ActionRequests {
  /** The pod must be known and must allow the action. */
  function schedule(
    podId: PodId,
    action: PowerAction,
    create: (pod: Pod) => Result<Intent, string>,
  ): Result<void, string> {
    const pod = findPod(podId)
    if (!pod) return fail(podNotListedText)
    if (!isActionAllowed(pod, action)) return fail(`${pod.name} does not allow ${action} now.`)
    const scheduled = create(pod)
    return scheduled.ok ? ok(undefined) : scheduled
  }

  return {
    act(podId, action, options) {
      // Types do not hold what other programs send.
      if (!powerActions.includes(action)) return fail(`A ${String(action)} has to be confirmed first.`)
      return schedule(podId, action, (pod) => intentRunner.schedule(pod, action, options))
    },
    waitForGpu: (podId, options) => schedule(podId, 'start', (pod) => intentRunner.waitForGpu(pod, options)),
    undo: (intentId) => intentRunner.undo(intentId),
    undoForJob(jobRequestId) {
      for (const intent of intentRunner.intents())
        if (intent.jobRequestId === jobRequestId && isUnsent(intent)) intentRunner.undo(intent.id)
    },
  }
}
