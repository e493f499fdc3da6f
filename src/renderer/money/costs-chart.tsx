import type { ReactNode } from 'react'
import {
  Bar,
  BarChart,
  CartesianGrid,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts'
import { formatUsd } from '../../core/base/format'
import { type ChartDay, type ChartMonth, moneyTicks, type SpendSeries, tickText } from './chart-month'
import { utcDay } from './spend-text'

/** A month as stacked bars: billed is filled, estimated is outlined, idle is hatched, forecast is dashed. */
export function CostsChart({ month, label }: { readonly month: ChartMonth; readonly label: string }) {
  const { series, days, budgetPerDayUsd, topUsd } = month
  const ticks = moneyTicks(topUsd)
  return (
    <div className="costs-chart">
      <ResponsiveContainer width="100%" height={230}>
        <BarChart
          data={[...days]}
          title={label}
          desc="Left and right arrow keys go from day to day."
          margin={{ top: 14, right: 4, bottom: 0, left: 0 }}
          barCategoryGap="18%"
        >
          <defs>
            <pattern id="idle-hatch" width="5" height="5" patternUnits="userSpaceOnUse">
              <rect className="hatch-ground" width="5" height="5" />
              <path className="hatch-lines" d="M-1 1l2-2M0 5l5-5M4 6l2-2" />
            </pattern>
          </defs>
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis
            dataKey="startMs"
            tick={{ fill: 'var(--text-3)' }}
            tickFormatter={utcDay}
            tickLine={false}
            axisLine={false}
            minTickGap={28}
            interval="preserveStartEnd"
          />
          <YAxis
            domain={[0, ticks.at(-1) ?? 1]}
            ticks={[...ticks]}
            tick={{ fill: 'var(--text-3)' }}
            tickFormatter={tickText}
            tickLine={false}
            axisLine={false}
            width={52}
          />
          <Tooltip
            isAnimationActive={false}
            cursor={{ fill: 'var(--mute-bg)', stroke: 'none' }}
            content={({ active, payload }) => {
              const day = payload[0]?.payload as ChartDay | undefined
              return active && day !== undefined ? <DayTooltip day={day} series={series} /> : null
            }}
          />
          {series.map((entry) => (
            <Bar
              key={entry.key}
              dataKey={(day: ChartDay) => day.amounts[entry.key]?.usd ?? 0}
              name={entry.label}
              stackId="day"
              isAnimationActive={false}
              shape={(box: BarShapeProps) => renderAmount(entry, box)}
            />
          ))}
          <Bar
            dataKey="forecastUsd"
            name="to come"
            stackId="day"
            isAnimationActive={false}
            shape={renderForecast}
          />
          {budgetPerDayUsd !== null && (
            <ReferenceLine y={budgetPerDayUsd} stroke="var(--bad)" strokeDasharray="4 4" />
          )}
        </BarChart>
      </ResponsiveContainer>
    </div>
  )
}

/** The part of recharts' shape props that is used; `payload` is the day. */
interface BarShapeProps {
  readonly x?: number
  readonly y?: number
  readonly width?: number
  readonly height?: number
  readonly payload?: unknown
}

/** Draws the billed part filled, and the estimated part above it as an outline. */
function renderAmount({ key, className }: SpendSeries, box: BarShapeProps): ReactNode {
  const { x = 0, y = 0, width = 0, height = 0 } = box
  const amount = (box.payload as ChartDay | undefined)?.amounts[key]
  if (amount === undefined || !(height > 0)) return <g />
  const billed = height * Math.min(1, Math.max(0, amount.billedUsd / amount.usd))
  const estimated = height - billed
  return (
    <g className={className}>
      {billed > 0 && <rect className="billed" x={x} y={y + estimated} width={width} height={billed} />}
      {estimated > 0 && (
        <rect
          className="estimated"
          x={x + 0.5}
          y={y + 0.5}
          width={Math.max(0, width - 1)}
          height={Math.max(0, estimated - 1)}
        />
      )}
    </g>
  )
}

function renderForecast({ x = 0, y = 0, width = 0, height = 0 }: BarShapeProps): ReactNode {
  if (!(height > 0)) return <g />
  return (
    <rect
      className="forecast"
      x={x + 0.5}
      y={y + 0.5}
      width={Math.max(0, width - 1)}
      height={Math.max(0, height - 1)}
    />
  )
}

function DayTooltip({ day, series }: { readonly day: ChartDay; readonly series: readonly SpendSeries[] }) {
  const parts = series.filter(({ key }) => (day.amounts[key]?.usd ?? 0) > 0)
  return (
    <div className="day-detail">
      <b>
        {utcDay(day.startMs)} (UTC): {formatUsd(day.usd)}
      </b>
      <ul>
        {parts.map(({ key, label, className }) => (
          <li key={key}>
            <span className={`swatch ${className}`} aria-hidden="true" />
            <bdi>{label}</bdi>
            <span className="figures">{formatUsd(day.amounts[key]?.usd ?? 0)}</span>
          </li>
        ))}
      </ul>
      <p>{dayCertaintyText(day)}</p>
      {day.forecastUsd > 0 && <p>to come, as the last 7 days went: {formatUsd(day.forecastUsd)}</p>}
    </div>
  )
}

/** "all billed", "$2.10 billed, $1.05 estimated"; empty when the day cost nothing. */
export function dayCertaintyText({ usd, billedUsd }: ChartDay): string {
  const estimatedUsd = usd - billedUsd
  if (usd < 0.005) return ''
  if (estimatedUsd < 0.005) return 'all billed'
  if (billedUsd < 0.005) return 'all estimated'
  return `${formatUsd(billedUsd)} billed, ${formatUsd(estimatedUsd)} estimated`
}
