import { type ActivityRules, memoryPercentsOf, type Sample, type SampleLabel } from './sample'
import type { Instant } from '../base/time'

/**
 * The longest run of samples up to the newest in which a pod was quiet: always idle, CPU below its limit,
 * memory unchanged. See docs/product-rules.md#25-quiet. Samples are not stored. For each memory figure it
 * keeps only the candidates for the highest and lowest value, which are few because unchanged memory has few
 * values.
 */
export interface QuietWindow {
  readonly firstAt: Instant
  readonly lastAt: Instant
  /** One entry per memory figure: the host's first, then the GPUs'. */
  readonly figures: readonly { readonly highest: Peaks; readonly lowest: Peaks }[]
}

/**
 * Samples more extreme than all later ones, as in a monotonic queue: the most extreme first, the newest last.
 */
type Peaks = readonly Peak[]
interface Peak {
  readonly value: number
  /** The sample after it, where the window starts once this one is removed; null for the newest. */
  readonly nextAt: Instant | null
}

/**
 * A drifting figure has many peaks. Above this limit the closest two are merged conservatively, so that the
 * window is never longer than it should be.
 */
const MAX_PEAKS = 32

/** A window with one quiet sample. */
export function startQuietWindow(sample: Sample): QuietWindow {
  const figures = memoryPercentsOf(sample).map((value) => {
    const peaks = [{ value, nextAt: null }]
    return { highest: peaks, lowest: peaks }
  })
  return { firstAt: sample.at, lastAt: sample.at, figures }
}

/** Adds the next quiet sample of the episode and drops older samples that are incompatible with it. */
export function extendQuietWindow(window: QuietWindow, sample: Sample, rules: ActivityRules): QuietWindow {
  const values = memoryPercentsOf(sample)
  if (values.length !== window.figures.length) return startQuietWindow(sample)
  let { firstAt } = window
  const figures = window.figures.map((before, which) => {
    const value = values[which] ?? 0
    let highest = withPeak(before.highest, value, sample.at, (a, b) => a > b)
    let lowest = withPeak(before.lowest, value, sample.at, (a, b) => a < b)
    for (;;) {
      const [high, low] = [highest[0], lowest[0]]
      if (!high || !low || high.value - low.value < rules.stillMemoryPoints) break
      const isHighOlder = isEarlier(high.nextAt, low.nextAt)
      const beginsAt = (isHighOlder ? high : low).nextAt
      if (beginsAt === null) break
      if (beginsAt.monotonicMs > firstAt.monotonicMs) firstAt = beginsAt
      if (isHighOlder) highest = highest.slice(1)
      else lowest = lowest.slice(1)
    }
    return { highest, lowest }
  })
  return { firstAt, lastAt: sample.at, figures }
}

/** Whether a single sample may be part of a quiet window. */
export function isQuietSample(sample: Sample, label: SampleLabel, rules: ActivityRules): boolean {
  const cpuUtilPercent = sample.telemetry?.cpuUtilPercent ?? 100
  return label.kind === 'idle' && cpuUtilPercent < quietCpuCeiling(sample, rules)
}

/**
 * The CPU percentage that a quiet pod stays below: the lower of the rules' percentage and half a core. It is
 * 0, which no pod is below, when the number of cores is unknown. See docs/decisions/0004-quiet-cpu-limit.md.
 */
export function quietCpuCeiling({ vcpuCount }: Sample, rules: ActivityRules): number {
  if (vcpuCount === null || !(vcpuCount > 0)) return 0
  return Math.min(rules.quietCpuPercent, 50 / vcpuCount)
}

function withPeak(
  peaks: Peaks,
  value: number,
  at: Instant,
  isMoreExtreme: (a: number, b: number) => boolean,
): Peaks {
  const kept = peaks.filter((peak) => isMoreExtreme(peak.value, value))
  const closed = kept.map((peak) => (peak.nextAt === null ? { ...peak, nextAt: at } : peak))
  return mergeExcessPeaks([...closed, { value, nextAt: null }])
}

/**
 * Merges the closest two peaks into one with the more extreme value and the later end. The newest is
 * unchanged.
 */
function mergeExcessPeaks(peaks: Peaks): Peaks {
  if (peaks.length <= MAX_PEAKS) return peaks
  const distanceToNext = (index: number): number =>
    Math.abs((peaks[index]?.value ?? 0) - (peaks[index + 1]?.value ?? 0))
  let nearest = 0
  for (let index = 1; index < peaks.length - 2; index++)
    if (distanceToNext(index) < distanceToNext(nearest)) nearest = index
  return peaks.flatMap((peak, index) => {
    if (index === nearest) return [{ ...peak, nextAt: peaks[index + 1]?.nextAt ?? null }]
    return index === nearest + 1 ? [] : [peak]
  })
}

/** Null means the newest. A window lies within one process, so the monotonic clock suffices. */
function isEarlier(a: Instant | null, b: Instant | null): boolean {
  if (a === null || b === null) return a !== null
  return a.monotonicMs < b.monotonicMs
}
