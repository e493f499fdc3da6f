import { expect, test } from 'vitest'
import type { SpendView } from '../../../src/core/money/money-view'
import { HOUR_MS } from '../../../src/core/base/time'
import {
  budgetText,
  daysLeftText,
  meterBar,
  meterBarText,
  percent,
  podBudgetText,
  spendCertaintyText,
} from '../../../src/renderer/money/spend-text'
import { sampleMoney } from '../../harness/app/sample-costs'

const spend = (overrides: Partial<SpendView> = {}): SpendView => ({
  usd: 412.8,
  minUsd: 412.8,
  maxUsd: 412.8,
  billedUsd: 412.8,
  estimatedUsd: 0,
  idleUsd: 51.82,
  isAtLeast: false,
  mayMissPods: false,
  ...overrides,
})
const budget = { monthlyUsd: 600, dailyUsd: null, monthShare: 0.688, dayShare: null, passesAtMs: null }
const warnAtShares = [0.5, 0.8]
const forecast = { usd: 584, atBurnUsd: 900, perHourUsd: 1 }

test('the text distinguishes billed and estimated amounts, lower bounds and ranges', () => {
  expect(spendCertaintyText(spend())).toEqual(['all billed'])
  expect(spendCertaintyText(spend({ billedUsd: 0, estimatedUsd: 412.8 }))).toEqual(['all estimated'])
  expect(spendCertaintyText(spend({ billedUsd: 400, estimatedUsd: 12.8 }))).toEqual([
    '$400.00 billed, $12.80 estimated',
  ])
  expect(spendCertaintyText(spend({ minUsd: 400, maxUsd: 420 }))).toContain('between $400.00 and $420.00')
  expect(spendCertaintyText(spend({ isAtLeast: true })).join()).toContain('at least')
  expect(spendCertaintyText(spend({ mayMissPods: true })).join()).toContain('nobody looked')
  expect(spendCertaintyText(spend({ usd: 0, minUsd: 0, maxUsd: 0, billedUsd: 0 }))).toEqual([])
})

test('the bar is as long as the budget while nothing exceeds it, and its parts are shares of the budget', () => {
  const bar = meterBar(spend(), budget, forecast, warnAtShares)!
  expect(bar.working + bar.idle).toBeCloseTo(412.8 / 600)
  expect(bar.forecast).toBeCloseTo(584 / 600)
  expect(bar.budgetEnd).toBeNull()
  expect(bar.thresholds).toEqual([0.5, 0.8])
})

test('a forecast or spending beyond the budget makes the bar longer, with a mark at the end of the budget', () => {
  for (const bar of [
    meterBar(spend(), budget, { ...forecast, usd: 1_200 }, warnAtShares)!,
    meterBar(spend({ usd: 1_200 }), budget, null, warnAtShares)!,
  ])
    expect(bar.budgetEnd).toBe(0.5)
})

test('there is no bar without a budget', () => {
  expect(
    meterBar(spend(), { ...budget, monthlyUsd: null, monthShare: null }, forecast, warnAtShares),
  ).toBeNull()
})

test('the text alternative of the bar has amounts that add up', () => {
  expect(meterBarText(spend(), budget, forecast)).toBe(
    'Spent $412.80, 69 % of $600.00: $360.98 working, $51.82 idle. Projected for the month: $584.00.',
  )
})

test('the budget text says that the budget is exceeded, or when it will be at the current rate', () => {
  expect(budgetText(budget)).toBeNull()
  expect(budgetText({ ...budget, passesAtMs: Date.UTC(2026, 10, 27, 23) })).toContain('27 Nov (UTC)')
  expect(budgetText(sampleMoney({ monthlyUsd: 200 }).money.budget)).toBe('The budget is passed')
  expect(budgetText({ ...budget, monthlyUsd: null })).toBeNull()
})

test('a share above zero is never formatted as 0 %', () => {
  expect([0, 0.001, 0.126, 1.5].map(percent)).toEqual(['0 %', '<1 %', '13 %', '150 %'])
})

test('the budget text of a pod shows how much of its own budget is spent', () => {
  expect(podBudgetText(12.4, 20)).toBe('$12.40 of $20.00 this month')
  expect(podBudgetText(20.03, 20)).toBe('$20.03 of $20.00 this month: its budget is spent')
})

test('the rest of a month is formatted in tenths of days', () => {
  expect(daysLeftText(6.44 * 24 * HOUR_MS)).toBe('6.4 days left')
  expect(daysLeftText(0)).toBeNull()
})
