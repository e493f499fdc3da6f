import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../core/base/time/time'
import type { AccountId, PodKey } from '../../core/pods/pod'
import type { Settings } from '../../core/settings/settings'
import { showAccount } from '../../core/view/merge-snapshots'
import { type NextStop, nextStops } from '../../core/view/stops/next-stops'
import type { PodView, Snapshot } from '../../core/view/snapshot'

export type StopSettings = Pick<
  Settings,
  'autoStopAfterMin' | 'autoStopFirstWarningMin' | 'autoStopLastWarningMin'
>

/** A stop with its pod. */
export interface StopLane {
  readonly pod: PodView
  readonly stop: NextStop
}

/** When a balance is used up, and what Runpod deletes then. */
export interface BalanceEnd {
  /** Unix ms. */
  readonly atMs: number
  /** Null where there is one account. */
  readonly accountName: string | null
  /** The pods without a network volume. */
  readonly lostPods: number
}

export interface StopsView {
  /** Those that something holds first, then by time. */
  readonly lanes: readonly StopLane[]
  /** After the end of the axis, by time. */
  readonly later: readonly StopLane[]
  /** Null when it is beyond the axis or not known. */
  readonly balanceEnd: BalanceEnd | null
  /** From now to the last event that is drawn, ms. */
  readonly axisMs: number
}

const MAX_AXIS_MS = DAY_MS
/** A shorter axis would blow up minutes. */
const MIN_AXIS_MS = HOUR_MS

/**
 * What stops when, and what holds it. Null when no rule may stop a pod and the balance lasts for more than a day. See
 * docs/product-rules.md#34-showing-the-plan.
 */
export function stopsView(snapshot: Snapshot, settings: StopSettings): StopsView | null {
  const nowMs = snapshot.atMs
  const all = snapshotsPerAccount(snapshot).flatMap((own) => lanesOf(own, settings))
  const end = firstBalanceEnd(snapshot)
  const nearEnd = end !== null && end.atMs - nowMs <= MAX_AXIS_MS ? end : null
  if (all.length === 0 && nearEnd === null) return null
  const isLater = ({ stop: { atMs } }: StopLane): boolean => atMs !== null && atMs - nowMs > MAX_AXIS_MS
  const near = all.filter((lane) => !isLater(lane))
  const lastMs = Math.max(nearEnd?.atMs ?? nowMs, ...near.map(({ stop }) => stop.atMs ?? nowMs))
  return {
    lanes: [
      ...near.filter(({ stop }) => stop.atMs === null),
      ...near.filter(({ stop }) => stop.atMs !== null).sort(byTime),
    ],
    later: all.filter(isLater).sort(byTime),
    balanceEnd: nearEnd,
    axisMs: Math.min(MAX_AXIS_MS, Math.max(MIN_AXIS_MS, lastMs - nowMs)),
  }
}

/** The next stops of each pod, soonest first. */
export function stopsByPod(
  snapshot: Snapshot,
  settings: StopSettings,
): ReadonlyMap<PodKey, readonly NextStop[]> {
  const stops = new Map<PodKey, NextStop[]>()
  for (const { pod, stop } of snapshotsPerAccount(snapshot).flatMap((own) => lanesOf(own, settings)))
    stops.set(pod.key, [...(stops.get(pod.key) ?? []), stop])
  return stops
}

/** Each account has guard modes of its own. A pod that a lab shows as well is one of its own account only. */
function snapshotsPerAccount(snapshot: Snapshot): readonly Snapshot[] {
  const shownIds = new Set<AccountId>(snapshot.pods.map(({ accountId }) => accountId))
  if (snapshot.accounts.length < 2) return [snapshot]
  return snapshot.accounts
    .filter(({ entry }) => !entry.isPaused && shownIds.has(entry.id))
    .map(({ entry: { id } }) => {
      const own = showAccount(snapshot, id)
      return { ...own, pods: own.pods.filter(({ accountId }) => accountId === id) }
    })
}

function lanesOf(snapshot: Snapshot, settings: StopSettings): readonly StopLane[] {
  const podsById = new Map(snapshot.pods.map((pod) => [pod.id, pod]))
  return nextStops(snapshot, { settings, hasHistory: true }).flatMap((stop) => {
    const pod = podsById.get(stop.podId)
    // Nothing leads to the stop of a pod that works.
    if (stop.state === 'waiting' && stop.cause === 'quiet') return []
    if (stop.state === 'by-service' && !isPublished(snapshot)) return []
    return pod === undefined ? [] : [{ pod, stop: isPublished(snapshot) ? stop : { ...stop, atMs: null } }]
  })
}

/** No stop is announced from old data, because a pod that can't be observed isn't stopped either. */
const isPublished = ({ connection }: Snapshot): boolean => connection.kind === 'live'

function byTime(a: StopLane, b: StopLane): number {
  return (a.stop.atMs ?? 0) - (b.stop.atMs ?? 0) || (a.pod.key < b.pod.key ? -1 : 1)
}

/** Of several accounts that are shown, the one whose balance is used up first. */
function firstBalanceEnd(snapshot: Snapshot): BalanceEnd | null {
  const { atMs, accounts, pods } = snapshot
  const shownIds = new Set<AccountId>(pods.map(({ accountId }) => accountId))
  const isLost = ({ terminateImpact, phase }: PodView): boolean =>
    phase !== 'terminated' &&
    !terminateImpact.some(({ impact, storage }) => impact === 'kept' && storage === 'network-volume')
  const ends = (
    accounts.length < 2
      ? [{ id: null, name: null, runwayMs: snapshot.runwayMs }]
      : accounts
          .filter(({ entry }) => !entry.isPaused && shownIds.has(entry.id))
          .map(({ entry, runwayMs }) => ({ id: entry.id, name: entry.name, runwayMs }))
  ).flatMap(({ id, name, runwayMs }) =>
    runwayMs === null
      ? []
      : [
          {
            atMs: atMs + runwayMs,
            accountName: name,
            lostPods: pods.filter((pod) => (id === null || pod.accountId === id) && isLost(pod)).length,
          },
        ],
  )
  return ends.sort((a, b) => a.atMs - b.atMs)[0] ?? null
}

/** Shares of the axis at which the warnings of a stop come, 0–1. */
export function warningShares(
  { atMs, state }: Pick<NextStop, 'atMs' | 'state'>,
  settings: StopSettings,
  nowMs: number,
  axisMs: number,
): readonly number[] {
  // The service gives none of ours.
  if (atMs === null || state === 'by-service') return []
  return [settings.autoStopFirstWarningMin, settings.autoStopLastWarningMin]
    .map((leadMin) => (atMs - leadMin * MINUTE_MS - nowMs) / axisMs)
    .filter((share) => share > 0)
}

/** The times that label the axis: full hours, at most six of them, Unix ms. `offsetMs`: of the time zone. */
export function axisTimes(nowMs: number, axisMs: number, offsetMs: number): readonly number[] {
  const stepMs = [1, 2, 3, 4, 6].map((hours) => hours * HOUR_MS).find((ms) => axisMs / ms <= 6) ?? 6 * HOUR_MS
  const first = Math.ceil((nowMs + offsetMs) / stepMs) * stepMs - offsetMs
  const times: number[] = []
  for (let atMs = first; atMs <= nowMs + axisMs; atMs += stepMs) times.push(atMs)
  return times
}
