import { tokenRequestPrefix } from '../audit-log/audit-text'
import { type Confirmed, isUnchangedSinceShown } from './confirmation'
import type { AccountPods } from './confirmation-prompt'
import type { Fleet } from '../polling/fleet'
import type { AccountContext } from '../pod-rules/account-context'
import type { PodRulesEditor } from '../pod-rules/pod-rules-editor'
import type { ActOptions } from '../intents/schedule-options'
import type { IntentRunner } from '../intents/intent-runner'
import type { Poller } from '../polling/poller'
import type { Pod, PodId } from '../pods/pod'
import { fail, ok, type Result } from '../base/result'
import { isActionAllowed } from '../pods/pod-capabilities'

/** Actions that require confirmation, and what is shown before them. */
export interface ConfirmedActions {
  /** The pods as they were last observed. */
  accountPods(): AccountPods
  /** Reads one pod again, updates the fleet and returns whether the pod exists; the error is a sentence. */
  refreshPod(podId: PodId): Promise<Result<boolean, string>>
  /**
   * Terminates the pod if it is unchanged since it was confirmed. The action is written to the activity log
   * and the journal before it is sent; if that fails, nothing is sent.
   */
  terminate(confirmed: Confirmed, options?: ActOptions): Result<void, string>
  /** Writes to the activity log what an API token asks for: a clause to follow "requested". */
  recordRequest(tokenName: string, text: string, podId: PodId | null): Result<void, string>
  /** From now on the pod is terminated instead of stopped when its maximum hours are over. */
  terminateAtMaxHours(confirmed: Confirmed): Result<void, string>
}

export interface ConfirmedActionParts {
  readonly fleet: Pick<Fleet, 'pod' | 'observedPods'>
  readonly intentRunner: Pick<IntentRunner, 'newId' | 'schedule'>
  readonly poller: Pick<Poller, 'pollPod'>
  readonly rulesEditor: Pick<PodRulesEditor, 'terminateAtMaxHours'>
}

export function createConfirmedActions(
  { accountId, auditLog, clock }: AccountContext,
  { fleet, intentRunner, poller, rulesEditor }: ConfirmedActionParts,
): ConfirmedActions {
  /** The confirmed pod if it is unchanged; otherwise why nothing is done. */
  function confirmedPod(confirmed: Confirmed): Result<Pod, string> {
    const pod = fleet.pod(confirmed.podId)
    return pod && isUnchangedSinceShown(confirmed, accountId, pod) && isActionAllowed(pod, 'terminate')
      ? ok(pod)
      : fail(`${confirmed.name} is no longer what you confirmed, so nothing was done.`)
  }

  return {
    accountPods: () => ({ accountId, pods: fleet.observedPods(clock.now()).map(({ pod }) => pod) }),

    async refreshPod(podId) {
      const refreshed = await poller.pollPod(podId)
      return refreshed.ok ? ok(refreshed.value !== null) : fail(refreshed.error.message)
    },

    terminate(confirmed, { isFromCommandLine = false, personName } = {}) {
      const { podId, name } = confirmed
      const pod = confirmedPod(confirmed)
      if (!pod.ok) return pod
      const id = intentRunner.newId()
      const requester = isFromCommandLine ? 'command-line' : 'person'
      const recorded = auditLog.record({
        atMs: clock.now().wallMs,
        accountId,
        podId,
        podName: name,
        kind: 'intent',
        what: 'terminate confirmed',
        text: `${personName ?? 'You'} confirmed terminating ${name} by typing its name.`,
        tone: 'warning',
        intent: {
          id,
          action: 'terminate',
          requester,
          ...(personName !== undefined && { reason: personName }),
        },
      })
      if (!recorded.ok) return fail(`Nothing was done, since it could not be saved: ${recorded.error}`)
      const scheduled = intentRunner.schedule(pod.value, 'terminate', {
        id,
        isFromCommandLine,
        ...(personName !== undefined && { personName }),
      })
      return scheduled.ok ? ok(undefined) : scheduled
    },

    recordRequest(tokenName, text, podId) {
      const podName = podId === null ? null : (fleet.pod(podId)?.name ?? null)
      return auditLog.record({
        atMs: clock.now().wallMs,
        accountId,
        podId,
        podName,
        kind: 'app',
        what: 'api request',
        text: `${tokenRequestPrefix(tokenName)}${text}.`,
        tone: 'plain',
      })
    },

    terminateAtMaxHours(confirmed) {
      const pod = confirmedPod(confirmed)
      return pod.ok ? rulesEditor.terminateAtMaxHours(confirmed.podId) : pod
    },
  }
}
