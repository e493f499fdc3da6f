import { formatDuration, formatMoment, formatPercentRange } from '../../../core/base/text/format'
import { HOUR_MS, MINUTE_MS } from '../../../core/base/time/time'
import { usageStates } from '../../../core/history/usage'
import { nearestPoint, stepOf, type UsageSpan, type UsageTable } from '../../../core/history/usage-table'
import type { ChartLane } from './chart-data'
import type { ChartMark } from './chart-marks'
import type { ChartRange } from './chart-range'

/** "Nov 24, 8:17 AM to 2:17 PM". */
export function rangeText({ fromMs, toMs }: ChartRange, nowMs: number): string {
  return `${formatMoment(fromMs, { nowMs })} to ${formatMoment(toMs, { nowMs })}`
}

/** The figure of a lane at a point: "94%", "0–90%" of several GPUs or a step, "unknown". */
export function figureText(table: UsageTable, { metric }: ChartLane, index: number): string {
  const { min, mean, max } = table.figures[metric]
  const [low, middle, high] = [min[index], mean[index], max[index]]
  if (low === undefined || middle === undefined || high === undefined || Number.isNaN(middle))
    return 'unknown'
  const range = formatPercentRange({ min: low, max: high })
  return Math.round(low) === Math.round(high)
    ? range
    : `${formatPercentRange({ min: middle, max: middle })} (${range})`
}

const stateWords = { unknown: 'use unknown', busy: 'busy', idle: 'idle', off: 'not running' } as const

/** What the chart shows at a time, as one sentence for the crosshair and screen readers. */
export function pointText(
  table: UsageTable | null,
  lanes: readonly ChartLane[],
  atMs: number,
  nowMs: number,
): string {
  const index = table === null ? null : nearestPoint(table, atMs)
  if (table === null || index === null) return `${formatMoment(atMs, { nowMs })}: not observed`
  const state = usageStates[table.states[index] ?? 0] ?? 'unknown'
  const at = table.atMs[index] ?? atMs
  const step = stepOf(table.detail)
  const when =
    step === 0
      ? formatMoment(at, { nowMs })
      : `${formatDuration(step)} from ${formatMoment(at - step / 2, { nowMs })}`
  const figures = lanes.map((lane) => `${lane.label} ${figureText(table, lane, index)}`)
  return state === 'off' ? `${when}: not running` : `${when}: ${stateWords[state]}, ${figures.join(', ')}`
}

/** The whole chart in words. */
export function chartSummary(
  range: ChartRange,
  spans: readonly UsageSpan[],
  marks: readonly ChartMark[],
  nowMs: number,
): string {
  const total = (kind: UsageSpan['kind']): number =>
    spans.reduce((sum, span) => sum + (span.kind === kind ? span.toMs - span.fromMs : 0), 0)
  const parts = (
    [
      ['busy', 'busy for'],
      ['idle', 'idle for'],
      ['off', 'not running for'],
      ['unobserved', 'not observed for'],
    ] as const
  ).flatMap(([kind, words]) =>
    total(kind) >= MINUTE_MS / 2 ? [`${words} ${formatDuration(total(kind))}`] : [],
  )
  const inRange = marks.filter(({ atMs }) => atMs >= range.fromMs && atMs <= range.toMs)
  const events = inRange.slice(-10).map(({ atMs, label }) => `${label} at ${formatMoment(atMs, { nowMs })}`)
  const what = parts.length === 0 ? 'nothing was observed' : parts.join(', ')
  return `${rangeText(range, nowMs)}: ${what}.${events.length > 0 ? ` ${events.join('; ')}.` : ''}`
}

/** Labels of the time axis: the time of day, or the day where the range is longer than one. */
export function axisText(atMs: number, range: ChartRange, nowMs: number): string {
  if (range.toMs - range.fromMs <= 26 * HOUR_MS) return formatMoment(atMs)
  return formatMoment(atMs, { nowMs }).replace(/,? \d{1,2}:\d\d( [AP]M)?$/, '')
}

export const usageChartText = {
  label: 'Use',
  idle: 'idle',
  notObserved: 'not observed',
  noDataBefore: (atMs: number, nowMs: number) => `No data before ${formatMoment(atMs, { nowMs })}`,
  allGpus: 'All GPUs together',
  eachGpu: 'Each GPU',
  resetZoom: 'Reset zoom',
  timeShown: 'Time shown',
  couldNotShow: (reason: string) => `The history can’t be shown: ${reason}`,
  useOf: (pod: string) => `Use of ${pod} over time`,
  pointerHelp: 'Drag or hold Ctrl and scroll to zoom. Hold Shift and scroll to move.',
  reading: 'Reading the history.',
  keyHelp:
    'Arrow keys move through time, plus and minus zoom, Shift with an arrow key moves the range, Escape resets it.',
} as const
