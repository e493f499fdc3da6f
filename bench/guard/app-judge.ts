import { HOUR_MS, MINUTE_MS } from '../../src/core/base/time'
import type { RunMode } from '../../src/simulator/world/pod-spec'
import { type AppPod, GAP_MS } from './app-script'

/** Unix ms, as an onlooker saw it. */
export type Happening = { readonly atMs: number } & (
  | { readonly kind: 'mode'; readonly podId: string; readonly mode: RunMode }
  | { readonly kind: 'warning' | 'idle-alert'; readonly podId: string }
  | { readonly kind: 'other-alert'; readonly words: string }
  | { readonly kind: 'stop'; readonly podId: string; readonly action: string }
  /** A person asked for its stop, and took that back. */
  | { readonly kind: 'undone'; readonly podId: string }
  /** `born`: the pods are there. `begin`: the guard knows what it may do. */
  | { readonly kind: 'born' | 'begin' | 'kill' | 'restarted' | 'fault' | 'sleep' | 'wake' | 'end' }
)

/** What was seen to be right, beside that nothing was seen to be wrong. */
export interface AppVerdict {
  readonly broken: readonly string[]
  /** Stops that had to come, and did. */
  readonly stopsDue: number
  /** Of them, at maximum hours. */
  readonly overHours: number
  /** Pods that were said to be idle, alone or with others. */
  readonly told: number
  /** Pods that idled for long enough to be stopped, and must not be. */
  readonly spared: number
  /** Pods that were warned of and worked again. */
  readonly calledOff: number
}

const ALERT_MS = 3_000
const STOP_MS = 12_000
const FIRST_MS = 6_000
const LAST_MS = 3_000
/** What is seen is seen a little late. */
const LATE_MS = 1_000
/** Polls, the way through two processes and the onlooker's own delay, on a machine at its limits. */
const GRACE_MS = 14_000
const STOPS = 3

/** As the judge of the lives through core, but knowing only what an onlooker of the real app can know. */
export function judgeApp(pods: readonly AppPod[], happenings: readonly Happening[]): AppVerdict {
  const broken: string[] = []
  const verdict = { stopsDue: 0, overHours: 0, told: 0, spared: 0, calledOff: 0 }
  const endMs = happenings.at(-1)?.atMs ?? 0
  const timesOf = (kind: Happening['kind']): readonly number[] =>
    happenings.filter((one) => one.kind === kind).map(({ atMs }) => atMs)
  const kills = timesOf('kill')
  const troubles = [
    ...kills,
    ...timesOf('restarted'),
    ...timesOf('fault'),
    ...timesOf('sleep'),
    ...timesOf('wake'),
  ]
  const begunMs = timesOf('begin')[0] ?? happenings[0]?.atMs ?? endMs
  const bornMs = timesOf('born')[0] ?? begunMs
  const sleeps = timesOf('sleep').map((fromMs, at) => ({ fromMs, toMs: timesOf('wake')[at] ?? endMs }))
  const stops = happenings.filter((one) => one.kind === 'stop')
  if (stops.length > STOPS) broken.push(`${stops.length} pods were stopped within an hour`)
  if (stops.some(({ atMs }) => sleeps.some(({ fromMs, toMs }) => atMs > fromMs + LATE_MS && atMs < toMs)))
    broken.push('something was stopped in a sleep')

  /** What came before is forgotten: a death, and a sleep that was longer than a gap may be. */
  const forgottenMs = (atMs: number): number =>
    Math.max(
      0,
      ...kills.filter((killMs) => killMs < atMs),
      ...sleeps.filter(({ fromMs, toMs }) => toMs < atMs && toMs - fromMs > GAP_MS).map(({ toMs }) => toMs),
    )

  for (const { spec, quirk, maxHours } of pods) {
    const podId = spec.id ?? ''
    const ofPod = happenings.filter((one) => 'podId' in one && one.podId === podId)
    const modes = ofPod.filter((one) => one.kind === 'mode')
    const idleSinceMs = (atMs: number): number | null => {
      let sinceMs: number | null = spec.mode === 'idle' ? 0 : null
      for (const { mode, atMs: changedAtMs } of modes)
        if (changedAtMs <= atMs) sinceMs = mode === 'idle' ? (sinceMs ?? changedAtMs) : null
      return sinceMs
    }
    const startedMs = bornMs - (spec.startedAgoMin ?? 60) * MINUTE_MS
    const overSinceMs = maxHours === null ? null : startedMs + maxHours * HOUR_MS
    const mayBeStopped = quirk === 'none' || quirk === 'busy-again' || quirk === 'over-hours'
    const ownStops = ofPod.filter((one) => one.kind === 'stop')
    const warnings = ofPod.filter((one) => one.kind === 'warning')
    const alerts = ofPod.filter(({ kind }) => kind === 'idle-alert')
    const say = (words: string): void => void broken.push(`${spec.name} (${quirk}): ${words}`)

    if (ownStops.length > 1) say('was stopped twice')
    for (const stop of ownStops) {
      const sinceMs = idleSinceMs(stop.atMs)
      const sinceForgottenMs = forgottenMs(stop.atMs)
      if (stop.action !== 'stop') say(`got a ${stop.action}`)
      if (!mayBeStopped) say('was stopped and must not be')
      const isOverHours = overSinceMs !== null && stop.atMs >= overSinceMs - LATE_MS
      const hasIdled = sinceMs !== null && stop.atMs - Math.max(sinceMs, sinceForgottenMs) >= STOP_MS
      if (!isOverHours && !hasIdled) say('was stopped without having been idle for long enough')
      const heard = warnings
        .filter(({ atMs }) => atMs > sinceForgottenMs && (isOverHours || atMs > (sinceMs ?? 0)))
        .map(({ atMs }) => stop.atMs - atMs)
      if (!heard.some((ms) => ms >= FIRST_MS - LATE_MS)) say('was stopped without the first warning')
      if (heard.filter((ms) => ms >= LAST_MS - LATE_MS).length < 2)
        say('was stopped without the last warning')
    }
    if (warnings.length > 0 && !mayBeStopped) say('was warned of and must not be stopped')
    if (alerts.length > 0 && quirk === 'kept-on') say('was told of though it is kept on')
    if (alerts.length > 1) say('was told of twice')

    // Undisturbed and idle to the end: then it must have been told of, and stopped unless three others were.
    const idleMs = idleSinceMs(endMs)
    const undisturbedMs = Math.max(begunMs, ...troubles)
    const quietMs = idleMs === null ? 0 : endMs - Math.max(idleMs, undisturbedMs)
    const overMs = overSinceMs === null ? 0 : endMs - Math.max(overSinceMs, undisturbedMs + FIRST_MS)
    const isMentioned = happenings.some(
      (one) => one.kind === 'other-alert' && / idle\b/.test(one.words) && one.words.includes(spec.name),
    )
    const isTold = isMentioned || alerts.length > 0
    if (quietMs > ALERT_MS + GRACE_MS && quirk !== 'kept-on' && !isTold) say('idled and was not told of')
    const isDue = mayBeStopped && (quietMs > STOP_MS + GRACE_MS || overMs > GRACE_MS)
    if (isDue && ownStops.length === 0 && stops.length < STOPS) say('had to be stopped, and was not')
    if (isDue && ownStops.length > 0) verdict.stopsDue += 1
    if (isDue && ownStops.length > 0 && quirk === 'over-hours') verdict.overHours += 1
    if (isTold) verdict.told += 1
    if (!mayBeStopped && quietMs > STOP_MS + GRACE_MS) verdict.spared += 1
    if (idleMs === null && maxHours === null && warnings.length > 0 && ownStops.length === 0)
      verdict.calledOff += 1
  }
  return { broken, ...verdict }
}
