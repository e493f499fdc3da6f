import { HOUR_MS } from '../../core/base/time/time'
import type { PodGuardView } from '../../core/guard/guard-view'
import type { PodView } from '../../core/view/snapshot'
import { guardPanelText, guardStepText } from './pod-page-text'

/** A step of what the guard did and will do. */
export interface GuardTimelineStep {
  readonly atMs: number
  readonly text: string
  readonly state: 'done' | 'now' | 'next' | 'stop'
}

/** The automatic stop that comes next and has a time; null without one, and while something holds it. */
export function nextStop({
  autoStop,
  keepOn,
  rules,
}: PodGuardView): { readonly atMs: number; readonly action: 'stop' | 'terminate' } | null {
  if (keepOn !== null) return null
  if (autoStop.kind === 'planned') return { atMs: autoStop.atMs, action: autoStop.action }
  if (autoStop.kind !== 'watching' || autoStop.dueAtMs === null) return null
  const action = autoStop.cause === 'max-hours' ? (rules.atMaxHours ?? 'stop') : 'stop'
  return { atMs: autoStop.dueAtMs, action }
}

/** "Auto-stop at 5:05 PM", "Terminates at …", "Dry run: would stop at …"; without a stop "Guard". */
export function guardTitle(stop: ReturnType<typeof nextStop>, isDryRun: boolean, nowMs: number): string {
  return stop === null ? guardPanelText.guard : guardStepText.title(stop, isDryRun, nowMs)
}

/**
 * What is due when, in the order of its time: the idle time, its alert, the warnings and the stop. While something
 * holds a stop, it has no time and is left out. `leadsMs`: how long before a stop its warnings come.
 */
export function guardSteps(
  pod: PodView,
  leadsMs: readonly number[],
  isDryRun: boolean,
  nowMs: number,
): readonly GuardTimelineStep[] {
  const { activity, alertAfterMs, idleCostUsd, costPerHourUsd, guard } = pod
  const steps: GuardTimelineStep[] = []
  const isIdle = pod.phase === 'running' && activity.kind === 'idle'
  if (isIdle) {
    steps.push({ atMs: activity.sinceMs, text: guardStepText.idle, state: 'done' })
    steps.push({ atMs: nowMs, text: guardStepText.now, state: 'now' })
    // Only observed idle time counts, so that a passed alert has no certain time of its own.
    const leftMs = alertAfterMs - activity.idleForMs
    if (leftMs > 0 && guard.keepOn === null)
      steps.push({ atMs: nowMs + leftMs, text: guardStepText.idleAlert, state: 'next' })
  }
  const stop = nextStop(guard)
  if (stop === null) return sorted(steps)
  if (!isIdle) steps.push({ atMs: nowMs, text: guardStepText.now, state: 'now' })
  for (const leadMs of leadsMs) {
    const atMs = stop.atMs - leadMs
    const isPast = atMs <= nowMs
    // Whether a passed warning was delivered is in the activity log.
    if (!isPast) steps.push({ atMs, text: guardStepText.warning(leadMs), state: 'next' })
  }
  const leftMs = Math.max(0, stop.atMs - nowMs)
  const byThenUsd =
    isIdle && idleCostUsd !== null && costPerHourUsd !== null
      ? idleCostUsd + (costPerHourUsd * leftMs) / HOUR_MS
      : null
  steps.push({ atMs: stop.atMs, text: guardStepText.stop(stop.action, isDryRun, byThenUsd), state: 'stop' })
  return sorted(steps)
}

const order = { done: 0, now: 1, next: 2, stop: 3 } as const

const sorted = (steps: readonly GuardTimelineStep[]): readonly GuardTimelineStep[] =>
  [...steps].sort((a, b) => a.atMs - b.atMs || order[a.state] - order[b.state])
