import { diskRemark } from '../../../core/disk/disk-alerts'
import { engineText } from '../../../core/pods/pod-engine'
import {
  formatDuration,
  formatMoment,
  formatRemaining,
  formatUsd,
  formatUsdPerHour,
} from '../../../core/base/text/format'
import { serviceOf } from '../../../core/pods/labs/service-name'
import { containerSentences } from '../../../core/containers/container-text'
import { idleSummary, unknownReason } from '../../../core/idle/idle-text'
import type { IntentOrigin } from '../../../core/intents/intent'
import type { PodView } from '../../../core/view/snapshot'
import { isStuckCreating } from '../../../core/view/pod-state'
import { plannedStartOf } from '../../../core/pod-rules/planned-start'
import { outsideStopText } from '../../../core/polling/outside-stop-text'
import { autoStopLeftMs, autoStopProgress, autoStopRemark, type GuardMode } from './guard-text'
import { DAY_MS, HOUR_MS } from '../../../core/base/time/time'

/** In place of a price that is not known. */
export const NO_PRICE = 'no price'

/** "GPU 3: 93%, memory 70%". Null: not known. */
export function gpuUsageText(index: number, percent: number | null, memoryPercent: number | null): string {
  const usage = percent === null ? 'not known' : `${percent}%`
  return `GPU ${index}: ${usage}${memoryPercent === null ? '' : `, memory ${memoryPercent}%`}`
}

/** Remarks about a pod, one sentence each. Times in Unix ms. */
export function podRemarks(pod: PodView, asOfMs: number): readonly string[] {
  const remarks: string[] = []
  const { activity } = pod
  const service = serviceOf(pod)
  if (pod.creating !== null) {
    const forMs = Math.max(0, asOfMs - pod.creating.sinceMs)
    const forText = `Creating for ${pod.creating.isAtLeast ? 'at least ' : ''}${formatDuration(forMs)}`
    // What its log says of a problem is more.
    if (pod.progress?.problem === undefined || pod.progress.problem === null)
      remarks.push(
        isStuckCreating(pod, asOfMs)
          ? `${forText}, which is unusually long. You may already be paying for it, but it isn’t usable yet.`
          : `${forText}. You may already be paying for it.`,
      )
  }
  if (pod.phase === 'unknown') remarks.push(`Podkeeper doesn’t know this state. Check the pod on ${service}`)
  if (pod.statusReason !== null) remarks.push(pod.statusReason)
  if (pod.engine !== undefined) remarks.push(engineText(pod.engine))
  if (pod.phase === 'error')
    remarks.push(
      `${pod.statusReason === null ? `${service} gave no reason. ` : ''}${pod.hasLogs === true ? 'Its log says more' : `Its logs in ${service} say more`}${pod.actions.includes('start') ? '; starting it again may help' : ''}.`,
    )
  if (pod.container !== undefined && (pod.progress?.problem ?? null) === null)
    remarks.push(containerSentences(pod.container, asOfMs, service))
  for (const disk of pod.disks?.disks ?? []) {
    const remark = diskRemark(disk)
    if (remark !== null) remarks.push(remark)
  }
  if (pod.phase === 'running' && activity.kind === 'unknown' && activity.reason !== 'starting')
    remarks.push(
      activity.reason === 'booting'
        ? 'Booting. Idle tracking hasn’t started yet'
        : `Activity unknown: ${unknownReason(activity.reason)}`,
    )
  if (activity.kind === 'busy' && activity.partlyIdle !== null) {
    const { idleGpus, gpus, idleForMs } = activity.partlyIdle
    remarks.push(`${idleGpus} of ${gpus} GPUs idle for ${formatDuration(idleForMs)}`)
  }
  if (pod.phase === 'stopped') {
    const { intent, outsideStop } = pod
    if (outsideStop !== undefined)
      remarks.push(
        `Stopped at ${formatMoment(outsideStop.atMs, { nowMs: asOfMs })}, ${outsideStopText(outsideStop, pod)}`,
      )
    if (intent !== null && intent.action === 'stop' && intent.phase === 'observed')
      remarks.push(`Stopped at ${formatMoment(intent.atMs, { nowMs: asOfMs })}${stopperTexts[intent.origin]}`)
    const plan = plannedStartOf(pod.guard.rules)
    if (plan !== null)
      remarks.push(
        `Starts once at ${formatMoment(plan.atMs, { nowMs: asOfMs })}, if it costs at most ${formatUsdPerHour(plan.maxPerHourUsd)}`,
      )
    const perHour = pod.stoppedDiskPerHourUsd
    if (perHour === null) remarks.push('Its disk cost while stopped is unknown')
    else if (perHour > 0)
      remarks.push(`Its disk costs ${formatUsd((perHour * DAY_MS) / HOUR_MS)} a day while stopped`)
  }
  return remarks
}

const stopperTexts: Readonly<Record<IntentOrigin, string>> = {
  person: '',
  quiet: ' by auto-stop',
  'max-hours': ', at its maximum hours',
  'stop-time': ', at its time of day',
  budget: ', at its budget',
}

/** "3 · disks cost $4.80 a day". */
export function stoppedCostText(pods: readonly PodView[]): string {
  const count = String(pods.length)
  const perHour = pods.reduce((sum, pod) => sum + (pod.stoppedDiskPerHourUsd ?? 0), 0)
  if (perHour === 0) return count
  const atLeast = pods.some((pod) => pod.stoppedDiskPerHourUsd === null) ? 'at least ' : ''
  return `${count} · disks cost ${atLeast}${formatUsd((perHour * DAY_MS) / HOUR_MS)} a day`
}

export interface IdleBarText {
  /**
   * Fill of the bar, 0–1: toward the alert, and after it toward the automatic stop; 0 while something holds the stop.
   * Null while it is kept on.
   */
  readonly progress: number | null
  /** How long until the automatic stop to which the bar leads; null when it leads to none. */
  readonly stopInMs: number | null
  readonly reason: string
  /** When the next step is due; null when there is none or the data is stale. */
  readonly nextText: string | null
  /** Cost of the idle time so far; null when unknown or negligible. */
  readonly spent: string | null
  /** Whether nobody wanted the idle time, because the pod isn't kept on. */
  readonly isWasted: boolean
}

/** The idle bar of a pod: why it counts as idle, its cost, and what comes next. Times in Unix ms. */
export function idleBarText(
  pod: PodView,
  mode: GuardMode,
  asOfMs: number,
  isStale: boolean,
  timeZone?: string,
): IdleBarText | null {
  const { activity, alertAfterMs, idleCostUsd, guard } = pod
  if (pod.phase !== 'running' || activity.kind !== 'idle') return null
  const { idleForMs } = activity
  const leftMs = alertAfterMs - idleForMs
  // Idle alerts are held while a pod is kept on.
  const isKept = guard.keepOn !== null
  const isAlertNext = leftMs > 0 && !isKept
  const remark = isAlertNext
    ? `alert in ${formatRemaining(leftMs)}`
    : autoStopRemark(guard, mode, asOfMs, timeZone)
  const progress = isAlertNext ? idleForMs / alertAfterMs : (autoStopProgress(guard, idleForMs, asOfMs) ?? 0)
  return {
    progress: isKept ? null : progress,
    stopInMs: isStale || isAlertNext ? null : autoStopLeftMs(guard, asOfMs),
    reason: idleSummary(activity, { nowMs: asOfMs, timeZone }),
    nextText: isStale ? null : remark,
    spent: idleCostUsd !== null && idleCostUsd >= 0.01 ? formatUsd(idleCostUsd) : null,
    isWasted: !isKept,
  }
}
