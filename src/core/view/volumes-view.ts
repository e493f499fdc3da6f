import type { MoneyView } from '../money/money-view'
import type { VolumeList } from '../money/volume-poller'
import type { Pod, PodId } from '../pods/pod'
import type { NetworkVolume } from '../pods/provider'
import { volumePerMonthUsd } from '../pods/storage-rates'

/** A network volume as every window shows it. */
export interface VolumeView extends NetworkVolume {
  /** USD per month of 720 h; null: it has no public price, or its size is not known. */
  readonly perMonthUsd: number | null
  /** The pods that have it, as last listed. */
  readonly podIds: readonly PodId[]
  /** Since when no pod was seen to have it, Unix ms; null: one has it, or it isn't known. */
  readonly unusedSinceMs: number | null
}

/** The network volumes of an account. */
export interface VolumesView extends Pick<VolumeList, 'readAtMs' | 'problem'> {
  readonly volumes: readonly VolumeView[]
  /** Whether every pod and what it mounts is known, so that a volume that none of them has is unused. */
  readonly arePodsKnown: boolean
  /** What is not known yet of changes that were sent, as sentences. */
  readonly open: readonly string[]
}

/** `arePodsKnown`: the last list was complete, and so was what its pods mount. */
export function toVolumesView(
  list: VolumeList,
  listedPods: readonly Pod[],
  arePodsKnown: boolean,
  unused: MoneyView['unused'],
  open: readonly string[],
): VolumesView {
  const unusedSince = new Map(
    unused.flatMap(({ kind, id, sinceMs }) => (kind === 'volume' ? [[id, sinceMs] as const] : [])),
  )
  const users = new Map<string, PodId[]>()
  for (const { id, networkMounts } of listedPods)
    for (const { volumeId } of networkMounts) users.set(volumeId, [...(users.get(volumeId) ?? []), id])
  return {
    readAtMs: list.readAtMs,
    problem: list.problem,
    arePodsKnown,
    open,
    volumes: list.volumes.map((volume) => {
      const podIds = users.get(volume.id) ?? []
      return {
        ...volume,
        perMonthUsd: volumePerMonthUsd(volume),
        podIds,
        unusedSinceMs: podIds.length > 0 ? null : (unusedSince.get(volume.id) ?? null),
      }
    }),
  }
}
