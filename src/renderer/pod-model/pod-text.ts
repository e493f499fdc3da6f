import { formatDuration, formatRemaining, formatUsd } from '../../core/base/format'
import { idleReason, unknownReason } from '../../core/idle/idle-text'
import type { PodView } from '../../core/view/snapshot'
import { autoStopProgress, autoStopRemark, type GuardMode } from './guard-text'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../core/base/time'

export type PodTone = 'ok' | 'idle' | 'bad' | 'info' | 'mute'

/** A pod that is creating for longer is reported as stuck: docs/product-rules.md#11-states-shown */
const LONG_CREATING_MS = 15 * MINUTE_MS

/** The state of a pod in one or two words, and its color. */
export function podState(pod: PodView): { readonly tone: PodTone; readonly word: string } {
  switch (pod.phase) {
    case 'creating':
      return { tone: 'info', word: 'Creating' }
    case 'stopped':
      return { tone: 'mute', word: 'Stopped' }
    case 'error':
      return { tone: 'bad', word: 'Error' }
    case 'terminated':
      return { tone: 'mute', word: 'Terminated' }
    case 'unknown':
      return { tone: 'mute', word: pod.rawStatus === '' ? 'No status' : pod.rawStatus }
    case 'running':
      return runningState(pod)
  }
}

function runningState({ activity, alertAfterMs, guard }: PodView): ReturnType<typeof podState> {
  switch (activity.kind) {
    case 'busy':
      return { tone: 'ok', word: 'Running' }
    case 'idle': {
      // Its owner knows that it idles, and said so.
      if (guard.keepOn !== null) return { tone: 'info', word: 'Kept on' }
      const tone = activity.idleForMs >= alertAfterMs ? 'bad' : 'idle'
      return { tone, word: `Idle ${formatDuration(activity.idleForMs)}` }
    }
    case 'unknown':
      if (activity.reason === 'booting') return { tone: 'info', word: 'Booting' }
      return { tone: 'mute', word: 'Running, unsure' }
  }
}

/** Remarks about a pod, one sentence each. Times in Unix ms. */
export function podRemarks(pod: PodView, asOfMs: number): readonly string[] {
  const remarks: string[] = []
  const { activity } = pod
  if (pod.creating !== null) {
    const forMs = Math.max(0, asOfMs - pod.creating.sinceMs)
    const longNote = forMs >= LONG_CREATING_MS ? ': unusually long, and perhaps paid for already' : ''
    remarks.push(
      `Creating for ${pod.creating.isAtLeast ? 'at least ' : ''}${formatDuration(forMs)}${longNote}`,
    )
  }
  if (pod.phase === 'unknown') remarks.push('Podkeeper does not know this state: look at the pod in Runpod')
  if (pod.statusReason !== null) remarks.push(pod.statusReason)
  if (pod.phase === 'error')
    remarks.push(
      `${pod.statusReason === null ? 'Runpod gives no reason. ' : ''}Its logs in Runpod say more${pod.actions.includes('start') ? '; starting it again may help' : ''}.`,
    )
  if (pod.phase === 'running' && activity.kind === 'unknown')
    remarks.push(`Activity unknown: ${unknownReason(activity.reason)}`)
  if (activity.kind === 'busy' && activity.partlyIdle !== null) {
    const { idleGpus, gpus, idleForMs } = activity.partlyIdle
    remarks.push(`${idleGpus} of ${gpus} GPUs idle for ${formatDuration(idleForMs)}`)
  }
  if (pod.phase === 'stopped') {
    const perHour = pod.stoppedDiskPerHourUsd
    if (perHour === null) remarks.push('What its disk costs while stopped is not known')
    else if (perHour > 0)
      remarks.push(`Its disk costs ${formatUsd((perHour * DAY_MS) / HOUR_MS)} a day while stopped`)
  }
  return remarks
}

/** "3 pods · disks cost $4.80 a day". */
export function stoppedCostText(pods: readonly PodView[]): string {
  const count = pods.length === 1 ? '1 pod' : `${pods.length} pods`
  const perHour = pods.reduce((sum, pod) => sum + (pod.stoppedDiskPerHourUsd ?? 0), 0)
  if (perHour === 0) return count
  const atLeast = pods.some((pod) => pod.stoppedDiskPerHourUsd === null) ? 'at least ' : ''
  return `${count} · disks cost ${atLeast}${formatUsd((perHour * DAY_MS) / HOUR_MS)} a day`
}

export interface IdleBarText {
  /** Fill of the bar, 0–1: toward the alert, and after it toward the automatic stop. Null while it is kept on. */
  readonly progress: number | null
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
  const progress = isAlertNext ? idleForMs / alertAfterMs : (autoStopProgress(guard, idleForMs, asOfMs) ?? 1)
  return {
    progress: isKept ? null : progress,
    reason: idleReason(activity, { nowMs: asOfMs, ...(timeZone === undefined ? {} : { timeZone }) }),
    nextText: isStale ? null : remark,
    spent: idleCostUsd !== null && idleCostUsd >= 0.01 ? formatUsd(idleCostUsd) : null,
    isWasted: !isKept,
  }
}
