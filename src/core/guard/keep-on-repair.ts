import type { Instant } from '../base/time/time'
import { afterClockSetBack } from '../pod-rules/keep-on'
import type { AccountContext } from '../pod-rules/account-context'
import type { AccountRules, PodRules } from '../pod-rules/pod-rules'
import type { PodId } from '../pods/pod'

/**
 * If the clock was set back, "for an hour" could otherwise last for years. Reports a failed write once, until
 * one succeeds.
 */
export function createKeepOnRepair({
  accountId,
  accountRules: store,
  report,
}: AccountContext): (now: Instant) => void {
  let hasFailed = false
  return (now) => {
    if (repairedPods(store.load(accountId), now).length === 0) return
    const saved = store.update(accountId, (rules) => ({
      ...rules,
      pods: { ...rules.pods, ...Object.fromEntries(repairedPods(rules, now)) },
    }))
    if (!saved.ok && !hasFailed) report('Which pods are kept running could not be saved', saved.error)
    hasFailed = !saved.ok
  }
}

const repairedPods = ({ pods }: AccountRules, now: Instant): readonly (readonly [PodId, PodRules])[] =>
  Object.entries(pods).flatMap(([podId, rules]) => {
    const keepOn = rules.keepOn && afterClockSetBack(rules.keepOn, now.wallMs)
    return keepOn ? [[podId, { ...rules, keepOn }] as const] : []
  })
