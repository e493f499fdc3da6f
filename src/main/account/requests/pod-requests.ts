import { isNothingKeptByStop, loseDataQuestion, stopQuestion } from '../../../core/confirmation/pod-questions'
import { isUnchangedSinceShown, shownPod } from '../../../core/confirmation/confirmation'
import { type AccountOperations, accountOperations } from '../../../core/operations/account-operations'
import type { KeepOnChoice, PodRuleChanges } from '../../../core/pod-rules/pod-rules'
import {
  type AccountId,
  parsePodKey,
  type Pod,
  type PodId,
  type PodKey,
  type PowerAction,
} from '../../../core/pods/pod'
import { isActionAllowed } from '../../../core/pods/pod-capabilities'
import { fail, ok, type Result } from '../../../core/base/result'
import { type Ask, askWhether } from '../../../core/confirmation/question-queue'
import type { AccountSession } from '../account-session-types'
import { requestsText } from '../account-text'

/**
 * Requests about pods. Whoever makes them (a window, the tray, a notification), those that may lose data are confirmed
 * in main's own window first. Refused there, nothing is done, and that is no failure. Errors are sentences. See
 * docs/product-rules.md#43-stop.
 */
export interface PodRequests {
  act(podKey: PodKey, action: PowerAction): Promise<Result<void, string>>
  changePodRules(podKey: PodKey, changes: PodRuleChanges): Promise<Result<void, string>>
  startWhenFree(podKey: PodKey): Result<void, string>
  /** Null ends it. */
  keepOn(podKey: PodKey, choice: KeepOnChoice | null): Result<void, string>
  /** Whether the pod may be stopped: something of it survives, or the person agreed. */
  confirmStop(podKey: PodKey): Promise<Result<boolean, string>>
}

export function createPodRequests(
  session: Pick<AccountSession, 'withPod' | 'monitor'>,
  ask: Ask,
  /** What a person calls the account; null where there is only one. */
  nameOf: (accountId: AccountId) => string | null = () => null,
): PodRequests {
  /** Asks about the pod if `isAsked`; fails when it changed while it was asked about. */
  async function confirm(
    podKey: PodKey,
    isAsked: (pod: Pod) => boolean,
    question: typeof stopQuestion,
  ): Promise<Result<boolean, string>> {
    const { accountId, podId } = parsePodKey(podKey)
    const accountPods = () => session.monitor(accountId)?.accountPods() ?? null
    const account = accountPods()
    const pod = account?.pods.find(({ id }) => id === podId)
    // The monitor refuses what it does not know, with the reason.
    if (!account || !pod || !isAsked(pod)) return ok(true)
    const shown = shownPod(account.accountId, pod, account.pods)
    const asked = await askWhether(ask, question(pod, nameOf(accountId)))
    if (!asked.ok || !asked.value) return asked
    const current = accountPods()
    const now = current?.pods.find(({ id }) => id === podId)
    return current && now && isUnchangedSinceShown(shown, current.accountId, now)
      ? ok(true)
      : fail(requestsText.changedWhileAsked(pod.name))
  }

  const confirmStop = (podKey: PodKey): Promise<Result<boolean, string>> =>
    confirm(podKey, (pod) => isActionAllowed(pod, 'stop') && isNothingKeptByStop(pod), stopQuestion)

  const onPod = (
    podKey: PodKey,
    run: (operations: AccountOperations, podId: PodId) => Result<void, string>,
  ): Result<void, string> =>
    session.withPod(podKey, (monitor, podId) => run(accountOperations(monitor), podId))

  return {
    confirmStop,
    startWhenFree: (podKey) => onPod(podKey, (operations, podId) => operations.startWhenFree(podId)),
    keepOn: (podKey, choice) => onPod(podKey, (operations, podId) => operations.keepOn(podId, choice)),
    async act(podKey, action) {
      const confirmed = action === 'stop' ? await confirmStop(podKey) : ok(true)
      if (!confirmed.ok) return confirmed
      return confirmed.value
        ? onPod(podKey, (operations, podId) => operations.act(podId, action))
        : ok(undefined)
    },
    async changePodRules(podKey, changes) {
      const confirmed =
        changes.mayLoseData === true ? await confirm(podKey, () => true, loseDataQuestion) : ok(true)
      if (!confirmed.ok) return confirmed
      return confirmed.value
        ? onPod(podKey, (operations, podId) => operations.changePodRules(podId, changes))
        : ok(undefined)
    },
  }
}
