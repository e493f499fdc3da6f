import type { CpuOffer, GpuOffer } from '../pods/catalog'
import type { CloudPodSpec } from '../pods/pod-request'
import { storagePerHourUsd } from '../pods/storage-rates'

/** What the disks of a running pod cost, USD per hour. A network volume costs the same with and without the pod. */
export function diskPerHourUsd({
  containerDiskGb,
  storage,
}: Pick<CloudPodSpec, 'containerDiskGb' | 'storage'>): number {
  const ownGb = storage.kind === 'persistent' ? storage.sizeGb : 0
  return storagePerHourUsd(containerDiskGb, 'containerRunning') + storagePerHourUsd(ownGb, 'volumeRunning')
}

/** What a pod costs without its disks, USD per hour; null: no price is known. */
export function computePerHourUsd(
  { compute, cloud }: Pick<CloudPodSpec, 'compute' | 'cloud'>,
  gpus: readonly GpuOffer[],
  cpus: readonly CpuOffer[],
): number | null {
  if (compute.kind === 'cpu') {
    const perVcpu = cpus.find(({ id }) => id === compute.flavorId)?.pricePerVcpuUsd ?? null
    return perVcpu === null ? null : perVcpu * compute.vcpuCount
  }
  const perGpu = gpus.find(({ id }) => id === compute.typeId)?.priceUsd[cloud] ?? null
  return perGpu === null ? null : perGpu * compute.count
}
