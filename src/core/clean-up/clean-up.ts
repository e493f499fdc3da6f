import type { VolumeList } from '../money/volume-poller'
import { podSubjectId, volumeSubjectId } from '../money/ledger/billing-state'
import { stoppedDiskPerHourUsd } from '../money/burn-rate'
import type { SecretTemplate } from '../pods/catalog'
import { areAllMountsKnown, type Pod, type PodId } from '../pods/pod'
import type { NetworkVolume } from '../pods/provider'
import { STORAGE_RATES, volumePerMonthUsd } from '../pods/storage-rates'
import { cleanUpText } from './clean-up-text'
import { stoppedSince, type StopEvidence } from './stopped-since'

/* What of an account may be left over. See docs/product-rules.md#59-clean-up. Amounts are USD a month, times Unix ms. */

/** Items of one kind, or why it can't be told which there are. */
export type CleanUpPart<T> =
  | {
      readonly kind: 'read'
      readonly items: readonly T[]
      /** What of it could not be read, as a sentence; null: nothing. */
      readonly gap: string | null
    }
  | {
      readonly kind: 'unknown'
      readonly why: string
      /** It is about to be read for the first time. */
      readonly isPending?: true
    }

/** A network volume that no pod of the account mounts. */
export interface UnmountedVolume extends Pick<NetworkVolume, 'id' | 'name' | 'sizeGb' | 'dataCenterId'> {
  /** Null: it has no public price, or its size is not known. */
  readonly perMonthUsd: number | null
  /** Since when it was seen unused; null: not known. */
  readonly unusedSinceMs: number | null
}

/** A stopped pod. */
export interface StoppedPod {
  readonly id: PodId
  readonly name: string
  /** What its disks cost; null: not known. */
  readonly perMonthUsd: number | null
  /** Since when it was seen stopped; null: not known. */
  readonly stoppedSinceMs: number | null
}

/** A public key that the account accepts and this computer doesn't have. */
export interface ForeignKey {
  /** "SHA256:…"; null: it can't be read. */
  readonly fingerprint: string | null
  /** What follows the key, or what kind of line it is. */
  readonly name: string
}

export interface MonthlyTotal {
  readonly usd: number
  /** A price is not known, or it can't be told what there is. */
  readonly isAtLeast: boolean
}

/** What costs money. */
export interface LeftoverCosts {
  /** Absent: the account can't have network volumes. */
  readonly volumes?: CleanUpPart<UnmountedVolume>
  /** Stopped for `STOPPED_FOR_MS` at least, the longest first. */
  readonly pods: CleanUpPart<StoppedPod>
  /** Stopped, and perhaps for that long. They are in no total. */
  readonly unclearPods: readonly StoppedPod[]
  /** Of the volumes and pods. */
  readonly total: MonthlyTotal
}

/** What costs nothing and may give somebody access. What is absent, the service doesn't say. */
export interface AccessLeftovers {
  readonly templates?: CleanUpPart<SecretTemplate>
  readonly keys?: CleanUpPart<ForeignKey>
}

export interface CleanUpView extends LeftoverCosts, AccessLeftovers {
  readonly atMs: number
}

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
  const pods: CleanUpPart<StoppedPod> =
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
  readonly long: readonly StoppedPod[]
  readonly unclear: readonly StoppedPod[]
} {
  const long: StoppedPod[] = []
  const unclear: StoppedPod[] = []
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
  a: Pick<StoppedPod, 'id' | 'perMonthUsd'>,
  b: Pick<StoppedPod, 'id' | 'perMonthUsd'>,
): number =>
  (a.perMonthUsd === b.perMonthUsd ? 0 : (b.perMonthUsd ?? Infinity) - (a.perMonthUsd ?? Infinity)) ||
  (a.id < b.id ? -1 : 1)
