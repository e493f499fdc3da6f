import 'uplot/dist/uPlot.min.css'
import './usage-chart.css'
import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { ActivityRow } from '../../../core/audit-log/activity-rows'
import { detailFor, nearestPoint, usageSpans } from '../../../core/history/usage-table'
import type { PodView } from '../../../core/view/snapshot'
import { Button } from '../../ui/button'
import { Segments } from '../../ui/controls/segments'
import { useWidth } from '../../money/chart/use-width'
import { useSnapshotStore } from '../../state/window-context'
import { type Lane, lanesFor } from './chart-data'
import { chartMarks } from './chart-marks'
import {
  type ChartRange,
  latestEndMs,
  panned,
  type PresetId,
  presets,
  spanOf,
  withinLimits,
  zoomed,
} from './chart-range'
import { axisText, chartSummary, figureText, pointText, rangeText, usageChartText } from './chart-text'
import { createUsagePlot, PLOT_TOP, type UsagePlot } from './usage-plot'
import { useUsage } from './use-usage'

interface UsageChartProps {
  readonly pod: PodView
  readonly rows: readonly ActivityRow[]
}

const ZOOM = 0.6

/** The use of a pod over time: lanes with one crosshair, which zooms and pans by pointer and keyboard. */
export function UsageChart({ pod, rows }: UsageChartProps) {
  const nowMs = useSnapshotStore(({ snapshot }) => snapshot?.atMs ?? 0)
  const [preset, setPreset] = useState<PresetId>('6h')
  /** Null: the preset, up to now. */
  const [chosen, setChosen] = useState<ChartRange | null>(null)
  const [pointMs, setPointMs] = useState<number | null>(null)
  const [isEachGpu, setEachGpu] = useState(false)
  const { spanMs, words } = presets.find(({ id }) => id === preset) ?? presets[1]
  const hasGpus = pod.gpuCount > 1
  const endMs = latestEndMs(spanMs, nowMs, isEachGpu && hasGpus)
  const range = useMemo(() => chosen ?? { fromMs: endMs - spanMs, toMs: endMs }, [chosen, endMs, spanMs])
  const canShowEachGpu = hasGpus && detailFor(range, nowMs, true) === 'sample'
  const isEachShown = isEachGpu && canShowEachGpu
  const { table, problem } = useUsage(pod.key, range, detailFor(range, nowMs, isEachShown))
  const lanes = useMemo(() => lanesFor(pod.gpuCount > 0), [pod.gpuCount])
  const marks = useMemo(() => chartMarks(rows, table), [rows, table])
  const spans = useMemo(() => (table === null ? [] : usageSpans(table)), [table])
  // The same while only the crosshair moves, which draws nothing anew.
  const content = useMemo(
    () => table && { range, table, isEachGpu: isEachShown, spans, marks },
    [range, table, isEachShown, spans, marks],
  )
  const helpId = useId()
  const choose = (next: ChartRange): void => setChosen(withinLimits(next, nowMs))
  const reset = (): void => {
    setChosen(null)
    setPointMs(null)
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const at = pointMs ?? range.toMs
    const share = { ArrowLeft: -1 / 60, ArrowRight: 1 / 60, PageDown: -0.1, PageUp: 0.1 }[event.key]
    if (event.key === 'Escape' && (pointMs !== null || chosen !== null)) {
      if (pointMs === null) reset()
      else setPointMs(null)
    } else if (event.key === '+' || event.key === '=') choose(zoomed(range, ZOOM, at, nowMs))
    else if (event.key === '-') choose(zoomed(range, 1 / ZOOM, at, nowMs))
    else if (share !== undefined && event.shiftKey) {
      choose(panned(range, share * 10, nowMs))
      setPointMs(null)
    } else if (share !== undefined)
      setPointMs(Math.min(range.toMs, Math.max(range.fromMs, at + share * spanOf(range))))
    else if (event.key === 'Home') setPointMs(range.fromMs)
    else if (event.key === 'End') setPointMs(range.toMs)
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <section className="panel usage" aria-label={usageChartText.label}>
      <header>
        <h2>{chosen === null ? words : rangeText(range, nowMs)}</h2>
        <span className="legend cap">
          <i className="idle-key" /> {usageChartText.idle}
        </span>
        <span className="legend cap">
          <i className="unobserved-key" /> {usageChartText.notObserved}
        </span>
        <span className="end">
          {canShowEachGpu && (
            <Button kind="bare" onPress={() => setEachGpu(!isEachGpu)}>
              {isEachGpu ? usageChartText.allGpus : usageChartText.eachGpu}
            </Button>
          )}
          {chosen !== null && (
            <Button kind="bare" icon="undo" onPress={reset}>
              {usageChartText.resetZoom}
            </Button>
          )}
          <Segments
            label={usageChartText.timeShown}
            options={presets}
            chosen={preset}
            onChoose={(id) => {
              setPreset(id)
              reset()
            }}
          />
        </span>
      </header>
      {problem !== null && (
        <p className="cap" role="alert">
          {usageChartText.couldNotShow(problem)}
        </p>
      )}
      <div
        className="usage-lanes"
        role="slider"
        tabIndex={0}
        aria-label={usageChartText.useOf(pod.name)}
        aria-describedby={helpId}
        aria-valuemin={0}
        aria-valuemax={Math.round(spanOf(range) / 1_000)}
        aria-valuenow={Math.round(((pointMs ?? range.toMs) - range.fromMs) / 1_000)}
        aria-valuetext={pointText(table, lanes, pointMs ?? range.toMs, nowMs)}
        onKeyDown={onKeyDown}
        onBlur={() => setPointMs(null)}
        onWheel={(event) => {
          if (!event.ctrlKey && !event.shiftKey) return
          if (event.shiftKey) choose(panned(range, Math.sign(event.deltaX + event.deltaY) * 0.1, nowMs))
          else choose(zoomed(range, event.deltaY < 0 ? ZOOM : 1 / ZOOM, pointMs ?? range.toMs, nowMs))
        }}
      >
        <div className="lane-labels" aria-hidden="true">
          {lanes.map((lane) => (
            <LaneLabel key={lane.metric} lane={lane} value={laneValue(lane)} />
          ))}
        </div>
        {content !== null && (
          <Plot
            // Another pod, or another number of lanes, is another plot.
            key={`${pod.key} ${lanes.length}`}
            lanes={lanes}
            content={content}
            pointMs={pointMs}
            axisText={(atMs) => axisText(atMs, range, nowMs)}
            onPoint={setPointMs}
            onSelect={choose}
            onReset={reset}
          />
        )}
      </div>
      <p className="point-line cap" aria-hidden="true">
        {pointMs === null ? usageChartText.pointerHelp : pointText(table, lanes, pointMs, nowMs)}
      </p>
      <p id={helpId} className="unseen">
        {table === null ? usageChartText.reading : chartSummary(range, spans, marks, nowMs)}{' '}
        {usageChartText.keyHelp}
      </p>
    </section>
  )

  function laneValue(lane: Lane): string {
    if (table === null) return ''
    const index = nearestPoint(table, pointMs ?? table.toMs)
    const text = index === null ? '–' : figureText(table, lane, index)
    return text === 'unknown' ? '–' : text
  }
}

function LaneLabel({ lane: { label, top }, value }: { readonly lane: Lane; readonly value: string }) {
  return (
    <span style={{ top: top + PLOT_TOP }}>
      {label}
      <b>{value}</b>
    </span>
  )
}

interface PlotProps {
  readonly lanes: readonly Lane[]
  readonly content: Parameters<UsagePlot['draw']>[0]
  readonly pointMs: number | null
  readonly axisText: (atMs: number) => string
  readonly onPoint: (atMs: number | null) => void
  readonly onSelect: (range: ChartRange) => void
  readonly onReset: () => void
}

/** What the library draws; its callbacks are those of the last render. */
function Plot(props: PlotProps) {
  const { lanes, content, pointMs } = props
  const root = useRef<HTMLDivElement>(null)
  const width = useWidth(root)
  const plot = useRef<UsagePlot | null>(null)
  const latest = useRef(props)
  useLayoutEffect(() => {
    latest.current = props
  })
  const theme = useTheme()
  const isMeasured = width > 0

  useEffect(() => {
    const element = root.current
    if (element === null || !isMeasured) return undefined
    const created = createUsagePlot(element, {
      lanes,
      width: element.clientWidth,
      axisText: (atMs) => latest.current.axisText(atMs),
      onPoint: (atMs) => latest.current.onPoint(atMs),
      onSelect: (range) => latest.current.onSelect(range),
      onReset: () => latest.current.onReset(),
    })
    plot.current = created
    created.draw(latest.current.content)
    created.point(latest.current.pointMs)
    return () => {
      plot.current = null
      created.destroy()
    }
  }, [lanes, isMeasured, theme])

  useEffect(() => {
    if (isMeasured) plot.current?.resize(width)
  }, [width, isMeasured])
  useEffect(() => plot.current?.draw(content), [content])
  useEffect(() => plot.current?.point(pointMs), [pointMs, content])
  return <div ref={root} className="plot" aria-hidden="true" />
}

/** Changes with the colors of the system, which a canvas has to be drawn with anew. */
function useTheme(): string {
  const [theme, setTheme] = useState(currentTheme)
  useEffect(() => {
    const queries = [matchMedia('(prefers-color-scheme: light)'), matchMedia('(forced-colors: active)')]
    const update = (): void => setTheme(currentTheme())
    for (const query of queries) query.addEventListener('change', update)
    return () => {
      for (const query of queries) query.removeEventListener('change', update)
    }
  }, [])
  return theme
}

const currentTheme = (): string =>
  `${matchMedia('(prefers-color-scheme: light)').matches} ${matchMedia('(forced-colors: active)').matches}`
