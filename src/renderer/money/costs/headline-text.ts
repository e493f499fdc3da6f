import { formatUsd } from '../../../core/base/text/format'
import { DAY_MS } from '../../../core/base/time/time'
import type { CostsView } from '../../../core/money/costs/costs-view'
import { shortDay, shortHour } from '../chart/day-text'

import { isRange, nameOfMonth, percent, READING, roughDuration } from '../spend-text'

/** One figure of the headline. */
export interface HeadlineFigure {
  readonly key: 'spent' | 'forecast' | 'idle' | 'saved'
  readonly label: string
  readonly value: string
  readonly tone?: 'good' | 'bad'
  /** What stands below, and whether that is trouble. */
  readonly note: string
  readonly isNoteBad?: boolean
}

/**
 * The figures of a month in their order. While its bills are read for the first time a sum is "…". What is unknown is
 * said, and never $0.00. See docs/product-rules.md#5-money.
 */
export function headlineFigures(costs: CostsView): readonly HeadlineFigure[] {
  const isReading = costs.bills === 'reading'
  return [
    {
      key: 'spent',
      label: 'Spent',
      value: isReading ? READING : spentText(costs),
      note: spentNote(costs, isReading),
    },
    ...forecastFigure(costs, isReading),
    {
      key: 'idle',
      label: 'Spent while idle',
      value: isReading ? READING : formatUsd(costs.idleCents / 100),
      note: isReading ? 'Reading bills' : idleNote(costs),
    },
    savedFigure(costs),
  ]
}

function savedFigure({ stops: { count, saved } }: CostsView): HeadlineFigure {
  const note =
    count === 0 ? 'No automatic stops.' : `${count === 1 ? '1 stop' : `${count} stops`}, estimated.`
  const base = { key: 'saved', label: 'Saved by auto-stop' } as const
  if (saved.usd === null)
    return {
      ...base,
      value: 'Unknown',
      note: `${note.replace(/, estimated\.$/, '')}, of pods whose price isn’t known.`,
    }
  const value = `${saved.isAtLeast ? 'at least ' : ''}${formatUsd(saved.usd)}`
  return { ...base, value, ...(saved.usd > 0 && { tone: 'good' as const }), note }
}

/** "$450.18", "at least $450.18", "unknown". */
export function spentText({ totalCents, spent }: CostsView): string {
  if (!spent.isAtLeast) return formatUsd(totalCents / 100)
  return totalCents === 0 ? 'unknown' : `at least ${formatUsd(totalCents / 100)}`
}

function spentNote(costs: CostsView, isReading: boolean): string {
  const { totalCents, budget, days, isCurrent } = costs
  if (isReading) return 'Reading bills'
  if (!isCurrent) return `${formatUsd(totalCents / 100 / days.length)} a day on average`
  const monthlyUsd = budget?.monthlyUsd ?? null
  const share =
    monthlyUsd === null ? '' : `${percent(totalCents / 100 / monthlyUsd)} of ${formatUsd(monthlyUsd)}, `
  return `${share}today ${formatUsd(todayOf(costs).totalCents / 100)}`
}

function idleNote(costs: CostsView): string {
  const { totalCents, idleCents, isCurrent } = costs
  const share = totalCents > 0 ? `${percent(idleCents / totalCents)} of spend` : 'Nothing spent'
  return isCurrent ? `${share}, today ${formatUsd(todayOf(costs).idleCents / 100)}` : share
}

function todayOf({ days, atMs }: CostsView): { readonly totalCents: number; readonly idleCents: number } {
  return (
    days.find(({ startMs }) => atMs >= startMs && atMs < startMs + DAY_MS) ?? { totalCents: 0, idleCents: 0 }
  )
}

function forecastFigure(costs: CostsView, isReading: boolean): readonly HeadlineFigure[] {
  if (!costs.isCurrent) return []
  const base = { key: 'forecast', label: 'Forecast' } as const
  if (isReading) return [{ ...base, value: READING, note: 'Reading bills' }]
  const { forecast, budget, atMs } = costs
  if (forecast === null) return [{ ...base, value: 'Unknown', note: 'No spending known in the last 7 days' }]
  const value = `${costs.spent.isAtLeast ? 'at least ' : ''}${formatUsd(forecast.usd)}`
  const monthlyUsd = budget?.monthlyUsd ?? null
  if (monthlyUsd === null) return [{ ...base, value, note: 'No budget set' }]
  const limit = formatUsd(monthlyUsd)
  if ((budget?.monthShare ?? 0) >= 1) return [{ ...base, value, note: `${limit} is spent`, isNoteBad: true }]
  const passesAtMs = budget?.passesAtMs ?? null
  if (passesAtMs === null) return [{ ...base, value, note: `Stays below ${limit}` }]
  return [{ ...base, value, note: `Passes ${limit} ${passesText(passesAtMs, atMs)}`, isNoteBad: true }]
}

function passesText(passesAtMs: number, nowMs: number): string {
  const leftMs = passesAtMs - nowMs
  return leftMs >= DAY_MS ? `on ${shortDay(passesAtMs)}` : `in ${roughDuration(leftMs)}`
}

/** What is billed and what is estimated, in one line. */
export function billsLine(costs: CostsView): string {
  return `Days in UTC. ${billsText(costs)}`
}

function billsText(costs: CostsView): string {
  const { bills, spent, billedUntilMs, atMs, month, isCurrent } = costs
  const name = nameOfMonth(month)
  const hasEstimate = spent.estimatedUsd >= 0.005
  if (bills === 'none') return 'This service has no bills, so everything is estimated'
  if (bills === 'reading') return `Reading the bills of ${name}, so amounts will still change`
  if (!hasEstimate && spent.billedUsd >= 0.005) return 'Everything is billed'
  if (isCurrent && billedUntilMs !== null)
    return `Billed through ${shortHour(billedUntilMs, atMs)}, the rest is estimated`
  if (bills === 'once')
    return isCurrent ? 'Bills can change for about 3 hours' : 'Billed. Podkeeper checks the bills once more'
  if (isCurrent) return 'Nothing is billed yet, so everything is estimated'
  if (bills === 'twice')
    return hasEstimate ? `Billed, except for an estimated ${formatUsd(spent.estimatedUsd)}` : 'Billed'
  return spent.billedUsd >= 0.005
    ? `Not all bills of ${name} could be read: ${formatUsd(spent.estimatedUsd)} is estimated`
    : `The bills of ${name} could not be read, so everything is estimated`
}

/** From this share of the amount on, its range is worth a line. */
const WIDE_RANGE = 0.01

const isWideRange = (spent: CostsView['spent']): boolean =>
  isRange(spent) && spent.maxUsd - spent.minUsd >= spent.usd * WIDE_RANGE

/** What the sum may lack, one sentence each. */
export function spendNotes({ spent, bills }: CostsView): readonly string[] {
  if (bills === 'reading') return []
  return [
    ...(isWideRange(spent)
      ? [`Spent is between ${formatUsd(spent.minUsd)} and ${formatUsd(spent.maxUsd)}.`]
      : []),
    ...(spent.isAtLeast ? ['A price isn’t known, so this is a minimum.'] : []),
    ...(spent.isApproximate === true ? ['Some prices are from a price list, so they are approximate.'] : []),
    ...(spent.mayMissPods
      ? ['Podkeeper wasn’t watching for a while. Pods that came and went then aren’t included.']
      : []),
  ]
}

/** How each figure is counted. */
export const countingRules: readonly { readonly title: string; readonly text: string }[] = [
  {
    title: 'Saved by auto-stop',
    text:
      'From each automatic stop until you start the pod again, 12 h at most: its price per hour less that of the disks ' +
      'that stay. A pod that you terminate counts until then. This is an estimate: you might have stopped it sooner.',
  },
  {
    title: 'Spent',
    text: 'Final bills, which come about 3 h after each hour. Until then, the larger of the bill and what Podkeeper observed.',
  },
  { title: 'Forecast', text: 'Spent so far, plus the mean of the last 7 days for every remaining hour.' },
  {
    title: 'Spent while idle',
    text: 'Only time that was observed to be idle. Costs known only from a bill aren’t included.',
  },
]
