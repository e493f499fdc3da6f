import type { Instant } from '../base/time'
import { afterClockSetBack } from '../pod-rules/keep-on'
import type { AccountRulesStore } from '../pod-rules/pod-rules'
import type { AccountId } from '../pods/pod'

/**
 * If the clock was set back, "for an hour" could otherwise last for years. Reports a failed write once, until
 * one succeeds.
 */
export function createKeepOnRepair(
  accountId: AccountId,
  store: AccountRulesStore,
  report: (what: string, cause?: unknown) => void,
): (now: Instant) => void {
  let hasFailed = false
  return (now) => {
    const accountRules = store.load(accountId)
    const repaired = Object.entries(accountRules.pods).flatMap(([podId, rules]) => {
      const keepOn = rules.keepOn && afterClockSetBack(rules.keepOn, now.wallMs)
      return keepOn ? [[podId, { ...rules, keepOn }] as const] : []
    })
    if (repaired.length === 0) return
    const saved = store.save(accountId, {
      ...accountRules,
      pods: { ...accountRules.pods, ...Object.fromEntries(repaired) },
    })
    if (!saved.ok && !hasFailed) report('What is kept on could not be written down', saved.error)
    hasFailed = !saved.ok
  }
}
