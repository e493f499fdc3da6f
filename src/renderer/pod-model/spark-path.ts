import type { PodHistory } from '../../core/polling/fleet'
import { HOUR_MS, MINUTE_MS } from '../../core/base/time'

export interface SparkBox {
  readonly width: number
  readonly height: number
  /** Right edge, Unix ms; the left edge is one hour earlier. */
  readonly endMs: number
}

export interface SparkPaths {
  /** SVG path data of the line and the area below it; empty when there is nothing to draw. */
  readonly line: string
  readonly area: string
}

/**
 * Points further apart are not joined, because the time between them is unobserved:
 * docs/product-rules.md#24-imperfect-telemetry
 */
const MAX_GAP_MS = 5 * MINUTE_MS
const PADDING = 2

/** The last hour of utilization, 0–100% over the height. Unknown and unobserved intervals stay empty. */
export function sparkPaths(points: PodHistory['points'], box: SparkBox): SparkPaths {
  const startMs = box.endMs - HOUR_MS
  let line = ''
  let area = ''
  for (const run of observedRuns(points, startMs, box.endMs)) {
    const at = run.map(({ atMs, utilPercent }) => ({
      x: round(((atMs - startMs) / HOUR_MS) * box.width),
      y: round(PADDING + (1 - Math.min(100, Math.max(0, utilPercent)) / 100) * (box.height - 2 * PADDING)),
    }))
    const [first, last] = [at[0], at[at.length - 1]]
    if (first === undefined || last === undefined) continue
    const rest = at.slice(1).map(({ x, y }) => `L${x} ${y}`)
    // A single sample is drawn as a zero-length line, which round caps turn into a dot.
    line += `M${first.x} ${first.y}${rest.length > 0 ? rest.join('') : 'h0'}`
    if (rest.length > 0)
      area += `M${first.x} ${box.height}L${first.x} ${first.y}${rest.join('')}V${box.height}Z`
  }
  return { line, area }
}

/** A stretch of time, as shares of the box's width, 0–1. */
export interface SparkSpan {
  readonly from: number
  readonly to: number
}

/** When the pod was observed to be idle in the last hour. `endMs`: right edge, Unix ms. */
export function idleSpans(points: PodHistory['points'], endMs: number): readonly SparkSpan[] {
  const startMs = endMs - HOUR_MS
  const spans: { from: number; to: number }[] = []
  let lastMs: number | null = null
  for (const { atMs, isIdle } of points) {
    if (atMs < startMs || atMs > endMs) continue
    const at = (atMs - startMs) / HOUR_MS
    const open = spans.at(-1)
    if (!isIdle) lastMs = null
    else if (lastMs !== null && atMs - lastMs <= MAX_GAP_MS && open !== undefined) {
      open.to = at
      lastMs = atMs
    } else {
      spans.push({ from: at, to: at })
      lastMs = atMs
    }
  }
  return spans.filter(({ from, to }) => to > from)
}

interface ObservedPoint {
  readonly atMs: number
  readonly utilPercent: number
}

function observedRuns(
  points: PodHistory['points'],
  startMs: number,
  endMs: number,
): readonly ObservedPoint[][] {
  const runs: ObservedPoint[][] = []
  let run: ObservedPoint[] | null = null
  let lastMs = Number.NEGATIVE_INFINITY
  for (const { atMs, utilPercent } of points) {
    if (atMs < startMs || atMs > endMs) continue
    if (utilPercent === null || !Number.isFinite(utilPercent)) {
      run = null
      continue
    }
    if (run === null || atMs - lastMs > MAX_GAP_MS) {
      run = []
      runs.push(run)
    }
    run.push({ atMs, utilPercent })
    lastMs = atMs
  }
  return runs
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
