import type { PodView } from '../../core/view/snapshot'
import { gpuUsageText } from './text/pod-text'

export interface GpuUsage {
  readonly index: number
  /** Whole percent, 0–100; null when unknown. */
  readonly percent: number | null
  /** "GPU 3: 93%, memory 70%". */
  readonly label: string
}

/** More bars would be unreadable, and no pod has so many GPUs. */
const MAX_GPUS = 32

/** Usage of each GPU of a running pod, including those that reported nothing. */
export function gpuUsages({ phase, gpuCount, gpus }: PodView): readonly GpuUsage[] {
  if (phase !== 'running') return []
  const count = Math.min(MAX_GPUS, Math.max(gpuCount, gpus.length))
  return Array.from({ length: count }, (_, index) => {
    const percent = wholePercent(gpus[index]?.utilPercent ?? null)
    const memory = wholePercent(gpus[index]?.memoryUtilPercent ?? null)
    return { index, percent, label: gpuUsageText(index, percent, memory) }
  })
}

/** A value outside 0–100 counts as unknown. */
function wholePercent(value: number | null): number | null {
  return value === null || !(value >= 0 && value <= 100) ? null : Math.round(value)
}
