import {
  directStopQuestion,
  isNothingKeptByStop,
  loseDataQuestion,
  plannedStartQuestion,
  stopQuestion,
} from '../../../core/confirmation/pod-questions'
import { isUnchangedSinceShown, shownPod } from '../../../core/confirmation/confirmation'
import { type AccountOperations, accountOperations } from '../../../core/operations/account-operations'
import { plannedStartOf } from '../../../core/pod-rules/planned-start'
import type { KeepOnChoice, PodRuleChanges } from '../../../core/pod-rules/pod-rules'
import { withChanges } from '../../../core/pod-rules/pod-rules-editor'
import {
  type AccountId,
  parsePodKey,
  type Pod,
  type PodId,
  type PodKey,
  type PowerAction,
} from '../../../core/pods/pod'
import { dataImpact, isStopSafe } from '../../../core/pods/data-impact'
import { isActionAllowed } from '../../../core/pods/pod-capabilities'
import { fail, ok, type Result } from '../../../core/base/result'
import { type Ask, askWhether, type Question } from '../../../core/confirmation/question-queue'
import type { ServerRefusal } from '../../../node/servers/ask-keeper'
import type { ServerOperations } from '../../../node/servers/server-operations'
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
  keepOn(podKey: PodKey, choice: KeepOnChoice | null): Promise<Result<void, string>>
  /** Whether the pod may be stopped: something of it survives, or the person agreed. */
  confirmStop(podKey: PodKey): Promise<Result<boolean, string>>
}

export function createPodRequests(
  session: Pick<AccountSession, 'withPod' | 'monitor' | 'refresh' | 'keeperOf'>,
  ask: Ask,
  /** What a person calls the account; null where there is only one. */
  nameOf: (accountId: AccountId) => string | null = () => null,
): PodRequests {
  /** Asks about the pod if `isAsked`; fails when it changed while it was asked about. */
  async function confirm(
    podKey: PodKey,
    isAsked: (pod: Pod) => boolean,
    question: (pod: Pod, accountName: string | null) => Question,
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

  /** Whether these changes plan no start, or the person agreed to it. */
  async function confirmStart(podKey: PodKey, changes: PodRuleChanges): Promise<Result<boolean, string>> {
    if (typeof changes.startAt !== 'string' && typeof changes.startMaxPerHourUsd !== 'number') return ok(true)
    const { accountId, podId } = parsePodKey(podKey)
    const snapshot = session.monitor(accountId)?.snapshot() ?? null
    const before = snapshot?.pods.find(({ id }) => id === podId)?.guard.rules ?? {}
    const plan = plannedStartOf(withChanges(before, changes))
    // One that is not whole is refused with the reason.
    if (snapshot === null || plan === null) return ok(true)
    const maxHours = changes.maxHours === undefined ? before.maxHours : changes.maxHours
    return confirm(podKey, () => true, plannedStartQuestion(plan, maxHours ?? null, snapshot.atMs))
  }

  const onPod = (
    podKey: PodKey,
    run: (operations: AccountOperations, podId: PodId) => Result<void, string>,
  ): Result<void, string> =>
    session.withPod(podKey, (monitor, podId) => run(accountOperations(monitor), podId))

  /** Has the server that keeps the account do it. Null: this computer does. */
  async function atKeeper(
    podKey: PodKey,
    request: (keeper: ServerOperations, podId: PodId) => Promise<Result<unknown, ServerRefusal>>,
  ): Promise<Result<void, ServerRefusal> | null> {
    const { accountId, podId } = parsePodKey(podKey)
    const keeper = session.keeperOf(accountId)
    if (keeper === null) return null
    const asked = await request(keeper, podId)
    if (asked.ok) session.refresh()
    return asked.ok ? ok(undefined) : asked
  }

  /** A stop that may lose data is sent from here: no token may do that. See docs/product-rules.md#166-kept-by-a-server. */
  function goesToKeeper(podKey: PodKey, action: PowerAction): action is 'start' | 'stop' {
    const { accountId, podId } = parsePodKey(podKey)
    const pod = session
      .monitor(accountId)
      ?.accountPods()
      .pods.find(({ id }) => id === podId)
    if (pod === undefined || action === 'restart') return false
    return action === 'start' || isStopSafe(dataImpact(pod, 'stop'))
  }

  const actHere = (podKey: PodKey, action: PowerAction): Result<void, string> =>
    onPod(podKey, (operations, podId) => operations.act(podId, action))

  async function actAtKeeper(podKey: PodKey, action: 'start' | 'stop'): Promise<Result<void, string>> {
    const asked = await atKeeper(podKey, (keeper, podId) => keeper.act(podId, action))
    if (asked === null) return actHere(podKey, action)
    if (asked.ok) return asked
    const { isLost, message } = asked.error
    if (action === 'start' || !isLost) return fail(message)
    const isAgreed = await confirm(
      podKey,
      () => true,
      (pod, accountName) => directStopQuestion(pod, accountName, message),
    )
    if (!isAgreed.ok) return isAgreed
    return isAgreed.value ? actHere(podKey, action) : ok(undefined)
  }

  return {
    confirmStop,
    startWhenFree: (podKey) => onPod(podKey, (operations, podId) => operations.startWhenFree(podId)),
    async keepOn(podKey, choice) {
      const kept = await atKeeper(podKey, (keeper, podId) => keeper.keepOn(podId, choice))
      return kept === null
        ? onPod(podKey, (operations, podId) => operations.keepOn(podId, choice))
        : messageOf(kept)
    },
    async act(podKey, action) {
      const confirmed = action === 'stop' ? await confirmStop(podKey) : ok(true)
      if (!confirmed.ok) return confirmed
      if (!confirmed.value) return ok(undefined)
      return goesToKeeper(podKey, action) ? actAtKeeper(podKey, action) : actHere(podKey, action)
    },
    async changePodRules(podKey, changes) {
      const planned = await confirmStart(podKey, changes)
      if (!planned.ok || !planned.value) return planned.ok ? ok(undefined) : planned
      const changed = await atKeeper(podKey, (keeper, podId) => keeper.changePodRules(podId, changes))
      if (changed !== null) return messageOf(changed)
      const confirmed =
        changes.mayLoseData === true ? await confirm(podKey, () => true, loseDataQuestion) : ok(true)
      if (!confirmed.ok) return confirmed
      return confirmed.value
        ? onPod(podKey, (operations, podId) => operations.changePodRules(podId, changes))
        : ok(undefined)
    },
  }
}

const messageOf = (result: Result<void, ServerRefusal>): Result<void, string> =>
  result.ok ? result : fail(result.error.message)
