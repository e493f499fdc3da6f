import { expect, test } from 'vitest'
import { uncountedCents, withLabTotal } from '../../../../src/core/money/costs/lab-total'
import type { LabSpending } from '../../../../src/core/pods/provider'
import { headlineFigures, spendNotes } from '../../../../src/renderer/money/costs/headline-text'
import { sampleMoney } from '../../../harness/app/states/sample-costs'

const { costs } = sampleMoney()
const reports = (totalUsd: number | null, isOfMonth = true): LabSpending => ({
  totalUsd,
  isOfMonth,
  runningUsd: null,
})
const spent = (spending: LabSpending | null, over: object = {}) =>
  headlineFigures(withLabTotal({ ...costs, ...over }, spending)).find(({ key }) => key === 'spent')?.value

test('the larger of what was counted and what the lab reports of the month is the total of the headline', () => {
  expect(costs.totalCents).toBe(38_191)
  expect(spent(reports(400))).toBe('$400.00')
  expect(spent(reports(300))).toBe('$381.91')
  const uncertain = { ...costs.spent, isAtLeast: true, minUsd: 1, maxUsd: 900 }
  expect(spent(reports(400), { spent: uncertain })).toBe('$400.00')
  expect(spent(reports(300), { spent: uncertain })).toBe('at least $381.91')
  expect(spendNotes(withLabTotal({ ...costs, spent: uncertain }, reports(400)))).toEqual([])
  const forecast = withLabTotal(costs, reports(391.91)).forecast?.usd ?? 0
  expect(forecast - (costs.forecast?.usd ?? 0)).toBeCloseTo(10)
})

test('a figure without a month, of no amount, of another month, or none adds nothing', () => {
  for (const spending of [reports(400, false), reports(null), null]) {
    expect(withLabTotal(costs, spending)).toBe(costs)
    expect(uncountedCents(spending, 0)).toBe(0)
  }
  const closed = { ...costs, isCurrent: false }
  expect(withLabTotal(closed, reports(400))).toBe(closed)
})
