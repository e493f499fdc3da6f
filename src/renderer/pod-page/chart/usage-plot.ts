import uPlot from 'uplot'
import type { UsageSpan, UsageTable } from '../../../core/history/usage-table'
import { chartPoints, type ChartLane, lanesHeight } from './chart-data'
import { type ChartMark, placeMarks } from './chart-marks'
import type { ChartRange } from './chart-range'
import { drawLanes, type PlotBox } from './draw-lanes'
import { hatch, readColors } from './plot-colors'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../core/base/time/time'

/** How far apart the labels of the time axis may be. */
const AXIS_STEPS_MS = [
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 3, 4, 6, 12, 24, 48, 96, 168].map((hours) => hours * HOUR_MS),
]

/** Round times of the local clock, also across a change of summer time. */
export function localSplits(min: number, max: number, incrementMs: number): number[] {
  const start = new Date(min)
  start.setHours(0, 0, 0, 0)
  const splits: number[] = []
  const days = Math.max(1, Math.round(incrementMs / DAY_MS))
  for (const day = start; day.getTime() <= max; day.setDate(day.getDate() + days)) {
    const isWholeDays = incrementMs >= DAY_MS
    for (let minutes = 0; minutes < (isWholeDays ? 1 : 24 * 60); minutes += incrementMs / MINUTE_MS) {
      const at = new Date(day).setHours(0, minutes, 0, 0)
      if (at >= min && at <= max && at > (splits.at(-1) ?? 0)) splits.push(at)
    }
  }
  return splits
}

/** Room for the labels of marks, of the time and of the lanes, px. */
export const PLOT_TOP = 24
const PLOT_BOTTOM = 24
export const PLOT_LEFT = 96

export interface PlotContent {
  readonly range: ChartRange
  readonly table: UsageTable
  readonly isEachGpu: boolean
  readonly spans: readonly UsageSpan[]
  readonly marks: readonly ChartMark[]
}

export interface PlotEvents {
  /** The pointer is at this time; null: it left. */
  readonly onPoint: (atMs: number | null) => void
  readonly onSelect: (range: ChartRange) => void
  readonly onReset: () => void
}

export interface UsagePlot {
  draw(content: PlotContent): void
  resize(width: number): void
  /** Puts the crosshair there; null hides it. */
  point(atMs: number | null): void
  destroy(): void
}

interface PlotOptions extends PlotEvents {
  readonly lanes: readonly ChartLane[]
  readonly width: number
  readonly axisText: (atMs: number) => string
}

/** Made once for all spans, of which a week has hundreds. */
type Patterns = { readonly ratio: number } & Readonly<
  Record<UsageSpan['kind'], CanvasPattern | string | null>
>

const timeAxis = (
  { text, font }: ReturnType<typeof readColors>,
  axisText: PlotOptions['axisText'],
): uPlot.Axis => ({
  size: PLOT_BOTTOM,
  stroke: text,
  font,
  gap: 6,
  space: 76,
  grid: { show: false },
  ticks: { show: false },
  incrs: AXIS_STEPS_MS,
  splits: (_self, _axis, min, max, increment) => localSplits(min, max, increment),
  values: (self, splits) =>
    splits.map((atMs) => {
      // A label that would be cut off is left out.
      const x = self.valToPos(atMs, 'x')
      return x < 14 || x > self.bbox.width / devicePixelRatio - 20 ? '' : axisText(atMs)
    }),
})

/** Draws lanes one below the other on one canvas, so that crosshair, shading and marks go through all of them. */
export function createUsagePlot(root: HTMLElement, options: PlotOptions): UsagePlot {
  const { lanes } = options
  const height = lanesHeight(lanes)
  const colors = readColors(root)
  let content: PlotContent | null = null
  let patterns: Patterns | null = null

  const plot = new uPlot(
    {
      width: options.width,
      height: height + PLOT_TOP + PLOT_BOTTOM,
      padding: [PLOT_TOP, 0, 0, PLOT_LEFT],
      ms: 1,
      legend: { show: false },
      cursor: {
        y: false,
        points: { show: false },
        drag: { x: true, y: false, setScale: false, dist: 4 },
        bind: {
          dblclick: () => () => {
            options.onReset()
            return null
          },
        },
      },
      scales: {
        x: { time: false, range: (_self, min, max) => [min, max] },
      },
      axes: [timeAxis(colors, options.axisText)],
      // Its own lines take twice as long to draw as ours.
      series: [{}],
      hooks: {
        drawClear: [(self) => drawContent(self)],
        draw: [(self) => content !== null && drawMarks(self, content.marks)],
        setSelect: [
          (self) => {
            const { left, width } = self.select
            if (width < 4) return
            options.onSelect({ fromMs: self.posToVal(left, 'x'), toMs: self.posToVal(left + width, 'x') })
            self.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false)
          },
        ],
      },
    },
    [[0, 1]],
    root,
  )

  function drawContent(self: uPlot): void {
    if (content === null) return
    const { ctx, bbox } = self
    const ratio = devicePixelRatio
    const box: PlotBox = { ...bbox, ratio, xOf: (atMs) => self.valToPos(atMs, 'x', true) }
    const { table, isEachGpu, range, spans } = content
    ctx.save()
    shade(ctx, box, spans)
    const points = chartPoints(table, lanes, range, Math.max(1, Math.round(bbox.width / ratio)))
    drawLanes(ctx, box, lanes, { points: isEachGpu ? points : { ...points, gpus: [] }, spans }, colors)
    ctx.restore()
  }

  function shade(ctx: CanvasRenderingContext2D, box: PlotBox, spans: readonly UsageSpan[]): void {
    if (patterns?.ratio !== box.ratio)
      patterns = {
        ratio: box.ratio,
        busy: null,
        idle: hatch(ctx, colors.idleHatch),
        off: colors.off,
        unobserved: colors.unobserved,
      }
    for (const { kind, fromMs, toMs } of spans) {
      const style = patterns[kind]
      if (style === null) continue
      // What was read may begin before the axis does.
      const x = Math.max(box.left, box.xOf(fromMs))
      ctx.fillStyle = style
      ctx.fillRect(x, box.top, Math.max(0, box.xOf(toMs) - x), box.height)
    }
    ctx.fillStyle = colors.base
    for (const { top, height: laneHeight } of lanes)
      ctx.fillRect(box.left, box.top + (top + laneHeight) * box.ratio, box.width, box.ratio)
  }

  function drawMarks(self: uPlot, marks: readonly ChartMark[]): void {
    const { ctx, bbox } = self
    const ratio = devicePixelRatio
    ctx.save()
    ctx.font = colors.fontAt(ratio)
    ctx.textAlign = 'left'
    ctx.textBaseline = 'middle'
    ctx.lineWidth = ratio
    ctx.strokeStyle = colors.text
    ctx.fillStyle = colors.text
    const xOf = (atMs: number): number => self.valToPos(atMs, 'x', true) - bbox.left
    for (const { x, label } of placeMarks(marks, xOf, bbox.width, (text) => ctx.measureText(text).width)) {
      ctx.setLineDash([2 * ratio, 2 * ratio])
      ctx.beginPath()
      ctx.moveTo(bbox.left + x, bbox.top - 4 * ratio)
      ctx.lineTo(bbox.left + x, bbox.top + bbox.height)
      ctx.stroke()
      if (label !== null) ctx.fillText(label.text, bbox.left + label.left, bbox.top - 13 * ratio)
    }
    ctx.restore()
  }

  // The library tells of its cursor after each drawing as well, when no pointer moved.
  plot.over.addEventListener('mousemove', ({ clientX }) =>
    options.onPoint(plot.posToVal(clientX - plot.over.getBoundingClientRect().left, 'x')),
  )
  plot.over.addEventListener('mouseleave', () => options.onPoint(null))

  return {
    draw(next) {
      if (next === content) return
      content = next
      plot.batch(() => {
        plot.setData([[next.range.fromMs, next.range.toMs]], false)
        plot.setScale('x', { min: next.range.fromMs, max: next.range.toMs })
      })
    },
    resize(width) {
      if (width !== plot.width) plot.setSize({ width, height: height + PLOT_TOP + PLOT_BOTTOM })
    },
    point(atMs) {
      const left = atMs === null ? -10 : plot.valToPos(atMs, 'x')
      plot.setCursor({ left, top: 1 }, false)
    },
    destroy: () => plot.destroy(),
  }
}
