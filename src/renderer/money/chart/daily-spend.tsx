import './chart.css'
import { useMemo } from 'react'
import { formatUsd } from '../../../core/base/format'
import type { CostsView } from '../../../core/money/costs/costs-view'
import type { RowColors } from '../../pod-model/pod-color'
import { CostsChart } from './costs-chart'
import { chartMonth } from './chart-month'
import { groupingLabels, type SpendGrouping } from './spend-series'
import { fullMonth } from '../spend-text'

interface DailySpendProps {
  readonly costs: CostsView
  readonly colors: RowColors
  readonly grouping: SpendGrouping
}

/** The days of a month as a chart with its legend. */
export function DailySpend({ costs, colors, grouping }: DailySpendProps) {
  const month = useMemo(() => chartMonth(costs, grouping, colors), [costs, grouping, colors])
  const hasToday = month.days.some(({ when }) => when === 'today')
  return (
    <section className="daily" aria-labelledby="daily-spend">
      <header className="daily-head">
        <h2 id="daily-spend">Daily spend</h2>
        <ul className="legend" aria-label="What the stacks are">
          {month.series.map(({ key, label, className }) => (
            <li key={key}>
              <span className={`swatch ${className}`} aria-hidden="true" />
              <bdi title={label}>{label}</bdi>
            </li>
          ))}
        </ul>
        <ul className="legend" aria-label="Today and forecast">
          {hasToday && (
            <li>
              <span className="swatch hatched" aria-hidden="true" />
              today so far
            </li>
          )}
          {month.forecastPerDayUsd !== null && (
            <li>
              <span className="swatch dashed" aria-hidden="true" />
              forecast
              <span className="unseen">, {formatUsd(month.forecastPerDayUsd)} a day</span>
            </li>
          )}
        </ul>
      </header>
      <CostsChart
        month={month}
        label={`Daily spend in ${fullMonth(costs.month)}, ${groupingLabels[grouping].toLowerCase()}`}
        isReading={costs.bills === 'reading'}
      />
    </section>
  )
}
