import './usage-chart.css'
import { type KeyboardEvent, memo, useCallback, useEffect, useId, useMemo, useState } from 'react'
import type { ActivityRow } from '../../../core/audit-log/activity-rows'
import type { UsageDetail } from '../../../core/history/usage'
import {
  detailFor,
  nearestPoint,
  type UsageSpan,
  usageSpans,
  type UsageTable,
} from '../../../core/history/usage-table'
import type { PodKey } from '../../../core/pods/pod'
import type { PodView } from '../../../core/view/snapshot'
import { fittedFromMs } from '../../pod-model/fitted-axis'
import { answerOf } from '../../state/answer-of'
import { useSnapshotStore, useWindow } from '../../state/window-context'
import { Button } from '../../ui/button'
import { Segments } from '../../ui/controls/segments'
import { type ChartLane, lanesFor } from './chart-data'
import { chartMarks } from './chart-marks'
import {
  type ChartRange,
  firstObservedMs,
  latestEndMs,
  panned,
  type PresetId,
  presets,
  refreshMs,
  spanOf,
  withinLimits,
  zoomed,
} from './chart-range'
import { axisText, chartSummary, figureText, pointText, rangeText, usageChartText } from './chart-text'
import { Plot } from './plot'
import { PLOT_TOP } from './usage-plot'

/** Longer than a key that is held down waits between two strokes. */
const SETTLE_MS = 60

interface UsageChartProps {
  readonly pod: PodView
  readonly rows: readonly ActivityRow[]
  /** Unix ms. */
  readonly nowMs: number
}

const ZOOM = 0.6

/** The use of a pod over time: lanes with one crosshair, which zooms and pans by pointer and keyboard. */
export function UsageChart({ pod, rows, nowMs }: UsageChartProps) {
  const [preset, setPreset] = useState<PresetId>('6h')
  /** Null: the preset, up to now. */
  const [chosen, setChosen] = useState<ChartRange | null>(null)
  const [pointMs, setPointMs] = useState<number | null>(null)
  const [isEachGpu, setEachGpu] = useState(false)
  const { spanMs, words } = presets.find(({ id }) => id === preset) ?? presets[1]
  const hasGpus = pod.gpuCount > 1
  const endMs = latestEndMs(spanMs, nowMs, isEachGpu && hasGpus)
  const asked = useMemo(() => chosen ?? { fromMs: endMs - spanMs, toMs: endMs }, [chosen, endMs, spanMs])
  const canShowEachGpu = hasGpus && detailFor(asked, nowMs, true) === 'sample'
  const isEachShown = isEachGpu && canShowEachGpu
  const { table, problem } = useUsage(pod.key, asked, detailFor(asked, nowMs, isEachShown))
  const lanes = useMemo(() => lanesFor(pod.gpuCount > 0), [pod.gpuCount])
  const marks = useMemo(() => chartMarks(rows, table), [rows, table])
  const spans = useMemo(() => (table === null ? [] : usageSpans(table)), [table])
  const range = useFittedRange(
    asked,
    chosen === null && table !== null && table.fromMs <= asked.fromMs,
    spans,
  )
  // The same while only the crosshair moves, which draws nothing anew.
  const content = useMemo(
    () => table && { range, table, isEachGpu: isEachShown, spans, marks },
    [range, table, isEachShown, spans, marks],
  )
  const helpId = useId()
  const choose = (next: ChartRange): void => setChosen(withinLimits(next, nowMs))
  const reset = useCallback((): void => {
    setChosen(null)
    setPointMs(null)
  }, [])
  const choosePreset = useCallback(
    (id: PresetId): void => {
      setPreset(id)
      reset()
    },
    [reset],
  )
  const summary = useMemo(
    () => (table === null ? usageChartText.reading : chartSummary(range, spans, marks, nowMs)),
    [table, range, spans, marks, nowMs],
  )

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
        <Legend spans={spans} fromMs={range.fromMs} nowMs={nowMs} />
        <ChartButtons
          preset={preset}
          onPreset={choosePreset}
          isEachGpu={canShowEachGpu ? isEachGpu : null}
          onEachGpu={setEachGpu}
          onReset={chosen === null ? null : reset}
        />
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
        {summary} {usageChartText.keyHelp}
      </p>
    </section>
  )

  function laneValue(lane: ChartLane): string {
    if (table === null) return ''
    const index = nearestPoint(table, pointMs ?? table.toMs)
    const text = index === null ? '–' : figureText(table, lane, index)
    return text === 'unknown' ? '–' : text
  }
}

/** What is asked for or, where all of it was read, the part of it that begins with the first observation. */
function useFittedRange(asked: ChartRange, isFitted: boolean, spans: readonly UsageSpan[]): ChartRange {
  const firstMs = firstObservedMs(spans)
  return useMemo(
    () => (isFitted ? { ...asked, fromMs: fittedFromMs(asked, firstMs) } : asked),
    [asked, isFitted, firstMs],
  )
}

interface LegendProps {
  readonly spans: readonly UsageSpan[]
  /** Where the axis begins, Unix ms. */
  readonly fromMs: number
  readonly nowMs: number
}

function Legend({ spans, fromMs, nowMs }: LegendProps) {
  const firstMs = firstObservedMs(spans)
  const hasGap = spans.some(({ kind }, index) => kind === 'unobserved' && index > 0)
  return (
    <>
      <span className="legend cap">
        <i className="idle-key" /> {usageChartText.idle}
      </span>
      {firstMs !== null && firstMs > fromMs && (
        <span className="legend cap">
          <i className="unobserved-key" /> {usageChartText.noDataBefore(firstMs, nowMs)}
        </span>
      )}
      {hasGap && (
        <span className="legend cap">
          <i className="unobserved-key" /> {usageChartText.notObserved}
        </span>
      )}
    </>
  )
}

interface ChartButtonsProps {
  readonly preset: PresetId
  readonly onPreset: (id: PresetId) => void
  /** Null: there is nothing to choose. */
  readonly isEachGpu: boolean | null
  readonly onEachGpu: (isEachGpu: boolean) => void
  /** Null: nothing was chosen by zooming. */
  readonly onReset: (() => void) | null
}

/** Stays as it is while the crosshair moves. */
const ChartButtons = memo(function ChartButtons(props: ChartButtonsProps) {
  const { preset, onPreset, isEachGpu, onEachGpu, onReset } = props
  return (
    <span className="end">
      {isEachGpu !== null && (
        <Button kind="bare" onPress={() => onEachGpu(!isEachGpu)}>
          {isEachGpu ? usageChartText.allGpus : usageChartText.eachGpu}
        </Button>
      )}
      {onReset !== null && (
        <Button kind="bare" icon="undo" onPress={onReset}>
          {usageChartText.resetZoom}
        </Button>
      )}
      <Segments label={usageChartText.timeShown} options={presets} chosen={preset} onChoose={onPreset} />
    </span>
  )
})

function LaneLabel({ lane: { label, top }, value }: { readonly lane: ChartLane; readonly value: string }) {
  return (
    <span style={{ top: top + PLOT_TOP }}>
      {label}
      <b>{value}</b>
    </span>
  )
}

interface LoadedUsage {
  /** Of an earlier range while that of the present one is read; null until something was. */
  readonly table: UsageTable | null
  /** Why the last range could not be read. */
  readonly problem: string | null
}

/** The history of a pod in a range, in this detail. */
function useUsage(podKey: PodKey, range: ChartRange, detail: UsageDetail): LoadedUsage {
  const { bridge } = useWindow()
  const refreshKey = useSnapshotStore(({ snapshot }) =>
    Math.floor((snapshot?.atMs ?? 0) / refreshMs(range, detail)),
  )
  const [loaded, setLoaded] = useState<{ readonly podKey: PodKey; readonly table: UsageTable } | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const { fromMs, toMs } = range

  useEffect(() => {
    let isActive = true
    const timer = setTimeout(() => {
      void answerOf(bridge.podUsage(podKey, Math.floor(fromMs), Math.ceil(toMs), detail)).then((answer) => {
        if (!isActive) return
        setProblem(answer.ok ? null : answer.error.message)
        if (answer.ok) setLoaded({ podKey, table: answer.value })
      })
    }, SETTLE_MS)
    return () => {
      isActive = false
      clearTimeout(timer)
    }
  }, [bridge, podKey, fromMs, toMs, detail, refreshKey])

  return { table: loaded?.podKey === podKey ? loaded.table : null, problem }
}
