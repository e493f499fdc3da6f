import { expect, test } from 'vitest'
import type { CostsRow } from '../../../../src/core/money/costs/costs-rows'
import type { CostsView } from '../../../../src/core/money/costs/costs-view'
import { chartMonth, partsOfDay } from '../../../../src/renderer/money/chart/chart-month'
import { moneyTicks } from '../../../../src/renderer/money/chart/chart-layout'
import { orderRows } from '../../../../src/renderer/money/costs/order-rows'
import { groupRows, rowName } from '../../../../src/renderer/money/chart/spend-series'
import { rowColors } from '../../../../src/renderer/pod-model/pod-color'
import { everyKindOfThing, manyThings, sampleMoney } from '../../../harness/app/states/sample-costs'

const colorsOf = (rows: CostsView['rows']) => rowColors(rows, 'account-1', new Map())
const colors = new Map<string, string>()
const { costs } = sampleMoney()

test.each(['pod', 'gpu', 'idle'] as const)(
  'the stacks by %s add up to the cost of each day and of the month, to the cent',
  (grouping) => {
    for (const { costs: costsView } of [
      sampleMoney(),
      sampleMoney({ things: manyThings(50) }),
      sampleMoney({ things: everyKindOfThing }),
    ]) {
      const { series, days } = chartMonth(costsView, grouping, colors)
      expect(series.reduce((total, { cents }) => total + cents, 0)).toBe(costsView.totalCents)
      expect(days.reduce((total, day) => total + day.totalCents, 0)).toBe(costsView.totalCents)
      for (const day of days) {
        const sum = Object.values(day.cents).reduce((total, cents) => total + cents, 0)
        expect(sum).toBe(day.totalCents)
        const parts = partsOfDay(day, series).map(({ cents }) => cents)
        expect(parts.reduce((total, cents) => total + cents, 0)).toBe(day.totalCents)
        expect(parts).toEqual([...parts].sort((a, b) => b - a))
      }
    }
  },
)

test('the most expensive pods have their own series in their own color, and the others share one on top', () => {
  const { rows } = sampleMoney({ things: manyThings(50) }).costs
  const { series } = groupRows(rows, 'pod', colorsOf(rows))
  expect(series).toHaveLength(7)
  for (const { key, className } of series.slice(0, 6))
    expect(className).toBe(colorsOf(rows).get(key.replace('of:', '') as CostsRow['id']))
  expect(series[6]).toMatchObject({ label: '44 others', className: 'others' })
  const cents = series.slice(0, 6).map((one) => one.cents)
  expect(cents).toEqual([...cents].sort((a, b) => b - a))
})

test('a pod keeps its color however much the others cost', () => {
  const { rows } = costs
  const colors = (all: typeof rows) =>
    Object.fromEntries(
      groupRows(all, 'pod', colorsOf(all)).series.map(({ key, className }) => [key, className]),
    )
  const reversed = [...rows]
    .reverse()
    .map((row, index) => ({ ...row, totalCents: (index + 1) * 100, idleCents: 0 }))
  expect(colors(reversed)).toEqual(colors(rows))
})

test('terminated pods are gray and share one series, which has the name of a single one', () => {
  const gone = (count: number) =>
    costs.rows.map((row, index) => (index < count ? { ...row, state: 'gone' as const } : row))
  const seriesOf = (count: number) =>
    groupRows(gone(count), 'pod', colorsOf(gone(count))).series.filter(
      ({ className }) => className === 'faded',
    )
  expect(seriesOf(0)).toEqual([])
  expect(seriesOf(1).map(({ label }) => label)).toEqual(['llama-70b-sft'])
  expect(seriesOf(2).map(({ label }) => label)).toEqual(['2 terminated'])
})

test('pods with the same GPU type share one series, however many GPUs each has', () => {
  const { series } = chartMonth(sampleMoney({ things: manyThings(4) }).costs, 'gpu', colors)
  expect(series.map(({ label }) => label).sort()).toEqual(['H100 SXM', 'RTX 4090'])
})

test('idle time is a stack of its own only where busy and idle time are compared', () => {
  const labels = (grouping: 'pod' | 'gpu' | 'idle') =>
    chartMonth(costs, grouping, colors).series.map(({ label }) => label)
  expect(labels('idle')).toEqual(['busy', 'idle'])
  expect(labels('pod')).not.toContain('idle')
  const { days } = chartMonth(costs, 'idle', colors)
  expect(days.reduce((sum, { cents }) => sum + (cents['idle'] ?? 0), 0)).toBe(costs.idleCents)
})

test('the forecast covers only the rest of the current month, including the rest of today', () => {
  const { days } = chartMonth(costs, 'pod', colors)
  expect(days.slice(0, 23).every(({ forecastUsd }) => forecastUsd === 0)).toBe(true)
  expect(days.map(({ when }) => when)).toEqual([
    ...Array.from({ length: 23 }, () => 'past'),
    'today',
    ...Array.from({ length: 6 }, () => 'future'),
  ])
  const whole = days[24]!.forecastUsd
  expect(days[23]!.forecastUsd).toBeGreaterThan(0)
  expect(days[23]!.forecastUsd).toBeLessThan(whole)
  const sum = days.reduce((total, { forecastUsd }) => total + forecastUsd, 0)
  expect(costs.spent.usd + sum).toBeCloseTo(costs.forecast!.usd, 6)
  const past = chartMonth({ ...costs, isCurrent: false }, 'pod', colors).days
  expect(past.every(({ forecastUsd, when }) => forecastUsd === 0 && when === 'past')).toBe(true)
})

test('the budget line is the daily share of the budget and lies within the scale', () => {
  const month = chartMonth(sampleMoney({ monthlyUsd: 30_000 }).costs, 'pod', colors)
  expect(month.budgetPerDayUsd).toBe(1_000)
  expect(month.topUsd).toBe(1_000)
  expect(chartMonth(sampleMoney({ monthlyUsd: null }).costs, 'pod', colors).budgetPerDayUsd).toBeNull()
})

test('a month without costs has no stacks', () => {
  const { series, topUsd } = chartMonth(sampleMoney({ things: [], monthlyUsd: null }).costs, 'pod', colors)
  expect(series).toEqual([])
  expect(topUsd).toBe(0)
})

test.each([
  [0, [0, 1]],
  [95.6, [0, 25, 50, 75, 100]],
  [120, [0, 50, 100, 150]],
  [0.07, [0, 0.02, 0.04, 0.06, 0.08]],
])('the money axis up to $%d has round steps', (topUsd, ticks) => {
  const madeTicks = moneyTicks(topUsd)
  expect(madeTicks).toHaveLength(ticks.length)
  ticks.forEach((tick, index) => expect(madeTicks[index]).toBeCloseTo(tick, 9))
})

test('rows are sorted by any column in both directions, and equal rows keep their order', () => {
  const names = (isDescending: boolean): readonly string[] =>
    orderRows(costs.rows, { column: 'name', isDescending }).map(rowName)
  expect(names(false)).toEqual([
    'anomaly-v3',
    'comfy-scratch',
    'datasets',
    'llama-70b-sft',
    'mcmc-planck',
    'Other Runpod',
  ])
  expect(names(true)).toEqual([...names(false)].reverse())
  expect(orderRows(costs.rows, { column: 'total', isDescending: true })).toEqual(costs.rows)
  const rates = orderRows(costs.rows, { column: 'rate', isDescending: false }).map(
    ({ rate }) => rate?.perHourUsd ?? 0,
  )
  expect(rates).toEqual([...rates].sort((a, b) => a - b))
})
