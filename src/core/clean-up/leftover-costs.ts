import type { VolumeList } from '../money/volume-poller'
import { podSubjectId, volumeSubjectId } from '../money/ledger/billing-state'
import { stoppedDiskPerHourUsd } from '../money/burn-rate'
import { areAllMountsKnown, type Pod } from '../pods/pod'
import { STORAGE_RATES, volumePerMonthUsd } from '../pods/storage-rates'
import { cleanUpText } from './clean-up-text'
import type { CleanUpPart, LeftoverCosts, MonthlyTotal, LeftoverPod, UnmountedVolume } from './clean-up-view'
import { stoppedSince, type StopEvidence } from './stopped-since'

/** Amounts are USD a month, times Unix ms. */
export interface LeftoverInput {
  readonly nowMs: number
  /** The pods that are not known to be gone. */
  readonly pods: readonly Pod[]
  /** Those that count for this account, of `pods`: the rest belongs to another one. */
  readonly ownPods: readonly Pod[]
  /** Why it is not known which pods there are, as a sentence; null: all are known. */
  readonly podsProblem: string | null
  /** Null: the account can't have network volumes. */
  readonly volumes: VolumeList | null
  /** What the ledger observed last, by its key. */
  readonly observations: ReadonlyMap<string, StopEvidence>
}

/** Never names something as unused that may be used, so it says nothing where a list is missing or partial. */
export function leftoverCosts(input: LeftoverInput): LeftoverCosts {
  const volumes = input.volumes === null ? undefined : unmountedVolumes(input, input.volumes)
  const { podsProblem: why } = input
  const stopped = why === null ? stoppedPods(input) : { long: [], unclear: [] }
  const pods: CleanUpPart<LeftoverPod> =
    why === null ? { kind: 'read', items: stopped.long, gap: null } : { kind: 'unknown', why }
  return {
    ...(volumes !== undefined && { volumes }),
    pods,
    unclearPods: stopped.unclear,
    total: totalOf([pods, ...(volumes === undefined ? [] : [volumes])]),
  }
}

function totalOf(parts: readonly CleanUpPart<{ readonly perMonthUsd: number | null }>[]): MonthlyTotal {
  const prices = parts.flatMap((part) =>
    part.kind === 'read' ? part.items.map(({ perMonthUsd }) => perMonthUsd) : [null],
  )
  return {
    usd: prices.reduce<number>((sum, usd) => sum + (usd ?? 0), 0),
    isAtLeast: prices.includes(null),
  }
}

function unmountedVolumes(
  { pods, podsProblem, observations }: LeftoverInput,
  { volumes, readAtMs, problem }: VolumeList,
): CleanUpPart<UnmountedVolume> {
  if (problem !== null) return { kind: 'unknown', why: cleanUpText.volumesUnread(problem) }
  if (readAtMs === null) return { kind: 'unknown', why: cleanUpText.volumesNotReadYet, isPending: true }
  if (podsProblem !== null) return { kind: 'unknown', why: podsProblem }
  if (!areAllMountsKnown(pods)) return { kind: 'unknown', why: cleanUpText.mountsUnknown }
  const mounted = new Set(pods.flatMap(({ networkMounts }) => networkMounts.map(({ volumeId }) => volumeId)))
  const items = volumes
    .filter(({ id }) => !mounted.has(id))
    .map((volume): UnmountedVolume => {
      const { id, name, sizeGb, dataCenterId } = volume
      const seen = observations.get(volumeSubjectId(id))
      const unusedSinceMs = seen === undefined || seen.isUsed ? null : seen.sinceMs
      return { id, name, sizeGb, dataCenterId, perMonthUsd: volumePerMonthUsd(volume), unusedSinceMs }
    })
  return { kind: 'read', items: items.sort(byPrice), gap: null }
}

/** Members of a cluster can't be terminated one by one. */
function stoppedPods({ ownPods, observations, nowMs }: LeftoverInput): {
  readonly long: readonly LeftoverPod[]
  readonly unclear: readonly LeftoverPod[]
} {
  const long: LeftoverPod[] = []
  const unclear: LeftoverPod[] = []
  for (const pod of ownPods) {
    if (pod.phase !== 'stopped' || pod.clusterId !== null) continue
    const since = stoppedSince(pod, observations.get(podSubjectId(pod)), nowMs)
    if (since.kind === 'recent') continue
    const stoppedSinceMs = since.kind === 'long' ? since.sinceMs : since.seenSinceMs
    const item = { id: pod.id, name: pod.name, perMonthUsd: disksPerMonthUsd(pod), stoppedSinceMs }
    ;(since.kind === 'long' ? long : unclear).push(item)
  }
  return { long: long.sort(byPrice), unclear: unclear.sort(byPrice) }
}

/** What a service that manages pods asks for the disks of a stopped one is not known. */
function disksPerMonthUsd(pod: Pod): number | null {
  const perHourUsd = pod.managed === undefined ? stoppedDiskPerHourUsd(pod) : null
  return perHourUsd === null ? null : perHourUsd * STORAGE_RATES.hoursPerMonth
}

/** The most expensive first, those of an unknown price before them. */
const byPrice = (
  a: Pick<LeftoverPod, 'id' | 'perMonthUsd'>,
  b: Pick<LeftoverPod, 'id' | 'perMonthUsd'>,
): number =>
  (a.perMonthUsd === b.perMonthUsd ? 0 : (b.perMonthUsd ?? Infinity) - (a.perMonthUsd ?? Infinity)) ||
  (a.id < b.id ? -1 : 1)
