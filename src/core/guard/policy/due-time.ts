import type { IdleActivity } from '../../idle/activity'
import { LACKS_FIGURES_MS } from '../../idle/activity-fold'
import { isAboutUse, type QuietDoubt } from '../../idle/quiet-doubt'
import { noFiguresText, unknownReason } from '../../idle/idle-text'
import { lacksFigures } from '../../idle/reported-idle'
import type { StopCause } from '../../intents/intent'
import { stopTimeLeftMs, stopTimeOf } from '../../pod-rules/stop-time'
import { monthEnd, monthOf } from '../../money/ledger/months'
import { serviceOf } from '../../pods/labs/service-name'
import type { PodRules } from '../../pod-rules/pod-rules'
import type { PolicyPod } from './policy-pod'
import type { PolicyRules } from './policy-settings'
import { HOUR_MS, type Instant, MINUTE_MS } from '../../base/time/time'

/** When the state of a pod makes an automatic stop due. Texts are clauses that follow "since". */
export type DueTime =
  /** `leftMs`: time until then if nothing changes; 0 or less means due. */
  | {
      readonly kind: 'known'
      readonly leftMs: number
      readonly doubt: QuietDoubt | null
      /** Absent: its memory did not move while it was idle. */
      readonly creep?: MemoryCreep
    }
  /** It could not be read now; `leftMs` is what was known before. `isLasting`: nothing suggests that it will be. */
  | {
      readonly kind: 'unknown'
      readonly leftMs: number | null
      readonly why: string
      readonly isLasting?: true
    }
  /** It was observed not to lead to a stop. */
  | {
      readonly kind: 'none'
      readonly why: string
      /** Why it can't be judged, as a clause; absent: it was judged, or is not yet. */
      readonly unknownBecause?: string
    }

/** What memory that moved while a pod was idle takes away from its quiet time. */
export interface MemoryCreep {
  readonly movedMs: number
  /** Null once memory was still for the whole time of the rule, or something decided that it doesn't matter. */
  readonly doubt: QuietDoubt | null
}

/** The moment at which a rule is evaluated. */
export interface RuleTime {
  readonly now: Instant
  /** The time of day that the service's replies confirm, Unix ms; null while it isn't known. */
  readonly holdNowMs: number | null
}

/** The due time of `cause` for a running pod with these rules. See docs/product-rules.md#3-idle-policy. */
export function dueTimeOf(
  cause: StopCause,
  policyPod: PolicyPod,
  podRules: PodRules,
  rules: PolicyRules,
  time: RuleTime,
): DueTime {
  const { pod } = policyPod
  if (pod.phase === 'unknown')
    return unknown(`${serviceOf(pod)} reports a status that Podkeeper does not know`)
  if (pod.phase !== 'running') return { kind: 'none', why: 'it is not running' }
  if (cause === 'max-hours') return maxHoursDueTime(policyPod, podRules)
  if (cause === 'stop-time') return stopTimeDueTime(policyPod, podRules, rules, time)
  return cause === 'budget'
    ? budgetDueTime(policyPod, podRules, time.now)
    : quietDueTime(policyPod, podRules, rules)
}

const known = (leftMs: number, doubt: QuietDoubt | null = null): DueTime => ({ kind: 'known', leftMs, doubt })
const unknown = (why: string): Extract<DueTime, { kind: 'unknown' }> => ({
  kind: 'unknown',
  leftMs: null,
  why,
})

function maxHoursDueTime({ pod, uptimeMs }: PolicyPod, { maxHours }: PodRules): DueTime {
  if (maxHours === undefined) return { kind: 'none', why: 'it no longer has maximum hours' }
  if (uptimeMs === null) return unknown(`${serviceOf(pod)} does not say when it started`)
  return known(maxHours * HOUR_MS - uptimeMs)
}

/**
 * A pod that was in use lately is stopped later, and one that can't be judged is not, which is known before the time.
 * See docs/product-rules.md#31-rules.
 */
function stopTimeDueTime(
  policyPod: PolicyPod,
  podRules: PodRules,
  rules: PolicyRules,
  { now, holdNowMs }: RuleTime,
): DueTime {
  const stopTime = stopTimeOf(podRules)
  if (stopTime === null) return { kind: 'none', why: 'no time of day stops it anymore' }
  const timeLeftMs = stopTimeLeftMs(stopTime, policyPod.pod.startedAtMs, holdNowMs ?? now.wallMs)
  // Until a reply confirms the time, this computer's clock only tells that it is far away.
  if (holdNowMs === null && timeLeftMs <= rules.warnings.firstMs)
    return unknown('the time of day isn’t certain yet')
  const quiet = quietDueTime(policyPod, restRules(podRules, rules), rules)
  if (quiet.kind === 'none' && quiet.unknownBecause === undefined) return quiet
  const why = quiet.kind === 'none' ? quiet.unknownBecause : null
  if (why != null) return { kind: 'unknown', leftMs: timeLeftMs, why, isLasting: true }
  if (quiet.kind === 'none') return quiet
  return { ...quiet, leftMs: Math.max(timeLeftMs, quiet.leftMs ?? 0) }
}

/** For a stop at a time of day, a pod is in use if it was not quiet until shortly before the first warning. */
const restRules = (podRules: PodRules, { warnings }: PolicyRules): PodRules => ({
  ...podRules,
  autoStopAfterMin: warnings.firstMs / MINUTE_MS + REST_BEFORE_WARNING_MIN,
})

const REST_BEFORE_WARNING_MIN = 5

/** Time that is past its budget is negative, at the present price, so that an existing plan keeps its time. */
function budgetDueTime(
  { pod, spentUsd }: PolicyPod,
  { monthlyBudgetUsd, atBudget }: PodRules,
  { wallMs }: Instant,
): DueTime {
  const { costPerHourUsd, isPriceApproximate } = pod
  if (monthlyBudgetUsd === undefined || atBudget !== 'stop')
    return { kind: 'none', why: 'no budget stops it anymore' }
  // An approximate price confirms nothing, so the budget would come no nearer.
  if (isPriceApproximate === true)
    return { ...unknown('its price is approximate, so what it cost is not certain'), isLasting: true }
  if (spentUsd === null) return unknown('what it cost this month is not known for certain')
  if (costPerHourUsd === null || costPerHourUsd <= 0)
    return unknown(`${serviceOf(pod)} does not say what it costs`)
  const leftMs = ((monthlyBudgetUsd - spentUsd) / costPerHourUsd) * HOUR_MS
  if (leftMs >= monthEnd(monthOf(wallMs)) - wallMs)
    return { kind: 'none', why: 'its budget lasts until the end of the month' }
  return known(leftMs)
}

function quietDueTime(policyPod: PolicyPod, podRules: PodRules, rules: PolicyRules): DueTime {
  const { activity, insideVerdict } = policyPod
  if (activity.kind === 'busy') return { kind: 'none', why: 'it is busy' }
  if (hasNoOwnFigures(policyPod))
    return { kind: 'unknown', leftMs: null, why: noFiguresText, isLasting: true }
  const idle = idleActivityOf(policyPod)
  if (idle === null) {
    const isUnjudged = activity.kind === 'unknown' && !['booting', 'starting'].includes(activity.reason)
    const why = 'it could not be observed for a while'
    return { kind: 'none', why, ...(isUnjudged && { unknownBecause: unknownReason(activity.reason) }) }
  }
  const { certainMs, possibleMs } = quietLeftMs(idle, podRules, rules)
  const isDecided = isLowCpuEnough(idle, podRules) || insideVerdict?.kind === 'at-rest'
  const { firstMs } = rules.warnings
  const doubt = !isDecided && possibleMs <= firstMs && certainMs > firstMs && idle.doubt ? idle.doubt : null
  const leftMs = isDecided || doubt !== null ? possibleMs : certainMs
  if (activity.kind === 'unknown') return { kind: 'unknown', leftMs, why: unknownReason(activity.reason) }
  const movedMs = idle.doubt?.memoryMovedMs ?? 0
  if (idle.doubt === undefined || movedMs === 0) return known(leftMs, doubt)
  const isStill = isDecided || certainMs <= 0
  const creepDoubt = isStill ? null : { ...idle.doubt, about: 'memory' as const }
  return { kind: 'known', leftMs, doubt, creep: { movedMs, doubt: creepDoubt } }
}

/**
 * Whether a look from inside decides when the pod is stopped, now that the stop comes near. See
 * docs/product-rules.md#25-quiet.
 */
export function isLookNeeded(policyPod: PolicyPod, podRules: PodRules, rules: PolicyRules): boolean {
  const idle = idleActivityOf(policyPod)
  if (policyPod.pod.phase !== 'running' || idle === null || isLowCpuEnough(idle, podRules)) return false
  if (idle.reportedMinutes !== undefined) return false
  const { certainMs, possibleMs } = quietLeftMs(idle, podRules, rules)
  return possibleMs <= rules.warnings.firstMs && certainMs > Math.max(0, possibleMs)
}

/** Whether a look from inside decides whether the pod is in use at its time of day, which comes near. */
export function isStopTimeLookNeeded(
  policyPod: PolicyPod,
  podRules: PodRules,
  rules: PolicyRules,
  holdNowMs: number | null,
): boolean {
  const stopTime = stopTimeOf(podRules)
  if (stopTime === null || holdNowMs === null) return false
  const leftMs = stopTimeLeftMs(stopTime, policyPod.pod.startedAtMs, holdNowMs)
  return leftMs <= rules.warnings.firstMs && isLookNeeded(policyPod, restRules(podRules, rules), rules)
}

/** Whether looks from inside stand for the figures of a pod. See docs/product-rules.md#28-what-the-api-reports. */
export const isSourceNeeded = ({ pod, lacksFiguresForMs }: PolicyPod): boolean =>
  pod.phase === 'running' && lacksFiguresForMs !== null && lacksFiguresForMs >= LACKS_FIGURES_MS

/** Where too little is reported of a pod, "Low CPU is idle" decides nothing. */
const isLowCpuEnough = ({ doubt }: IdleActivity, { isLowCpuIdle }: PodRules): boolean =>
  isLowCpuIdle === true && (doubt === undefined || isAboutUse(doubt))

/** Whether only the service that manages the pod can say that it is idle, or nothing can. */
function hasNoOwnFigures({ pod, activity }: PolicyPod): boolean {
  if (activity.kind === 'idle') return activity.reportedMinutes !== undefined
  if (activity.kind === 'busy' || pod.managed === undefined) return false
  return activity.paused === undefined
    ? lacksFigures(activity)
    : activity.paused.reportedMinutes !== undefined
}

function idleActivityOf({ activity }: PolicyPod): IdleActivity | null {
  if (activity.kind === 'idle') return activity
  return (activity.kind === 'unknown' ? activity.paused : null) ?? null
}

/** Time until it was quiet for long enough, ms: for certain, and if its doubtful samples count as quiet. */
function quietLeftMs(
  { quietForMs, doubt }: IdleActivity,
  podRules: PodRules,
  rules: PolicyRules,
): { readonly certainMs: number; readonly possibleMs: number } {
  const afterMs = autoStopAfterMs(podRules, rules)
  return { certainMs: afterMs - quietForMs, possibleMs: afterMs - (doubt?.quietForMs ?? quietForMs) }
}

/** Observed quiet time after which the pod is stopped, ms. */
export const autoStopAfterMs = ({ autoStopAfterMin }: PodRules, rules: PolicyRules): number =>
  autoStopAfterMin === undefined ? rules.autoStopAfterMs : autoStopAfterMin * MINUTE_MS
