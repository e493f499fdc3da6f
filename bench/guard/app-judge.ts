import type { PodSpec, RunMode } from '../../src/simulator/pod-spec'

/** A pod of the simulator, what it will do, and what its owner told the guard of it. */
export interface AppPod {
  readonly spec: PodSpec
  readonly modes: readonly { readonly afterMs: number; readonly mode: RunMode }[]
  readonly isTicked: boolean
  readonly isKeptOn: boolean
}

/** Unix ms, as an onlooker saw it. */
export type Happening = { readonly atMs: number } & (
  | { readonly kind: 'mode'; readonly podId: string; readonly mode: RunMode }
  | { readonly kind: 'warning' | 'idle-alert'; readonly podId: string }
  | { readonly kind: 'other-alert'; readonly words: string }
  | { readonly kind: 'stop'; readonly podId: string; readonly action: string }
  | { readonly kind: 'kill' | 'fault' | 'end' }
)

const ALERT_MS = 3_000
const STOP_MS = 12_000
const FIRST_MS = 6_000
const LAST_MS = 3_000
/** What is seen is seen a little late. */
const LATE_MS = 1_000
/** Polls, the way through two processes and the onlooker's own delay, on a machine at its limits. */
const GRACE_MS = 12_000
const STOPS = 3

/**
 * The rules that were broken, in words: as the judge of the lives through core, but knowing only what an onlooker of the
 * real app can know.
 */
export function judgeApp(pods: readonly AppPod[], happenings: readonly Happening[]): readonly string[] {
  const broken: string[] = []
  const endMs = happenings.at(-1)?.atMs ?? 0
  const kills = happenings.filter(({ kind }) => kind === 'kill').map(({ atMs }) => atMs)
  const faults = happenings.filter(({ kind }) => kind === 'fault').map(({ atMs }) => atMs)
  const stops = happenings.filter((one) => one.kind === 'stop')
  if (stops.length > STOPS) broken.push(`${stops.length} pods were stopped within an hour`)

  for (const { spec, isTicked, isKeptOn } of pods) {
    const podId = spec.id ?? ''
    const ofPod = happenings.filter((one) => 'podId' in one && one.podId === podId)
    const modes = ofPod.filter((one) => one.kind === 'mode')
    const idleSinceMs = (atMs: number): number | null => {
      let sinceMs: number | null = spec.mode === 'idle' ? 0 : null
      for (const { mode, atMs: changedAtMs } of modes)
        if (changedAtMs <= atMs) sinceMs = mode === 'idle' ? (sinceMs ?? changedAtMs) : null
      return sinceMs
    }
    const mayBeStopped =
      isTicked &&
      !isKeptOn &&
      spec.locked !== true &&
      (spec.cluster ?? null) === null &&
      spec.persistent !== null
    const ownStops = ofPod.filter((one) => one.kind === 'stop')
    const say = (words: string): void => void broken.push(`${spec.name}: ${words}`)

    if (ownStops.length > 1) say('was stopped twice')
    for (const stop of ownStops) {
      const sinceMs = idleSinceMs(stop.atMs)
      const killedMs = Math.max(0, ...kills.filter((atMs) => atMs < stop.atMs))
      if (stop.action !== 'stop') say(`got a ${stop.action}`)
      if (!mayBeStopped) say('was stopped and must not be')
      if (sinceMs === null || stop.atMs - Math.max(sinceMs, killedMs) < STOP_MS)
        say('was stopped without having been idle for long enough')
      const heard = ofPod
        .filter((one) => one.kind === 'warning')
        .filter(({ atMs }) => atMs > killedMs && atMs > (sinceMs ?? 0))
        .map(({ atMs }) => stop.atMs - atMs)
      if (!heard.some((ms) => ms >= FIRST_MS - LATE_MS)) say('was stopped without the first warning')
      if (heard.filter((ms) => ms >= LAST_MS - LATE_MS).length < 2)
        say('was stopped without the last warning')
    }
    if (ofPod.some(({ kind }) => kind === 'warning') && !mayBeStopped)
      say('was warned of and must not be stopped')
    if (ofPod.some(({ kind }) => kind === 'idle-alert') && isKeptOn) say('was told of though it is kept on')
    if (ofPod.filter(({ kind }) => kind === 'idle-alert').length > 1 + kills.length) say('was told of twice')

    // Undisturbed and idle to the end: then it must have been told of, and stopped unless three others were.
    const sinceMs = idleSinceMs(endMs)
    const quietMs =
      sinceMs === null ? 0 : endMs - Math.max(sinceMs, happenings[0]?.atMs ?? endMs, ...kills, ...faults)
    const isMentioned = happenings.some((one) => one.kind === 'other-alert' && one.words.includes(spec.name))
    const isTold = isMentioned || ofPod.some(({ kind }) => kind === 'idle-alert')
    if (quietMs > ALERT_MS + GRACE_MS && !isKeptOn && !isTold) say('idled and was not told of')
    if (quietMs > STOP_MS + GRACE_MS && mayBeStopped && ownStops.length === 0 && stops.length < STOPS)
      say('idled and was not stopped')
  }
  return broken
}
