import { expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../../src/core/base/time/time'
import { type CurrentMonthCosts, toCostsView } from '../../../../src/core/money/costs/costs-view'
import type { Ledger } from '../../../../src/core/money/ledger/ledger'
import { monthStart } from '../../../../src/core/money/ledger/months'
import { noBudgets } from '../../../../src/core/money/money-view'
import type { BillRow } from '../../../../src/core/pods/provider'
import {
  billRow,
  memoryFiles,
  openLedger,
  recordPoll,
  recordPolls,
} from '../../../harness/money/ledger-fixture'
import { pod, stoppedPod } from '../../../harness/samples/pods'

const OCTOBER_MS = monthStart('2026-10')
const NOVEMBER_MS = monthStart('2026-11')
const budget = { ...noBudgets, monthShare: null, dayShare: null, passesAtMs: null }
const disks = { containerDiskGb: 0, persistentMount: null }

const view = (ledger: Ledger, month: string, nowMs: number, current: Partial<CurrentMonthCosts> = {}) =>
  toCostsView(ledger, month, nowMs, {
    budget,
    forecast: null,
    billProblem: null,
    billReading: 'possible',
    ...current,
  })

const readBills = (ledger: Ledger, requestedAtMs: number, fromMs: number, rows: readonly BillRow[]): void => {
  const toMs = Math.floor(requestedAtMs / HOUR_MS) * HOUR_MS + HOUR_MS
  for (const kind of ['pods', 'volumes', 'total'] as const)
    ledger.applyBill({ kind, requestedAtMs, fromMs, toMs, rows: kind === 'pods' ? rows : [] })
}

test('a pod that ran 22 h, of which 6 h were watched, has the hours, price and cost of those 6 h', () => {
  const ledger = openLedger()
  const startedAtMs = NOVEMBER_MS + 2 * HOUR_MS
  const watchedMs = startedAtMs + 16 * HOUR_MS
  const running = pod({ ...disks, costPerHourUsd: 10.76, createdAtMs: startedAtMs, startedAtMs })
  // The month was begun by another observation, so that nothing is known of the time before.
  recordPoll(ledger, watchedMs, [running])
  const lost = ledger.book('2026-11').subjects.get('pod/pod-1')!
  for (const hour of lost.hours.keys()) lost.hours.delete(hour)
  recordPolls(ledger, watchedMs, watchedMs + 6 * HOUR_MS, [running])
  const rows = Array.from({ length: 22 }, (_row, hour) =>
    billRow('pod-1', startedAtMs + hour * HOUR_MS, 10.76),
  )
  const readMs = watchedMs + 12 * HOUR_MS
  for (const atMs of [readMs, readMs + HOUR_MS]) readBills(ledger, atMs, NOVEMBER_MS, rows)
  const [row] = view(ledger, '2026-11', readMs + HOUR_MS).rows
  expect(row).toMatchObject({
    totalCents: 22 * 1_076,
    computeCents: 22 * 1_076,
    unobservedComputeCents: 16 * 1_076,
    rate: { shownMs: 6 * HOUR_MS, perHourUsd: 10.76, decimals: 2 },
  })
})

test.each([
  [30, 100],
  [45, 50],
  // Starts and stops are seen within a minute.
  [59.5, 0],
  [60, 0],
])(
  'of an hour that was watched for %d min and billed whole, %d cents are without hours',
  (minutes, cents) => {
    const ledger = openLedger()
    const startMs = NOVEMBER_MS + 2 * HOUR_MS
    const running = pod({ ...disks, costPerHourUsd: 2, createdAtMs: startMs, startedAtMs: null })
    recordPoll(ledger, NOVEMBER_MS, [])
    recordPolls(ledger, startMs, startMs + minutes * MINUTE_MS, [running], 30_000)
    recordPoll(ledger, startMs + minutes * MINUTE_MS + 1, [])
    const readMs = startMs + 10 * HOUR_MS
    for (const atMs of [readMs, readMs + HOUR_MS])
      readBills(ledger, atMs, NOVEMBER_MS, [billRow('pod-1', startMs, 2)])
    const [row] = view(ledger, '2026-11', readMs + HOUR_MS).rows
    expect(row?.totalCents).toBe(200)
    expect(row?.unobservedComputeCents).toBe(cents)
    expect(row?.rate?.perHourUsd).toBeCloseTo(2, cents === 0 ? 1 : 6)
  },
)

test('a price that changed is shown as the mean of the time that it covers', () => {
  const ledger = openLedger()
  const own = { ...disks, createdAtMs: NOVEMBER_MS, startedAtMs: NOVEMBER_MS }
  recordPolls(ledger, NOVEMBER_MS, NOVEMBER_MS + 2 * HOUR_MS, [pod({ ...own, costPerHourUsd: 1 })])
  recordPolls(ledger, NOVEMBER_MS + 2 * HOUR_MS + 1, NOVEMBER_MS + 4 * HOUR_MS, [
    pod({ ...own, costPerHourUsd: 3 }),
  ])
  const [row] = view(ledger, '2026-11', NOVEMBER_MS + 4 * HOUR_MS).rows
  expect(row?.rate).toMatchObject({ shownMs: 4 * HOUR_MS, perHourUsd: 2 })
})

test('an unknown price has no rate, and its row is a minimum', () => {
  const ledger = openLedger()
  const own = pod({ createdAtMs: NOVEMBER_MS, startedAtMs: NOVEMBER_MS, costPerHourUsd: null })
  recordPolls(ledger, NOVEMBER_MS, NOVEMBER_MS + HOUR_MS, [own])
  const [row] = view(ledger, '2026-11', NOVEMBER_MS + HOUR_MS).rows
  expect(row?.rate).toEqual({ shownMs: HOUR_MS, perHourUsd: null, decimals: 2 })
  expect(row?.spent.isAtLeast).toBe(true)
})

test('rows know what their pod is now, and when it was found to be gone', () => {
  const ledger = openLedger()
  const own = { createdAtMs: NOVEMBER_MS, startedAtMs: NOVEMBER_MS }
  const pods = ['a', 'b', 'c', 'd'].map((id) => pod({ id, name: id, ...own }))
  recordPoll(ledger, NOVEMBER_MS + HOUR_MS, pods)
  const goneMs = NOVEMBER_MS + 2 * DAY_MS
  const now = [
    pods[0]!,
    stoppedPod({ id: 'b', name: 'b', ...own }),
    { ...pods[2]!, phase: 'creating' as const },
  ]
  recordPoll(ledger, goneMs, now)
  const states = (listed: typeof now | null) =>
    Object.fromEntries(
      view(ledger, '2026-11', goneMs, { pods: listed }).rows.map(({ id, state, goneAtMs }) => [
        id,
        [state, goneAtMs],
      ]),
    )
  expect(states(now)).toEqual({
    'pod/a': ['on', null],
    'pod/b': ['stopped', null],
    'pod/c': ['creating', null],
    'pod/d': ['gone', goneMs],
  })
  // Nothing is shown as terminated while no complete list says so.
  expect(Object.values(states(null))).toEqual(Array.from({ length: 4 }, () => [null, null]))
})

test('a month whose bills are read for the first time is being read until its last hour is', () => {
  const ledger = openLedger()
  const nowMs = NOVEMBER_MS + 20 * DAY_MS
  const state = () => view(ledger, '2026-11', nowMs).bills
  expect(state()).toBe('reading')
  readBills(ledger, nowMs, NOVEMBER_MS + 10 * DAY_MS, [])
  expect(state()).toBe('reading')
  readBills(ledger, nowMs, NOVEMBER_MS, [])
  expect(state()).toBe('once')
  readBills(ledger, nowMs + 15 * MINUTE_MS, NOVEMBER_MS, [])
  expect(view(ledger, '2026-11', nowMs + 15 * MINUTE_MS).bills).toBe('twice')
})

test('bills that were read stay read after a restart and from one round to the next', () => {
  const files = memoryFiles()
  const first = openLedger(files)
  const nowMs = NOVEMBER_MS + 20 * DAY_MS
  recordPoll(first, nowMs, [pod()])
  for (const atMs of [nowMs, nowMs + 15 * MINUTE_MS]) readBills(first, atMs, NOVEMBER_MS, [])
  first.save()
  for (const laterMs of [0, 30 * MINUTE_MS, HOUR_MS])
    expect(view(openLedger(files), '2026-11', nowMs + laterMs).bills).not.toBe('reading')
  // After a night without the app, its hours are missing until they are read.
  expect(view(openLedger(files), '2026-11', nowMs + 12 * HOUR_MS).bills).toBe('reading')
})

test('what cannot be read is not being read, so that no sum is withheld for good', () => {
  const nowMs = NOVEMBER_MS + 20 * DAY_MS
  expect(view(openLedger(), '2026-11', nowMs, { billReading: 'impossible' }).bills).toBe('unread')
  expect(view(openLedger(), '2026-11', nowMs, { billReading: 'none' }).bills).toBe('none')
})

test('a closed month that was billed is billed, and not being read', () => {
  const ledger = openLedger()
  const nowMs = NOVEMBER_MS + 5 * DAY_MS
  const rows = Array.from({ length: 100 }, (_row, hour) => billRow('pod-1', OCTOBER_MS + hour * HOUR_MS, 2))
  expect(view(ledger, '2026-10', nowMs).bills).toBe('reading')
  readBills(ledger, nowMs, OCTOBER_MS, rows)
  expect(view(ledger, '2026-10', nowMs)).toMatchObject({ bills: 'once', totalCents: 20_000 })
  readBills(ledger, nowMs + HOUR_MS, OCTOBER_MS, rows)
  const closed = view(ledger, '2026-10', nowMs + HOUR_MS)
  expect(closed).toMatchObject({ bills: 'twice', billedUntilMs: NOVEMBER_MS, totalCents: 20_000 })
  expect(closed.spent).toMatchObject({ billedUsd: 200, estimatedUsd: 0 })
})

test('a pod that only a bill has in a month is named as another month or the list of pods names it, and else not', () => {
  const ledger = openLedger()
  const bills = ['pod-1', 'listed', 'lost'].map((id) => billRow(id, OCTOBER_MS + 2 * HOUR_MS, 2))
  const readMs = OCTOBER_MS + 20 * DAY_MS
  readBills(ledger, readMs, OCTOBER_MS, bills)
  const own = pod({ ...disks, name: 'llama', costPerHourUsd: 2, createdAtMs: OCTOBER_MS })
  recordPolls(ledger, NOVEMBER_MS, NOVEMBER_MS + HOUR_MS, [own])
  const pods = [stoppedPod({ id: 'listed', name: 'mcmc', createdAtMs: OCTOBER_MS })]
  const rows = (current: Partial<CurrentMonthCosts>) =>
    view(ledger, '2026-10', NOVEMBER_MS + HOUR_MS, current)
      .rows.map(({ id, name }) => [id, name])
      .sort(([a], [b]) => (a! < b! ? -1 : 1))
  expect(rows({ pods })).toEqual([
    ['pod/listed', 'mcmc'],
    ['pod/lost', null],
    ['pod/pod-1', 'llama'],
  ])
  expect(rows({ pods: null })[0]).toEqual(['pod/listed', null])
})
