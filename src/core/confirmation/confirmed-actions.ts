import type { ActivityLog } from '../audit-log/audit-log'
import { type Confirmed, isAsShown } from './confirmation'
import type { SeenAccount } from './confirmation-prompt'
import type { Fleet } from '../polling/fleet'
import type { GuardOrders } from '../pod-rules/pod-rules-editor'
import type { IntentDesk } from '../intents/intent-runner'
import type { Lookout } from '../polling/poller'
import type { AccountId, Pod, PodId } from '../pods/pod'
import type { Clock } from '../base/clock'
import { fail, ok, type Result } from '../base/result'
import { canDo } from '../pods/pod-capabilities'

/** What is done only when a person confirmed it, and what a person is shown before. */
export interface ConfirmedActions {
  /** The pods as the picture shows them now. */
  seen(): SeenAccount
  /** Reads one pod afresh, into the picture; why it could not, in words. */
  readAfresh(podId: PodId): Promise<Result<void, string>>
  /**
   * Terminates the pod, if it still is what was confirmed. It is in the activity log and in the journal before anything
   * is sent; what cannot be written down is not sent.
   */
  terminate(confirmed: Confirmed): Result<void, string>
  /** From now on the pod is terminated, not stopped, once its maximum hours are over. */
  terminateAtMaxHours(confirmed: Confirmed): Result<void, string>
}

export interface ConfirmedActionsOptions {
  readonly accountId: AccountId
  readonly fleet: Pick<Fleet, 'pod' | 'seenAt'>
  readonly desk: Pick<IntentDesk, 'schedule'>
  readonly log: ActivityLog
  readonly clock: Pick<Clock, 'now'>
  readonly lookout: Pick<Lookout, 'lookAt'>
  readonly orders: Pick<GuardOrders, 'terminateAtMaxHours'>
}

export function createConfirmedActions(options: ConfirmedActionsOptions): ConfirmedActions {
  const { accountId, fleet, desk, log, clock, lookout, orders } = options

  /** The pod that was confirmed, if it still is; else why nothing is done. */
  function confirmedPod(confirmed: Confirmed): Result<Pod, string> {
    const pod = fleet.pod(confirmed.podId)
    return pod && isAsShown(confirmed, accountId, pod) && canDo(pod, 'terminate')
      ? ok(pod)
      : fail(`${confirmed.name} is not what was confirmed any more, so nothing was done.`)
  }

  return {
    seen: () => ({ accountId, pods: fleet.seenAt(clock.now()).map(({ pod }) => pod) }),

    async readAfresh(podId) {
      const looked = await lookout.lookAt(podId)
      return looked.ok ? ok(undefined) : fail(looked.error.message)
    },

    terminate(confirmed) {
      const { podId, name } = confirmed
      const pod = confirmedPod(confirmed)
      if (!pod.ok) return pod
      const noted = log.record({
        atMs: clock.now().wallMs,
        accountId,
        podId,
        podName: name,
        kind: 'intent',
        what: 'terminate confirmed',
        text: `You confirmed the terminate of ${name} by typing its name.`,
        tone: 'warning',
      })
      if (!noted.ok) return fail(`Nothing was done, since it could not be written down: ${noted.error}`)
      const scheduled = desk.schedule(pod.value, 'terminate')
      return scheduled.ok ? ok(undefined) : scheduled
    },

    terminateAtMaxHours(confirmed) {
      const pod = confirmedPod(confirmed)
      return pod.ok ? orders.terminateAtMaxHours(confirmed.podId) : pod
    },
  }
}
