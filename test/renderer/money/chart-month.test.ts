import { expect, test } from 'vitest'
import { chartMonth, moneyTicks, rowName } from '../../../src/renderer/money/chart-month'
import { orderRows } from '../../../src/renderer/money/order-rows'
import { manyThings, sampleMoney } from '../../harness/app/sample-costs'
import { NOW_MS } from '../../harness/pod-views'

const { costs } = sampleMoney()

test.each(['pod', 'gpu', 'idle'] as const)('the stacks by %s add up to the cost of each day', (grouping) => {
  for (const costsView of [costs, sampleMoney({ things: manyThings(50) }).costs]) {
    const { series } = chartMonth(costsView, grouping, NOW_MS)
    expect(series.reduce((total, { usd }) => total + usd, 0)).toBeCloseTo(costsView.spent.usd, 9)
    for (const day of chartMonth(costsView, grouping, NOW_MS).days) {
      const sum = Object.values(day.amounts).reduce((total, { usd }) => total + usd, 0)
      expect(sum).toBeCloseTo(day.usd, 9)
      const billed = Object.values(day.amounts).reduce((total, { billedUsd }) => total + billedUsd, 0)
      expect(billed).toBeCloseTo(day.billedUsd, 9)
    }
  }
})

test('the four most expensive pods have their own series, the others share one, and idle time is on top', () => {
  const { series } = chartMonth(sampleMoney({ things: manyThings(50) }).costs, 'pod', NOW_MS)
  expect(series.map(({ className }) => className)).toEqual(['s1', 's2', 's3', 's4', 'others', 'idling'])
  expect(series[4]?.label).toBe('46 others')
})

test('pods with the same GPU type share one series, however many GPUs each has', () => {
  const { series } = chartMonth(sampleMoney({ things: manyThings(4) }).costs, 'gpu', NOW_MS)
  expect(series.map(({ label }) => label).sort()).toEqual(['H100 SXM', 'RTX 4090', 'idle'])
})

test('the forecast covers only the rest of the current month, including the rest of today', () => {
  const days = chartMonth(costs, 'pod', NOW_MS).days
  expect(days.slice(0, 23).every(({ forecastUsd }) => forecastUsd === 0)).toBe(true)
  const whole = days[24]!.forecastUsd
  expect(days[23]!.forecastUsd).toBeGreaterThan(0)
  expect(days[23]!.forecastUsd).toBeLessThan(whole)
  const sum = days.reduce((total, { forecastUsd }) => total + forecastUsd, 0)
  expect(costs.spent.usd + sum).toBeCloseTo(costs.forecast!.usd, 6)
  const past = { ...costs, isCurrent: false }
  expect(chartMonth(past, 'pod', NOW_MS).days.every(({ forecastUsd }) => forecastUsd === 0)).toBe(true)
})

test('the budget line is the daily share of the budget and lies within the scale', () => {
  const month = chartMonth(sampleMoney({ monthlyUsd: 30_000 }).costs, 'pod', NOW_MS)
  expect(month.budgetPerDayUsd).toBe(1_000)
  expect(month.topUsd).toBe(1_000)
  expect(chartMonth(sampleMoney({ monthlyUsd: null }).costs, 'pod', NOW_MS).budgetPerDayUsd).toBeNull()
})

test('a month without costs has no stacks', () => {
  const { series, topUsd } = chartMonth(sampleMoney({ things: [], monthlyUsd: null }).costs, 'pod', NOW_MS)
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
})
