import { fail, ok, type Result } from '../base/result'
import type { PodId } from '../pods/pod'
import type { PodConfiguration } from '../pods/pod-request'
import type { Provider } from '../pods/provider'
import { computePerHourUsd, diskPerHourUsd } from './pod-price'

const SSH_PORT = '22/tcp'

export interface StartPrice {
  /** USD per hour with disks, or why it isn't known, as a sentence. */
  readonly perHourUsd: Result<number, string>
  /** Whether the pod has an SSH server of its own; null: not known. */
  readonly publishesSsh: boolean | null
}

/** What a stopped pod costs once it runs, by its configuration and the prices of now. Null: its account isn't watched. */
export async function readStartPriceOf(provider: Provider | null, podId: PodId): Promise<StartPrice> {
  const unknown = fail('What the pod costs while it runs isn’t known.')
  const read = await provider?.readPodConfiguration?.(podId)
  if (provider === null || read === undefined) return { perHourUsd: unknown, publishesSsh: null }
  if (!read.ok)
    return { perHourUsd: fail(`Its price could not be read: ${read.error.message}`), publishesSsh: null }
  const perHourUsd = await priceOf(read.value, provider)
  return {
    perHourUsd: perHourUsd === null ? unknown : ok(perHourUsd),
    publishesSsh: read.value.ports.includes(SSH_PORT),
  }
}

/** USD per hour with disks; null: not known. */
async function priceOf(
  { gpu, cpu, cloud, containerDiskGb, storage }: PodConfiguration,
  provider: Provider,
): Promise<number | null> {
  if (cloud === null || containerDiskGb === null || storage === null || storage.kind === 'template')
    return null
  const disksUsd = diskPerHourUsd({ containerDiskGb, storage })
  if (gpu !== null) {
    const listed = await provider.listGpus?.({ cloud, count: gpu.count })
    if (listed?.ok !== true) return null
    const compute = { kind: 'gpu', ...gpu, allowedCudaVersions: [], minCudaVersion: null } as const
    const perHourUsd = computePerHourUsd({ compute, cloud }, listed.value, [])
    return perHourUsd === null ? null : perHourUsd + disksUsd
  }
  const listed = cpu === null ? undefined : await provider.listCpus?.(cpu.vcpuCount)
  if (cpu === null || listed?.ok !== true) return null
  const perHourUsd = computePerHourUsd({ compute: { kind: 'cpu', ...cpu }, cloud }, [], listed.value)
  return perHourUsd === null ? null : perHourUsd + disksUsd
}
