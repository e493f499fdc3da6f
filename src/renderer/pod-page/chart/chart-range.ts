import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../core/base/time/time'
import { HOURS_KEPT_MS, type UsageDetail } from '../../../core/history/usage'
import { detailFor, type UsageSpan } from '../../../core/history/usage-table'
import { rangeLabels } from './chart-labels-text'

/** A part of the time, Unix ms. */
export interface ChartRange {
  readonly fromMs: number
  readonly toMs: number
}

export const presets = [
  { id: '1h', ...rangeLabels['1h'], spanMs: HOUR_MS },
  { id: '6h', ...rangeLabels['6h'], spanMs: 6 * HOUR_MS },
  { id: '24h', ...rangeLabels['24h'], spanMs: DAY_MS },
  { id: '7d', ...rangeLabels['7d'], spanMs: 7 * DAY_MS },
  { id: '30d', ...rangeLabels['30d'], spanMs: 30 * DAY_MS },
] as const
export type PresetId = (typeof presets)[number]['id']

/** When the first observation in a range was, Unix ms; null where there was none, or where the range begins with one. */
export function firstObservedMs(spans: readonly UsageSpan[]): number | null {
  const [lead, first] = spans
  return lead?.kind === 'unobserved' && first !== undefined ? first.fromMs : null
}

/** How often what is shown is read anew while new samples come. */
export function refreshMs(range: ChartRange, detail: UsageDetail): number {
  // A day of samples is much to read, and a second of it cannot be seen.
  if (detail === 'sample') return spanOf(range) <= 7 * HOUR_MS ? SECOND_MS : MINUTE_MS
  return detail === 'minute' ? MINUTE_MS : HOUR_MS / 6
}

/** Where the latest `spanMs` ends, Unix ms. It moves no more often than it is read, and not with each snapshot. */
export function latestEndMs(spanMs: number, nowMs: number, isEachGpu = false): number {
  const latest = { fromMs: nowMs - spanMs, toMs: nowMs }
  const stepMs = refreshMs(latest, detailFor(latest, nowMs, isEachGpu))
  return Math.floor(nowMs / stepMs) * stepMs
}

export const MIN_SPAN_MS = 2 * MINUTE_MS
export const MAX_SPAN_MS = 30 * DAY_MS

export const spanOf = ({ fromMs, toMs }: ChartRange): number => toMs - fromMs

/** The range within what can be shown: up to now, no further back than what is kept, neither too short nor too long. */
export function withinLimits({ fromMs, toMs }: ChartRange, nowMs: number): ChartRange {
  const span = Math.min(MAX_SPAN_MS, Math.max(MIN_SPAN_MS, toMs - fromMs))
  const center = (fromMs + toMs) / 2
  const from = Math.min(Math.max(center - span / 2, nowMs - HOURS_KEPT_MS), nowMs - span)
  return { fromMs: from, toMs: from + span }
}

/** `factor` below 1 shows less time; `aroundMs` keeps its place. */
export function zoomed(range: ChartRange, factor: number, aroundMs: number, nowMs: number): ChartRange {
  const span = Math.min(MAX_SPAN_MS, Math.max(MIN_SPAN_MS, spanOf(range) * factor))
  const share = (aroundMs - range.fromMs) / spanOf(range)
  const fromMs = aroundMs - share * span
  return withinLimits({ fromMs, toMs: fromMs + span }, nowMs)
}

/** Moved by a share of its span; positive: toward now. */
export function panned(range: ChartRange, share: number, nowMs: number): ChartRange {
  const byMs = spanOf(range) * share
  return withinLimits({ fromMs: range.fromMs + byMs, toMs: range.toMs + byMs }, nowMs)
}
