import { useMemo, useState } from 'react'
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components'
import { formatUsd } from '../../core/base/format'
import type { CostsView } from '../../core/money/costs/costs-view'
import { useSnapshotStore } from '../state/window-context'
import { CostsChart, dayCertaintyText } from './costs-chart'
import { type ChartDay, chartMonth, groupings, type SpendGrouping } from './chart-month'
import { fullMonth, utcDay, utcMoment } from './spend-text'

const groupingLabels: Readonly<Record<SpendGrouping, string>> = {
  pod: 'By pod',
  gpu: 'By GPU',
  idle: 'Working or idle',
}

/** The days of a month, as a chart and as a table. */
export function DailySpend({ costs }: { readonly costs: CostsView }) {
  const [grouping, setGrouping] = useState<SpendGrouping>('pod')
  const atMs = useSnapshotStore(({ snapshot }) => snapshot?.atMs ?? 0)
  const month = useMemo(() => chartMonth(costs, grouping, atMs), [costs, grouping, atMs])
  const hasEstimate = costs.spent.estimatedUsd >= 0.005
  return (
    <section className="tile daily" aria-labelledby="daily-spend">
      <header className="daily-head">
        <h2 id="daily-spend">Daily spend</h2>
        <span className="cap">
          days of UTC ·{' '}
          {costs.billedUntilMs === null
            ? 'nothing is billed yet'
            : `billed up to ${utcMoment(costs.billedUntilMs)}`}
        </span>
        <ToggleButtonGroup
          className="filters"
          aria-label="Stack the days"
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[grouping]}
          onSelectionChange={(keys) => {
            const chosen = groupings.find((option) => keys.has(option))
            if (chosen !== undefined) setGrouping(chosen)
          }}
        >
          {groupings.map((option) => (
            <ToggleButton key={option} id={option} className="filter">
              {groupingLabels[option]}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
      </header>
      <ul className="legend" aria-label="What the stacks are">
        {month.series.map(({ key, label, className, usd }) => (
          <li key={key}>
            <span className={`swatch ${className}`} aria-hidden="true" />
            <bdi title={label}>{label}</bdi>
            <span className="figures">{formatUsd(usd)}</span>
          </li>
        ))}
        {hasEstimate && (
          <li>
            <span className="swatch hollow" aria-hidden="true" />
            estimated, not billed yet
          </li>
        )}
        {month.budgetPerDayUsd !== null && (
          <li>
            <span className="swatch line" aria-hidden="true" />
            {formatUsd(month.budgetPerDayUsd)} = a day of the budget
          </li>
        )}
        {costs.forecast !== null && (
          <li>
            <span className="swatch dashed" aria-hidden="true" />
            forecast {formatUsd(costs.forecast.perHourUsd * 24)} a day
          </li>
        )}
      </ul>
      <CostsChart
        month={month}
        label={`Daily spend in ${fullMonth(costs.month)}, stacked ${groupingLabels[grouping]}`}
      />
      <details className="days-table">
        <summary>The days as a table</summary>
        <div className="table-room" role="region" aria-label="Daily spend as a table" tabIndex={0}>
          <DaysTable days={month.days} />
        </div>
      </details>
    </section>
  )
}

function DaysTable({ days }: { readonly days: readonly ChartDay[] }) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Day (UTC)</th>
          <th scope="col" className="number">
            Spent
          </th>
          <th scope="col" className="number">
            Idle
          </th>
          <th scope="col">How sure</th>
        </tr>
      </thead>
      <tbody>
        {days
          .filter(({ usd }) => usd > 0)
          .map((day) => (
            <tr key={day.startMs}>
              <th scope="row">{utcDay(day.startMs)}</th>
              <td className="number">{formatUsd(day.usd)}</td>
              <td className="number">{formatUsd(day.idleUsd)}</td>
              <td>{dayCertaintyText(day)}</td>
            </tr>
          ))}
      </tbody>
    </table>
  )
}
