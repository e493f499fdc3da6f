import { HOUR_MS, MINUTE_MS } from '../base/time/time'
import { MAX_GAP_MS } from '../idle/usage-trail'
import {
  type FigureRange,
  type UsageDetail,
  usageDetails,
  type UsageMetric,
  usageMetrics,
  type UsageRow,
  type UsageSample,
  type UsageState,
  usageStates,
  type UsageStep,
  usageSteps,
} from './usage'
import { figuresOf } from './rollup'

/** A part of the history of a pod in columns, for charts. Percentages; NaN: unknown. */
export interface UsageTable {
  readonly detail: UsageDetail
  /** The time that was read, Unix ms. */
  readonly fromMs: number
  readonly toMs: number
  /** Of samples their time, of steps their middle. Ascending. */
  readonly atMs: Float64Array
  /** Indexes of `usageStates`: what the pod did for most of the step. */
  readonly states: Uint8Array
  /** 1 where it started anew. */
  readonly newRuns: Uint8Array
  readonly figures: Readonly<Record<UsageMetric, UsageColumns>>
  /** The use of each GPU; only of samples with several GPUs. */
  readonly gpus: readonly Float32Array[]
}

export interface UsageColumns {
  readonly min: Float32Array
  readonly mean: Float32Array
  readonly max: Float32Array
}

/** The longest time that is read at once in this detail, ms. */
export const MAX_READ_MS: Readonly<Record<UsageDetail, number>> = {
  sample: 24.5 * HOUR_MS,
  minute: 7.5 * 24 * HOUR_MS,
  hour: 95 * 24 * HOUR_MS,
}

/** A chart of more time than this shows minutes, unless it shows what only samples have. */
const SAMPLES_SHOWN_MS = 6.5 * HOUR_MS
/** How long each detail is kept at least: docs/product-rules.md#102-history. With some time to look at its end. */
const KEPT_MS: Readonly<Record<UsageDetail, number>> = {
  sample: 24 * HOUR_MS + 2 * MINUTE_MS,
  minute: 7 * 24 * HOUR_MS + 2 * MINUTE_MS,
  hour: Number.POSITIVE_INFINITY,
}

/**
 * What a chart from `fromMs` to `toMs` shows (Unix ms): what is fine enough and still kept. `isEachGpu`: it shows each
 * GPU, of which only samples tell, as far as they can be read at once.
 */
export function detailFor(
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
  nowMs: number,
  isEachGpu = false,
): UsageDetail {
  const shownMs = { ...MAX_READ_MS, sample: isEachGpu ? MAX_READ_MS.sample : SAMPLES_SHOWN_MS }
  return (
    usageDetails.find((detail) => toMs - fromMs <= shownMs[detail] && nowMs - fromMs <= KEPT_MS[detail]) ??
    'hour'
  )
}

/** Points further apart than this are not joined, ms, because the time between them is unobserved. */
export const gapOf = (detail: UsageDetail): number => (detail === 'hour' ? HOUR_MS * 1.5 : MAX_GAP_MS)

/** For how long a point stands, ms; 0 for samples. */
export const stepOf = (detail: UsageDetail): number => (detail === 'sample' ? 0 : usageSteps[detail])

export function tableOfSamples(samples: readonly UsageSample[], fromMs: number, toMs: number): UsageTable {
  const gpuCount = Math.max(0, ...samples.map(({ gpus }) => gpus.length))
  return toTable(
    'sample',
    [fromMs, toMs],
    samples.map((sample) => ({
      atMs: sample.atMs,
      state: sample.state,
      isNewRun: sample.isNewRun,
      figure: (metric) => rangeOf(figuresOf(sample, metric)),
    })),
    gpuCount < 2
      ? []
      : Array.from({ length: gpuCount }, (_, index) =>
          Float32Array.from(samples, ({ gpus }) => gpus[index]?.util ?? Number.NaN),
        ),
  )
}

export function tableOfRows(
  rows: readonly UsageRow[],
  step: UsageStep,
  fromMs: number,
  toMs: number,
): UsageTable {
  return toTable(
    step,
    [fromMs, toMs],
    rows.map(({ startMs, isNewRun, shares, figures }) => ({
      atMs: startMs + usageSteps[step] / 2,
      state: mainState(shares),
      isNewRun,
      figure: (metric) => figures[metric],
    })),
    [],
  )
}

interface TablePoint {
  readonly atMs: number
  readonly state: UsageState
  readonly isNewRun: boolean
  readonly figure: (metric: UsageMetric) => Pick<FigureRange, 'min' | 'mean' | 'max'> | null
}

function toTable(
  detail: UsageDetail,
  [fromMs, toMs]: readonly [number, number],
  points: readonly TablePoint[],
  gpus: readonly Float32Array[],
): UsageTable {
  const columnsOf = (metric: UsageMetric): UsageColumns => {
    const ranges = points.map(({ figure }) => figure(metric))
    const column = (key: 'min' | 'mean' | 'max'): Float32Array =>
      Float32Array.from(ranges, (range) => range?.[key] ?? Number.NaN)
    return { min: column('min'), mean: column('mean'), max: column('max') }
  }
  const [gpu, gpuMemory, cpu, memory] = usageMetrics.map(columnsOf) as [
    UsageColumns,
    UsageColumns,
    UsageColumns,
    UsageColumns,
  ]
  return {
    detail,
    fromMs,
    toMs,
    atMs: Float64Array.from(points, ({ atMs }) => atMs),
    states: Uint8Array.from(points, ({ state }) => usageStates.indexOf(state)),
    newRuns: Uint8Array.from(points, ({ isNewRun }) => (isNewRun ? 1 : 0)),
    figures: { gpu, gpuMemory, cpu, memory },
    gpus,
  }
}

function rangeOf(figures: readonly number[]): Pick<FigureRange, 'min' | 'mean' | 'max'> | null {
  if (figures.length === 0) return null
  const mean = figures.reduce((sum, figure) => sum + figure, 0) / figures.length
  return { min: Math.min(...figures), mean, max: Math.max(...figures) }
}

/** The first sample after a gap stands for no time, so that a row may have no share at all. */
function mainState(shares: UsageRow['shares']): UsageState {
  const order = ['busy', 'idle', 'off', 'unknown'] as const
  return order.reduce((best, state) => (shares[state] > shares[best] ? state : best), 'unknown' as UsageState)
}

export interface UsageSpan {
  readonly kind: 'busy' | 'idle' | 'off' | 'unobserved'
  readonly fromMs: number
  readonly toMs: number
}

/**
 * What the pod did from the beginning of the table to its end, without gaps or overlaps. Time in which nothing was
 * polled, and time in which it ran and its use is unknown, is unobserved.
 */
export function usageSpans({ detail, fromMs, toMs, atMs, states }: UsageTable): readonly UsageSpan[] {
  const spans: { kind: UsageSpan['kind']; fromMs: number; toMs: number }[] = []
  const add = (kind: UsageSpan['kind'], start: number, end: number): void => {
    const [spanFrom, spanTo] = [Math.max(start, fromMs), Math.min(end, toMs)]
    if (spanTo <= spanFrom) return
    const last = spans.at(-1)
    if (last !== undefined && last.kind === kind) last.toMs = spanTo
    else spans.push({ kind, fromMs: spanFrom, toMs: spanTo })
  }
  const half = stepOf(detail) / 2
  let endMs = fromMs
  atMs.forEach((at, index) => {
    const state = usageStates[states[index] ?? 0] ?? 'unknown'
    const kind = state === 'unknown' ? 'unobserved' : state
    const isJoined = index > 0 && at - (atMs[index - 1] ?? 0) <= gapOf(detail)
    // A sample stands for the time since the one before it.
    const startMs = isJoined ? endMs : at - half
    add('unobserved', endMs, startMs)
    add(kind, startMs, at + half)
    endMs = Math.max(endMs, at + half)
  })
  // The newest point is as old as the last poll.
  const last = spans.at(-1)
  if (last !== undefined && toMs - endMs <= Math.max(gapOf(detail), MINUTE_MS)) last.toMs = toMs
  else add('unobserved', endMs, toMs)
  return spans
}

/** The index of the point nearest to a time; null without any within the gap. */
export function nearestPoint(
  { atMs, detail }: Pick<UsageTable, 'atMs' | 'detail'>,
  timeMs: number,
): number | null {
  let [low, high] = [0, atMs.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((atMs[middle] ?? 0) < timeMs) low = middle + 1
    else high = middle
  }
  const candidates = [low - 1, low].filter((index) => index >= 0 && index < atMs.length)
  const distance = (index: number): number => Math.abs((atMs[index] ?? 0) - timeMs)
  const nearest = candidates.reduce<number | null>(
    (best, index) => (best === null || distance(index) < distance(best) ? index : best),
    null,
  )
  return nearest !== null && distance(nearest) <= gapOf(detail) ? nearest : null
}
