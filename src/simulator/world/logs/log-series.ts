export interface SimulatedLogLine {
  readonly source: 'container' | 'system'
  readonly text: string
  /** Simulated ms. */
  readonly atMs: number
}

/** Lines at regular intervals; a single line has an infinite interval. */
export interface LogSeries {
  readonly source: SimulatedLogLine['source']
  readonly firstMs: number
  readonly everyMs: number
  /** The source ends before this time. */
  readonly endMs: number
  readonly textOf: (index: number) => string
}

export const singleLine = (source: SimulatedLogLine['source'], atMs: number, text: string): LogSeries => ({
  source,
  firstMs: atMs,
  everyMs: Number.POSITIVE_INFINITY,
  endMs: Number.POSITIVE_INFINITY,
  textOf: () => text,
})

/** The last `max` lines of a series after `afterMs` up to and including `untilMs`. */
export function linesBetween(
  series: LogSeries,
  afterMs: number,
  untilMs: number,
  max: number,
): readonly SimulatedLogLine[] {
  const { firstMs, everyMs, source } = series
  const lastMs = Math.min(untilMs, series.endMs)
  if (lastMs < firstMs || series.endMs <= firstMs) return []
  let last = Number.isFinite(everyMs) ? Math.floor((lastMs - firstMs) / everyMs) : 0
  if (firstMs + last * everyMs >= series.endMs) last -= 1
  const first = indexAfter(series, afterMs)
  const from = Math.max(first, last - max + 1)
  return Array.from({ length: Math.max(0, last - from + 1) }, (_, i) => ({
    source,
    text: series.textOf(from + i),
    atMs: from + i === 0 ? firstMs : firstMs + (from + i) * everyMs,
  }))
}

function indexAfter({ firstMs, everyMs }: LogSeries, afterMs: number): number {
  if (afterMs < firstMs) return 0
  return Number.isFinite(everyMs) ? Math.floor((afterMs - firstMs) / everyMs) + 1 : 1
}

/** Infinite: there won't be any. */
export function nextLineAtMs(series: LogSeries, afterMs: number): number {
  const index = indexAfter(series, afterMs)
  const atMs = index === 0 ? series.firstMs : series.firstMs + index * series.everyMs
  return atMs < series.endMs ? atMs : Number.POSITIVE_INFINITY
}
