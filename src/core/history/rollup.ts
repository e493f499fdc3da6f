import { MAX_GAP_MS } from '../idle/usage-trail'
import {
  type FigureRange,
  MAX_SAMPLES,
  type UsageMetric,
  usageMetrics,
  type UsageRow,
  type UsageSample,
  type UsageState,
} from './usage'

/**
 * One row for each step of `stepMs` in which there are samples; `samples` of one pod in the order of their time. A
 * sample stands for the time since the one before it, unless that is longer ago than the gap, which is unobserved
 * then: docs/product-rules.md#24-imperfect-telemetry.
 */
export function rollUp(samples: readonly UsageSample[], stepMs: number): readonly UsageRow[] {
  const rows = new Map<number, StepSums>()
  const sumsAt = (startMs: number): StepSums => {
    const known = rows.get(startMs)
    if (known !== undefined) return known
    const sums = newSums()
    rows.set(startMs, sums)
    return sums
  }
  let previousMs = Number.NEGATIVE_INFINITY
  for (const sample of samples) {
    const { atMs, state } = sample
    const figures = usageMetrics.map((metric) => figuresOf(sample, metric))
    const last = sumsAt(floorTo(atMs, stepMs))
    last.samples += 1
    last.isNewRun ||= sample.isNewRun
    usageMetrics.forEach((metric, index) => addFigures(last.figures[metric], figures[index] ?? []))
    const fromMs = atMs - previousMs <= MAX_GAP_MS ? previousMs : atMs
    // The time may reach back into the steps before, of which those without a sample have no row.
    for (let startMs = floorTo(fromMs, stepMs); startMs < atMs; startMs += stepMs) {
      const sums = rows.get(startMs)
      if (sums === undefined) continue
      const ms = Math.min(atMs, startMs + stepMs) - Math.max(fromMs, startMs)
      sums.stateMs[state] += ms
      usageMetrics.forEach((metric, index) => {
        if ((figures[index]?.length ?? 0) > 0) sums.figures[metric].knownMs += ms
      })
    }
    previousMs = atMs
  }
  return [...rows].sort(([a], [b]) => a - b).map(([startMs, sums]) => toRow(startMs, sums, stepMs))
}

export const floorTo = (atMs: number, stepMs: number): number => Math.floor(atMs / stepMs) * stepMs

/** The known figures of a sample: one, or one for each GPU. Percentages. */
export function figuresOf(sample: UsageSample, metric: UsageMetric): readonly number[] {
  const figures =
    metric === 'gpu'
      ? sample.gpus.map(({ util }) => util)
      : metric === 'gpuMemory'
        ? sample.gpus.map(({ memory }) => memory)
        : [sample[metric]]
  return figures.filter((figure) => figure !== null)
}

interface FigureSums {
  min: number
  max: number
  sum: number
  count: number
  knownMs: number
}

interface StepSums {
  samples: number
  isNewRun: boolean
  readonly stateMs: Record<UsageState, number>
  readonly figures: Readonly<Record<UsageMetric, FigureSums>>
}

function newSums(): StepSums {
  const none = (): FigureSums => ({ min: 100, max: 0, sum: 0, count: 0, knownMs: 0 })
  return {
    samples: 0,
    isNewRun: false,
    stateMs: { unknown: 0, busy: 0, idle: 0, off: 0 },
    figures: { gpu: none(), gpuMemory: none(), cpu: none(), memory: none() },
  }
}

function addFigures(sums: FigureSums, figures: readonly number[]): void {
  for (const figure of figures) {
    sums.min = Math.min(sums.min, figure)
    sums.max = Math.max(sums.max, figure)
    sums.sum += figure
    sums.count += 1
  }
}

function toRow(startMs: number, { samples, isNewRun, stateMs, figures }: StepSums, stepMs: number): UsageRow {
  const shareOf = (ms: number): number => Math.round((Math.min(ms, stepMs) / stepMs) * 200) / 200
  const rangeOf = ({ min, max, sum, count, knownMs }: FigureSums): FigureRange | null =>
    count === 0 ? null : { min, max, mean: Math.round((sum / count) * 2) / 2, known: shareOf(knownMs) }
  return {
    startMs,
    samples: Math.min(samples, MAX_SAMPLES),
    isNewRun,
    shares: {
      unknown: shareOf(stateMs.unknown),
      busy: shareOf(stateMs.busy),
      idle: shareOf(stateMs.idle),
      off: shareOf(stateMs.off),
    },
    figures: {
      gpu: rangeOf(figures.gpu),
      gpuMemory: rangeOf(figures.gpuMemory),
      cpu: rangeOf(figures.cpu),
      memory: rangeOf(figures.memory),
    },
  }
}

/** The rows of both, in the order of their time; of two for the same step the one that was made of more samples. */
export function mergeRows(a: readonly UsageRow[], b: readonly UsageRow[]): readonly UsageRow[] {
  const merged = new Map(a.map((row) => [row.startMs, row]))
  for (const row of b) {
    const other = merged.get(row.startMs)
    if (other === undefined || row.samples >= other.samples) merged.set(row.startMs, row)
  }
  return [...merged.values()].sort((one, other) => one.startMs - other.startMs)
}

/** The samples of both, in the order of their time, each moment once. */
export function mergeSamples(a: readonly UsageSample[], b: readonly UsageSample[]): readonly UsageSample[] {
  const merged = new Map([...a, ...b].map((sample) => [sample.atMs, sample]))
  return [...merged.values()].sort((one, other) => one.atMs - other.atMs)
}
