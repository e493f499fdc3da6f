import { formatUsd } from '../../../core/base/text/format'
import { datedDays, freeRun, labelWidth, moneyTicks, tickText } from './chart-axis'
import { type ChartDay, type ChartMonth, partsOfDay } from './chart-month'
import { shortDay } from './day-text'
import type { SpendSeries } from './spend-series'
import { chartLabels } from './chart-text'

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
