import type { QueuedExperiment } from './provider'

const priorityOrder: readonly QueuedExperiment['priority'][] = ['critical', 'high', 'normal', 'low']

/**
 * The queued experiments that an idle pod could run, best first: by priority, then the oldest. `gpuName`: its GPU type;
 * null for a CPU pod. "H200 SXM" fits "H200". See docs/product-rules.md#122-hubify.
 */
export function fittingExperiments(
  experiments: readonly QueuedExperiment[],
  gpuName: string | null,
): readonly QueuedExperiment[] {
  return experiments
    .filter(({ computeMode }) => computeMode !== null && isFitting(computeMode, gpuName))
    .sort(
      (a, b) =>
        priorityOrder.indexOf(a.priority) - priorityOrder.indexOf(b.priority) ||
        (a.createdAtMs ?? Infinity) - (b.createdAtMs ?? Infinity) ||
        (a.id < b.id ? -1 : 1),
    )
}

/** The GPU type begins with the mode, as a whole word: "A10" does not fit "A100 SXM". */
function isFitting(computeMode: string, gpuName: string | null): boolean {
  const mode = computeMode.trim().toUpperCase()
  if (mode === 'CPU' || gpuName === null) return mode === 'CPU' && gpuName === null
  const gpu = gpuName.trim().toUpperCase()
  return mode !== '' && gpu.startsWith(mode) && !/^[A-Z0-9]/.test(gpu.slice(mode.length))
}
