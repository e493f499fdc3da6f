import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toCostsView } from '../../../../src/core/money/costs/costs-view'
import type { BillRead } from '../../../../src/core/money/ledger/bills'
import { noBudgets } from '../../../../src/core/money/money-view'
import { monthOf } from '../../../../src/core/money/ledger/months'
import { sumTotals, totalsBySubject, wholeMonth } from '../../../../src/core/money/ledger/cost-totals'
import type { Pod } from '../../../../src/core/pods/pod'
import { HOUR_MS, MINUTE_MS } from '../../../../src/core/base/time/time'
import { pod, stoppedPod } from '../../../harness/samples/pods'
import {
  billRow,
  MONTH_START_MS,
  openLedger,
  recordPoll,
  spentInMonth,
} from '../../../harness/money/ledger-fixture'

const steady = pod({ costPerHourUsd: 1.37, createdAtMs: MONTH_START_MS, startedAtMs: MONTH_START_MS })

test('the cost of a pod that runs through does not depend on how often it is observed', () => {
  const lengthMs = 5 * HOUR_MS
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: lengthMs - 1 })), (cuts) => {
      const [seldom, often] = [openLedger(), openLedger()]
      recordPoll(seldom, MONTH_START_MS, [steady])
      recordPoll(seldom, MONTH_START_MS + lengthMs, [steady])
      recordPoll(often, MONTH_START_MS, [steady])
      for (const cut of [...new Set(cuts)].sort((a, b) => a - b))
        recordPoll(often, MONTH_START_MS + cut, [steady])
      recordPoll(often, MONTH_START_MS + lengthMs, [steady])
      expect(spentInMonth(often)).toEqual(spentInMonth(seldom))
    }),
  )
})

const amount = fc.integer({ min: 0, max: 5_000 }).map((cents) => cents / 100)
const rowsOf = (ids: readonly (string | null)[]) =>
  fc.array(
    fc
      .tuple(fc.constantFrom(...ids), fc.nat(5), amount, amount)
      .map(([id, hour, total, disk]) =>
        billRow(id, MONTH_START_MS + hour * HOUR_MS, total, Math.min(total, disk)),
      ),
    { maxLength: 30 },
  )
/** Reads of one kind, each a quarter of an hour after the previous one. */
const readsOf = (kind: BillRead['kind'], ids: readonly (string | null)[]) =>
  fc.array(rowsOf(ids), { maxLength: 5 }).map((reads) =>
    reads.map((rows, index): BillRead => ({
      kind,
      requestedAtMs: MONTH_START_MS + 8 * HOUR_MS + index * 15 * MINUTE_MS,
      fromMs: MONTH_START_MS,
      toMs: MONTH_START_MS + 6 * HOUR_MS,
      rows,
    })),
  )
const reads = fc.tuple(
  readsOf('pods', ['pod-1', 'pod-2', 'unknown']),
  readsOf('volumes', ['v']),
  readsOf('total', [null]),
)

function seen() {
  const ledger = openLedger()
  recordPoll(ledger, MONTH_START_MS, [steady])
  recordPoll(ledger, MONTH_START_MS + 90 * MINUTE_MS, [steady])
  recordPoll(ledger, MONTH_START_MS + 4 * HOUR_MS, [
    stoppedPod({ createdAtMs: MONTH_START_MS, startedAtMs: MONTH_START_MS }),
  ])
  return ledger
}

const state = (ledger: ReturnType<typeof openLedger>) => {
  const book = ledger.book('2026-11')
  return [...book.subjects]
    .map(([id, { hours, ...subject }]) => [id, subject, [...hours].sort(([a], [b]) => a - b)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
}

test('bills count the same however often they are read, and in whatever order of kinds and rows', () => {
  fc.assert(
    fc.property(reads, fc.infiniteStream(fc.nat()), ([ofPods, ofVolumes, ofTotal], dice) => {
      const plain = seen()
      for (const read of [...ofPods, ...ofVolumes, ...ofTotal]) plain.applyBill(read)
      const mixed = seen()
      const queues = [[...ofTotal], [...ofPods], [...ofVolumes]]
      for (let left = queues.flat().length; left > 0;) {
        const queue = queues[dice.next().value! % 3]!
        const read = queue.shift()
        if (!read) continue
        left -= 1
        const shuffled = [...read.rows].sort(() => (dice.next().value! % 2 === 0 ? -1 : 1))
        mixed.applyBill({ ...read, rows: shuffled })
        mixed.applyBill({ ...read, rows: [...shuffled, ...read.rows] })
      }
      expect(state(mixed)).toEqual(state(plain))
      expect(spentInMonth(mixed)).toEqual(spentInMonth(plain))
    }),
  )
})

test('an older read that arrives late changes nothing', () => {
  fc.assert(
    fc.property(readsOf('pods', ['pod-1', 'unknown']), (ofPods) => {
      const ledger = seen()
      for (const read of ofPods) ledger.applyBill(read)
      const before = structuredClone(state(ledger))
      for (const read of ofPods.slice(0, -1)) {
        // A read can only be recognized as older in hours that the newest read also covered.
        ledger.applyBill({ ...read, rows: read.rows.filter(({ subjectId }) => subjectId === 'pod-1') })
      }
      expect(state(ledger).find(([id]) => id === 'pod/pod-1')).toEqual(
        before.find(([id]) => id === 'pod/pod-1'),
      )
    }),
  )
})

const phases = fc.constantFrom('running', 'stopped', 'restarted', 'gone')
const steps = fc.array(
  fc.oneof(
    fc.record({ afterMin: fc.integer({ min: 1, max: 300 }), phase: phases }),
    fc.record({ afterMin: fc.integer({ min: 1, max: 300 }), bill: rowsOf(['pod-1', 'pod-2']) }),
  ),
  { maxLength: 25 },
)

test('the spend never falls except through a recorded correction, and stays within its range', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const ledger = openLedger()
      let atMs = MONTH_START_MS
      let current: Pod | null = steady
      let [before, noted] = [0, 0]
      recordPoll(ledger, atMs, [steady])
      for (const step of all) {
        atMs += step.afterMin * MINUTE_MS
        if ('bill' in step)
          ledger.applyBill({
            kind: 'pods',
            requestedAtMs: atMs,
            fromMs: MONTH_START_MS,
            toMs: MONTH_START_MS + 6 * HOUR_MS,
            rows: step.bill,
          })
        else {
          const startedAtMs: number =
            step.phase === 'restarted' ? atMs - 30_000 : (current?.startedAtMs ?? MONTH_START_MS)
          if (step.phase === 'gone') current = null
          else if (step.phase === 'stopped')
            current = stoppedPod({ createdAtMs: MONTH_START_MS, startedAtMs })
          else current = { ...steady, startedAtMs }
          recordPoll(ledger, atMs, current === null ? [] : [current])
        }
        const { min, likely, max, disk, idle, billed } = spentInMonth(ledger)
        const corrections = ledger.book('2026-11').corrections.reduce((sum, each) => sum + each.amount, 0)
        expect(likely).toBeGreaterThanOrEqual(before - (corrections - noted))
        expect(min).toBeLessThanOrEqual(likely)
        expect(likely).toBeLessThanOrEqual(max)
        for (const part of [disk, idle, billed]) expect(part).toBeLessThanOrEqual(likely)
        for (const each of [min, disk, idle, billed]) expect(each).toBeGreaterThanOrEqual(0)
        ;[before, noted] = [likely, corrections]
      }
    }),
  )
})

test('rows and days of a month add up to it, to the cent and to the nano-dollar', () => {
  fc.assert(
    fc.property(reads, (all) => {
      const ledger = seen()
      for (const read of all.flat()) ledger.applyBill(read)
      const nowMs = MONTH_START_MS + 10 * HOUR_MS
      const budget = { ...noBudgets, monthShare: null, dayShare: null, passesAtMs: null }
      const view = toCostsView(ledger, '2026-11', nowMs, { budget, forecast: null, billProblem: null })
      const add = (numbers: readonly number[]) => numbers.reduce((sum, each) => sum + each, 0)
      expect(add(view.rows.map(({ totalCents }) => totalCents))).toBe(view.totalCents)
      for (const row of view.rows) {
        expect(row.computeCents + row.diskCents).toBe(row.totalCents)
        expect(row.idleCents).toBeLessThanOrEqual(row.totalCents)
      }
      expect(add(view.days.map(({ spent: { usd } }) => usd))).toBeCloseTo(view.spent.usd, 6)
      for (const day of view.days) expect(add(day.parts.map(({ usd }) => usd))).toBeCloseTo(day.spent.usd, 6)
      const book = ledger.book(monthOf(nowMs))
      const byDay = view.days.map((_day, index) =>
        sumTotals(totalsBySubject(book, { from: index * 24, to: index * 24 + 24 })),
      )
      expect(add(byDay.map(({ likely }) => likely))).toBe(sumTotals(totalsBySubject(book, wholeMonth)).likely)
      expect(view.days).toHaveLength(30)
    }),
  )
})
