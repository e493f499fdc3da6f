import { isUnchangedSinceShown, shownPod } from '../../../core/confirmation/confirmation'
import {
  forgetInGuardQuestion,
  newPodGuardQuestion,
  podGuardQuestion,
  postStartQuestion,
} from '../../../core/confirmation/pod-guard-question'
import { stopQuestion } from '../../../core/confirmation/pod-questions'
import { type Ask, askWhether, type Question } from '../../../core/confirmation/question-queue'
import { fail, ok, type Result } from '../../../core/base/result'
import {
  type AccountId,
  parsePodKey,
  type Pod,
  type PodId,
  type PodKey,
  podNotListedText,
} from '../../../core/pods/pod'
import { accountOperations } from '../../../core/operations/account-operations'
import { forgottenBy, newPodsWish, type PodGuardChange } from '../../../core/pod-guard/pod-guard-change'
import type { SetByOther } from '../../../core/pod-guard/guard-in-pod-view'
import type { Monitor } from '../../../core/monitor/monitor-types'
import type { Handlers } from '../../../shared/ipc'
import type { AccountSession } from '../account-session-types'
import { requestsText } from '../account-text'

/** They install nothing, and let nothing be stopped. */
const withoutQuestion = ['refresh', 'remove', 'no-new-pods', 'no-post-start'] as const
const needsNoQuestion = (change: PodGuardChange): change is (typeof withoutQuestion)[number] =>
  withoutQuestion.some((one) => one === change)

/**
 * Requests about the guard in a pod. What is installed, and what it may lose, is confirmed in main's own window first,
 * whoever asks; so is a stop that proves it. Refused there, nothing is done.
 */
export function createPodGuardChanges(
  session: Pick<AccountSession, 'monitor'>,
  ask: Ask,
  /** What a person calls the account; null where there is only one. */
  nameOf: (accountId: AccountId) => string | null,
): Pick<Handlers, 'changePodGuard'> {
  async function confirm(
    podKey: PodKey,
    toQuestion: (pod: Pod) => Question,
  ): Promise<Result<boolean, string>> {
    const { accountId, podId } = parsePodKey(podKey)
    const found = () => {
      const account = session.monitor(accountId)?.accountPods() ?? null
      return { account, pod: account?.pods.find(({ id }) => id === podId) }
    }
    const { account, pod } = found()
    if (account === null || pod === undefined) return fail(podNotListedText)
    const shown = shownPod(account.accountId, pod, account.pods)
    const asked = await askWhether(ask, toQuestion(pod))
    if (!asked.ok || !asked.value) return asked
    const now = found()
    return now.account && now.pod && isUnchangedSinceShown(shown, now.account.accountId, now.pod)
      ? ok(true)
      : fail(requestsText.changedWhileAsked(pod.name))
  }

  const setInGuard = (monitor: Monitor, podId: PodId): readonly SetByOther[] =>
    monitor.snapshot().pods.find(({ id }) => id === podId)?.guardInPod?.others ?? []

  return {
    async changePodGuard(podKey, change) {
      const { accountId, podId } = parsePodKey(podKey)
      const monitor = session.monitor(accountId)
      if (monitor === null) return fail(requestsText.accountUnknown)
      const carryOut = () => accountOperations(monitor).changePodGuard(podId, change)
      if (needsNoQuestion(change)) return carryOut()
      const whose = forgottenBy(change)
      const other = whose === null ? undefined : setInGuard(monitor, podId).find(({ id }) => id === whose)
      if (whose !== null && other === undefined) return fail(requestsText.noSuchComputer)
      const script = monitor.podGuardScript()
      if (script === null) return fail(requestsText.noGuardHere)
      const accountName = nameOf(accountId)
      const confirmed = await confirm(podKey, (pod) => {
        if (other !== undefined) return forgetInGuardQuestion(pod, other, accountName)
        switch (change) {
          case 'prove':
            return stopQuestion(pod, accountName)
          case 'stop':
          case 'report':
            return podGuardQuestion(pod, change, script, accountName)
          case 'post-start':
            return postStartQuestion(pod, accountName)
          default:
            return newPodGuardQuestion(newPodsWish(change) ?? 'report', script, accountName)
        }
      })
      if (!confirmed.ok) return confirmed
      return confirmed.value ? carryOut() : ok(undefined)
    },
  }
}
