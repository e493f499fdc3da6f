import { formatUsd } from '../../core/base/format'
import type { CostsRow, CostsView } from '../../core/money/costs/costs-view'
import { DAY_MS, HOUR_MS } from '../../core/base/time'

export const groupings = ['pod', 'gpu', 'idle'] as const
export type SpendGrouping = (typeof groupings)[number]

/** One color of the stacked bars, from the bottom up. */
export interface SpendSeries {
  readonly key: string
  readonly label: string
  /** Fill: one of four colors, the remainder, or the hatch for idle time. */
  readonly className: 's1' | 's2' | 's3' | 's4' | 'others' | 'working' | 'idling'
  /** Cost in the month; all series add up to the month's cost. */
  readonly usd: number
}

export interface DayAmount {
  readonly usd: number
  readonly billedUsd: number
}

export interface ChartDay {
  readonly startMs: number
  readonly amounts: Readonly<Record<string, DayAmount>>
  readonly usd: number
  readonly billedUsd: number
  readonly idleUsd: number
  /** Forecast for the rest of that day at the recent rate; 0 for past days. */
  readonly forecastUsd: number
}

export interface ChartMonth {
  readonly series: readonly SpendSeries[]
  readonly days: readonly ChartDay[]
  /** The monthly budget divided by its days, USD; null without a budget. */
  readonly budgetPerDayUsd: number | null
  /** Top of the scale: the highest day including its forecast, or the budget line. */
  readonly topUsd: number
}

/** Number of series drawn separately, limited by the colors that can be told apart. */
const MAX_SERIES = 4
const podClassNames = ['s1', 's2', 's3', 's4'] as const

/** The days of a month as stacks, the largest series at the bottom and idle time on top. */
export function chartMonth(costs: CostsView, grouping: SpendGrouping, nowMs: number): ChartMonth {
  const groups = groupRows(costs.rows, grouping)
  const series: SpendSeries[] = groups.largest.map(({ key, label, usd }, index) => ({
    key,
    label,
    usd,
    className: grouping === 'idle' ? 'working' : (podClassNames[index] ?? 'others'),
  }))
  if (groups.otherCount > 0) {
    const label = groups.otherCount === 1 ? '1 other' : `${groups.otherCount} others`
    series.push({ key: 'others', label, className: 'others', usd: groups.otherUsd })
  }
  const idleUsd = costs.rows.reduce((sum, { spent }) => sum + spent.idleUsd, 0)
  if (idleUsd > 0) series.push({ key: 'idle', label: 'idle', className: 'idling', usd: idleUsd })
  const perHourUsd = costs.forecast?.perHourUsd ?? 0
  const days = costs.days.map((day): ChartDay => {
    const amounts: Record<string, { usd: number; billedUsd: number }> = {}
    const add = (key: string, usd: number, billedShare: number): void => {
      const amount = (amounts[key] ??= { usd: 0, billedUsd: 0 })
      amount.usd += usd
      amount.billedUsd += usd * billedShare
    }
    for (const part of day.parts) {
      const billedShare = Math.min(1, part.billedUsd / part.usd)
      add(groups.keyOf.get(part.id) ?? 'others', part.usd - part.idleUsd, billedShare)
      add('idle', part.idleUsd, billedShare)
    }
    const leftMs = Math.min(DAY_MS, day.startMs + DAY_MS - nowMs)
    return {
      startMs: day.startMs,
      amounts,
      usd: day.spent.usd,
      billedUsd: day.spent.billedUsd,
      idleUsd: day.spent.idleUsd,
      forecastUsd: costs.isCurrent && leftMs > 0 ? (leftMs / HOUR_MS) * perHourUsd : 0,
    }
  })
  const monthlyUsd = costs.budget?.monthlyUsd ?? null
  const budgetPerDayUsd = monthlyUsd === null ? null : monthlyUsd / costs.days.length
  const highest = Math.max(...days.map(({ usd, forecastUsd }) => usd + forecastUsd))
  return { series, days, budgetPerDayUsd, topUsd: Math.max(highest, budgetPerDayUsd ?? 0) }
}

interface SpendGroup {
  readonly key: string
  readonly label: string
  usd: number
}

interface SpendGroups {
  readonly largest: readonly SpendGroup[]
  readonly otherCount: number
  readonly otherUsd: number
  /** Series key by row id. */
  readonly keyOf: ReadonlyMap<string, string>
}

function groupRows(rows: readonly CostsRow[], grouping: SpendGrouping): SpendGroups {
  const groups = new Map<string, SpendGroup>()
  const groupOf = new Map<string, string>()
  for (const row of rows) {
    const label = groupLabel(row, grouping)
    // Pods with the same name stay separate, while rows grouped by hardware are merged by label.
    const key = grouping === 'pod' ? `of:${row.id}` : `of:${label}`
    const group = groups.get(key) ?? { key, label, usd: 0 }
    group.usd += row.spent.usd - row.spent.idleUsd
    groups.set(key, group)
    groupOf.set(row.id, key)
  }
  const sorted = [...groups.values()].sort((a, b) => b.usd - a.usd || (a.key < b.key ? -1 : 1))
  const largest = sorted.slice(0, MAX_SERIES)
  const otherGroups = sorted.slice(MAX_SERIES)
  const largestKeys = new Set(largest.map(({ key }) => key))
  return {
    largest,
    otherCount: otherGroups.length,
    otherUsd: otherGroups.reduce((sum, { usd }) => sum + usd, 0),
    keyOf: new Map([...groupOf].map(([id, key]) => [id, largestKeys.has(key) ? key : 'others'])),
  }
}

function groupLabel(row: CostsRow, grouping: SpendGrouping): string {
  switch (grouping) {
    case 'pod':
      return rowName(row)
    case 'gpu':
      if (row.kind === 'volume') return 'network volumes'
      if (row.kind === 'other') return 'other Runpod'
      // The number of GPUs is dropped, because "4 × H100 SXM" and "1 × H100 SXM" are the same type.
      return row.hardware?.replace(/^\d+ × /, '') ?? 'hardware not known'
    case 'idle':
      return 'working'
  }
}

/** Display name of a row, or its id when only its bill is known. */
export function rowName({ kind, name, id }: CostsRow): string {
  if (kind === 'other') return 'Other Runpod'
  return name ?? id.replace(/^\w+\//, '')
}

/** Ticks of the money axis: round dollars in four or five steps. */
export function moneyTicks(topUsd: number): readonly number[] {
  if (!(topUsd > 0)) return [0, 1]
  const rough = topUsd / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((one) => one >= rough) ?? rough
  return Array.from({ length: Math.ceil(topUsd / step - 1e-9) + 1 }, (_tick, index) => index * step)
}

/** "$30", "$0.25": cents only when the axis needs them. */
export const tickText = (usd: number): string =>
  Number.isInteger(usd) ? `$${usd.toLocaleString('en-US')}` : formatUsd(usd)
