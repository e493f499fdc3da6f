import { expect, test } from 'vitest'
import type { CostsView } from '../../../../src/core/money/costs/costs-view'
import { DAY_MS, HOUR_MS } from '../../../../src/core/base/time/time'
import { hoursText, shortHour } from '../../../../src/renderer/money/chart/day-text'
import { percent } from '../../../../src/renderer/money/spend-text'
import { dayCertaintyText, dayDetailText } from '../../../../src/renderer/money/chart/chart-text'
import { chartMonth } from '../../../../src/renderer/money/chart/chart-month'
import { billsLine, headlineFigures, spendNotes } from '../../../../src/renderer/money/costs/headline-text'
import { sampleMoney } from '../../../harness/app/states/sample-costs'

const { costs } = sampleMoney()
const figure = (view: CostsView, key: string) => headlineFigures(view).find((one) => one.key === key)
const closed = (overrides: Partial<CostsView> = {}): CostsView => ({
  ...costs,
  month: '2026-10',
  isCurrent: false,
  budget: null,
  forecast: null,
  ...overrides,
})

test('the figures are spent, forecast, idle and saved, in this order', () => {
  expect(headlineFigures(costs).map(({ key, value }) => [key, value])).toEqual([
    ['spent', '$381.91'],
    ['forecast', '$485.69'],
    ['idle', '$46.63'],
    ['saved', '$90.80'],
  ])
  expect(headlineFigures(closed()).map(({ key }) => key)).toEqual(['spent', 'idle', 'saved'])
})

test('what was saved is always called estimated, and unknown where it is not known', () => {
  const saved = (usd: number | null, isAtLeast: boolean, count = 3) =>
    figure({ ...costs, stops: { ...costs.stops, count, saved: { usd, isAtLeast } } }, 'saved')
  expect(saved(12.3, false)).toMatchObject({ value: '$12.30', note: '3 stops, estimated.', tone: 'good' })
  expect(saved(12.3, true)?.value).toBe('at least $12.30')
  expect(saved(null, false)).toMatchObject({ value: 'Unknown' })
  expect(saved(null, false)?.note).toContain('isn’t known')
  expect(saved(0, false, 0)).toMatchObject({ value: '$0.00', note: 'No automatic stops.' })
  expect(saved(0, false, 0)?.tone).toBeUndefined()
})

test('while bills are read for the first time no sum is shown that will jump', () => {
  const reading = { ...costs, bills: 'reading' } as const
  for (const key of ['spent', 'forecast', 'idle']) expect(figure(reading, key)?.value).toBe('…')
  expect(headlineFigures(reading).some(({ key, note }) => key !== 'saved' && note.includes('$'))).toBe(false)
  expect(billsLine(reading)).toContain('Reading the bills of November')
  expect(spendNotes({ ...reading, spent: { ...costs.spent, minUsd: 1 } })).toEqual([])
})

test('an unknown amount is never $0.00', () => {
  const unknown = { ...costs, totalCents: 0, spent: { ...costs.spent, isAtLeast: true } }
  expect(figure(unknown, 'spent')?.value).toBe('unknown')
  expect(figure({ ...unknown, totalCents: 210 }, 'spent')?.value).toBe('at least $2.10')
  expect(figure({ ...costs, forecast: null }, 'forecast')?.value).toBe('Unknown')
})

test('the forecast says when the budget is passed', () => {
  const withBudget = (monthShare: number, passesAtMs: number | null) =>
    figure(
      { ...costs, budget: { monthlyUsd: 500, dailyUsd: null, monthShare, dayShare: null, passesAtMs } },
      'forecast',
    )
  expect(withBudget(0.9, costs.atMs + 2.9 * HOUR_MS)).toMatchObject({
    note: 'Passes $500.00 in 3 h',
    isNoteBad: true,
  })
  expect(withBudget(0.9, costs.atMs + 3 * DAY_MS)?.note).toBe('Passes $500.00 on Nov 27')
  expect(withBudget(1.2, costs.atMs)?.note).toBe('$500.00 is spent')
  expect(withBudget(0.2, null)).toMatchObject({ note: 'Stays below $500.00' })
  expect(withBudget(0.2, null)?.isNoteBad).toBeUndefined()
  const cents = { monthlyUsd: 1_012.75, dailyUsd: null, monthShare: 0.3, dayShare: null, passesAtMs: null }
  expect(figure({ ...costs, budget: cents }, 'spent')?.note).toMatch(/^38% of \$1,012\.75, today /)
})

test('one line tells billed and estimated apart', () => {
  expect(billsLine(costs)).toBe('Days in UTC. Billed through 11:00 UTC, the rest is estimated')
  expect(billsLine({ ...costs, bills: 'none' })).toContain('has no bills')
  const billed = { ...costs.spent, estimatedUsd: 0, billedUsd: 10 }
  expect(billsLine({ ...costs, spent: billed })).toBe('Days in UTC. Everything is billed')
  const estimated = { ...costs.spent, estimatedUsd: 10, billedUsd: 0 }
  expect(billsLine({ ...costs, spent: estimated, billedUntilMs: null })).toContain('Nothing is billed yet')
})

test('a closed month that is billed is never “not billed yet”', () => {
  const estimated = { ...costs.spent, estimatedUsd: 10, billedUsd: 0 }
  for (const bills of ['once', 'twice'] as const)
    for (const billedUntilMs of [null, costs.atMs])
      for (const spent of [costs.spent, estimated, { ...costs.spent, estimatedUsd: 0, billedUsd: 10 }])
        expect(billsLine(closed({ bills, spent, billedUntilMs }))).toMatch(
          /^Days in UTC\. (Billed|Everything is billed)/,
        )
  expect(billsLine(closed({ bills: 'unread', spent: estimated }))).toContain('could not be read')
  expect(billsLine(closed({ bills: 'reading', spent: estimated }))).toContain('Reading the bills of October')
})

test('what a sum may lack is stated', () => {
  const notes = (overrides: object) =>
    spendNotes({ ...costs, spent: { ...costs.spent, ...overrides } }).join()
  expect(notes({})).toBe('')
  expect(notes({ minUsd: 381.9, maxUsd: 382 })).toBe('')
  expect(notes({ minUsd: 400, maxUsd: 420 })).toContain('between $400.00 and $420.00')
  expect(notes({ isAtLeast: true })).toContain('minimum')
  expect(notes({ mayMissPods: true })).toContain('wasn’t watching')
  expect(notes({ isApproximate: true })).toContain('approximate')
})

test('the certainty of a day is named', () => {
  const day = (usd: number, billedUsd: number) => dayCertaintyText({ ...costs.spent, usd, billedUsd })
  expect([day(0, 0), day(2, 2), day(2, 0)]).toEqual(['', 'all billed', 'all estimated'])
  expect(day(3.15, 2.1)).toBe('$2.10 billed, $1.05 estimated')
})

test('a day is described with its parts, its idle share and what is to come', () => {
  const { days, series } = chartMonth(costs, 'pod', new Map())
  const text = (day: number): string => dayDetailText(days[day]!, series)
  expect(text(21)).toMatch(/^Nov 22: \$[\d.]+; llama-70b-sft \$[\d.]+; .*while idle \$[\d.]+$/)
  expect(text(23)).toMatch(/^Nov 24, so far: .*rest of today, forecast \$[\d.]+$/)
  expect(text(29)).toMatch(/^Nov 30; forecast \$[\d.]+$/)
  const unknown = { ...days[0]!, totalCents: 0, cents: {}, spent: { ...costs.spent, isAtLeast: true } }
  expect(dayDetailText(unknown, series)).toMatch(/^Nov 1: unknown/)
})

test('hours, shares and moments have short forms', () => {
  const hour = HOUR_MS
  expect([0, hour * 9, hour * 20 + 49 * 60_000, 37_000, hour * 1_204].map(hoursText)).toEqual([
    '0 min',
    '9 h',
    '20 h 49 min',
    '37 s',
    '1,204 h',
  ])
  expect([0, 0.001, 0.126, 1.5].map(percent)).toEqual(['0%', '<1%', '13%', '150%'])
  const noon = Date.UTC(2026, 10, 24, 12)
  expect([shortHour(noon - hour, noon), shortHour(noon - DAY_MS, noon)]).toEqual([
    '11:00 UTC',
    'Nov 23, 12:00 UTC',
  ])
})
