import { type ActivityRules, memoryOf, type Sample, type SampleLabel } from './sample'
import type { Instant } from '../base/time'

/**
 * The longest run of samples up to the newest in which a pod was quiet: idle throughout, CPU below its ceiling, and no
 * memory figure moving. Source: product rules, "Activity", *Quiet*. It needs no kept samples: of each memory figure it
 * holds those that may yet be the highest or lowest, which are few, since still memory takes few values.
 */
export interface QuietWindow {
  readonly firstAt: Instant
  readonly lastAt: Instant
  /** Of each memory figure, the host's first, then the GPUs'. */
  readonly figures: readonly { readonly highest: Peaks; readonly lowest: Peaks }[]
}

/** Samples that stand out from all that came after them: the one that stands out most first, the newest sample last. */
type Peaks = readonly Peak[]
interface Peak {
  readonly value: number
  /** The sample after it, where the window begins once this one has to leave it; null: it is the newest. */
  readonly nextAt: Instant | null
}

/** A figure that creeps has many peaks. Beyond these the nearest two become one that is no quieter than either. */
const MAX_PEAKS = 32

/** The window that holds one calm sample. */
export function newQuiet(sample: Sample): QuietWindow {
  const figures = memoryOf(sample).map((value) => {
    const peaks = [{ value, nextAt: null }]
    return { highest: peaks, lowest: peaks }
  })
  return { firstAt: sample.at, lastAt: sample.at, figures }
}

/** The window with the calm sample that comes next in its episode, and without what does not fit that one. */
export function widenQuiet(window: QuietWindow, sample: Sample, rules: ActivityRules): QuietWindow {
  const values = memoryOf(sample)
  if (values.length !== window.figures.length) return newQuiet(sample)
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

/** Whether a sample, by itself, may be part of a quiet window. */
export function isCalm(sample: Sample, label: SampleLabel, rules: ActivityRules): boolean {
  const cpuUtilPercent = sample.telemetry?.cpuUtilPercent ?? 100
  return label.kind === 'idle' && cpuUtilPercent < quietCpuCeiling(sample, rules)
}

/**
 * The CPU figure, in percent, that a quiet pod stays below: the lower of the rules' percentage and half a
 * core; 0, which nothing stays below, when the number of cores is not known. See
 * docs/decisions/0004-quiet-cpu-limit.md.
 */
export function quietCpuCeiling({ vcpuCount }: Sample, rules: ActivityRules): number {
  if (vcpuCount === null || !(vcpuCount > 0)) return 0
  return Math.min(rules.quietCpuPercent, 50 / vcpuCount)
}

function withPeak(
  peaks: Peaks,
  value: number,
  at: Instant,
  standsOut: (a: number, b: number) => boolean,
): Peaks {
  const kept = peaks.filter((peak) => standsOut(peak.value, value))
  const followed = kept.map((peak) => (peak.nextAt === null ? { ...peak, nextAt: at } : peak))
  return withinLimit([...followed, { value, nextAt: null }])
}

/** Of the nearest two, one with the value that stands out more and the later end. The newest stays as it is. */
function withinLimit(peaks: Peaks): Peaks {
  if (peaks.length <= MAX_PEAKS) return peaks
  const apart = (index: number): number =>
    Math.abs((peaks[index]?.value ?? 0) - (peaks[index + 1]?.value ?? 0))
  let nearest = 0
  for (let index = 1; index < peaks.length - 2; index++) if (apart(index) < apart(nearest)) nearest = index
  return peaks.flatMap((peak, index) => {
    if (index === nearest) return [{ ...peak, nextAt: peaks[index + 1]?.nextAt ?? null }]
    return index === nearest + 1 ? [] : [peak]
  })
}

/** Null: the newest. A window lies within one run of the program. */
function isEarlier(a: Instant | null, b: Instant | null): boolean {
  if (a === null || b === null) return a !== null
  return a.monotonicMs < b.monotonicMs
}
