import { MAX_GAP_MS, TRAIL_STEP_MS } from '../../core/idle/usage-trail'
import type { PodHistory } from '../../core/polling/fleet'

type Points = PodHistory['points']

export interface SparkBox {
  readonly width: number
  readonly height: number
  /** Left and right edge, Unix ms. */
  readonly startMs: number
  readonly endMs: number
}

export interface SparkPaths {
  /** SVG path data of the line and the area below it; empty when there is nothing to draw. */
  readonly line: string
  readonly area: string
}

const PADDING = 2

/** Utilization, 0–100% over the height. Unknown and unobserved intervals stay empty. */
export function sparkPaths(points: Points, box: SparkBox): SparkPaths {
  const spanMs = box.endMs - box.startMs
  let line = ''
  let area = ''
  for (const run of observedRuns(points, box)) {
    const at = run.map(({ atMs, utilPercent }) => ({
      x: round(((atMs - box.startMs) / spanMs) * box.width),
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

type Edges = Pick<SparkBox, 'startMs' | 'endMs'>

/** When the pod was observed to be idle. */
export function idleSpans(points: Points, { startMs, endMs }: Edges): readonly SparkSpan[] {
  const spans: { from: number; to: number }[] = []
  let lastMs: number | null = null
  for (const { atMs, isIdle } of points) {
    if (atMs < startMs || atMs > endMs) continue
    const at = (atMs - startMs) / (endMs - startMs)
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

/** When the pod ran, and nothing is known of its use. `runsSinceMs`: Unix ms; null: not known. */
export function unknownSpans(points: Points, edges: Edges, runsSinceMs: number | null): readonly SparkSpan[] {
  const { startMs, endMs } = edges
  const spans: SparkSpan[] = []
  let knownToMs = Math.max(startMs, runsSinceMs ?? startMs)
  const close = (untilMs: number): void => {
    // A point stands for the time around it.
    if (untilMs - knownToMs > TRAIL_STEP_MS)
      spans.push({
        from: (knownToMs - startMs) / (endMs - startMs),
        to: (untilMs - startMs) / (endMs - startMs),
      })
  }
  for (const run of observedRuns(points, edges)) {
    close(run[0]?.atMs ?? endMs)
    knownToMs = run.at(-1)?.atMs ?? knownToMs
  }
  close(endMs)
  return spans
}

interface ObservedPoint {
  readonly atMs: number
  readonly utilPercent: number
}

function observedRuns(points: Points, { startMs, endMs }: Edges): readonly ObservedPoint[][] {
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
