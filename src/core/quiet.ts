import type { ActivityRules, Sample, SampleLabel } from './sample'
import type { Instant } from './time'

export interface LabelledSample {
  readonly sample: Sample
  readonly label: SampleLabel
}

/**
 * The longest run of samples up to the newest in which a pod was quiet: idle throughout, CPU below its
 * ceiling, and no memory figure moving. Source: product rules, "Activity", *Quiet*.
 */
export interface QuietWindow {
  readonly firstAt: Instant
  readonly lastAt: Instant
  /** Lowest and highest of each memory figure, percent: the host's first, then the GPUs'. */
  readonly lowest: readonly number[]
  readonly highest: readonly number[]
}

/**
 * The quiet window that ends with the last of `samples`, none of it from before `episodeStart`. Idle samples
 * of one episode that follow each other are within reach of each other already.
 */
export function quietWindow(
  samples: readonly LabelledSample[],
  episodeStart: Instant,
  rules: ActivityRules,
): QuietWindow | null {
  const lowest: number[] = []
  const highest: number[] = []
  let firstAt: Instant | null = null
  for (let index = samples.length - 1; index >= 0; index--) {
    const entry = samples[index]
    if (!entry || !isCalm(entry, rules)) break
    const { at } = entry.sample
    if (!stretch(lowest, highest, entry.sample, rules)) break
    firstAt = at
    if (at === episodeStart) break
  }
  const lastAt = samples.at(-1)?.sample.at
  return firstAt === null || lastAt === undefined ? null : { firstAt, lastAt, lowest, highest }
}

/** The window longer by a calm sample of the same episode; null: not all of it fits, so look back anew. */
export function widenQuiet(window: QuietWindow, sample: Sample, rules: ActivityRules): QuietWindow | null {
  const lowest = [...window.lowest]
  const highest = [...window.highest]
  return stretch(lowest, highest, sample, rules)
    ? { firstAt: window.firstAt, lastAt: sample.at, lowest, highest }
    : null
}

/** Whether a sample, by itself, may be part of a quiet window. */
export function isCalm({ sample, label }: LabelledSample, rules: ActivityRules): boolean {
  const cpuUtilPercent = sample.telemetry?.cpuUtilPercent ?? 100
  return label.kind === 'idle' && cpuUtilPercent < quietCpuCeiling(sample, rules)
}

/**
 * The CPU figure, in percent, that a quiet pod stays below: the lower of the rules' percentage and half a
 * core; 0, which nothing stays below, when the number of cores is not known. See
 * docs/decisions/0004-quiet-is-the-lower-ceiling.md.
 */
export function quietCpuCeiling({ vcpuCount }: Sample, rules: ActivityRules): number {
  if (vcpuCount === null || !(vcpuCount > 0)) return 0
  return Math.min(rules.quietCpuPercent, 50 / vcpuCount)
}

/** Stretches the ranges in place to hold the sample's memory figures; false: one of them moved too far. */
function stretch(lowest: number[], highest: number[], sample: Sample, rules: ActivityRules): boolean {
  const { telemetry } = sample
  const gpus = telemetry?.gpus ?? []
  for (let which = 0; which <= gpus.length; which++) {
    const figure = which === 0 ? telemetry?.memoryUtilPercent : gpus[which - 1]?.memoryUtilPercent
    const value = figure ?? 0
    const low = Math.min(lowest[which] ?? value, value)
    const high = Math.max(highest[which] ?? value, value)
    if (high - low >= rules.stillMemoryPoints) return false
    lowest[which] = low
    highest[which] = high
  }
  return true
}
