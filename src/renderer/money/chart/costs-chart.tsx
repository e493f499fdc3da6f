import { type KeyboardEvent, type PointerEvent, useMemo, useRef, useState } from 'react'
import { formatUsd } from '../../../core/base/text/format'
import { type ChartBar, type ChartLayout, chartLayout } from './chart-layout'
import { type ChartDay, type ChartMonth, partsOfDay } from './chart-month'
import {
  dayDetailText,
  dayForecastText,
  dayIdleText,
  dayNote,
  dayTitle,
  dayTotalText,
  hasCost,
} from './chart-text'
import type { SpendSeries } from './spend-series'
import { useWidth } from './use-width'

const WIDTH = 208

interface CostsChartProps {
  readonly month: ChartMonth
  readonly label: string
  /** The bills are not all read, so no sum is written. */
  readonly isReading: boolean
}

/** The days that a key goes forward or back; Infinity for the first and the last one. */
const keySteps: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageUp: 7,
  PageDown: -7,
  Home: -Infinity,
  End: Infinity,
}

/**
 * A month as stacked bars: past days solid, today hatched with what is left of it on top, and the forecast dashed. For
 * the keyboard and screen readers it is a slider over the days.
 */
export function CostsChart({ month, label, isReading }: CostsChartProps) {
  const { days, series } = month
  const ref = useRef<HTMLDivElement>(null)
  const width = useWidth(ref)
  const layout = useMemo(() => chartLayout(month, width), [month, width])
  const [shown, setShown] = useState<number | null>(null)
  const today = days.findIndex(({ when }) => when === 'today')
  const current = Math.min(shown ?? (today === -1 ? days.length - 1 : today), days.length - 1)
  const day = days[current]

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === 'Escape' && shown !== null) {
      event.stopPropagation()
      setShown(null)
      return
    }
    const step = keySteps[event.key]
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    // The first key shows where one is.
    const next = shown === null && Number.isFinite(step) ? current : current + step
    setShown(Math.max(0, Math.min(days.length - 1, next)))
  }

  function onPointerMove(event: PointerEvent<HTMLDivElement>): void {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left
    const index = Math.floor((x - layout.left) / layout.dayWidth)
    setShown(index >= 0 && index < days.length ? index : null)
  }

  if (day === undefined) return null
  return (
    <div
      ref={ref}
      className="costs-chart"
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={1}
      aria-valuemax={days.length}
      aria-valuenow={current + 1}
      aria-valuetext={dayDetailText(day, series)}
      onKeyDown={onKeyDown}
      onBlur={() => setShown(null)}
      onPointerMove={onPointerMove}
      onPointerLeave={() => setShown(null)}
    >
      {width > 0 && <Bars layout={layout} month={month} shown={shown} isReading={isReading} />}
      {shown !== null && (
        <DayTooltip
          day={day}
          series={series}
          x={layout.left + (shown + 0.5) * layout.dayWidth}
          gap={layout.dayWidth / 2 + 4}
          width={layout.width}
        />
      )}
    </div>
  )
}

interface BarsProps {
  readonly layout: ChartLayout
  readonly month: ChartMonth
  readonly shown: number | null
  readonly isReading: boolean
}

function Bars({ layout, month, shown, isReading }: BarsProps) {
  const { width, height, left, dayWidth, baseline, budget, forecastLabel, todayLabel } = layout
  return (
    <svg width={width} height={height} aria-hidden="true">
      <defs>
        {month.series.map(({ key, className }) => (
          <pattern
            key={key}
            id={`today-${className}`}
            className={className}
            width="6"
            height="6"
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)"
          >
            <rect className="hatch-ground" width="6" height="6" />
            <rect className="hatch-line" width="3.4" height="6" />
          </pattern>
        ))}
      </defs>
      {shown !== null && (
        <rect
          className="hovered"
          x={left + shown * dayWidth}
          y={16}
          width={dayWidth}
          height={baseline - 16}
        />
      )}
      {layout.ticks.map(({ y, text }) => (
        <g key={text}>
          <line className="grid" x1={left} x2={width} y1={y + 0.5} y2={y + 0.5} />
          <text x={left - 8} y={y + 4} textAnchor="end">
            {text}
          </text>
        </g>
      ))}
      {layout.bars.map((bar) => (
        <DayBar key={bar.x} bar={bar} />
      ))}
      {budget !== null && <line className="budget-line" x1={left} x2={width} y1={budget.y} y2={budget.y} />}
      {[budget?.label, isReading ? null : forecastLabel].map(
        (one) =>
          one && (
            <text key={one.text} className="note" x={one.x} y={one.y} textAnchor={one.anchor ?? 'middle'}>
              {one.text}
            </text>
          ),
      )}
      {todayLabel !== null && (
        <text className="strong" x={todayLabel.x} y={todayLabel.y} textAnchor="middle">
          {isReading ? '…' : todayLabel.text}
        </text>
      )}
      {layout.dates.map(({ x, text, isToday }) => (
        <text
          key={text}
          className={isToday ? 'date strong' : 'date'}
          x={x}
          y={baseline + 18}
          textAnchor="middle"
        >
          {text}
        </text>
      ))}
    </svg>
  )
}

function DayBar({ bar: { x, width, isToday, parts, forecast } }: { readonly bar: ChartBar }) {
  return (
    <>
      {parts.map(({ series: { key, className }, y, height }) => (
        <rect
          key={key}
          className={`bar ${className}`}
          x={x}
          y={y}
          width={width}
          height={height}
          {...(isToday && { style: { fill: `url(#today-${className})` } })}
        />
      ))}
      {forecast !== null && (
        <rect
          className="forecast"
          x={x + 0.5}
          y={forecast.y + 0.5}
          width={Math.max(0, width - 1)}
          height={Math.max(0, forecast.height - 1)}
          rx={2}
        />
      )}
    </>
  )
}

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
function DayTooltip({ day, series, x, gap, width }: DayTooltipProps) {
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
