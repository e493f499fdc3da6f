import { elapsedMs, type Instant } from '../base/time/time'
import { type StopCause, stopCauses } from '../intents/intent'
import type { Impediment, ObstacleCode, RuleOutlook } from '../obstacles/obstacle'
import type { AutoStopMode, PodRules } from '../pod-rules/pod-rules'
import { stopTimeOf } from '../pod-rules/stop-time'
import type { Pod, PodId } from '../pods/pod'
import { activeKeepOn, isAutoStopEnabled, type PolicyContext, rulesOf } from './policy/policy'
import type { StopCondition } from './policy/stop-conditions'
import { blockOf } from './guard-view'
import type { StopBlock, StopStatus, StopStatuses } from './policy/stop-status'

/** A rule of this program as it stands for a pod. Nobody else is considered. */
export type OwnOutlook = Omit<RuleOutlook, 'isCovered'>

/**
 * The rules that may be due, as last evaluated at `evaluatedAt`. What the person chose (a pause, a dry run, keep running,
 * a switch that is off, data that may not be lost, the hourly limit) is not among them. See
 * docs/product-rules.md#39-who-can-act.
 */
export function ruleOutlooks(
  statuses: ReadonlyMap<PodId, StopStatuses>,
  findPod: (podId: PodId) => Pod | null,
  context: PolicyContext,
  evaluatedAt: Instant,
): readonly OwnOutlook[] {
  const { rules, now } = context
  if (rules.arePaused || rules.isDryRun) return []
  const passedMs = elapsedMs(evaluatedAt, now)
  return [...statuses].flatMap(([podId, podStatuses]) => {
    const pod = findPod(podId)
    if (pod === null || (pod.phase !== 'running' && pod.phase !== 'unknown')) return []
    const podRules = rulesOf({ pod }, context)
    if (activeKeepOn(podRules, context) !== null) return []
    return stopCauses
      .filter((cause) => isRuleOn(cause, podRules, context.accountRules.autoStop))
      .flatMap((rule) => outlookOf(pod, rule, podStatuses[rule], podRules, passedMs))
  })
}

export function isRuleOn(cause: StopCause, podRules: PodRules, mode: AutoStopMode): boolean {
  if (cause === 'quiet') return isAutoStopEnabled(mode, podRules)
  if (cause === 'stop-time') return stopTimeOf(podRules) !== null
  return cause === 'max-hours'
    ? podRules.maxHours !== undefined
    : podRules.monthlyBudgetUsd !== undefined && podRules.atBudget === 'stop'
}

function outlookOf(
  pod: Pod,
  rule: StopCause,
  status: StopStatus,
  podRules: PodRules,
  passedMs: number,
): readonly OwnOutlook[] {
  const held = heldBy(status)
  const impediment = held === null ? null : impedimentOf(held, pod)
  if (impediment === 'chosen') return []
  // The service that manages the pod judges and stops it.
  if (
    pod.managed !== undefined &&
    (rule === 'quiet' || rule === 'stop-time') &&
    (impediment?.code === 'unjudged' || impediment?.code === 'undecided')
  )
    return []
  const leftMs = status.kind === 'blocked' ? 0 : status.leftMs
  if (impediment === null && leftMs === null) return []
  const action = status.kind === 'planned' ? status.plan.action : actionOf(rule, podRules)
  const startedAtMs = pod.startedAtMs ?? pod.createdAtMs
  const dueInMs = leftMs === null ? null : leftMs - passedMs
  return [{ podId: pod.id, podName: pod.name, startedAtMs, rule, action, dueInMs, impediment }]
}

export const actionOf = (rule: StopCause, { atMaxHours = 'stop' }: PodRules): 'stop' | 'terminate' =>
  rule === 'max-hours' ? atMaxHours : 'stop'

type HeldStatus = Omit<StopBlock, 'text'>

const heldBy = (status: StopStatus): HeldStatus | null =>
  status.kind === 'clear' ? status.hold : blockOf(status)

/** One choice explains all; null: the program only waits for a moment. */
function impedimentOf({ conditions, obstacle, why }: HeldStatus, pod: Pod): Impediment | 'chosen' | null {
  const found = conditions.map((name) => meaningOf(name, pod))
  if (found.includes('chosen')) return 'chosen'
  const code = obstacle ?? found.find((one) => one !== null)
  return code === undefined || code === 'chosen' ? null : { code, why }
}

function meaningOf(name: StopCondition, pod: Pod): ObstacleCode | 'chosen' | null {
  switch (name) {
    case 'ticked':
    case 'not-kept-on':
    case 'not-paused':
    case 'not-a-dry-run':
    case 'not-in-cluster':
    case 'under-hourly-limit':
      return 'chosen'
    case 'not-locked':
      return pod.isLocked === true ? 'chosen' : 'unjudged'
    case 'data-survives':
      return pod.areMountsKnown ? 'chosen' : 'unjudged'
    case 'running':
    case 'still-quiet':
      return pod.phase === 'unknown' ? 'status-unknown' : name === 'running' ? null : 'unjudged'
    case 'same-run':
      return pod.startedAtMs === null ? 'unjudged' : null
    case 'cannot-tell':
      return 'undecided'
    case 'seen-afresh':
      return 'unreadable'
    case 'stop-offered':
      return pod.phase === 'unknown' ? 'status-unknown' : 'not-offered'
    case 'warned':
      return 'unheard'
    case 'retry-due':
      return 'stop-failing'
    case 'nothing-under-way':
      return null
  }
}
