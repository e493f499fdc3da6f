import { formatUsd, formatNumber } from '../../../core/base/text/format'
import { type ChartDay, type ChartMonth, partsOfDay } from './chart-month'
import { shortDay } from './day-text'
import type { SpendSeries } from './spend-series'
import { chartLabels } from './chart-text'

/** Ticks of the money axis: round dollars in four or five steps. */
export function moneyTicks(topUsd: number): readonly number[] {
  if (!(topUsd > 0)) return [0, 1]
  const rough = topUsd / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((one) => one >= rough) ?? rough
  return Array.from({ length: Math.ceil(topUsd / step - 1e-9) + 1 }, (_tick, index) => index * step)
}

/** "$30", "$0.25": cents only when the axis needs them. */
const tickText = (usd: number): string => (Number.isInteger(usd) ? `$${formatNumber(usd)}` : formatUsd(usd))

const WIDEST_STEP = 15
const LABEL_STEPS = [1, 2, 5, 7, 10, WIDEST_STEP]
/** From one date to the next, px. */
const MIN_LABEL_GAP = 80
/** From a date to "Today", px. */
const MIN_TODAY_GAP = 52

/**
 * The indexes of the days whose date is written: every so many days from the first one, whatever the length of the
 * month. Without those that would touch "Today", which stands at its own day. `dayWidth` in px.
 */
export function datedDays(count: number, dayWidth: number, today: number | null): readonly number[] {
  const step = LABEL_STEPS.find((days) => days * dayWidth >= MIN_LABEL_GAP) ?? WIDEST_STEP
  return Array.from({ length: Math.ceil(count / step) }, (_label, index) => index * step).filter(
    (day) => today === null || Math.abs(day - today) * dayWidth >= MIN_TODAY_GAP,
  )
}

/** About how wide a text of 11 px is, px. */
export const labelWidth = (text: string): number => text.length * 6

/**
 * The middle, in days, of the longest run of days where a label of `width` px fits above a line at `lineUsd`; null:
 * there is none. `topsUsd`: how high each day reaches.
 */
function freeRun(
  topsUsd: readonly number[],
  lineUsd: number,
  width: number,
  dayWidth: number,
): number | null {
  let best = { start: 0, length: 0 }
  let start = 0
  for (let day = 0; day <= topsUsd.length; day++) {
    const top = topsUsd[day]
    if (top !== undefined && top <= lineUsd) continue
    if (day - start > best.length) best = { start, length: day - start }
    start = day + 1
  }
  return best.length * dayWidth >= width ? best.start + best.length / 2 : null
}

/** Where everything of the chart is, px. */
export interface ChartLayout {
  readonly width: number
  readonly height: number
  readonly left: number
  /** Where $0 is. */
  readonly baseline: number
  readonly dayWidth: number
  readonly ticks: readonly { readonly y: number; readonly text: string }[]
  readonly dates: readonly { readonly x: number; readonly text: string; readonly isToday: boolean }[]
  readonly bars: readonly ChartBar[]
  readonly budget: { readonly y: number; readonly label: ChartLabel } | null
  /** What is to come per day, above its boxes; null where there is no room for it. */
  readonly forecastLabel: ChartLabel | null
  readonly todayLabel: ChartLabel | null
}

interface ChartLabel {
  readonly x: number
  readonly y: number
  readonly text: string
  /** Where `x` is in the text; absent: in its middle. */
  readonly anchor?: 'start' | 'end'
}

export interface ChartBar {
  readonly x: number
  readonly width: number
  readonly isToday: boolean
  readonly parts: readonly { readonly series: SpendSeries; readonly y: number; readonly height: number }[]
  /** The box of what is to come, on top of the parts. */
  readonly forecast: { readonly y: number; readonly height: number } | null
}

const TOP = 24
const PLOT_HEIGHT = 184
const DATES_HEIGHT = 24
const RIGHT = 12
const MAX_BAR_WIDTH = 20
const LABEL_HEIGHT = 12
/** Between a line or a bar and its label. */
const LABEL_GAP = 6

/** Lays the month out for a chart of `width` px. */
export function chartLayout(month: ChartMonth, width: number): ChartLayout {
  const { series, days, budgetPerDayUsd, forecastPerDayUsd } = month
  const ticks = moneyTicks(month.topUsd)
  const left = Math.max(...ticks.map((usd) => labelWidth(tickText(usd)))) + 12
  const dayWidth = Math.max(1, (width - left - RIGHT) / days.length)
  const baseline = TOP + PLOT_HEIGHT
  const yOf = (usd: number): number => baseline - (usd / (ticks.at(-1) ?? 1)) * PLOT_HEIGHT
  const centerOf = (day: number): number => left + (day + 0.5) * dayWidth
  const barWidth = Math.max(1, Math.round(Math.min(MAX_BAR_WIDTH, dayWidth * 0.68)))
  const today = days.findIndex(({ when }) => when === 'today')
  const tops = days.map(({ totalCents, forecastUsd }) => totalCents / 100 + forecastUsd)
  const forecastLabel = labelOfForecast(days, forecastPerDayUsd, {
    dayWidth,
    yOf,
    centerOf,
    budgetY: budgetPerDayUsd === null ? null : yOf(budgetPerDayUsd),
  })
  const todayDay = days[today]
  return {
    width,
    height: baseline + DATES_HEIGHT,
    left,
    baseline,
    dayWidth,
    ticks: ticks.map((usd) => ({ y: Math.round(yOf(usd)), text: tickText(usd) })),
    dates: [
      ...datedDays(days.length, dayWidth, today === -1 ? null : today).map((day) => ({
        x: centerOf(day),
        text: shortDay(days[day]?.startMs ?? 0),
        isToday: false,
      })),
      ...(today === -1 ? [] : [{ x: centerOf(today), text: chartLabels.today, isToday: true }]),
    ],
    bars: days.map((day, index) =>
      barOf(day, series, Math.round(centerOf(index) - barWidth / 2), barWidth, yOf),
    ),
    budget:
      budgetPerDayUsd === null
        ? null
        : {
            y: Math.round(yOf(budgetPerDayUsd)) + 0.5,
            label: labelOfBudget(
              tops.map((usd, day) => (forecastLabel !== null && day > today ? Infinity : usd)),
              budgetPerDayUsd,
              {
                dayWidth,
                yOf,
                left,
                right: width - RIGHT,
                isTodayLeft: today !== -1 && today < days.length / 2,
              },
            ),
          },
    forecastLabel,
    todayLabel: todayDay
      ? {
          x: centerOf(today),
          y: yOf(todayDay.totalCents / 100 + todayDay.forecastUsd) - LABEL_GAP,
          text: formatUsd(todayDay.totalCents / 100),
        }
      : null,
  }
}

/** The parts from the bottom up, each 1 px apart from the next. */
function barOf(
  day: ChartDay,
  series: readonly SpendSeries[],
  x: number,
  width: number,
  yOf: (usd: number) => number,
): ChartBar {
  const costing = new Set(partsOfDay(day, series).map((part) => part.series.key))
  let sum = 0
  const parts = series
    .filter(({ key }) => costing.has(key))
    .map((one) => {
      const bottom = yOf(sum)
      sum += (day.cents[one.key] ?? 0) / 100
      const top = yOf(sum)
      return { series: one, y: top, height: Math.max(0.8, bottom - top - 1) }
    })
  const top = yOf(sum)
  const height = top - yOf(sum + day.forecastUsd)
  return {
    x,
    width,
    isToday: day.when === 'today',
    parts,
    forecast: height >= 1 ? { y: top - height, height } : null,
  }
}

/** Its label stands above the line where no bar reaches it, or else above all bars. */
function labelOfBudget(
  topsUsd: readonly number[],
  usd: number,
  place: {
    readonly dayWidth: number
    readonly yOf: (usd: number) => number
    readonly left: number
    readonly right: number
    readonly isTodayLeft: boolean
  },
): ChartLabel {
  const { dayWidth, yOf, left, right, isTodayLeft } = place
  const text = chartLabels.budget(usd)
  const middle = freeRun(topsUsd, usd, labelWidth(text), dayWidth)
  if (middle !== null) return { x: left + middle * dayWidth, y: yOf(usd) - LABEL_GAP, text }
  return isTodayLeft ? { x: right, y: 10, text, anchor: 'end' } : { x: left, y: 10, text, anchor: 'start' }
}

function labelOfForecast(
  days: readonly ChartDay[],
  usd: number | null,
  place: {
    readonly dayWidth: number
    readonly yOf: (usd: number) => number
    readonly centerOf: (day: number) => number
    readonly budgetY: number | null
  },
): ChartLabel | null {
  const { dayWidth, yOf, centerOf, budgetY } = place
  const first = days.findIndex(({ when }) => when === 'future')
  if (usd === null || usd < 0.005 || first === -1) return null
  const text = chartLabels.forecast(usd)
  if ((days.length - first) * dayWidth < labelWidth(text)) return null
  const y = yOf(usd) - LABEL_GAP - 2
  const isOnLine = budgetY !== null && budgetY < y + LABEL_GAP && budgetY > y - LABEL_HEIGHT
  return {
    x: centerOf((first + days.length - 1) / 2),
    y: isOnLine ? budgetY - LABEL_GAP : y,
    text,
  }
}
