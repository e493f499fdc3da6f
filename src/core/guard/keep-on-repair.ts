import { afterClockSetBack } from '../pod-rules/keep-on'
import type { AccountContext } from '../pod-rules/account-context'
import type { AccountRules, PodRules } from '../pod-rules/pod-rules'
import type { PodId } from '../pods/pod'

/**
 * If the clock was ahead when it was set, "for an hour" could otherwise last for years. Reports a failed write once,
 * until one succeeds.
 */
export function createKeepOnRepair({
  accountId,
  accountRules: store,
  report,
}: AccountContext): (nowMs: number) => void {
  let hasFailed = false
  return (nowMs) => {
    if (repairedPods(store.load(accountId), nowMs).length === 0) return
    const saved = store.update(accountId, (rules) => ({
      ...rules,
      pods: { ...rules.pods, ...Object.fromEntries(repairedPods(rules, nowMs)) },
    }))
    if (!saved.ok && !hasFailed) report('Which pods are kept running could not be saved', saved.error)
    hasFailed = !saved.ok
  }
}

const repairedPods = ({ pods }: AccountRules, nowMs: number): readonly (readonly [PodId, PodRules])[] =>
  Object.entries(pods).flatMap(([podId, rules]) => {
    const keepOn = rules.keepOn && afterClockSetBack(rules.keepOn, nowMs)
    return keepOn ? [[podId, { ...rules, keepOn }] as const] : []
  })
