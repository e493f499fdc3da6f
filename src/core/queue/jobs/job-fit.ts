import { engineNames } from '../../pods/pod-engine'
import { isGpuOfType } from '../../pods/gpu-type'
import { type Pod, parsePodKey, type PodKey } from '../../pods/pod'
import { plainName } from '../../pods/pod-name'
import type { Job } from './job'
import type { JobNeeds, JobSpec } from './job-spec'

/** Memory of one GPU by type, in GB: the least that any of that name has. */
const GPU_MEMORY_GB: readonly (readonly [type: string, gb: number])[] = [
  ['B300', 288],
  ['B200', 180],
  ['MI300X', 192],
  ['H200', 141],
  ['H100 NVL', 94],
  ['H100', 80],
  ['GH200', 96],
  ['A100', 40],
  ['L40S', 48],
  ['L40', 48],
  ['RTX PRO 6000', 96],
  ['RTX 6000 Ada', 48],
  ['RTX 5000 Ada', 32],
  ['RTX 4000 Ada', 20],
  ['RTX 2000 Ada', 16],
  ['RTX A6000', 48],
  ['RTX A5000', 24],
  ['RTX A4500', 20],
  ['RTX A4000', 16],
  ['A40', 48],
  ['A30', 24],
  ['L4', 24],
  ['RTX 5090', 32],
  ['RTX 5080', 16],
  ['RTX 4090', 24],
  ['RTX 4080', 16],
  ['RTX 4070', 12],
  ['RTX 3090', 24],
  ['RTX 3080', 10],
  ['RTX 3070', 8],
  ['V100', 16],
  ['T4', 16],
]

/** Null: not known, and then nothing that needs a certain amount fits. */
export function gpuMemoryGb(gpuName: string): number | null {
  const said = /(?<!\d)(\d{1,3})\s?GB\b/i.exec(gpuName)?.[1]
  if (said !== undefined) return Number(said)
  return GPU_MEMORY_GB.find(([type]) => isGpuOfType(gpuName, type))?.[1] ?? null
}

/**
 * Why a job may not run in an account that was added at this time (Unix ms; undefined: not known), as a sentence; null:
 * it may. A person who added the job didn't mean one that came later. See docs/product-rules.md#152-where-jobs-start.
 */
export function accountProblem(job: JobAccounts, addedAtMs: number | undefined): string | null {
  const { spec, createdAtMs, accountsAsOfMs = createdAtMs } = job
  const isLater = spec.needs.accountId === null && addedAtMs !== undefined && addedAtMs >= accountsAsOfMs
  return isLater
    ? 'Its account was added after the job. To run it there, choose that account in the job.'
    : null
}

/** See `QueuePod`. */
interface PodOfAccount {
  readonly key: PodKey
  readonly pod: Pick<Pod, 'name' | 'gpu' | 'engine'>
  readonly accountAddedAtMs?: number
}

export type JobAccounts = Pick<Job, 'spec' | 'createdAtMs' | 'accountsAsOfMs'>

/** Why a job doesn't fit a pod by its hardware, name and account, as a sentence; null: it fits. */
export const podProblem = (job: JobAccounts, { key, pod, accountAddedAtMs }: PodOfAccount): string | null =>
  accountProblem(job, accountAddedAtMs) ?? fitProblem(job.spec.needs, key, pod)

/** The same, whenever its account was added. */
export function fitProblem(
  needs: JobNeeds,
  key: PodKey,
  pod: Pick<Pod, 'name' | 'gpu' | 'engine'>,
): string | null {
  const { gpuType, gpuCount, gpuMemoryGb: memoryGb, label, accountId } = needs
  const name = plainName(pod.name)
  if (pod.engine !== undefined)
    return `${name} belongs to ${engineNames[pod.engine]}, which runs its own jobs there.`
  if (accountId !== null && parsePodKey(key).accountId !== accountId) return `${name} is in another account.`
  if (label !== null && !pod.name.toLowerCase().includes(label.toLowerCase()))
    return `The name ${name} doesn’t contain ${plainName(label)}.`
  const count = pod.gpu?.count ?? 0
  if (count < gpuCount) return `${name} has ${count === 0 ? 'no GPU' : `${count} of ${gpuCount} GPUs`}.`
  if (gpuType !== null && (pod.gpu === null || !isGpuOfType(pod.gpu.name, gpuType)))
    return `${name} has no ${plainName(gpuType)}.`
  if (memoryGb === null) return null
  const has = pod.gpu === null ? null : gpuMemoryGb(pod.gpu.name)
  if (has === null) return `It isn’t known how much memory the GPUs of ${name} have.`
  return has >= memoryGb ? null : `The GPUs of ${name} have ${has} of ${memoryGb} GB.`
}

/**
 * The GPUs that a job gets beside runs that use `taken` (null: a run uses the whole pod). `none`: there is no room;
 * null: the whole pod.
 */
export function gpusFor(
  { sharesPod, needs }: Pick<JobSpec, 'sharesPod' | 'needs'>,
  gpuCount: number,
  taken: readonly (readonly number[] | null)[],
): readonly number[] | null | 'none' {
  if (!sharesPod || needs.gpuCount === 0) return taken.length === 0 ? null : 'none'
  if (taken.includes(null)) return 'none'
  const used = new Set(taken.flatMap((indexes) => indexes ?? []))
  const free = Array.from({ length: gpuCount }, (_, index) => index).filter((index) => !used.has(index))
  return free.length >= needs.gpuCount ? free.slice(0, needs.gpuCount) : 'none'
}
