import { autoStopQuestion } from '../../../core/confirmation/pod-questions'
import { type Ask, askWhether } from '../../../core/confirmation/question-queue'
import type { Monitor } from '../../../core/monitor/monitor-types'
import { type ArmedPods, isMoreArmed } from '../../../core/pod-rules/armed-pods'
import type { AccountId, PodId } from '../../../core/pods/pod'
import { fail, ok, type Result } from '../../../core/base/result'
import type { AccountSession } from '../account-session-types'
import { autoStopTexts } from '../account-text'

/** Errors are sentences. */
export interface AutoStopRequests {
  /**
   * Turns auto-stop on for the selected pods of the account, and selects these. Where that arms any pod, main's own
   * window asks first and names every one. Returns for how many pods it is on; null: the person refused, and nothing
   * was changed. See docs/product-rules.md#31-rules.
   */
  turnOnAutoStop(accountId: AccountId, podIds: readonly PodId[]): Promise<Result<number | null, string>>
  /** See `PodRulesEditor`. */
  setStopTime(accountId: AccountId, stopAt: string | null): Result<void, string>
}

const isOn = (monitor: Monitor): boolean => {
  const { autoStop } = monitor.snapshot().guard
  return autoStop === 'ticked' || autoStop === 'all'
}

const countOf = ({ listed, unlistedIds }: ArmedPods): number => listed.length + unlistedIds.length

export function createAutoStopRequests(
  session: Pick<AccountSession, 'withMonitor' | 'keeperOf'>,
  ask: Ask,
  /** What a person calls the account; null where there is only one. */
  nameOf: (accountId: AccountId) => string | null,
): AutoStopRequests {
  /** False: the person refused. */
  async function isAgreed(accountId: AccountId, podIds: readonly PodId[]): Promise<Result<boolean, string>> {
    const shown = session.withMonitor(accountId, (monitor) => ok(monitor.podsArmedWith(podIds)))
    if (!shown.ok) return shown
    if (countOf(shown.value) === 0 && !shown.value.includesLaterPods) return ok(true)
    const asked = await askWhether(ask, autoStopQuestion(shown.value, nameOf(accountId)))
    if (!asked.ok || !asked.value) return asked
    return session.withMonitor(accountId, (monitor) =>
      isMoreArmed(monitor.podsArmedWith(podIds), shown.value) ? fail(autoStopTexts.changed) : ok(true),
    )
  }

  function turnOn(monitor: Monitor, podIds: readonly PodId[]): Result<number, string> {
    for (const podId of podIds) {
      const selected = monitor.changePodRules(podId, { isAutoStopped: true })
      if (!selected.ok) return selected
    }
    // It may have been turned on for all pods meanwhile.
    const changed = isOn(monitor) ? ok(undefined) : monitor.setAutoStop('ticked')
    if (!changed.ok) return changed
    return isOn(monitor) ? ok(countOf(monitor.podsArmedWith([]))) : fail(autoStopTexts.rulesUnreadable)
  }

  return {
    async turnOnAutoStop(accountId, podIds) {
      if (session.keeperOf(accountId) !== null) return fail(autoStopTexts.kept)
      const wasOn = session.withMonitor(accountId, (monitor) => ok(isOn(monitor)))
      if (!wasOn.ok) return wasOn
      const agreed = wasOn.value ? ok(true) : await isAgreed(accountId, podIds)
      if (!agreed.ok) return agreed
      return agreed.value ? session.withMonitor(accountId, (monitor) => turnOn(monitor, podIds)) : ok(null)
    },
    setStopTime: (accountId, stopAt) =>
      session.keeperOf(accountId) === null
        ? session.withMonitor(accountId, (monitor) => monitor.setStopTime(stopAt))
        : fail(autoStopTexts.rulesKept),
  }
}
