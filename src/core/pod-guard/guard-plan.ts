import { fail, ok, type Result } from '../base/result'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../base/time/time'
import type { PodRules } from '../pod-rules/pod-rules'
import type { Pod } from '../pods/pod'
import { jobsRootOf } from '../queue/host/job-scripts'
import { activityRulesOf, type Settings } from '../settings/settings'
import type { GuardReport } from './guard-report'

/** A guard warns half an hour ahead, so that a shorter time would be none. */
export const LEAST_IDLE_MIN = 60
/** Stands for "until canceled". */
const FOREVER_S = (3_650 * DAY_MS) / SECOND_MS
/** Times in the pod that differ by less are the same. */
const SAME_S = 120

export interface GuardPlanInput {
  readonly pod: Pod
  readonly rules: PodRules
  /** How long a pod has to be idle, as set for all pods, in minutes. */
  readonly autoStopAfterMin: number
  readonly busyAtPercent: number
  /** All automatic stops are paused or in a dry run. */
  readonly areStopsPaused: boolean
  /** Null: not known. */
  readonly uptimeMs: number | null
  readonly nowMs: number
}

/** What of the settings a guard is told. */
export const guardSettingsOf = (
  settings: Settings,
): Pick<GuardPlanInput, 'autoStopAfterMin' | 'busyAtPercent' | 'areStopsPaused'> => ({
  autoStopAfterMin: settings.autoStopAfterMin,
  busyAtPercent: activityRulesOf(settings).busyAtPercent,
  areStopsPaused: settings.areAutoStopsPaused || settings.isAutoStopDryRun,
})

/** What the guard of a pod is to do, as it is written there. */
export interface GuardPlan {
  readonly settings: string
  /** Seconds from now; 0: none; null: unknown now, so that it stays as it is. */
  readonly deadlineS: number | null
  /** It can't be later than this; 0: none. */
  readonly latestDeadlineS: number
  /** For how long it is kept running, seconds; 0: not at all. */
  readonly keepS: number
  /** The image starts it with the container. */
  readonly isPostStarted: boolean
}

/** The plan by the rules of a pod. The error is a sentence. See docs/product-rules.md#141-guard-in-the-pod. */
export function guardPlanOf(input: GuardPlanInput): Result<GuardPlan, string> {
  const { pod, rules, busyAtPercent } = input
  if (pod.gpu === null && pod.cpu === null) return fail('Runpod does not say how many GPUs it has.')
  const idleMin = Math.max(LEAST_IDLE_MIN, rules.autoStopAfterMin ?? input.autoStopAfterMin)
  const idleS = Math.min(Math.round((idleMin * MINUTE_MS) / SECOND_MS), 10_000_000)
  const consent = rules.podGuard === 'stop' && !input.areStopsPaused ? 'yes' : 'no'
  const limit = Math.min(100, Math.max(1, Math.floor(busyAtPercent)))
  const latestDeadlineS = Math.round(((rules.maxHours ?? 0) * HOUR_MS) / SECOND_MS)
  const isPostStarted = rules.isGuardPostStarted === true
  // One that the image starts counts maximum hours from then, until it gets the deadline.
  const maxS = isPostStarted ? Math.min(latestDeadlineS, 1_000_000_000) : 0
  const settings = `${idleS} ${maxS} ${pod.gpu?.count ?? 0} ${limit} ${consent} ${jobsRootOf(pod)}/.podkeeper/jobs`
  return ok({ settings, deadlineS: deadlineOf(input), latestDeadlineS, keepS: keepOf(input), isPostStarted })
}

function deadlineOf({ rules: { maxHours }, uptimeMs }: GuardPlanInput): number | null {
  if (maxHours === undefined) return 0
  if (uptimeMs === null) return null
  return Math.max(1, Math.round((maxHours * HOUR_MS - uptimeMs) / SECOND_MS))
}

function keepOf({ rules: { keepOn }, nowMs }: GuardPlanInput): number {
  if (keepOn === undefined) return 0
  if (keepOn.untilMs === null) return FOREVER_S
  return Math.max(0, Math.round((keepOn.untilMs - nowMs) / SECOND_MS))
}

/** What is to be done so that the pod's guard is as planned. */
export type GuardStep =
  | { readonly kind: 'install'; readonly deadlineS: number; readonly keepS: number }
  | { readonly kind: 'change'; readonly change: 'deadline' | 'keep' | 'post-start'; readonly seconds: number }

/**
 * The steps from what the guard reports to the plan of computer `computerId`. What other computers set stays, and so does
 * a guard that is newer than `version`.
 */
export function guardSteps(
  report: GuardReport | 'absent',
  plan: GuardPlan,
  version: number,
  computerId: string,
): readonly GuardStep[] {
  const status = report === 'absent' ? null : report.status
  const computers = report === 'absent' ? [] : report.computers
  const own = computers.find(({ id }) => id === computerId)
  const leftS = (atS: number | null | undefined): number =>
    report === 'absent' || atS == null ? 0 : Math.max(0, atS - report.nowS)
  const isSame =
    report !== 'absent' &&
    report.isAlive &&
    report.settings === plan.settings &&
    (status === null || status.version >= version)
  const deadlineLeftS = own?.deadlineS == null ? 0 : Math.max(1, leftS(own.deadlineS))
  const deadlineS = plan.deadlineS ?? (deadlineLeftS > 0 ? deadlineLeftS : plan.latestDeadlineS)
  const postStartSteps: GuardStep[] = isPostStartOther(report, plan, computerId)
    ? [{ kind: 'change', change: 'post-start', seconds: plan.isPostStarted ? 1 : 0 }]
    : []
  if (!isSame) return [{ kind: 'install', deadlineS, keepS: plan.keepS }, ...postStartSteps]
  const steps: GuardStep[] = [...postStartSteps]
  if (isOther(deadlineLeftS, deadlineS))
    steps.push({ kind: 'change', change: 'deadline', seconds: deadlineS })
  if (isOther(leftS(own?.keptUntilS), plan.keepS))
    steps.push({ kind: 'change', change: 'keep', seconds: plan.keepS })
  return steps
}

/** The image starts it for as long as any computer wants that. */
function isPostStartOther(
  report: GuardReport | 'absent',
  { isPostStarted }: GuardPlan,
  computerId: string,
): boolean {
  if (report === 'absent') return isPostStarted
  const { postStart, computers } = report
  const wishes = computers.filter((computer) => computer.isPostStarted).map(({ id }) => id)
  const isOwn = wishes.includes(computerId)
  if (postStart !== 'yes' && postStart !== 'no') return false
  if (isPostStarted) return postStart === 'no' || !isOwn
  return isOwn || (postStart === 'yes' && wishes.length === 0)
}

const isOther = (aS: number, bS: number): boolean =>
  (aS === 0) !== (bS === 0) || (Math.abs(aS - bS) > SAME_S && Math.min(aS, bS) < FOREVER_S / 2)
