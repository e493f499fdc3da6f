import type { UsageMetric } from '../../../core/history/usage'
import { gapOf, type UsageTable } from '../../../core/history/usage-table'

/** The lanes of the chart, from the top. */
export interface Lane {
  readonly metric: UsageMetric
  readonly label: string
  readonly top: number
  readonly height: number
}

const LANE_GAP = 12

/** A pod without GPUs has none for them. */
export function lanesFor(hasGpus: boolean): readonly Lane[] {
  const parts: readonly (readonly [UsageMetric, string, number])[] = hasGpus
    ? [
        ['gpu', 'GPU', 96],
        ['gpuMemory', 'GPU memory', 52],
        ['cpu', 'CPU', 52],
        ['memory', 'Memory', 52],
      ]
    : [
        ['cpu', 'CPU', 96],
        ['memory', 'Memory', 52],
      ]
  let top = 0
  return parts.map(([metric, label, height]) => {
    const lane = { metric, label, top, height }
    top += height + LANE_GAP
    return lane
  })
}

export const lanesHeight = (lanes: readonly Lane[]): number => {
  const last = lanes.at(-1)
  return last === undefined ? 0 : last.top + last.height
}

/** The range of a scale on which 0 to 100 take up the lane, of a plot as high as all lanes. */
export function laneScale({ top, height }: Lane, totalHeight: number): readonly [min: number, max: number] {
  const perPixel = 100 / height
  return [-(totalHeight - top - height) * perPixel, 100 + top * perPixel]
}

/** Values by point; null: nothing is drawn there, and nothing joins the points before and after it. */
export type Column = readonly (number | null)[]

export interface ChartData {
  /** Unix ms, ascending. */
  readonly atMs: readonly number[]
  /** Of each lane: lowest, highest and mean figure. */
  readonly lanes: readonly (readonly [min: Column, max: Column, mean: Column])[]
  /** One for each GPU. */
  readonly gpus: readonly Column[]
}

/** The columns to draw, with an empty point in each gap, so that what was not observed is not joined. */
export function chartData(table: UsageTable, lanes: readonly Lane[]): ChartData {
  const sources: (number | null)[] = []
  const atMs: number[] = []
  const gapMs = gapOf(table.detail)
  table.atMs.forEach((at, index) => {
    const previous = atMs.at(-1)
    if (previous !== undefined && at - previous > gapMs) {
      atMs.push((previous + at) / 2)
      sources.push(null)
    }
    atMs.push(at)
    sources.push(index)
  })
  const columnOf = (values: Float32Array): Column =>
    sources.map((source) => {
      const value = source === null ? Number.NaN : (values[source] ?? Number.NaN)
      return Number.isNaN(value) ? null : value
    })
  return {
    atMs,
    lanes: lanes.map(({ metric }) => {
      const { min, max, mean } = table.figures[metric]
      return [columnOf(min), columnOf(max), columnOf(mean)]
    }),
    gpus: table.gpus.map(columnOf),
  }
}
