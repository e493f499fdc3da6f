import { describe, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import type { BalanceView } from '../../../src/core/money/balance'
import {
  balanceText,
  budgetNotes,
  budgetRows,
  spentOfBudgetText,
  stripMeter,
  stripUsd,
} from '../../../src/renderer/strip/strip-text'
import { roughDuration } from '../../../src/renderer/money/spend-text'
import { burnRateText } from '../../../src/core/money/burn-rate'
import { moneyView, spendView } from '../../harness/samples/money-views'
import { NOW_MS } from '../../harness/samples/pod-views'

test('amounts of the strip have two decimals, unless they are so large that there is no room for them', () => {
  expect([450.18, 5.37, 0, 0.001, -3.2, 1_234.5, 99_999, 486_212, 999_600, -1_204_000].map(stripUsd)).toEqual(
    ['$450.18', '$5.37', '$0.00', '<$0.01', '−$3.20', '$1,234.50', '$99,999.00', '$486k', '$1M', '−$1.2M'],
  )
})

test('a duration is as rough as it is uncertain', () => {
  expect(
    [30 * MINUTE_MS, 59 * MINUTE_MS, 8.97 * HOUR_MS, 47 * HOUR_MS, 3.9 * DAY_MS, 24_629 * DAY_MS].map(
      roughDuration,
    ),
  ).toEqual(['30 min', '59 min', '9 h', '47 h', '3 days', 'over a year'])
})

test('what is unknown is written as such', () => {
  const known = (usd: number): BalanceView => ({ kind: 'known', usd, spendPerHourUsd: null, atMs: NOW_MS })
  expect(burnRateText({ perHourUsd: 18.3, isAtLeast: true })).toMatch(/^at least \$18\.30\/hr/)
  expect(burnRateText({ perHourUsd: 18.3, isAtLeast: false })).toMatch(/^\$18\.30\/hr/)
  expect(burnRateText({ perHourUsd: 18.3, isAtLeast: true, isApproximate: true })).toMatch(
    /^at least approx\. \$18\.30\/hr/,
  )
  expect(balanceText({ kind: 'not-asked' }, null)).toBe('unknown')
  expect(balanceText({ kind: 'unavailable', reason: 'no' }, null)).toBe('unknown')
  expect(balanceText(known(164.2), 9 * HOUR_MS)).toBe('9 h')
  expect(balanceText(known(164.2), null)).toBe('$164.20')
  expect(balanceText(known(-3.2), 0)).toBe('−$3.20')
})

describe('the meter of the strip', () => {
  const budgets = { monthlyUsd: 100, dailyUsd: null }
  const meter = (spentUsd: number, forecastUsd: number | null) =>
    stripMeter(
      moneyView(
        spentUsd,
        {
          forecast: forecastUsd === null ? null : { usd: forecastUsd, atBurnUsd: 0, perHourUsd: 0 },
        },
        budgets,
      ),
    )

  test('ends at the budget while spending and forecast stay below it', () => {
    expect(meter(40, 90)).toEqual({ mark: 1, spent: 0.4, over: 0, forecast: null })
    expect(meter(100, 100)).toEqual({ mark: 1, spent: 1, over: 0, forecast: null })
    expect(meter(0, null)).toEqual({ mark: 1, spent: 0, over: 0, forecast: null })
  })

  test('shows a forecast beyond the budget past its mark', () => {
    const bar = meter(50, 115)!
    expect(bar.mark).toBeCloseTo(1 / 1.3)
    expect(bar.spent).toBeCloseTo(0.5 / 1.3)
    expect(bar.forecast).toBeCloseTo(1.15 / 1.3)
  })

  test('never looks fuller or emptier than it is, however much is spent', () => {
    const bar = meter(700, 900)!
    expect(bar.mark).toBeCloseTo(1 / 1.3)
    expect(bar.spent).toBeCloseTo(bar.mark)
    expect(bar.mark + bar.over).toBeCloseTo(1)
    expect(bar.forecast).toBe(1)
  })

  test('is absent without a budget', () => {
    expect(stripMeter(moneyView(5))).toBeNull()
  })
})

test('the details have every amount of the month with its certainty', () => {
  const money = moneyView(
    450.18,
    {
      spent: spendView(450.18, {
        billedUsd: 401.6,
        estimatedUsd: 48.58,
        idleUsd: 40.99,
        minUsd: 440,
        maxUsd: 455,
        isAtLeast: true,
        mayMissPods: true,
      }),
      today: spendView(85.62, { idleUsd: 8.5 }),
      forecast: { usd: 620, atBurnUsd: 580, perHourUsd: 1 },
    },
    { monthlyUsd: 500, dailyUsd: 80 },
  )
  const rows = budgetRows(money, [0.5, 0.8], NOW_MS)
  const of = (label: RegExp) => rows.find((row) => label.test(row.label))
  expect(of(/^Spent in November \(UTC\)/)?.value).toBe('at least $450.18')
  expect(of(/^Between/)?.value).toBe('$440.00 and $455.00')
  expect(of(/^Billed through/)?.value).toBe('$401.60')
  expect(of(/^Estimated since/)?.value).toBe('$48.58')
  expect(of(/^While working/)?.value).toBe('$409.19')
  expect(of(/^While idle/)).toMatchObject({ value: '$40.99', tone: 'idle' })
  expect(of(/^Today/)?.value).toBe('$85.62 of $80.00')
  expect(of(/^Idle today/)?.value).toMatch(/^\$8\.50, 10 ?% of today$/)
  expect(of(/^Forecast/)).toMatchObject({ value: '$620.00, $120.00 over', tone: 'bad' })
  expect(of(/^At the current rate/)?.value).toBe('$580.00')
  expect(of(/^Monthly budget/)?.value).toMatch(/^\$500\.00, .*left$/)
  expect(of(/^Budget alerts/)?.value).toMatch(/^50 ?% and 80 ?%$/)
  expect(new Set(rows.map(({ label }) => label)).size).toBe(rows.length)
  expect(budgetNotes(money)).toHaveLength(2)
})

test('a month without budget says that nothing warns, and leaves out what isn’t known', () => {
  const money = moneyView(0, { forecast: null })
  expect(budgetNotes(money)).toEqual(['No budget set, so you won’t be warned before overspending.'])
  expect(budgetRows(money, [0.5], NOW_MS).map(({ label }) => label)).toEqual([
    'Spent in November (UTC)',
    'While working',
    'While idle',
    'Today (UTC)',
    'Month',
  ])
})

test('while the bills of the month are read for the first time, no amount is shown that would jump', () => {
  const budgets = { monthlyUsd: 500, dailyUsd: null }
  const reading = moneyView(40, { isReadingBills: true, spent: spendView(40, { isAtLeast: true }) }, budgets)
  expect(spentOfBudgetText(reading)).toBe('…')
  expect(budgetRows(reading, [0.8], NOW_MS).map(({ label, value }) => [label, value])).toEqual([
    ['Spent in November (UTC)', '…'],
    ['Monthly budget', '$500.00, 6.0 days left'],
  ])
  expect(budgetNotes(reading)).toEqual([
    'Reading this month’s bills. Until they are here, the amounts would change a lot.',
  ])
  const { isReadingBills: _, ...read } = reading
  expect(spentOfBudgetText(read)).toBe('at least $40.00 of $500.00')
  expect(budgetNotes(read)).toEqual(['A price isn’t known, so this is a minimum.'])
  expect(spentOfBudgetText(moneyView(164.2))).toBe('$164.20 this month')
})
