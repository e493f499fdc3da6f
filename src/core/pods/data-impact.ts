import type { Pod } from './pod'
import { storagePerHourUsd } from './storage-rates'

/** The effect of a stop or a terminate on one disk of a pod. */
export interface DataImpact {
  readonly impact: 'kept' | 'lost' | 'unknown'
  /** `service-volume`: one that the service promises for all its pods, and does not name for this one. */
  readonly storage: 'container-disk' | 'volume' | 'service-volume' | 'network-volume' | 'mounts'
  readonly sizeGb: number | null
  readonly path: string | null
  /** USD per day while the pod is stopped; null when it costs nothing or no rate is known. */
  readonly stoppedCostPerDayUsd: number | null
}

/**
 * The effect of an action on a pod's data. A stop wipes the container disk and keeps volumes. A terminate
 * also destroys the pod's own volume; a network volume is only detached. Mounts that are unreadable or have
 * no path are reported as unknown. Source: Runpod documentation, "Storage" and "Manage pods", read 2026-11-24.
 */
export function dataImpact(pod: Pod, action: 'stop' | 'terminate'): readonly DataImpact[] {
  const impacts: DataImpact[] = []
  const { persistentMount: mount } = pod
  if (mount !== null)
    impacts.push({
      impact: action === 'stop' ? 'kept' : 'lost',
      storage: 'volume',
      sizeGb: mount.sizeGb,
      path: mount.path,
      stoppedCostPerDayUsd: action === 'stop' ? storagePerHourUsd(mount.sizeGb, 'volumeStopped') * 24 : null,
    })
  const mountedPaths = pod.networkMounts.flatMap(({ path }) => (path === null ? [] : [path]))
  for (const path of mountedPaths)
    impacts.push({
      impact: 'kept',
      storage: 'network-volume',
      sizeGb: null,
      path,
      stoppedCostPerDayUsd: null,
    })
  if (!pod.areMountsKnown || mountedPaths.length < pod.networkMounts.length) {
    const promised = action === 'stop' ? 'kept' : 'lost'
    impacts.push({
      ...(pod.managed === undefined
        ? { impact: 'unknown', storage: 'mounts' }
        : { impact: promised, storage: 'service-volume' }),
      sizeGb: null,
      path: null,
      stoppedCostPerDayUsd: null,
    })
  }
  impacts.push({
    impact: 'lost',
    storage: 'container-disk',
    sizeGb: pod.containerDiskGb,
    path: null,
    stoppedCostPerDayUsd: null,
  })
  return impacts
}

/**
 * Whether an action with these impacts certainly keeps some data. What is unknown may be lost, and what a service
 * promises for all its pods is not certain for one. See
 * docs/product-rules.md#32-conditions-of-an-auto-stop.
 */
export function isDataKept(impacts: readonly DataImpact[]): boolean {
  return (
    impacts.some(({ impact, storage }) => impact === 'kept' && storage !== 'service-volume') &&
    impacts.every(({ impact }) => impact !== 'unknown')
  )
}

/** What a stop saves per hour, USD. */
export interface HourlySaving {
  readonly perHourUsd: number
  /** The rate is from a price list. */
  readonly isApproximate?: true
}

const HOURS_PER_DAY = 24

/** The rate of a pod, less what its disks go on costing after a stop; null where the rate isn't known. */
export function savingOfStop(
  { costPerHourUsd, isPriceApproximate }: Pick<Pod, 'costPerHourUsd' | 'isPriceApproximate'>,
  impacts: readonly DataImpact[],
): HourlySaving | null {
  if (costPerHourUsd === null) return null
  const disks = impacts.reduce((sum, { stoppedCostPerDayUsd }) => sum + (stoppedCostPerDayUsd ?? 0), 0)
  const perHourUsd = Math.max(0, costPerHourUsd - disks / HOURS_PER_DAY)
  return { perHourUsd, ...(isPriceApproximate === true && { isApproximate: true }) }
}

/** Whether a person may stop the pod without confirming a loss: some data is kept, or its service promises that. */
export const isStopSafe = (impacts: readonly DataImpact[]): boolean =>
  isDataKept(impacts) || impacts.some(({ storage }) => storage === 'service-volume')
