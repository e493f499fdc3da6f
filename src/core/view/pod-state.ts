import { formatDuration } from '../base/text/format'
import { MINUTE_MS } from '../base/time/time'
import { actionText } from '../intents/action-text'
import { isOpen } from '../intents/intent'
import { containerInsteadOf, containerWord, needsHelp } from '../containers/container-text'
import { problemTitle } from '../logs/progress-text'
import { isIdleForLong } from './pod-view'
import type { PodView } from './snapshot'

/* The state of a pod in the words of every window, the tray and the command line. */

/** A pod that is creating for longer is stuck: docs/product-rules.md#11-states-shown */
export const LONG_CREATING_MS = 15 * MINUTE_MS

export type PodTone = 'ok' | 'idle' | 'bad' | 'info' | 'mute'

/**
 * The state of a pod in a few words, and its color: amber only for idle, red only for trouble, green only for work.
 * `asOfMs`: when the pod was observed, Unix ms; without it, no time is given that depends on it.
 */
export function podState(
  pod: PodView,
  asOfMs: number | null = null,
): { readonly tone: PodTone; readonly word: string } {
  const { intent } = pod
  if (intent !== null && isOpen(intent))
    return {
      tone: 'mute',
      word: intent.phase === 'waiting' ? 'Waiting for a GPU' : actionText[intent.action].doing,
    }
  switch (pod.phase) {
    case 'creating': {
      if (pod.progress?.problem) return { tone: 'bad', word: problemTitle(pod.progress.problem) }
      const isStuck = asOfMs !== null && isStuckCreating(pod, asOfMs)
      const forText =
        asOfMs === null || pod.creating === null ? '' : ` ${formatDuration(asOfMs - pod.creating.sinceMs)}`
      return { tone: isStuck ? 'bad' : 'info', word: `Creating${forText}` }
    }
    case 'stopped':
      return { tone: 'mute', word: 'Stopped' }
    case 'error':
      return { tone: 'bad', word: 'Error' }
    case 'terminated':
      return { tone: 'mute', word: 'Terminated' }
    case 'unknown':
      return { tone: 'mute', word: pod.rawStatus === '' ? 'No status' : pod.rawStatus }
    case 'running':
      return runningState(pod, asOfMs)
  }
}

function runningState(pod: PodView, asOfMs: number | null): ReturnType<typeof podState> {
  const { activity, guard, progress } = pod
  const container = containerInsteadOf(activity, pod.container)
  // What its log says of a problem is more, but a container that died is not new.
  if (progress?.problem && container?.kind !== 'died' && container?.kind !== 'gpus-missing')
    return { tone: 'bad', word: problemTitle(progress.problem) }
  if (container !== undefined) {
    const tone = needsHelp(container) ? 'bad' : container.kind === 'starting' ? 'info' : 'mute'
    return { tone, word: containerWord(container, asOfMs) }
  }
  // Its owner knows that it may idle, and said so.
  if (guard.keepOn !== null && activity.kind !== 'busy') return { tone: 'mute', word: 'Kept running' }
  switch (activity.kind) {
    case 'busy':
      return { tone: 'ok', word: busyWord(pod, activity.by) }
    case 'idle':
      return { tone: 'idle', word: `Idle ${formatDuration(activity.idleForMs)}` }
    case 'unknown':
      if (activity.reason === 'booting') return { tone: 'info', word: 'Booting' }
      return { tone: 'mute', word: 'Activity unknown' }
  }
}

type BusyBy = Extract<PodView['activity'], { kind: 'busy' }>['by']

/** "Busy 93%": the mean of all GPUs, or of the CPU of a pod without any, where it is known. */
function busyWord({ gpuCount, gpus, utilPercent }: PodView, by: BusyBy): string {
  if (by === 'terminal') return 'In use'
  if (by === 'job') return 'Running a job'
  // What the service says, whatever its figures are.
  if (by === 'report') return 'Reported busy'
  const percents = gpuCount === 0 ? [utilPercent] : gpus.map((gpu) => gpu.utilPercent)
  const known = percents.filter((percent) => percent !== null)
  if (known.length === 0 || known.length < Math.max(percents.length, gpuCount)) return 'Busy'
  return `Busy ${Math.round(known.reduce((sum, percent) => sum + percent, 0) / known.length)}%`
}

/** Whether the pod is idle, for any length of time, and not kept running. */
export function isIdle(pod: PodView): boolean {
  return pod.phase === 'running' && pod.activity.kind === 'idle' && pod.guard.keepOn === null
}

/** `nowMs` in Unix ms. */
export function isStuckCreating({ creating }: Pick<PodView, 'creating'>, nowMs: number): boolean {
  return creating !== null && nowMs - creating.sinceMs >= LONG_CREATING_MS
}

/**
 * Whether something is to be decided about the pod: it has an error, is stuck creating, its container doesn't come up,
 * or it was reported as idle in this run. Unix ms. See docs/product-rules.md#71-windows.
 */
export function needsUser(pod: PodView, nowMs: number): boolean {
  if (pod.phase === 'error' || isStuckCreating(pod, nowMs) || pod.progress?.problem) return true
  if (pod.container !== undefined && needsHelp(pod.container)) return true
  return pod.phase === 'running' && isIdleForLong(pod) && pod.isFromLastRun !== true
}
