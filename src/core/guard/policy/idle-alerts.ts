import type { PendingAlert } from '../../alerts/alert'
import { DAY_MS } from '../../base/time/time'
import { idleAlert, idleReminderAlert, keptOnAlert, partlyIdleAlert } from './guard-text'
import { activeKeepOn, alertAfterMs, isAutoStopEnabled, type PolicyContext, rulesOf } from './policy'
import type { PolicyPod } from './policy-pod'
import { unjudgedAlert } from './unjudged-alert'

/** All current alerts about a pod except stop warnings. See docs/product-rules.md#31-rules. */
export function findAlerts(policyPod: PolicyPod, context: PolicyContext): readonly PendingAlert[] {
  const { pod, activity, hasOpenIntent } = policyPod
  const { accountId, rules, now } = context
  const podRules = rulesOf(policyPod, context)
  if (pod.phase !== 'running') return []
  const keepOn = activeKeepOn(podRules, context)
  if (keepOn !== null) {
    const days = Math.floor((now.wallMs - keepOn.sinceMs) / DAY_MS)
    return keepOn.untilMs === null && days >= 1 ? [keptOnAlert(accountId, pod, keepOn, days, now)] : []
  }
  if (activity.kind === 'unknown') return unjudgedAlerts(policyPod, context)
  // Its figures are those from before the action.
  if (hasOpenIntent) return []
  const afterMs = alertAfterMs(podRules, rules)
  if (activity.kind === 'busy') {
    const { partlyIdle } = activity
    return partlyIdle !== null && partlyIdle.idleForMs >= afterMs
      ? [partlyIdleAlert(accountId, pod, partlyIdle)]
      : []
  }
  if (activity.idleForMs < afterMs) return []
  const jobNames = context.waitingJobNames(pod.id)
  const found = [idleAlert(accountId, pod, activity, jobNames)]
  const reminderMs = rules.remindersMs.filter((each) => each > afterMs && each <= activity.idleForMs).at(-1)
  if (reminderMs !== undefined) found.push(idleReminderAlert(accountId, pod, activity, reminderMs, jobNames))
  return found
}

/** A pod that can't be judged, unless no rule needs that. See docs/product-rules.md#33-missing-data. */
function unjudgedAlerts(policyPod: PolicyPod, context: PolicyContext): readonly PendingAlert[] {
  const { pod, unjudged, lookObstacle } = policyPod
  const { accountId, accountRules, rules, now } = context
  const podRules = rulesOf(policyPod, context)
  const { hasIdleAlerts } = rules
  const isAutoStopOn = isAutoStopEnabled(accountRules.autoStop, podRules) && !rules.arePaused
  if (unjudged === null || unjudged.forMs < rules.unknownAlertAfterMs) return []
  if (!hasIdleAlerts && !isAutoStopOn) return []
  const alertContext = { podRules, hasIdleAlerts, isAutoStopOn, lookObstacle, nowMs: now.wallMs }
  return [unjudgedAlert(accountId, pod, unjudged, alertContext)]
}
