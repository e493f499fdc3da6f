import { HOUR_MS } from '../base/time/time'
import { type StopCause, stopCauses } from '../intents/intent'
import type { EarlierPod } from '../money/costs/earlier-pods'
import { effectiveRules } from '../pod-rules/group-rules'
import { noGroupRules, type PodRules, podRulesOf } from '../pod-rules/pod-rules'
import { stopTimeLeftMs, stopTimeOf } from '../pod-rules/stop-time'
import { activeKeepOn, type PolicyContext } from './policy/policy'
import { actionOf, isRuleOn, type OwnOutlook } from './rule-outlooks'

/**
 * The rules of pods that were running when an earlier program listed them last, until this one lists any. Nothing here
 * knows whether they still run, so nothing is done with them. See docs/product-rules.md#39-who-can-act.
 */
export function earlierOutlooks(pods: readonly EarlierPod[], context: PolicyContext): readonly OwnOutlook[] {
  const { accountRules, rules, now } = context
  if (rules.arePaused || rules.isDryRun) return []
  return pods.flatMap((pod) => {
    const podRules = rulesOfEarlier(pod, context)
    if (activeKeepOn(podRules, context) !== null) return []
    return stopCauses
      .filter((rule) => isRuleOn(rule, podRules, accountRules.autoStop))
      .map((rule) => ({
        ...outlookOfEarlier(pod),
        rule,
        action: actionOf(rule, podRules),
        dueInMs: leftMsOf(rule, pod, podRules, now.wallMs),
      }))
  })
}

/** What all rules of such a pod have in common. */
export const outlookOfEarlier = ({ podId, name, startedAtMs, seenAtMs }: EarlierPod) =>
  ({ podId, podName: name, startedAtMs, impediment: null, lastSeenAtMs: seenAtMs }) as const

/** Its labels are not kept. */
function rulesOfEarlier({ podId, name, hardware }: EarlierPod, { accountRules }: PolicyContext): PodRules {
  const gpu = hardware === null ? null : { name: hardware }
  const pod = { name, gpu, isEnvironmentHidden: true } as const
  return effectiveRules(podRulesOf(accountRules, podId), pod, accountRules.groupRules ?? noGroupRules).rules
}

function leftMsOf(rule: StopCause, pod: EarlierPod, podRules: PodRules, nowMs: number): number | null {
  if (rule === 'max-hours') return leftHoursMs(pod, podRules, nowMs)
  const stopTime = rule === 'stop-time' ? stopTimeOf(podRules) : null
  return stopTime === null ? null : stopTimeLeftMs(stopTime, pod.startedAtMs, nowMs)
}

/** A clock that was set back since takes nothing away from the time that it ran. */
function leftHoursMs(
  { startedAtMs, seenAtMs }: EarlierPod,
  { maxHours }: PodRules,
  nowMs: number,
): number | null {
  if (startedAtMs === null || maxHours === undefined) return null
  return maxHours * HOUR_MS - (Math.max(nowMs, seenAtMs) - startedAtMs)
}
