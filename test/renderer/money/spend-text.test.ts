import { expect, test } from 'vitest'
import type { SpendView } from '../../../src/core/money/money-view'
import { HOUR_MS } from '../../../src/core/base/time'
import {
  budgetWords,
  certaintyWords,
  daysLeftWords,
  meterBar,
  meterBarWords,
  percent,
  podBudgetWords,
} from '../../../src/renderer/money/spend-text'
import { someMoney } from '../../harness/app/some-costs'

const spend = (over: Partial<SpendView> = {}): SpendView => ({
  usd: 412.8,
  minUsd: 412.8,
  maxUsd: 412.8,
  billedUsd: 412.8,
  estimatedUsd: 0,
  idleUsd: 51.82,
  isAtLeast: false,
  mayMissPods: false,
  ...over,
})
const budget = { monthlyUsd: 600, dailyUsd: null, monthShare: 0.688, dayShare: null, passesAtMs: null }
const toldAt = [0.5, 0.8]
const forecast = { usd: 584, atBurnUsd: 900, perHourUsd: 1 }

test('billed, estimated, at least, and a range are told apart in words', () => {
  expect(certaintyWords(spend())).toEqual(['all billed'])
  expect(certaintyWords(spend({ billedUsd: 0, estimatedUsd: 412.8 }))).toEqual(['all estimated'])
  expect(certaintyWords(spend({ billedUsd: 400, estimatedUsd: 12.8 }))).toEqual([
    '$400.00 billed, $12.80 estimated',
  ])
  expect(certaintyWords(spend({ minUsd: 400, maxUsd: 420 }))).toContain('between $400.00 and $420.00')
  expect(certaintyWords(spend({ isAtLeast: true })).join()).toContain('at least')
  expect(certaintyWords(spend({ mayMissPods: true })).join()).toContain('nobody looked')
  expect(certaintyWords(spend({ usd: 0, minUsd: 0, maxUsd: 0, billedUsd: 0 }))).toEqual([])
})

test('the bar is as long as the budget while that is the most, and its parts are shares of it', () => {
  const bar = meterBar(spend(), budget, forecast, toldAt)!
  expect(bar.working + bar.idle).toBeCloseTo(412.8 / 600)
  expect(bar.forecast).toBeCloseTo(584 / 600)
  expect(bar.budgetEnd).toBeNull()
  expect(bar.thresholds).toEqual([0.5, 0.8])
})

test('a forecast or a spend beyond the budget makes the bar longer, with a mark where the budget ends', () => {
  for (const bar of [
    meterBar(spend(), budget, { ...forecast, usd: 1_200 }, toldAt)!,
    meterBar(spend({ usd: 1_200 }), budget, null, toldAt)!,
  ])
    expect(bar.budgetEnd).toBe(0.5)
})

test('no bar is drawn against no budget', () => {
  expect(meterBar(spend(), { ...budget, monthlyUsd: null, monthShare: null }, forecast, toldAt)).toBeNull()
})

test('the bar is said in words whose amounts add up', () => {
  expect(meterBarWords(spend(), budget, forecast)).toBe(
    'Spent $412.80, 69 % of $600.00: $360.98 working, $51.82 idle. Projected for the month: $584.00.',
  )
})

test('a budget says that it is passed, or when it will be at this pace', () => {
  expect(budgetWords(budget)).toBeNull()
  expect(budgetWords({ ...budget, passesAtMs: Date.UTC(2026, 10, 27, 23) })).toContain('27 Nov (UTC)')
  expect(budgetWords(someMoney({ monthlyUsd: 200 }).money.budget)).toBe('The budget is passed')
  expect(budgetWords({ ...budget, monthlyUsd: null })).toBeNull()
})

test('a share that is not nothing never reads as 0 %', () => {
  expect([0, 0.001, 0.126, 1.5].map(percent)).toEqual(['0 %', '<1 %', '13 %', '150 %'])
})

test('a pod says how much of its own budget is spent', () => {
  expect(podBudgetWords(12.4, 20)).toBe('$12.40 of $20.00 this month')
  expect(podBudgetWords(20.03, 20)).toBe('$20.03 of $20.00 this month: its budget is spent')
})

test('what is left of a month is told in tenths of days', () => {
  expect(daysLeftWords(6.44 * 24 * HOUR_MS)).toBe('6.4 days left')
  expect(daysLeftWords(0)).toBeNull()
})
