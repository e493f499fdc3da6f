import './chart.css'
import { useMemo } from 'react'
import type { CostsView } from '../../../core/money/costs/costs-view'
import type { RowColors } from '../../pod-model/pod-color'
import { CostsChart } from './costs-chart'
import { chartMonth } from './chart-month'
import type { SpendGrouping } from './spend-series'
import { groupingLabels } from './series-text'
import { dailySpendText } from './chart-text'

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
        <h2 id="daily-spend">{dailySpendText.title}</h2>
        <ul className="legend" aria-label={dailySpendText.colors}>
          {month.series.map(({ key, label, className }) => (
            <li key={key}>
              <span className={`swatch ${className}`} aria-hidden="true" />
              <bdi title={label}>{label}</bdi>
            </li>
          ))}
        </ul>
        <ul className="legend" aria-label={dailySpendText.todayAndForecast}>
          {hasToday && (
            <li>
              <span className="swatch hatched" aria-hidden="true" />
              {dailySpendText.today}
            </li>
          )}
          {month.forecastPerDayUsd !== null && (
            <li>
              <span className="swatch dashed" aria-hidden="true" />
              {dailySpendText.forecast}
              <span className="unseen">{dailySpendText.perDay(month.forecastPerDayUsd)}</span>
            </li>
          )}
        </ul>
      </header>
      <CostsChart
        month={month}
        label={dailySpendText.chart(costs.month, groupingLabels[grouping])}
        isReading={costs.bills === 'reading'}
      />
    </section>
  )
}
