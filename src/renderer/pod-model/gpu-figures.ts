import type { PodView } from '../../core/view/snapshot'

export interface GpuFigure {
  readonly index: number
  /** Whole percent, 0–100; null: not known. */
  readonly percent: number | null
  /** "GPU 3: 93 %, memory 70 %". */
  readonly words: string
}

/** More bars than that say nothing any more, and no pod has so many. */
const MAX_GPUS = 32

/** What each GPU of a running pod does, those that reported nothing included. */
export function gpuFigures({ phase, gpuCount, gpus }: PodView): readonly GpuFigure[] {
  if (phase !== 'running') return []
  const count = Math.min(MAX_GPUS, Math.max(gpuCount, gpus.length))
  return Array.from({ length: count }, (_, index) => {
    const percent = wholePercent(gpus[index]?.utilPercent ?? null)
    const memory = wholePercent(gpus[index]?.memoryUtilPercent ?? null)
    const use = percent === null ? 'not known' : `${percent} %`
    return {
      index,
      percent,
      words: `GPU ${index}: ${use}${memory === null ? '' : `, memory ${memory} %`}`,
    }
  })
}

/** A figure outside of 0–100 is none. */
function wholePercent(value: number | null): number | null {
  return value === null || !(value >= 0 && value <= 100) ? null : Math.round(value)
}
