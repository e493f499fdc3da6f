import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HOUR_MS, MINUTE_MS } from '../../../../src/core/base/time/time'
import { costsLines } from '../../../../src/core/money/costs/costs-table'
import { type CostsView, toCostsView } from '../../../../src/core/money/costs/costs-view'
import { distributeCentsWithin, maxCentsWithin } from '../../../../src/core/money/ledger/amounts'
import type { Ledger } from '../../../../src/core/money/ledger/ledger'
import { noBudgets } from '../../../../src/core/money/money-view'
import type { Pod } from '../../../../src/core/pods/pod'
import { chartMonth, partsOfDay } from '../../../../src/renderer/money/chart/chart-month'
import { headlineFigures } from '../../../../src/renderer/money/costs/headline-text'
import { totalText } from '../../../../src/renderer/money/costs/row-text'
import { billRow, openLedger, recordPoll } from '../../../harness/money/ledger-fixture'
import { pod, stoppedPod } from '../../../harness/samples/pods'

const START_MS = Date.UTC(2026, 9, 1)
const budget = { ...noBudgets, monthShare: null, dayShare: null, passesAtMs: null }
const ids = ['a', 'b', 'c', 'd', 'e']

/** What happens to the pods in a month: lists with gaps, prices that change or are unknown, idle time, and bills. */
const steps = fc.array(
  fc.record({
    minutes: fc.integer({ min: 1, max: 3_000 }),
    prices: fc.array(fc.option(fc.double({ min: 0.01, max: 30, noNaN: true }), { nil: null, freq: 8 }), {
      minLength: ids.length,
      maxLength: ids.length,
    }),
    phases: fc.array(fc.constantFrom('running', 'stopped', 'creating', 'gone'), {
      minLength: ids.length,
      maxLength: ids.length,
    }),
    isIdle: fc.boolean(),
    bills: fc.array(
      fc.record({
        id: fc.constantFrom(...ids, 'never-seen'),
        hour: fc.nat(700),
        cents: fc.double({ min: 0, max: 900, noNaN: true }),
        diskShare: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      { maxLength: 6 },
    ),
  }),
  { minLength: 1, maxLength: 25 },
)

type Steps = typeof steps extends fc.Arbitrary<infer T> ? T : never

function listedPods({ prices, phases }: Steps[number]): readonly Pod[] {
  return ids.flatMap((id, index) => {
    const phase = phases[index]
    if (phase === 'gone') return []
    const own = { id, name: id, createdAtMs: START_MS, startedAtMs: START_MS }
    return [
      phase === 'stopped'
        ? stoppedPod(own)
        : pod({
            ...own,
            phase: phase === 'creating' ? 'creating' : 'running',
            costPerHourUsd: prices[index] ?? null,
          }),
    ]
  })
}

function monthOf(all: Steps): { ledger: Ledger; atMs: number; last: readonly Pod[] } {
  const ledger = openLedger()
  let atMs = START_MS
  let last: readonly Pod[] = []
  for (const step of all) {
    atMs += step.minutes * MINUTE_MS
    last = listedPods(step)
    recordPoll(ledger, atMs, last, step.isIdle)
    const rows = step.bills.map(({ id, hour, cents, diskShare }) =>
      billRow(id, START_MS + hour * HOUR_MS, cents / 100, (cents / 100) * diskShare),
    )
    const toMs = Math.floor(atMs / HOUR_MS) * HOUR_MS
    for (const requestedAtMs of [atMs + 4 * HOUR_MS, atMs + 5 * HOUR_MS])
      ledger.applyBill({ kind: 'pods', requestedAtMs, fromMs: START_MS, toMs, rows })
  }
  return { ledger, atMs: Math.min(atMs, Date.UTC(2026, 10, 1) - 1), last }
}

const viewOf = ({ ledger, atMs, last }: ReturnType<typeof monthOf>): CostsView =>
  toCostsView(ledger, '2026-10', atMs, { budget, forecast: null, billProblem: null, pods: last })

const add = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0)
const centsIn = (text: string): number =>
  Math.round(Number(/[\d,.]+/.exec(text)?.[0]?.replace(/,/g, '') ?? 0) * 100)

test('headline, days and rows of any month add up to the same cents, in total and while idle', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const view = viewOf(monthOf(all))
      expect(view.totalCents).toBe(Math.round(view.spent.usd * 100))
      expect(add(view.rows.map(({ totalCents }) => totalCents))).toBe(view.totalCents)
      expect(add(view.days.map(({ totalCents }) => totalCents))).toBe(view.totalCents)
      expect(add(view.rows.map(({ idleCents }) => idleCents))).toBe(view.idleCents)
      expect(add(view.days.map(({ idleCents }) => idleCents))).toBe(view.idleCents)
      for (const by of ['pod', 'gpu', 'day'] as const)
        expect(add(costsLines(view, by).map(({ totalCents }) => totalCents))).toBe(view.totalCents)
      for (const each of [...view.rows, ...view.days]) {
        expect(each.idleCents).toBeGreaterThanOrEqual(0)
        expect(each.idleCents).toBeLessThanOrEqual(each.totalCents)
      }
      for (const day of view.days) expect(add(day.parts.map(({ cents }) => cents))).toBe(day.totalCents)
    }),
  )
})

test('what is drawn and written of any month has the same sums', () => {
  fc.assert(
    fc.property(steps, fc.constantFrom('pod', 'gpu', 'idle' as const), (all, grouping) => {
      const view = viewOf(monthOf(all))
      const written = totalText(view.rows, null)
      const spent = headlineFigures(view).find(({ key }) => key === 'spent')!.value
      if (spent !== 'unknown') expect(centsIn(spent)).toBe(view.totalCents)
      expect(centsIn(written.total)).toBe(view.totalCents)
      expect(centsIn(written.compute) + centsIn(written.disk)).toBe(view.totalCents)
      const { series, days } = chartMonth(view, grouping, new Map())
      expect(add(series.map(({ cents }) => cents))).toBe(view.totalCents)
      for (const day of days)
        expect(add(partsOfDay(day, series).map(({ cents }) => cents))).toBe(day.totalCents)
    }),
  )
})

test('hours, price and compute cost of any row are of the same time: their product is right to the cent', () => {
  fc.assert(
    fc.property(steps, (all) => {
      for (const row of viewOf(monthOf(all)).rows) {
        expect(row.computeCents + row.diskCents).toBe(row.totalCents)
        for (const cents of [row.computeCents, row.diskCents, row.unobservedComputeCents])
          expect(cents).toBeGreaterThanOrEqual(0)
        expect(row.unobservedComputeCents).toBeLessThanOrEqual(row.computeCents)
        if (row.rate === null) expect(row.computeCents).toBe(row.unobservedComputeCents)
        else if (row.rate.perHourUsd !== null)
          expect(Math.round((row.rate.shownMs / HOUR_MS) * row.rate.perHourUsd * 100 + 1e-9)).toBe(
            row.computeCents - row.unobservedComputeCents,
          )
        else expect(row.spent.isAtLeast).toBe(true)
      }
    }),
  )
})

test('shares within caps add up, and none exceeds its cap', () => {
  const parts = fc.array(fc.record({ amount: fc.nat(5e8), cap: fc.nat(60) }), { minLength: 1, maxLength: 20 })
  fc.assert(
    fc.property(parts, fc.nat(1_000), (all, wanted) => {
      const amounts = all.map(({ amount }) => amount)
      const caps = all.map(({ cap }) => cap)
      const cents = Math.min(wanted, maxCentsWithin(amounts, caps))
      const shares = distributeCentsWithin(amounts, cents, caps)
      expect(add(shares)).toBe(cents)
      shares.forEach((share, index) => {
        expect(share).toBeGreaterThanOrEqual(0)
        expect(share).toBeLessThanOrEqual(caps[index]!)
      })
    }),
  )
})
