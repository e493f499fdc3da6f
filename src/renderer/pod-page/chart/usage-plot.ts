import uPlot from 'uplot'
import type { UsageSpan } from '../../../core/history/usage-table'
import { type ChartData, type Lane, laneScale, lanesHeight } from './chart-data'
import { type ChartMark, placeMarks } from './chart-marks'
import type { ChartRange } from './chart-range'
import { AXIS_STEPS_MS, localSplits } from './axis-times'
import { hatch, readColors } from './plot-colors'

/** Room for the labels of marks, of the time and of the lanes, px. */
export const PLOT_TOP = 24
const PLOT_BOTTOM = 24
export const PLOT_LEFT = 96

export interface PlotContent {
  readonly range: ChartRange
  readonly data: ChartData
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
  readonly lanes: readonly Lane[]
  readonly width: number
  readonly gpuCount: number
  readonly axisText: (atMs: number) => string
}

const emptyContent: PlotContent = {
  range: { fromMs: 0, toMs: 1 },
  data: { atMs: [], lanes: [], gpus: [] },
  spans: [],
  marks: [],
}

/** Draws lanes one below the other on one canvas, so that crosshair, shading and marks go through all of them. */
export function createUsagePlot(root: HTMLElement, options: PlotOptions): UsagePlot {
  const { lanes, gpuCount } = options
  const height = lanesHeight(lanes)
  const colors = readColors(root)
  let content = emptyContent

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
        x: { time: false, range: () => [content.range.fromMs, content.range.toMs] },
        ...Object.fromEntries(
          lanes.map((lane) => [
            lane.metric,
            { range: () => [...laneScale(lane, height)] as [number, number] },
          ]),
        ),
      },
      axes: [
        {
          size: PLOT_BOTTOM,
          stroke: colors.text,
          font: colors.font,
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
              return x < 14 || x > self.bbox.width / devicePixelRatio - 20 ? '' : options.axisText(atMs)
            }),
        },
        ...lanes.map(({ metric }) => ({ scale: metric, show: false })),
      ],
      series: [
        {},
        ...lanes.flatMap(({ metric }): uPlot.Series[] => [
          { scale: metric, points: { show: false }, width: 0 },
          { scale: metric, points: { show: false }, width: 0 },
          {
            scale: metric,
            points: {
              show: true,
              filter: lonelyPoints,
              size: 3,
              stroke: colors.line(metric),
              fill: colors.line(metric),
            },
            width: 1.5,
            stroke: (self) => lineColor(self, metric),
            fill: colors.area(metric),
            fillTo: () => 0,
          },
        ]),
        ...Array.from({ length: gpuCount }, (): uPlot.Series => ({
          scale: 'gpu',
          points: { show: false },
          width: 1,
          stroke: colors.line('gpu'),
        })),
      ],
      bands: lanes.map(({ metric }, index) => ({
        series: [index * 3 + 2, index * 3 + 1] as [number, number],
        fill: colors.band(metric),
      })),
      hooks: {
        drawClear: [(self) => shade(self)],
        draw: [(self) => drawMarks(self)],
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
    columnsOf(emptyContent.data),
    root,
  )

  function columnsOf(data: ChartData): uPlot.AlignedData {
    const columns = [...data.lanes.flat(), ...data.gpus]
    const missing = lanes.length * 3 + gpuCount - columns.length
    return [
      data.atMs,
      ...columns,
      ...Array.from({ length: missing }, () => []),
    ] as unknown as uPlot.AlignedData
  }

  /** Amber where the pod was idle, without a jump of the line. */
  function lineColor(self: uPlot, metric: Lane['metric']): CanvasRenderingContext2D['strokeStyle'] {
    const idle = content.spans.filter(({ kind }) => kind === 'idle')
    const { left, width } = self.bbox
    // As many stops slow the drawing down, and could not be seen anyway.
    if ((metric !== 'gpu' && metric !== 'cpu') || idle.length === 0 || idle.length > 200 || width <= 0)
      return colors.line(metric)
    const gradient = self.ctx.createLinearGradient(left, 0, left + width, 0)
    const at = (ms: number): number =>
      Math.min(1, Math.max(0, (ms - content.range.fromMs) / (content.range.toMs - content.range.fromMs)))
    gradient.addColorStop(0, colors.line(metric))
    for (const { fromMs, toMs } of idle) {
      gradient.addColorStop(at(fromMs), colors.line(metric))
      gradient.addColorStop(at(fromMs), colors.idle)
      gradient.addColorStop(at(toMs), colors.idle)
      gradient.addColorStop(at(toMs), colors.line(metric))
    }
    return gradient
  }

  function shade(self: uPlot): void {
    const { ctx, bbox } = self
    ctx.save()
    // Made once: a week has hundreds of spans.
    const styles = {
      busy: null,
      idle: hatch(ctx, colors.idleHatch, 1),
      off: colors.off,
      unobserved: hatch(ctx, colors.hatch, -1),
    } as const
    for (const { kind, fromMs, toMs } of content.spans) {
      const style = styles[kind]
      if (style === null) continue
      const x = self.valToPos(fromMs, 'x', true)
      ctx.fillStyle = style
      ctx.fillRect(x, bbox.top, self.valToPos(toMs, 'x', true) - x, bbox.height)
    }
    const ratio = devicePixelRatio
    ctx.fillStyle = colors.base
    for (const { top, height: laneHeight } of lanes)
      ctx.fillRect(bbox.left, bbox.top + (top + laneHeight) * ratio, bbox.width, ratio)
    ctx.restore()
  }

  function drawMarks(self: uPlot): void {
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
    for (const { x, label } of placeMarks(
      content.marks,
      xOf,
      bbox.width,
      (text) => ctx.measureText(text).width,
    )) {
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
      content = next
      plot.batch(() => {
        plot.setData(columnsOf(next.data), false)
        plot.setScale('x', { min: next.range.fromMs, max: next.range.toMs })
      })
    },
    resize: (width) => plot.setSize({ width, height: height + PLOT_TOP + PLOT_BOTTOM }),
    point(atMs) {
      const left = atMs === null ? -10 : plot.valToPos(atMs, 'x')
      plot.setCursor({ left, top: 1 }, false)
    },
    destroy: () => plot.destroy(),
  }
}

/** A point is drawn where no line leads to or from it. */
const lonelyPoints: uPlot.Series.Points.Filter = (self, seriesIndex) => {
  const values = self.data[seriesIndex] ?? []
  const lonely: number[] = []
  for (let index = 0; index < values.length; index++)
    if (values[index] != null && values[index - 1] == null && values[index + 1] == null) lonely.push(index)
  return lonely
}
