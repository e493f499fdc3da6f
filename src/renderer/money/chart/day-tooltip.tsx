import { formatUsd } from '../../../core/base/format'
import { type ChartDay, partsOfDay } from './chart-month'
import { shortDay } from './day-text'
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
        {hasCost(day) && <b className="figures">{totalText(day)}</b>}
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
      {day.idleCents > 0 && <p className="idle-text">while idle {formatUsd(day.idleCents / 100)}</p>}
      {day.forecastUsd >= 0.005 && <p>{forecastLine(day)}</p>}
      {note !== null && <p>{note}</p>}
    </div>
  )
}

const hasCost = ({ totalCents, spent }: ChartDay): boolean => totalCents > 0 || spent.isAtLeast

/** "$51.20", "at least $51.20", "unknown": what is not known is never $0.00. */
function totalText({ totalCents, spent }: ChartDay): string {
  if (!spent.isAtLeast) return formatUsd(totalCents / 100)
  return totalCents === 0 ? 'unknown' : `at least ${formatUsd(totalCents / 100)}`
}

function dayTitle({ startMs, when }: ChartDay): string {
  return when === 'today' ? `${shortDay(startMs)}, so far` : shortDay(startMs)
}

const forecastLine = ({ when, forecastUsd }: ChartDay): string =>
  `${when === 'today' ? 'rest of today, ' : ''}forecast ${formatUsd(forecastUsd)}`

/** What a day without cost means, and what one may lack. */
function dayNote(day: ChartDay): string | null {
  if (day.spent.mayMissPods) return 'not watched all day'
  return day.when !== 'future' && !hasCost(day) ? 'cost unknown' : null
}

/** The same for screen readers. */
export function dayDetailText(day: ChartDay, series: readonly SpendSeries[]): string {
  const note = dayNote(day)
  return [
    hasCost(day) ? `${dayTitle(day)}: ${totalText(day)}` : dayTitle(day),
    ...partsOfDay(day, series).map((part) => `${part.series.label} ${formatUsd(part.cents / 100)}`),
    ...(day.idleCents > 0 ? [`while idle ${formatUsd(day.idleCents / 100)}`] : []),
    ...(day.forecastUsd >= 0.005 ? [forecastLine(day)] : []),
    ...(note === null ? [] : [note]),
  ].join('; ')
}
