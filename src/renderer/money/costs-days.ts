import { formatUsd } from '../../core/base/format'
import type { CostsRow, CostsView } from '../../core/money/costs/costs-view'
import { DAY_MS, HOUR_MS } from '../../core/base/time'

/** By what the days are stacked. */
export const groupings = ['pod', 'gpu', 'idle'] as const
export type Grouping = (typeof groupings)[number]

/** One colour of the stacks, the lowest first. */
export interface Series {
  readonly key: string
  readonly label: string
  /** How it is drawn: one of four colours, what is left over, or the hatch of idleness. */
  readonly look: 's1' | 's2' | 's3' | 's4' | 'others' | 'working' | 'idling'
  /** Of the month; those of all series add up to what it cost. */
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
  /** What is still to come that day as the last days went on; 0 for what is over. */
  readonly forecastUsd: number
}

export interface ChartMonth {
  readonly series: readonly Series[]
  readonly days: readonly ChartDay[]
  /** A day's part of the monthly budget, USD; null: there is none. */
  readonly budgetPerDayUsd: number | null
  /** Of the highest day with what is to come, or of the budget's line. */
  readonly topUsd: number
}

/** So many are drawn by themselves: as many as there are colours to tell apart. */
const OWN_SERIES = 4
const looks = ['s1', 's2', 's3', 's4'] as const

/** The days of a month in stacks, the largest of the month at the bottom and idleness on top. */
export function chartMonth(costs: CostsView, grouping: Grouping, nowMs: number): ChartMonth {
  const groups = groupsOf(costs.rows, grouping)
  const series: Series[] = groups.own.map(({ key, label, usd }, index) => ({
    key,
    label,
    usd,
    look: grouping === 'idle' ? 'working' : (looks[index] ?? 'others'),
  }))
  if (groups.others > 0) {
    const label = groups.others === 1 ? '1 other' : `${groups.others} others`
    series.push({ key: 'others', label, look: 'others', usd: groups.othersUsd })
  }
  const idleUsd = costs.rows.reduce((sum, { spent }) => sum + spent.idleUsd, 0)
  if (idleUsd > 0) series.push({ key: 'idle', label: 'idle', look: 'idling', usd: idleUsd })
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

interface Group {
  readonly key: string
  readonly label: string
  usd: number
}

interface Groups {
  readonly own: readonly Group[]
  readonly others: number
  readonly othersUsd: number
  /** By the id of a row. */
  readonly keyOf: ReadonlyMap<string, string>
}

function groupsOf(rows: readonly CostsRow[], grouping: Grouping): Groups {
  const groups = new Map<string, Group>()
  const groupOf = new Map<string, string>()
  for (const row of rows) {
    const label = groupLabel(row, grouping)
    // Two pods of one name are two; what is grouped by hardware is one by its name.
    const key = grouping === 'pod' ? `of:${row.id}` : `of:${label}`
    const group = groups.get(key) ?? { key, label, usd: 0 }
    group.usd += row.spent.usd - row.spent.idleUsd
    groups.set(key, group)
    groupOf.set(row.id, key)
  }
  const sorted = [...groups.values()].sort((a, b) => b.usd - a.usd || (a.key < b.key ? -1 : 1))
  const own = sorted.slice(0, OWN_SERIES)
  const rest = sorted.slice(OWN_SERIES)
  const isOwn = new Set(own.map(({ key }) => key))
  return {
    own,
    others: rest.length,
    othersUsd: rest.reduce((sum, { usd }) => sum + usd, 0),
    keyOf: new Map([...groupOf].map(([id, key]) => [id, isOwn.has(key) ? key : 'others'])),
  }
}

function groupLabel(row: CostsRow, grouping: Grouping): string {
  switch (grouping) {
    case 'pod':
      return rowName(row)
    case 'gpu':
      if (row.kind === 'volume') return 'network volumes'
      if (row.kind === 'other') return 'other Runpod'
      // "4 × H100 SXM" and "1 × H100 SXM" are the same type.
      return row.hardware?.replace(/^\d+ × /, '') ?? 'hardware not known'
    case 'idle':
      return 'working'
  }
}

/** What a thing that cost is called: its name, or its id where only its bill is known. */
export function rowName({ kind, name, id }: CostsRow): string {
  if (kind === 'other') return 'Other Runpod'
  return name ?? id.replace(/^\w+\//, '')
}

/** The ends of the scale: round dollars, four steps or five. */
export function moneyTicks(topUsd: number): readonly number[] {
  if (!(topUsd > 0)) return [0, 1]
  const rough = topUsd / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((one) => one >= rough) ?? rough
  return Array.from({ length: Math.ceil(topUsd / step - 1e-9) + 1 }, (_tick, index) => index * step)
}

/** "$30", "$0.25": cents only where the scale has them. */
export const tickWords = (usd: number): string =>
  Number.isInteger(usd) ? `$${usd.toLocaleString('en-US')}` : formatUsd(usd)
