import { formatUsd } from '../../../core/base/text/format'
import { type ChartDay, partsOfDay } from './chart-month'
import { dayForecastText, dayIdleText, dayNote, dayTitle, dayTotalText, hasCost } from './chart-text'
import type { SpendSeries } from './spend-series'

const WIDTH = 208

interface DayTooltipProps {
  readonly day: ChartDay
  readonly series: readonly SpendSeries[]
  /** The middle of the day, and how far the tooltip stays away from it, px. */
  readonly x: number
  readonly gap: number
  /** Of the chart, px. */
  readonly width: number
}

/** What a day cost, beside it. */
export function DayTooltip({ day, series, x, gap, width }: DayTooltipProps) {
  // On the side with more room, so that it covers as few days as possible that come later.
  const left = x < width / 2 ? Math.min(x + gap, width - WIDTH) : Math.max(0, x - gap - WIDTH)
  const note = dayNote(day)
  return (
    <div className="day-detail" style={{ left, width: WIDTH }} aria-hidden="true">
      <p className="head">
        <b>{dayTitle(day)}</b>
        {hasCost(day) && <b className="figures">{dayTotalText(day)}</b>}
      </p>
      <ul>
        {partsOfDay(day, series).map(({ series: { key, label, className }, cents }) => (
          <li key={key}>
            <span className={`swatch ${className}`} />
            <bdi>{label}</bdi>
            <span className="figures">{formatUsd(cents / 100)}</span>
          </li>
        ))}
      </ul>
      {day.idleCents > 0 && <p className="idle-text">{dayIdleText(day)}</p>}
      {day.forecastUsd >= 0.005 && <p>{dayForecastText(day)}</p>}
      {note !== null && <p>{note}</p>}
    </div>
  )
}
