import type { UsageMetric } from '../../../core/history/usage'
import { gapOf, type UsageTable } from '../../../core/history/usage-table'
import type { ChartRange } from './chart-range'
import { laneLabels } from './chart-labels-text'

/** The lanes of the chart, from the top. */
export interface ChartLane {
  readonly metric: UsageMetric
  readonly label: string
  readonly top: number
  readonly height: number
}

const LANE_GAP = 12

/** A pod without GPUs has none for them. */
export function lanesFor(hasGpus: boolean): readonly ChartLane[] {
  const parts: readonly (readonly [UsageMetric, number])[] = hasGpus
    ? [
        ['gpu', 96],
        ['gpuMemory', 52],
        ['cpu', 52],
        ['memory', 52],
      ]
    : [
        ['cpu', 96],
        ['memory', 52],
      ]
  let top = 0
  return parts.map(([metric, height]) => {
    const lane = { metric, label: laneLabels[metric], top, height }
    top += height + LANE_GAP
    return lane
  })
}

export const lanesHeight = (lanes: readonly ChartLane[]): number => {
  const last = lanes.at(-1)
  return last === undefined ? 0 : last.top + last.height
}

/** The figures of a lane by point; NaN: nothing is drawn there, and nothing joins the points before and after it. */
export interface LaneFigures {
  readonly min: Float32Array
  readonly max: Float32Array
  readonly mean: Float32Array
}

/** What is drawn in a range: no more points than can be told apart. */
export interface ChartPoints {
  /** Unix ms, ascending; one before and one after the range where there are some. */
  readonly atMs: Float64Array
  /** 1: a line leads to it from the point before. */
  readonly isJoined: Uint8Array
  /** By lane. */
  readonly lanes: readonly LaneFigures[]
  /** The use of each GPU. */
  readonly gpus: readonly Float32Array[]
}

/**
 * The points of `table` in `range`. If there are more than two for each of `columns` (of pixels), those in a column
 * become two: the lowest and the highest, which is all that could be seen of them. Nothing is smoothed, and what was
 * not observed is not joined.
 */
export function chartPoints(
  table: UsageTable,
  lanes: readonly ChartLane[],
  { fromMs, toMs }: ChartRange,
  columns: number,
): ChartPoints {
  const { atMs } = table
  const first = Math.max(0, firstFrom(atMs, fromMs) - 1)
  const end = Math.min(atMs.length, firstFrom(atMs, toMs) + 1)
  const gapMs = gapOf(table.detail)
  const isJoinedAt = (index: number): boolean =>
    index > first && (atMs[index] ?? 0) - (atMs[index - 1] ?? 0) <= gapMs
  const isReduced = end - first > 2 * columns
  const columnAt = (index: number): number =>
    Math.floor((((atMs[index] ?? 0) - fromMs) / (toMs - fromMs)) * columns)

  /** The index of each point's first and last one in the table. */
  const points: number[] = []
  const groups: (readonly [start: number, end: number])[] = []
  for (let start = first; start < end;) {
    let next = start + 1
    if (isReduced) while (next < end && isJoinedAt(next) && columnAt(next) === columnAt(start)) next += 1
    groups.push([start, next])
    points.push(start)
    if (next - start > 1) points.push(next - 1)
    start = next
  }

  const figuresOf = (values: Float32Array, pick: typeof lowThenHigh): Float32Array => {
    const picked = new Float32Array(points.length)
    let at = 0
    for (const [start, groupEnd] of groups) {
      if (groupEnd - start === 1) picked[at++] = values[start] ?? Number.NaN
      else for (const value of pick(values, start, groupEnd)) picked[at++] = value
    }
    return picked
  }
  return {
    atMs: Float64Array.from(points, (index) => atMs[index] ?? 0),
    isJoined: Uint8Array.from(points, (index) => (isJoinedAt(index) ? 1 : 0)),
    lanes: lanes.map(({ metric }) => {
      const { min, max, mean } = table.figures[metric]
      return {
        min: figuresOf(min, lowest),
        max: figuresOf(max, highest),
        mean: figuresOf(mean, lowThenHigh),
      }
    }),
    gpus: table.gpus.map((values) => figuresOf(values, lowThenHigh)),
  }
}

/** The index of the first time from `ms` on. */
function firstFrom(atMs: Float64Array, ms: number): number {
  let [low, high] = [0, atMs.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((atMs[middle] ?? 0) < ms) low = middle + 1
    else high = middle
  }
  return low
}

/** The lowest and the highest value, in the order in which they come; NaN where none is known. */
function lowThenHigh(values: Float32Array, start: number, end: number): readonly [number, number] {
  let [low, high] = [-1, -1]
  for (let index = start; index < end; index++) {
    const value = values[index] ?? Number.NaN
    if (Number.isNaN(value)) continue
    if (low === -1 || value < (values[low] ?? 0)) low = index
    if (high === -1 || value > (values[high] ?? 0)) high = index
  }
  const [one, other] = low <= high ? [low, high] : [high, low]
  return [values[one] ?? Number.NaN, values[other] ?? Number.NaN]
}

function lowest(values: Float32Array, start: number, end: number): readonly [number, number] {
  const low = Math.min(...lowThenHigh(values, start, end))
  return [low, low]
}

function highest(values: Float32Array, start: number, end: number): readonly [number, number] {
  const high = Math.max(...lowThenHigh(values, start, end))
  return [high, high]
}
