import { expect, test } from 'vitest'
import type { SpendView } from '../../../src/core/money/money-view'
import { HOUR_MS } from '../../../src/core/base/time/time'
import {
  budgetText,
  daysLeftText,
  meterBarText,
  percent,
  podBudgetText,
} from '../../../src/renderer/money/spend-text'
import { sampleMoney } from '../../harness/app/states/sample-costs'

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
const forecast = { usd: 584, atBurnUsd: 900, perHourUsd: 1 }

test('the text alternative of the bar has amounts that add up', () => {
  expect(meterBarText(spend(), budget, forecast)).toBe(
    'Spent $412.80, 69% of $600.00: $360.98 working, $51.82 idle. Projected for the month: $584.00.',
  )
})

test('the budget text says that the budget is exceeded, or when it will be at the current rate', () => {
  expect(budgetText(budget)).toBeNull()
  expect(budgetText({ ...budget, passesAtMs: Date.UTC(2026, 10, 27, 23) })).toContain('Nov 27 (UTC)')
  expect(budgetText(sampleMoney({ monthlyUsd: 200 }).money.budget)).toBe('The budget is spent')
  expect(budgetText({ ...budget, monthlyUsd: null })).toBeNull()
})

test('a share above zero is never formatted as 0%', () => {
  expect([0, 0.001, 0.126, 1.5].map(percent)).toEqual(['0%', '<1%', '13%', '150%'])
})

test('the budget text of a pod shows how much of its own budget is spent', () => {
  expect(podBudgetText(12.4, 20)).toBe('$12.40 of $20.00 this month')
  expect(podBudgetText(20.03, 20)).toBe('$20.03 of $20.00 this month: its budget is spent')
})

test('the rest of a month is formatted in tenths of days', () => {
  expect(daysLeftText(6.44 * 24 * HOUR_MS)).toBe('6.4 days left')
  expect(daysLeftText(0)).toBeNull()
})
