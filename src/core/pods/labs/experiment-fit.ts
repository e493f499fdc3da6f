import { isGpuOfType } from '../gpu-type'
import { experimentPriorities, type QueuedExperiment } from '../provider'

/** Orders a queue: by priority, then the oldest first; those without a time come last. */
export function byPriority(a: QueuedExperiment, b: QueuedExperiment): number {
  const rank = ({ priority }: QueuedExperiment): number => experimentPriorities.indexOf(priority)
  const age = ({ createdAtMs }: QueuedExperiment): number => createdAtMs ?? Number.MAX_SAFE_INTEGER
  return rank(a) - rank(b) || age(a) - age(b) || (a.id < b.id ? -1 : 1)
}

/**
 * The queued experiments that an idle pod could run, best first. `gpuName`: its GPU type; null for a CPU pod. See
 * docs/product-rules.md#122-hubify.
 */
export function fittingExperiments(
  experiments: readonly QueuedExperiment[],
  gpuName: string | null,
): readonly QueuedExperiment[] {
  return experiments
    .filter(({ computeMode }) => computeMode !== null && isFitting(computeMode, gpuName))
    .sort(byPriority)
}

function isFitting(computeMode: string, gpuName: string | null): boolean {
  const isCpu = computeMode.trim().toUpperCase() === 'CPU'
  return gpuName === null || isCpu ? isCpu && gpuName === null : isGpuOfType(gpuName, computeMode)
}
