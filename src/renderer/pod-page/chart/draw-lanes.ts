import type { UsageSpan } from '../../../core/history/usage-table'
import type { ChartPoints, ChartLane, LaneFigures } from './chart-data'
import type { readColors } from './plot-colors'

/** Where lanes are drawn, in pixels of the canvas. */
export interface PlotBox {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
  /** Pixels of the canvas per px. */
  readonly ratio: number
  readonly xOf: (atMs: number) => number
}

interface LanesContent {
  readonly points: ChartPoints
  readonly spans: readonly UsageSpan[]
}

/**
 * Draws the lines of all lanes, each with the area below it and a band from the lowest to the highest figure. It does
 * without gradients, round joins and clips to paths, which are slow where no graphics card helps.
 */
export function drawLanes(
  ctx: CanvasRenderingContext2D,
  box: PlotBox,
  lanes: readonly ChartLane[],
  { points, spans }: LanesContent,
  colors: ReturnType<typeof readColors>,
): void {
  const idle = spans.filter(({ kind }) => kind === 'idle')
  ctx.save()
  ctx.beginPath()
  ctx.rect(box.left, box.top, box.width, box.height)
  ctx.clip()
  ctx.lineJoin = 'bevel'
  lanes.forEach((lane, index) => {
    const figures = points.lanes[index]
    if (figures === undefined) return
    const { metric } = lane
    // Amber where the pod was idle, without a jump of the line.
    const isColored = metric === 'gpu' || metric === 'cpu'
    const paths = lanePaths(points, figures, box, lane, isColored ? idle : [])
    ctx.fillStyle = colors.area(metric)
    ctx.fill(paths.area)
    ctx.fillStyle = colors.band(metric)
    ctx.fill(paths.band)
    ctx.lineWidth = 1.5 * box.ratio
    strokeBoth(ctx, paths, colors.line(metric), colors.idle)
    if (metric !== 'gpu') return
    ctx.lineWidth = box.ratio
    for (const mean of points.gpus) {
      const one = lanePaths(points, { min: mean, max: mean, mean }, box, lane, idle)
      strokeBoth(ctx, one, colors.line(metric), colors.idle)
    }
  })
  ctx.restore()
}

interface LanePaths {
  readonly area: Path2D
  readonly band: Path2D
  readonly line: Path2D
  readonly idleLine: Path2D
  /** Points that no line leads to or from. */
  readonly dots: Path2D
}

function strokeBoth(
  ctx: CanvasRenderingContext2D,
  { line, idleLine, dots }: LanePaths,
  color: string,
  idleColor: string,
): void {
  ctx.strokeStyle = color
  ctx.stroke(line)
  ctx.fillStyle = color
  ctx.fill(dots)
  ctx.strokeStyle = idleColor
  ctx.stroke(idleLine)
}

function lanePaths(
  { atMs, isJoined }: ChartPoints,
  { min, max, mean }: LaneFigures,
  { top, ratio, xOf }: PlotBox,
  lane: ChartLane,
  idle: readonly UsageSpan[],
): LanePaths {
  const yOf = (percent: number): number => top + (lane.top + lane.height * (1 - percent / 100)) * ratio
  const paths = {
    area: new Path2D(),
    band: new Path2D(),
    line: new Path2D(),
    idleLine: new Path2D(),
    dots: new Path2D(),
  }
  const isKnown = (index: number): boolean => !Number.isNaN(mean[index] ?? Number.NaN)
  const xAt = (index: number): number => xOf(atMs[index] ?? 0)
  const yAt = (values: Float32Array, index: number): number => yOf(values[index] ?? 0)
  const isIdleAt = spanFinder(idle)
  for (let start = 0; start < atMs.length; start++) {
    if (!isKnown(start)) continue
    let end = start + 1
    while (end < atMs.length && isJoined[end] === 1 && isKnown(end)) end += 1
    if (end - start === 1)
      paths.dots.rect(xAt(start) - 1.5 * ratio, yAt(mean, start) - 1.5 * ratio, 3 * ratio, 3 * ratio)
    else {
      addArea(start, end)
      addBand(start, end)
      addLine(start, end)
    }
    start = end - 1
  }
  return paths

  function addArea(start: number, end: number): void {
    paths.area.moveTo(xAt(start), yOf(0))
    for (let index = start; index < end; index++) paths.area.lineTo(xAt(index), yAt(mean, index))
    paths.area.lineTo(xAt(end - 1), yOf(0))
  }

  function addBand(start: number, end: number): void {
    let isFlat = true
    for (let index = start; isFlat && index < end; index++) isFlat = min[index] === max[index]
    if (isFlat) return
    paths.band.moveTo(xAt(start), yAt(max, start))
    for (let index = start + 1; index < end; index++) paths.band.lineTo(xAt(index), yAt(max, index))
    for (let index = end - 1; index >= start; index--) paths.band.lineTo(xAt(index), yAt(min, index))
  }

  function addLine(start: number, end: number): void {
    let path: Path2D | null = null
    for (let index = start + 1; index < end; index++) {
      const [before, at] = [atMs[index - 1] ?? 0, atMs[index] ?? 0]
      const own: Path2D = isIdleAt((before + at) / 2) ? paths.idleLine : paths.line
      if (own !== path) own.moveTo(xAt(index - 1), yAt(mean, index - 1))
      own.lineTo(xAt(index), yAt(mean, index))
      path = own
    }
  }
}

/** Whether a time is in one of the spans. The times that are asked for ascend, and so do the spans. */
function spanFinder(spans: readonly UsageSpan[]): (atMs: number) => boolean {
  let index = 0
  return (atMs) => {
    while ((spans[index]?.toMs ?? Number.POSITIVE_INFINITY) < atMs) index += 1
    return (spans[index]?.fromMs ?? Number.POSITIVE_INFINITY) <= atMs
  }
}
