import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HOUR_MS } from '../../../src/core/base/time/time'
import { mergeMoney } from '../../../src/core/money/merge-money'
import { noBudgets, type UnusedCost } from '../../../src/core/money/money-view'
import { moneyView, spendView } from '../../harness/samples/money-views'
import { NOW_MS } from '../../harness/samples/pod-views'

const merged = (...views: Parameters<typeof mergeMoney>[0]) => mergeMoney(views, noBudgets, NOW_MS)

describe('the costs of several accounts', () => {
  test('are the sum of theirs', () => {
    expect(merged(moneyView(100), moneyView(20))).toMatchObject({
      spent: { usd: 120, minUsd: 120, maxUsd: 120, isAtLeast: false, mayMissPods: false },
      today: { usd: 15 },
      forecast: { usd: 150, atBurnUsd: 180, perHourUsd: 120 / 1_024 },
      billedUntilMs: moneyView(0).billedUntilMs,
    })
  })

  test('are not counted where those of none are', () => {
    expect(merged()).toBeNull()
    expect(merged(null, null)).toBeNull()
  })

  test('are "at least" and without a forecast while those of one account are not counted', () => {
    expect(merged(moneyView(100), null)).toMatchObject({
      spent: { usd: 100, isAtLeast: true },
      today: { usd: 12.5, isAtLeast: true },
      forecast: null,
    })
  })

  test('are "at least" where those of one are, and may miss pods where those of one may', () => {
    const unsure = moneyView(1, { spent: spendView(1, { isAtLeast: true, mayMissPods: true }) })
    expect(merged(moneyView(100), unsure)?.spent).toMatchObject({ isAtLeast: true, mayMissPods: true })
    expect(merged(moneyView(100), unsure)?.today).toMatchObject({ isAtLeast: false, mayMissPods: false })
  })

  test('have no forecast while that of one account is unknown', () => {
    expect(merged(moneyView(100), moneyView(1, { forecast: null }))?.forecast).toBeNull()
  })

  test('are of the later month at its turn, and "at least", since some accounts are still in the one before', () => {
    const later = moneyView(2, { month: '2026-12', monthEndsAtMs: 5 })
    for (const views of [
      [moneyView(100), later],
      [later, moneyView(100)],
    ])
      expect(merged(...views)).toMatchObject({
        month: '2026-12',
        monthEndsAtMs: 5,
        spent: { usd: 2, isAtLeast: true },
        forecast: null,
      })
  })

  test('are compared with the budgets of all together, not with those of one', () => {
    const views = [moneyView(100, {}, { monthlyUsd: 50, dailyUsd: null }), moneyView(20)]
    expect(mergeMoney(views, { monthlyUsd: 240, dailyUsd: 30 }, NOW_MS)?.budget).toMatchObject({
      monthlyUsd: 240,
      monthShare: 0.5,
      dayShare: 0.5,
      passesAtMs: null,
    })
    expect(mergeMoney(views, { monthlyUsd: 121, dailyUsd: null }, NOW_MS)?.budget.passesAtMs).toBeGreaterThan(
      NOW_MS,
    )
    expect(mergeMoney(views, { monthlyUsd: 120, dailyUsd: null }, NOW_MS)?.budget.passesAtMs).toBe(NOW_MS)
    expect(merged(...views)?.budget).toMatchObject({ monthShare: null, dayShare: null, passesAtMs: null })
  })

  test('are billed until the earliest of theirs, and not at all while one of them is not', () => {
    const until = (billedUntilMs: number | null) => moneyView(1, { billedUntilMs })
    expect(merged(until(5), until(3))?.billedUntilMs).toBe(3)
    expect(merged(until(5), until(null))?.billedUntilMs).toBeNull()
  })

  test('have the problem of any account with its bills', () => {
    const problem = moneyView(1, { billProblem: 'The bills could not be read.' })
    expect(merged(moneyView(1), problem)?.billProblem).toBe('The bills could not be read.')
  })

  test('list the unused of all, the dearest first, of which those without a price are', () => {
    const unused = (id: string, perDayUsd: number | null): UnusedCost => ({
      kind: 'volume',
      id,
      name: id,
      perDayUsd,
      sinceMs: NOW_MS - HOUR_MS,
    })
    const result = merged(
      moneyView(1, { unused: [unused('a', 1), unused('b', 3)], volumesPerHourUsd: 1 }),
      moneyView(1, { unused: [unused('c', 2), unused('d', null)], volumesPerHourUsd: 2 }),
    )
    expect(result?.unused.map(({ id }) => id)).toEqual(['d', 'b', 'c', 'a'])
    expect(result?.volumesPerHourUsd).toBe(3)
  })

  test('say nothing of single pods, because the same pod may be in two accounts', () => {
    const pods = { p: { todayUsd: 1, monthUsd: 2, idleMonthUsd: 0, billing: 'as-listed' } } as const
    expect(merged(moneyView(1, { pods }), moneyView(1, { pods }))?.pods).toEqual({})
  })
})

test('whatever accounts there are, their order changes no amount, and no amount exceeds the sum of all', () => {
  const someMoney = fc.option(
    fc.record({ usd: fc.integer({ min: 0, max: 10_000 }), isDecember: fc.boolean() }),
  )
  fc.assert(
    fc.property(
      fc.array(someMoney, { maxLength: 20 }),
      fc.integer({ min: 1, max: 1_000 }),
      (given, budget) => {
        const views = given.map((one) =>
          one === null ? null : moneyView(one.usd, one.isDecember ? { month: '2026-12' } : {}),
        )
        const budgets = { monthlyUsd: budget, dailyUsd: budget }
        const [forth, back] = [views, [...views].reverse()].map((each) => mergeMoney(each, budgets, NOW_MS))
        expect(back?.spent).toEqual(forth?.spent)
        expect(back?.budget).toEqual(forth?.budget)
        if (!forth) return
        const sum = views.reduce((total, view) => total + (view?.spent.usd ?? 0), 0)
        expect(forth.spent.usd).toBeLessThanOrEqual(sum)
        // Where nothing is missing, it is the sum.
        if (!forth.spent.isAtLeast) expect(forth.spent.usd).toBe(sum)
        expect(forth.budget.monthShare).toBe(forth.spent.usd / budget)
      },
    ),
  )
})
