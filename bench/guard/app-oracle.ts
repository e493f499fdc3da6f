import { HOUR_MS, MINUTE_MS } from '../../src/core/base/time/time'
import type { RunMode } from '../../src/simulator/world/pod-spec'
import { type AppPod, GAP_MS } from './app-script'

/** Unix ms, as seen by the observer. */
export type AppEvent = { readonly atMs: number } & (
  | { readonly kind: 'mode'; readonly podId: string; readonly mode: RunMode }
  | { readonly kind: 'warning' | 'idle-alert'; readonly podId: string }
  | { readonly kind: 'other-alert'; readonly text: string }
  | { readonly kind: 'stop'; readonly podId: string; readonly action: string }
  /** A user requested a stop and then undid it. */
  | { readonly kind: 'undone'; readonly podId: string }
  /** `born`: the pods exist. `begin`: the guard has its rules. */
  | { readonly kind: 'created' | 'started' | 'kill' | 'restarted' | 'fault' | 'sleep' | 'wake' | 'end' }
)

/** Correct behavior that was observed, so that a guard that does nothing doesn't pass. */
export interface AppVerdict {
  readonly violations: readonly string[]
  /** Required stops that happened. */
  readonly stopsDue: number
  /** Of these, stops because of maximum hours. */
  readonly overMaxHours: number
  /** Pods that an idle alert named, alone or with others. */
  readonly alerted: number
  /** Pods that were idle long enough to be stopped but must not be. */
  readonly exempt: number
  /** Pods that worked again after a warning. */
  readonly cancelled: number
}

const ALERT_MS = 3_000
const STOP_MS = 12_000
const FIRST_MS = 6_000
const LAST_MS = 3_000
/** Observations arrive slightly late. */
const LATE_MS = 1_000
/** Allows for polls, the path through two processes and the observer's own delay, on a heavily loaded machine. */
const GRACE_MS = 14_000
const STOPS = 3

/**
 * Checks the same rules as the oracle of the in-memory simulation, but with only what an observer of the real app can
 * see.
 */
export function checkApp(pods: readonly AppPod[], recordedEvents: readonly AppEvent[]): AppVerdict {
  const violations: string[] = []
  const verdict = { stopsDue: 0, overMaxHours: 0, alerted: 0, exempt: 0, cancelled: 0 }
  const endMs = recordedEvents.at(-1)?.atMs ?? 0
  const timesOf = (kind: AppEvent['kind']): readonly number[] =>
    recordedEvents.filter((one) => one.kind === kind).map(({ atMs }) => atMs)
  const kills = timesOf('kill')
  const disturbances = [
    ...kills,
    ...timesOf('restarted'),
    ...timesOf('fault'),
    ...timesOf('sleep'),
    ...timesOf('wake'),
  ]
  const startedMs = timesOf('started')[0] ?? recordedEvents[0]?.atMs ?? endMs
  const createdMs = timesOf('created')[0] ?? startedMs
  const sleeps = timesOf('sleep').map((fromMs, at) => ({ fromMs, toMs: timesOf('wake')[at] ?? endMs }))
  const stops = recordedEvents.filter((one) => one.kind === 'stop')
  if (stops.length > STOPS) violations.push(`${stops.length} pods were stopped within an hour`)
  if (stops.some(({ atMs }) => sleeps.some(({ fromMs, toMs }) => atMs > fromMs + LATE_MS && atMs < toMs)))
    violations.push('something was stopped in a sleep')

  /** A crash, or a sleep longer than the allowed gap, resets what was observed before. */
  const lastResetMs = (atMs: number): number =>
    Math.max(
      0,
      ...kills.filter((killMs) => killMs < atMs),
      ...sleeps.filter(({ fromMs, toMs }) => toMs < atMs && toMs - fromMs > GAP_MS).map(({ toMs }) => toMs),
    )

  for (const { spec, quirk, maxHours } of pods) {
    const podId = spec.id ?? ''
    const ofPod = recordedEvents.filter((one) => 'podId' in one && one.podId === podId)
    const modes = ofPod.filter((one) => one.kind === 'mode')
    const idleSinceMs = (atMs: number): number | null => {
      let sinceMs: number | null = spec.mode === 'idle' ? 0 : null
      for (const { mode, atMs: changedAtMs } of modes)
        if (changedAtMs <= atMs) sinceMs = mode === 'idle' ? (sinceMs ?? changedAtMs) : null
      return sinceMs
    }
    const podStartedMs = createdMs - (spec.startedAgoMin ?? 60) * MINUTE_MS
    const overSinceMs = maxHours === null ? null : podStartedMs + maxHours * HOUR_MS
    const mayBeStopped = quirk === 'none' || quirk === 'busy-again' || quirk === 'over-hours'
    const ownStops = ofPod.filter((one) => one.kind === 'stop')
    const warnings = ofPod.filter((one) => one.kind === 'warning')
    const alerts = ofPod.filter(({ kind }) => kind === 'idle-alert')
    const reportFor = (text: string): void => void violations.push(`${spec.name} (${quirk}): ${text}`)

    if (ownStops.length > 1) reportFor('was stopped twice')
    for (const stop of ownStops) {
      const sinceMs = idleSinceMs(stop.atMs)
      const sinceResetMs = lastResetMs(stop.atMs)
      if (stop.action !== 'stop') reportFor(`got a ${stop.action}`)
      if (!mayBeStopped) reportFor('was stopped and must not be')
      const isOverHours = overSinceMs !== null && stop.atMs >= overSinceMs - LATE_MS
      const hasIdled = sinceMs !== null && stop.atMs - Math.max(sinceMs, sinceResetMs) >= STOP_MS
      if (!isOverHours && !hasIdled) reportFor('was stopped without having been idle for long enough')
      const warningLeadMs = warnings
        .filter(({ atMs }) => atMs > sinceResetMs && (isOverHours || atMs > (sinceMs ?? 0)))
        .map(({ atMs }) => stop.atMs - atMs)
      if (!warningLeadMs.some((ms) => ms >= FIRST_MS - LATE_MS))
        reportFor('was stopped without the first warning')
      if (warningLeadMs.filter((ms) => ms >= LAST_MS - LATE_MS).length < 2)
        reportFor('was stopped without the last warning')
    }
    if (warnings.length > 0 && !mayBeStopped) reportFor('was warned of and must not be stopped')
    if (alerts.length > 0 && quirk === 'kept-on') reportFor('got an alert though it is kept on')
    if (alerts.length > 1) reportFor('got two alerts')

    // Idle to the end without a disturbance: an alert is required, and a stop unless three other pods were stopped.
    const idleMs = idleSinceMs(endMs)
    const undisturbedMs = Math.max(startedMs, ...disturbances)
    const quietMs = idleMs === null ? 0 : endMs - Math.max(idleMs, undisturbedMs)
    const overMs = overSinceMs === null ? 0 : endMs - Math.max(overSinceMs, undisturbedMs + FIRST_MS)
    const isMentioned = recordedEvents.some(
      (one) => one.kind === 'other-alert' && / idle\b/.test(one.text) && one.text.includes(spec.name),
    )
    const isAlerted = isMentioned || alerts.length > 0
    if (quietMs > ALERT_MS + GRACE_MS && quirk !== 'kept-on' && !isAlerted)
      reportFor('idled without an alert')
    const isDue = mayBeStopped && (quietMs > STOP_MS + GRACE_MS || overMs > GRACE_MS)
    if (isDue && ownStops.length === 0 && stops.length < STOPS) reportFor('had to be stopped, and was not')
    if (isDue && ownStops.length > 0) verdict.stopsDue += 1
    if (isDue && ownStops.length > 0 && quirk === 'over-hours') verdict.overMaxHours += 1
    if (isAlerted) verdict.alerted += 1
    if (!mayBeStopped && quietMs > STOP_MS + GRACE_MS) verdict.exempt += 1
    if (idleMs === null && maxHours === null && warnings.length > 0 && ownStops.length === 0)
      verdict.cancelled += 1
  }
  return { violations, ...verdict }
}
