import { type ActivityRules, isPercent, memoryPercentsOf, type Sample, type SampleLabel } from './sample'
import { countedMs } from './idle-episode'
import type { Instant } from '../base/time/time'

/**
 * For how long a pod has been quiet up to its newest idle sample. Unknown samples pause it, one busy sample ends
 * it. See docs/product-rules.md#25-quiet.
 */
export interface QuietTime {
  readonly lastAt: Instant
  /** Observed time in which it was idle and its CPU was not working for certain, ms. */
  readonly possibleMs: number
  /** The part at the end in which its CPU was at rest for certain, ms. */
  readonly cpuRestMs: number
  /** The longest run at the end in which its memory was unchanged, too; null when the CPU is not at rest. */
  readonly window: QuietWindow | null
}

/**
 * The longest run of samples up to the newest in which the CPU was at rest and memory was unchanged. Samples are
 * not stored. For each memory figure it keeps only the candidates for the highest and lowest value, which are few
 * because unchanged memory has few values. Positions are observed time since the first sample, ms, so that an
 * interval that does not count has no length.
 */
export interface QuietWindow {
  readonly startMs: number
  readonly endMs: number
  /** One entry per memory figure: the host's first, then the GPUs'. */
  readonly figures: readonly { readonly highest: Peaks; readonly lowest: Peaks }[]
}

/**
 * Samples more extreme than all later ones, as in a monotonic queue: the most extreme first, the newest last.
 */
type Peaks = readonly Peak[]
interface Peak {
  readonly value: number
  /** The position of the sample after it, where the window starts once this one is removed; null for the newest. */
  readonly nextMs: number | null
}

/**
 * A drifting figure has many peaks. Above this limit the closest two are merged conservatively, so that the
 * window is never longer than it should be.
 */
const MAX_PEAKS = 32

/** The quiet time after one more sample of the same idle episode; null: the pod is not quiet. */
export function updateQuietTime(
  before: QuietTime | null,
  sample: Sample,
  label: SampleLabel['kind'],
  rules: ActivityRules,
): QuietTime | null {
  // Some figures are missing, but those that are there may show work.
  if (label === 'unknown') return showsWork(sample, rules) ? null : before
  const cpu = cpuCaseOf(sample, rules)
  if (label === 'busy' || cpu === 'working') return null
  const isAtRest = cpu === 'at-rest'
  const intervalMs = before === null ? 0 : countedMs(before.lastAt, sample.at, rules)
  return {
    lastAt: sample.at,
    possibleMs: (before?.possibleMs ?? 0) + intervalMs,
    // The interval after a sample that was not at rest does not count.
    cpuRestMs: isAtRest && before?.window ? before.cpuRestMs + intervalMs : 0,
    window: !isAtRest
      ? null
      : before?.window
        ? extendQuietWindow(before.window, sample, intervalMs, rules)
        : startQuietWindow(sample),
  }
}

/** A window with one quiet sample. */
export function startQuietWindow(sample: Sample): QuietWindow {
  const figures = memoryPercentsOf(sample).map((value) => {
    const peaks = [{ value, nextMs: null }]
    return { highest: peaks, lowest: peaks }
  })
  return { startMs: 0, endMs: 0, figures }
}

/**
 * Adds the next quiet sample of the episode, `intervalMs` of observed time later, and drops older samples that are
 * incompatible with it.
 */
export function extendQuietWindow(
  window: QuietWindow,
  sample: Sample,
  intervalMs: number,
  rules: ActivityRules,
): QuietWindow {
  const values = memoryPercentsOf(sample)
  if (values.length !== window.figures.length) return startQuietWindow(sample)
  const endMs = window.endMs + intervalMs
  let { startMs } = window
  const figures = window.figures.map((before, which) => {
    const value = values[which] ?? 0
    let highest = withPeak(before.highest, value, endMs, (a, b) => a > b)
    let lowest = withPeak(before.lowest, value, endMs, (a, b) => a < b)
    for (;;) {
      const [high, low] = [highest[0], lowest[0]]
      if (!high || !low || high.value - low.value < rules.stillMemoryPoints) break
      const isHighOlder = isEarlier(high.nextMs, low.nextMs)
      const nextMs = (isHighOlder ? high : low).nextMs
      if (nextMs === null) break
      startMs = Math.max(startMs, nextMs)
      if (isHighOlder) highest = highest.slice(1)
      else lowest = lowest.slice(1)
    }
    return { highest, lowest }
  })
  return { startMs, endMs, figures }
}

/** What the CPU of an idle sample says from outside, or what is seen inside where it has no such figure. See docs/product-rules.md#25-quiet. */
export type CpuCase = 'at-rest' | 'working' | 'unclear'

/**
 * The API reports whole percents of all cores, so on a large pod 1% may be background noise or one busy core. At
 * rest is what is below the lower of the rules' percentage and half a core; without a number of cores only 0 is.
 */
export function cpuCaseOf(sample: Sample, rules: ActivityRules): CpuCase {
  const { vcpuCount, insideNow, isWorkingInside } = sample
  const cpuPercent = sample.telemetry?.cpuUtilPercent ?? null
  if (isWorkingInside === true) return 'working'
  if (cpuPercent === null) return insideNow === 'at-rest' ? 'at-rest' : 'unclear'
  if (cpuPercent >= rules.quietCpuPercent) return 'working'
  const halfACorePercent = vcpuCount !== null && vcpuCount > 0 ? 50 / vcpuCount : 0
  return cpuPercent === 0 || cpuPercent < halfACorePercent ? 'at-rest' : 'unclear'
}

function showsWork({ telemetry, isWorkingInside }: Sample, rules: ActivityRules): boolean {
  const isAtLeast = (percent: number | null | undefined, limit: number): boolean =>
    isPercent(percent) && percent >= limit
  return (
    isWorkingInside === true ||
    isAtLeast(telemetry?.cpuUtilPercent, rules.quietCpuPercent) ||
    (telemetry?.gpus ?? []).some(({ utilPercent }) => isAtLeast(utilPercent, rules.busyAtPercent))
  )
}

function withPeak(
  peaks: Peaks,
  value: number,
  atMs: number,
  isMoreExtreme: (a: number, b: number) => boolean,
): Peaks {
  const kept = peaks.filter((peak) => isMoreExtreme(peak.value, value))
  const closed = kept.map((peak) => (peak.nextMs === null ? { ...peak, nextMs: atMs } : peak))
  return mergeExcessPeaks([...closed, { value, nextMs: null }])
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
    if (index === nearest) return [{ ...peak, nextMs: peaks[index + 1]?.nextMs ?? null }]
    return index === nearest + 1 ? [] : [peak]
  })
}

/** Null means the newest. */
function isEarlier(a: number | null, b: number | null): boolean {
  if (a === null || b === null) return a !== null
  return a < b
}
