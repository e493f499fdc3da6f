import type { Pod } from './pod'
import { storagePerHourUsd } from './storage-rates'

/** One line of what a stop or a terminate does to a pod's data. */
export interface DataFate {
  readonly fate: 'kept' | 'lost' | 'unknown'
  readonly what: 'container-disk' | 'volume' | 'network-volume' | 'mounts'
  readonly sizeGb: number | null
  readonly path: string | null
  /** USD per day that it costs while the pod is stopped; null when it costs nothing more or no rate is known. */
  readonly stoppedCostPerDayUsd: number | null
}

/**
 * What becomes of a pod's data. A stop wipes the container disk and keeps volumes; a terminate destroys the
 * pod's own volume too; a network volume is only detached. What could not be read is said to be unknown.
 * Source: Runpod documentation, "Storage" and "Manage pods", read 2026-11-24.
 */
export function dataFates(pod: Pod, action: 'stop' | 'terminate'): readonly DataFate[] {
  const fates: DataFate[] = []
  const { persistentMount: mount } = pod
  if (mount !== null)
    fates.push({
      fate: action === 'stop' ? 'kept' : 'lost',
      what: 'volume',
      sizeGb: mount.sizeGb,
      path: mount.path,
      stoppedCostPerDayUsd:
        action === 'stop' && mount.sizeGb !== null
          ? storagePerHourUsd(mount.sizeGb, 'volumeStopped') * 24
          : null,
    })
  for (const { path } of pod.networkMounts)
    fates.push({ fate: 'kept', what: 'network-volume', sizeGb: null, path, stoppedCostPerDayUsd: null })
  if (!pod.areMountsKnown)
    fates.push({ fate: 'unknown', what: 'mounts', sizeGb: null, path: null, stoppedCostPerDayUsd: null })
  fates.push({
    fate: 'lost',
    what: 'container-disk',
    sizeGb: pod.containerDiskGb,
    path: null,
    stoppedCostPerDayUsd: null,
  })
  return fates
}
