import fc from 'fast-check'
import { expect, test } from 'vitest'
import { datedDays, labelWidth, chartLayout } from '../../../../src/renderer/money/chart/chart-layout'
import { type ChartDay, type ChartMonth, chartMonth } from '../../../../src/renderer/money/chart/chart-month'
import { everyKindOfThing, sampleMoney } from '../../../harness/app/states/sample-costs'

const colors = new Map<string, string>()
const { costs } = sampleMoney({ things: everyKindOfThing })
const groupings = ['pod', 'gpu', 'idle'] as const

test('the forecast of today stands on top of its bar, whatever the days are stacked by', () => {
  for (const grouping of groupings)
    for (const width of [300, 640, 932, 1_700]) {
      const { bars, baseline } = chartLayout(chartMonth(costs, grouping, colors), width)
      const today = bars.find(({ isToday }) => isToday)!
      const bottom = Math.max(...today.parts.map(({ y, height }) => y + height))
      const top = Math.min(...today.parts.map(({ y }) => y))
      expect(bottom).toBeGreaterThan(baseline - 2)
      expect(today.forecast!.y + today.forecast!.height).toBeLessThanOrEqual(top)
    }
})

test('the parts of a bar are 1 px apart, in the order of the series', () => {
  const month = chartMonth(costs, 'pod', colors)
  const keys = month.series.map(({ key }) => key)
  for (const { parts } of chartLayout(month, 932).bars) {
    expect(parts.map(({ series }) => series.key)).toEqual(
      keys.filter((key) => parts.some(({ series }) => series.key === key)),
    )
    parts.forEach((part, index) => {
      const above = parts[index + 1]
      if (above && part.height > 0.8) expect(part.y - (above.y + above.height)).toBeLessThanOrEqual(1)
      if (above && above.height > 0.8) expect(part.y - (above.y + above.height)).toBeCloseTo(1, 6)
    })
  }
})

test('the dates of the axis are evenly spaced at any length of the month and any width', () => {
  for (const count of [28, 29, 30, 31])
    for (let dayWidth = 7; dayWidth < 70; dayWidth += 0.5) {
      const days = datedDays(count, dayWidth, null)
      const steps = new Set(days.slice(1).map((day, index) => day - days[index]!))
      expect(days[0]).toBe(0)
      expect(days.length).toBeGreaterThan(1)
      expect(steps.size).toBe(1)
      expect([...steps][0]! * dayWidth).toBeGreaterThan(labelWidth('Nov 24'))
    }
})

test('no date touches “Today”, and the others stay where they are', () => {
  for (let today = 0; today < 31; today++)
    for (const dayWidth of [9, 21, 30, 58]) {
      const days = datedDays(31, dayWidth, today)
      const all = datedDays(31, dayWidth, null)
      for (const day of days) {
        expect(all).toContain(day)
        expect(Math.abs(day - today) * dayWidth).toBeGreaterThan(labelWidth('Nov 24'))
      }
      expect(all.length - days.length).toBeLessThan(3)
    }
})

const cents = fc.integer({ min: 0, max: 20_000 })

function monthOf(dayCents: readonly number[], budgetPerDayUsd: number): ChartMonth {
  const days = dayCents.map((totalCents, day): ChartDay => ({
    startMs: Date.UTC(2026, 9, day + 1),
    when: 'past',
    cents: { a: totalCents },
    totalCents,
    idleCents: 0,
    forecastUsd: 0,
    spent: costs.spent,
  }))
  return {
    series: [{ key: 'a', label: 'a', className: 'p1', cents: 1 }],
    days,
    budgetPerDayUsd,
    forecastPerDayUsd: null,
    topUsd: Math.max(budgetPerDayUsd, ...dayCents.map((each) => each / 100)),
  }
}

test('the label of the budget stands where no bar is', () => {
  fc.assert(
    fc.property(
      fc.array(cents, { minLength: 28, maxLength: 31 }),
      fc.integer({ min: 1, max: 150 }),
      fc.integer({ min: 280, max: 1_800 }),
      (dayCents, budgetUsd, width) => {
        const { bars, budget, left } = chartLayout(monthOf(dayCents, budgetUsd), width)
        const { x, y, text, anchor = 'middle' } = budget!.label
        const size = labelWidth(text)
        const start = anchor === 'middle' ? x - size / 2 : anchor === 'start' ? x : x - size
        expect(start).toBeGreaterThanOrEqual(left - 1)
        expect(start + size).toBeLessThanOrEqual(width)
        for (const bar of bars) {
          if (bar.x + bar.width <= start || bar.x >= start + size) continue
          for (const part of bar.parts) expect(part.y).toBeGreaterThanOrEqual(y)
        }
      },
    ),
  )
})

test('the label of the forecast is not written over the line of the budget', () => {
  for (let monthlyUsd = 20; monthlyUsd < 1_500; monthlyUsd += 10) {
    const month = chartMonth(sampleMoney({ monthlyUsd }).costs, 'pod', colors)
    const { forecastLabel, budget } = chartLayout(month, 1_100)
    expect(forecastLabel!.text).toMatch(/^\$[\d.]+ a day, 7-day mean$/)
    const { y } = forecastLabel!
    expect(budget!.y <= y - 11 || budget!.y >= y + 2).toBe(true)
  }
})

test('everything lies within the chart at any width', () => {
  for (const width of [280, 600, 1_800]) {
    const { bars, dates, ticks, left } = chartLayout(chartMonth(costs, 'pod', colors), width)
    for (const bar of bars) {
      expect(bar.x).toBeGreaterThanOrEqual(left)
      expect(bar.x + bar.width).toBeLessThanOrEqual(width)
      for (const part of bar.parts) expect(part.y).toBeGreaterThanOrEqual(ticks.at(-1)!.y - 1)
    }
    for (const { x, text } of dates) expect(x + labelWidth(text) / 2).toBeLessThanOrEqual(width + 12)
  }
})
