import { expect, test } from 'vitest'
import { chartMonth, moneyTicks, rowName } from '../../../src/renderer/money/costs-days'
import { orderRows } from '../../../src/renderer/money/order-rows'
import { manyThings, someMoney } from '../../harness/app/some-costs'
import { NOW_MS } from '../../harness/pod-views'

const { costs } = someMoney()

test.each(['pod', 'gpu', 'idle'] as const)('stacked by %s, a day adds up to what it cost', (grouping) => {
  for (const given of [costs, someMoney({ things: manyThings(50) }).costs]) {
    const { series } = chartMonth(given, grouping, NOW_MS)
    expect(series.reduce((all, { usd }) => all + usd, 0)).toBeCloseTo(given.spent.usd, 9)
    for (const day of chartMonth(given, grouping, NOW_MS).days) {
      const sum = Object.values(day.amounts).reduce((all, { usd }) => all + usd, 0)
      expect(sum).toBeCloseTo(day.usd, 9)
      const billed = Object.values(day.amounts).reduce((all, { billedUsd }) => all + billedUsd, 0)
      expect(billed).toBeCloseTo(day.billedUsd, 9)
    }
  }
})

test('the four dearest are drawn by themselves, the others together, idleness on top', () => {
  const { series } = chartMonth(someMoney({ things: manyThings(50) }).costs, 'pod', NOW_MS)
  expect(series.map(({ look }) => look)).toEqual(['s1', 's2', 's3', 's4', 'others', 'idling'])
  expect(series[4]?.label).toBe('46 others')
})

test('pods of one GPU type are one, however many GPUs each has', () => {
  const { series } = chartMonth(someMoney({ things: manyThings(4) }).costs, 'gpu', NOW_MS)
  expect(series.map(({ label }) => label).sort()).toEqual(['H100 SXM', 'RTX 4090', 'idle'])
})

test('only what is still to come of the current month is forecast, today in part', () => {
  const days = chartMonth(costs, 'pod', NOW_MS).days
  expect(days.slice(0, 23).every(({ forecastUsd }) => forecastUsd === 0)).toBe(true)
  const whole = days[24]!.forecastUsd
  expect(days[23]!.forecastUsd).toBeGreaterThan(0)
  expect(days[23]!.forecastUsd).toBeLessThan(whole)
  const sum = days.reduce((all, { forecastUsd }) => all + forecastUsd, 0)
  expect(costs.spent.usd + sum).toBeCloseTo(costs.forecast!.usd, 6)
  const past = { ...costs, isCurrent: false }
  expect(chartMonth(past, 'pod', NOW_MS).days.every(({ forecastUsd }) => forecastUsd === 0)).toBe(true)
})

test('the line of the budget is a day’s part of it, and the scale holds it', () => {
  const month = chartMonth(someMoney({ monthlyUsd: 30_000 }).costs, 'pod', NOW_MS)
  expect(month.budgetPerDayUsd).toBe(1_000)
  expect(month.topUsd).toBe(1_000)
  expect(chartMonth(someMoney({ monthlyUsd: null }).costs, 'pod', NOW_MS).budgetPerDayUsd).toBeNull()
})

test('a month without anything has no stacks', () => {
  const { series, topUsd } = chartMonth(someMoney({ things: [], monthlyUsd: null }).costs, 'pod', NOW_MS)
  expect(series).toEqual([])
  expect(topUsd).toBe(0)
})

test.each([
  [0, [0, 1]],
  [95.6, [0, 25, 50, 75, 100]],
  [120, [0, 50, 100, 150]],
  [0.07, [0, 0.02, 0.04, 0.06, 0.08]],
])('a scale up to $%d has round steps', (top, ticks) => {
  const made = moneyTicks(top)
  expect(made).toHaveLength(ticks.length)
  ticks.forEach((tick, index) => expect(made[index]).toBeCloseTo(tick, 9))
})

test('rows are ordered by any column, both ways, and those that are equal stay as they were', () => {
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
