import { describe, expect, test } from 'vitest'
import { toUsd } from '../../../../src/core/money/ledger/amounts'
import { hasUnobservedHours, wholeMonth } from '../../../../src/core/money/ledger/cost-totals'
import { fail } from '../../../../src/core/base/result'
import { HOUR_MS, MINUTE_MS } from '../../../../src/core/base/time/time'
import { pod, stoppedPod } from '../../../harness/samples/pods'
import {
  applyBillTwice,
  billRow,
  memoryFiles,
  MONTH_START_MS,
  openLedger,
  recordPoll,
  recordPolls,
  spentInMonth,
} from '../../../harness/money/ledger-fixture'

/** $2/hr, and 720 GB of disk at $0.10/hr while it runs, $0.20/hr of a volume while it does not. */
const disks = { containerDiskGb: 0, persistentMount: { sizeGb: 720, path: '/workspace' } }
const running = pod({ ...disks, costPerHourUsd: 2, createdAtMs: MONTH_START_MS, startedAtMs: MONTH_START_MS })
const stopped = stoppedPod({ ...disks, createdAtMs: MONTH_START_MS, startedAtMs: MONTH_START_MS })

describe('the observed cost', () => {
  test('counts from the start of a running pod, also before the first observation', () => {
    const ledger = openLedger()
    recordPoll(ledger, MONTH_START_MS + HOUR_MS, [running])
    expect(toUsd(spentInMonth(ledger).likely)).toBe(2.1)
    recordPolls(ledger, MONTH_START_MS + HOUR_MS, MONTH_START_MS + 3 * HOUR_MS, [running])
    expect(toUsd(spentInMonth(ledger).likely)).toBe(6.3)
    expect(spentInMonth(ledger).onMs).toBe(3 * HOUR_MS)
  })

  test('of a running pod whose service says only when it was created is a range from nothing to all of that time', () => {
    const ledger = openLedger()
    recordPoll(ledger, MONTH_START_MS + HOUR_MS, [{ ...running, startedAtMs: null }])
    const { min, max, likely } = spentInMonth(ledger)
    expect([toUsd(min), toUsd(likely), toUsd(max)]).toEqual([0, 2.1, 2.1])
    // A stopped one may never have run, and nothing says for how long one boots.
    for (const other of [stopped, { ...running, phase: 'creating' as const, startedAtMs: null }]) {
      const another = openLedger()
      recordPoll(another, MONTH_START_MS + HOUR_MS, [{ ...other, startedAtMs: null }])
      expect(spentInMonth(another).max).toBe(0)
    }
  })

  test('includes a gap that a pod ran through according to its start time', () => {
    const ledger = openLedger()
    recordPoll(ledger, MONTH_START_MS, [running])
    recordPoll(ledger, MONTH_START_MS + 8 * HOUR_MS, [running])
    const { min, max, likely, disk } = spentInMonth(ledger)
    expect([toUsd(min), toUsd(likely), toUsd(max)]).toEqual([16, 16.8, 16.8])
    expect(toUsd(disk)).toBe(0.8)
  })

  test('is a range when a pod stopped unobserved', () => {
    const ledger = openLedger()
    recordPoll(ledger, MONTH_START_MS, [running])
    recordPoll(ledger, MONTH_START_MS + 8 * HOUR_MS, [stopped])
    const { min, max, likely } = spentInMonth(ledger)
    // Stopped immediately, in the middle, or at the end.
    expect([toUsd(min), toUsd(likely), toUsd(max)]).toEqual([1.6, 9.2, 16.8])
  })

  test('is a range when a pod was restarted unobserved', () => {
    const ledger = openLedger()
    recordPoll(ledger, MONTH_START_MS, [running])
    recordPoll(ledger, MONTH_START_MS + 8 * HOUR_MS, [
      { ...running, startedAtMs: MONTH_START_MS + 6 * HOUR_MS },
    ])
    const { min, max } = spentInMonth(ledger)
    expect([toUsd(min), toUsd(max)]).toEqual([6 * 0.2 + 2 * 2, 16.8])
  })

  test('of a pod that is stopped twice and ran in between is a range that includes the run', () => {
    const ledger = openLedger()
    recordPoll(ledger, MONTH_START_MS, [running])
    recordPolls(ledger, MONTH_START_MS + MINUTE_MS, MONTH_START_MS + HOUR_MS, [stopped])
    const before = spentInMonth(ledger)
    recordPoll(ledger, MONTH_START_MS + 9 * HOUR_MS, [
      { ...stopped, startedAtMs: MONTH_START_MS + 5 * HOUR_MS },
    ])
    const after = spentInMonth(ledger)
    expect(toUsd(after.min - before.min)).toBeCloseTo(8 * 0.2, 6)
    expect(toUsd(after.max - before.max)).toBeCloseTo(8 * 2.1, 6)
  })

  test('of a pod that is gone ends between the last observation with it and the first without', () => {
    const ledger = openLedger()
    recordPoll(ledger, MONTH_START_MS, [running])
    recordPoll(ledger, MONTH_START_MS + MINUTE_MS, [running])
    recordPoll(ledger, MONTH_START_MS + 2 * MINUTE_MS, [])
    recordPoll(ledger, MONTH_START_MS + HOUR_MS, [])
    const { min, max } = spentInMonth(ledger)
    expect(toUsd(min)).toBeCloseTo(2 / 60, 6)
    expect(toUsd(max)).toBeCloseTo((2 * 2.1) / 60, 6)
  })

  test('of a new pod counts from its creation, at most since the last observation', () => {
    const ledger = openLedger()
    recordPoll(ledger, MONTH_START_MS, [])
    const made = { ...running, createdAtMs: MONTH_START_MS + 30_000, startedAtMs: MONTH_START_MS + 40_000 }
    recordPoll(ledger, MONTH_START_MS + MINUTE_MS, [made])
    expect(toUsd(spentInMonth(ledger).likely)).toBeCloseTo(2.1 / 120, 6)
  })

  test('is unchanged when a list is incomplete and the pod reappears', () => {
    const ledger = openLedger()
    recordPoll(ledger, MONTH_START_MS, [running])
    ledger.observe({
      what: 'pods',
      atMs: MONTH_START_MS + MINUTE_MS,
      subjects: [],
      isComplete: false,
      possiblyPresent: new Set(),
    })
    recordPoll(ledger, MONTH_START_MS + 2 * MINUTE_MS, [running])
    expect(toUsd(spentInMonth(ledger).min)).toBeCloseTo(4 / 60, 6)
    expect(spentInMonth(ledger).max).toBe(spentInMonth(ledger).likely)
  })

  test('is a minimum when a price is missing', () => {
    const ledger = openLedger()
    recordPolls(ledger, MONTH_START_MS, MONTH_START_MS + HOUR_MS, [{ ...running, costPerHourUsd: null }])
    expect(spentInMonth(ledger).isAtLeast).toBe(true)
    expect(toUsd(spentInMonth(ledger).likely)).toBeCloseTo(0.1, 6)
  })

  test('of cluster members is included in the other costs', () => {
    const ledger = openLedger()
    const members = ['a', 'b'].map((id) => ({ ...running, id, clusterId: 'c', persistentMount: null }))
    recordPolls(ledger, MONTH_START_MS, MONTH_START_MS + HOUR_MS, members)
    expect([...ledger.book('2026-11').subjects.keys()]).toEqual(['other'])
    expect(toUsd(spentInMonth(ledger).likely)).toBe(4)
  })

  test('includes the cost of idle time', () => {
    const ledger = openLedger()
    recordPoll(ledger, MONTH_START_MS, [running])
    recordPoll(ledger, MONTH_START_MS + MINUTE_MS, [running], true)
    recordPoll(ledger, MONTH_START_MS + 2 * MINUTE_MS, [running], false)
    expect(toUsd(spentInMonth(ledger).idle)).toBeCloseTo(2.1 / 60, 6)
  })

  test('is split at the end of the month', () => {
    const ledger = openLedger()
    const endMs = Date.UTC(2026, 11, 1)
    recordPoll(ledger, endMs - HOUR_MS, [
      { ...running, createdAtMs: endMs - HOUR_MS, startedAtMs: endMs - HOUR_MS },
    ])
    recordPoll(ledger, endMs + 2 * HOUR_MS, [
      { ...running, createdAtMs: endMs - HOUR_MS, startedAtMs: endMs - HOUR_MS },
    ])
    expect(toUsd(spentInMonth(ledger).likely)).toBe(2.1)
    expect(toUsd(spentInMonth(ledger, endMs).likely)).toBe(4.2)
  })
})

describe('a bill', () => {
  const hours = [MONTH_START_MS, MONTH_START_MS + HOUR_MS, MONTH_START_MS + 2 * HOUR_MS]
  const whole = hours.map((startMs) => billRow('pod-1', startMs, 2.1, 0.1))
  const laterMs = MONTH_START_MS + 7 * HOUR_MS

  function seenForThreeHours() {
    const ledger = openLedger()
    recordPolls(ledger, MONTH_START_MS, MONTH_START_MS + 3 * HOUR_MS, [running])
    return ledger
  }

  test('is final when the hour ended 3 h ago and two reads agree', () => {
    const ledger = seenForThreeHours()
    const read = {
      kind: 'pods',
      fromMs: MONTH_START_MS,
      toMs: MONTH_START_MS + HOUR_MS,
      rows: whole,
    } as const
    for (const askedAtMs of [MONTH_START_MS + 3.9 * HOUR_MS, MONTH_START_MS + 4.1 * HOUR_MS])
      ledger.applyBill({ ...read, requestedAtMs: askedAtMs })
    expect(spentInMonth(ledger).billed).toBe(0)
    ledger.applyBill({ ...read, requestedAtMs: MONTH_START_MS + 4.4 * HOUR_MS })
    expect(toUsd(spentInMonth(ledger).billed)).toBe(2.1)
  })

  test('counts while it is not final only where it is higher', () => {
    const ledger = seenForThreeHours()
    const rows = [billRow('pod-1', MONTH_START_MS, 1), billRow('pod-1', MONTH_START_MS + HOUR_MS, 3)]
    ledger.applyBill({
      kind: 'pods',
      requestedAtMs: laterMs,
      fromMs: MONTH_START_MS,
      toMs: MONTH_START_MS + 3 * HOUR_MS,
      rows,
    })
    expect(toUsd(spentInMonth(ledger).likely)).toBeCloseTo(2.1 + 3 + 2.1, 6)
  })

  test('counts when it is final, and amounts that it takes back are recorded', () => {
    const ledger = seenForThreeHours()
    applyBillTwice(
      ledger,
      laterMs,
      MONTH_START_MS,
      MONTH_START_MS + 3 * HOUR_MS,
      hours.map((startMs) => billRow('pod-1', startMs, 1.5)),
    )
    expect(toUsd(spentInMonth(ledger).likely)).toBe(4.5)
    const { corrections } = ledger.book('2026-11')
    expect(corrections.map(({ amount }) => toUsd(amount))).toEqual([1.8])
  })

  test('that omits an hour leaves the minimum that was observed', () => {
    const ledger = openLedger()
    recordPoll(ledger, MONTH_START_MS, [running])
    recordPoll(ledger, MONTH_START_MS + 2 * HOUR_MS, [])
    expect(toUsd(spentInMonth(ledger).max)).toBe(4.2)
    const read = [
      MONTH_START_MS,
      MONTH_START_MS + 3 * HOUR_MS,
      [billRow('pod-1', MONTH_START_MS, 1)],
    ] as const
    applyBillTwice(ledger, laterMs, ...read)
    // It may still be corrected for three days.
    expect(toUsd(spentInMonth(ledger).max)).toBe(1 + 2.1)
    applyBillTwice(ledger, laterMs + 80 * HOUR_MS, ...read)
    const { min, likely, max } = spentInMonth(ledger)
    expect([toUsd(min), toUsd(likely), toUsd(max)]).toEqual([1, 1, 1])
  })

  test('is never zero where it is absent', () => {
    const ledger = seenForThreeHours()
    applyBillTwice(ledger, laterMs, MONTH_START_MS, MONTH_START_MS + 3 * HOUR_MS, [])
    expect(toUsd(spentInMonth(ledger).likely)).toBe(6)
  })

  test('shows whether a price includes the disks, for the pod and probably for the others', () => {
    const ledger = seenForThreeHours()
    expect(spentInMonth(ledger).min).toBeLessThan(spentInMonth(ledger).max)
    applyBillTwice(
      ledger,
      laterMs,
      MONTH_START_MS,
      MONTH_START_MS + 3 * HOUR_MS,
      hours.map((startMs) => billRow('pod-1', startMs, 2, 0.1)),
    )
    expect(ledger.book('2026-11').subjects.get('pod/pod-1')?.disksIn).toBe('cost')
    const other = {
      ...running,
      id: 'pod-2',
      startedAtMs: MONTH_START_MS + 8 * HOUR_MS,
      createdAtMs: MONTH_START_MS + 8 * HOUR_MS,
    }
    recordPoll(ledger, MONTH_START_MS + 8 * HOUR_MS, [running, other])
    recordPoll(ledger, MONTH_START_MS + 9 * HOUR_MS, [running, other])
    const hour = spentInMonth(ledger, MONTH_START_MS, { from: 9 * 24 + 8, to: 9 * 24 + 9 })
    expect([toUsd(hour.min), toUsd(hour.max)]).toEqual([4, 4])
  })

  test('far below the price for hours indicates a savings plan', () => {
    const ledger = seenForThreeHours()
    applyBillTwice(
      ledger,
      laterMs,
      MONTH_START_MS,
      MONTH_START_MS + 3 * HOUR_MS,
      hours.map((startMs) => billRow('pod-1', startMs, 0.1, 0.1)),
    )
    expect(ledger.book('2026-11').subjects.get('pod/pod-1')?.otherPriceHours).toBe(3)
  })

  test('that is corrected counts once two reads agree', () => {
    const ledger = seenForThreeHours()
    applyBillTwice(ledger, laterMs, MONTH_START_MS, MONTH_START_MS + 3 * HOUR_MS, whole)
    const corrected = hours.map((startMs) => billRow('pod-1', startMs, 1, 0.1))
    ledger.applyBill({
      kind: 'pods',
      requestedAtMs: MONTH_START_MS + 30 * HOUR_MS,
      fromMs: MONTH_START_MS,
      toMs: MONTH_START_MS + 3 * HOUR_MS,
      rows: corrected,
    })
    expect(toUsd(spentInMonth(ledger).likely)).toBeCloseTo(6.3, 9)
    applyBillTwice(
      ledger,
      MONTH_START_MS + 31 * HOUR_MS,
      MONTH_START_MS,
      MONTH_START_MS + 3 * HOUR_MS,
      corrected,
    )
    expect(toUsd(spentInMonth(ledger).likely)).toBe(3)
  })

  test('reveals pods that came and went unobserved', () => {
    const ledger = openLedger()
    recordPoll(ledger, MONTH_START_MS, [])
    recordPoll(ledger, MONTH_START_MS + 2 * HOUR_MS, [])
    const book = ledger.book('2026-11')
    expect(hasUnobservedHours(book, wholeMonth)).toBe(true)
    applyBillTwice(ledger, laterMs, MONTH_START_MS, MONTH_START_MS + 3 * HOUR_MS, [
      billRow('short-lived', MONTH_START_MS, 0.75),
    ])
    expect(hasUnobservedHours(book, wholeMonth)).toBe(false)
    expect(toUsd(spentInMonth(ledger).likely)).toBe(0.75)
  })

  test('with anomalies counts once or not at all, and the anomalies are reported', () => {
    const ledger = openLedger()
    const rows = [
      ...[...whole, ...whole].reverse(),
      billRow('pod-1', MONTH_START_MS, 1.9),
      billRow('pod-1', MONTH_START_MS, -5),
      billRow('pod-1', MONTH_START_MS, 1e12),
      billRow('pod-1', laterMs + HOUR_MS, 2),
      billRow('pod-1', MONTH_START_MS - HOUR_MS, 2),
      {
        ...billRow('pod-1', MONTH_START_MS, 9),
        startMs: MONTH_START_MS + HOUR_MS / 2,
        endMs: MONTH_START_MS + 1.5 * HOUR_MS,
      },
      { ...billRow('pod-1', MONTH_START_MS, 50), endMs: MONTH_START_MS + 24 * HOUR_MS },
      ...Array.from({ length: 10_000 }, (_row, index) =>
        billRow(`unknown-${index % 5_000}`, MONTH_START_MS, 0.001),
      ),
    ]
    const read = {
      kind: 'pods',
      requestedAtMs: laterMs,
      fromMs: MONTH_START_MS,
      toMs: laterMs,
      rows,
    } as const
    const oddities = ledger.applyBill(read)
    expect(Object.fromEntries(oddities)).toEqual({
      contradicting: 1,
      negative: 1,
      'too-large': 1,
      future: 1,
      outside: 1,
      'not-an-hour': 2,
    })
    expect(toUsd(spentInMonth(ledger).likely)).toBeCloseTo(6.3 + 5, 9)
  })
})

describe('a ledger file', () => {
  test('preserves everything across a restart, and nothing is counted twice', () => {
    const files = memoryFiles()
    const first = openLedger(files)
    recordPolls(first, MONTH_START_MS, MONTH_START_MS + HOUR_MS, [running])
    applyBillTwice(first, MONTH_START_MS + 5 * HOUR_MS, MONTH_START_MS, MONTH_START_MS + HOUR_MS, [
      billRow('pod-1', MONTH_START_MS, 2, 0.1),
    ])
    expect(first.save()).toEqual([])
    const second = openLedger(files)
    expect(second.book('2026-11')).toEqual(first.book('2026-11'))
    expect(second.lastObservations()).toEqual(first.lastObservations())
    recordPoll(second, MONTH_START_MS + 10 * HOUR_MS, [running])
    expect(toUsd(spentInMonth(second).likely)).toBeCloseTo(2 + 9 * 2, 6)
  })

  test('counts each hour once, whichever file of a save over two months was the last before a crash', () => {
    const endMs = Date.UTC(2026, 11, 1)
    const long = { ...running, createdAtMs: endMs - HOUR_MS, startedAtMs: endMs - HOUR_MS }
    const order = ['2026-11-30', '2026-11', '2026-12-01', '2026-12']
    for (let files = 0; files <= order.length; files += 1) {
      const disk = memoryFiles()
      const first = openLedger(disk)
      recordPoll(first, endMs - HOUR_MS, [long])
      first.save()
      recordPoll(first, endMs + HOUR_MS, [long])
      const written: string[] = []
      const write = disk.write.bind(disk)
      disk.write = (name, text) => {
        if (written.length === files) return fail('it crashed')
        written.push(name)
        return write(name, text)
      }
      first.save()
      expect(written).toEqual(order.slice(0, files))
      const second = openLedger(memoryFiles(disk.texts))
      recordPoll(second, endMs + 2 * HOUR_MS, [long])
      expect(toUsd(spentInMonth(second).likely)).toBe(2.1)
      expect(toUsd(spentInMonth(second, endMs).likely)).toBe(4.2)
    }
  })

  test('of a day is written only when something of that day changed', () => {
    const files = memoryFiles()
    const ledger = openLedger(files)
    recordPolls(ledger, MONTH_START_MS, MONTH_START_MS + 50 * HOUR_MS, [running], HOUR_MS)
    ledger.save()
    const written: string[] = []
    const write = files.write.bind(files)
    files.write = (name, text) => {
      written.push(name)
      return write(name, text)
    }
    const save = (): readonly string[] => {
      ledger.save()
      return written.splice(0)
    }
    recordPoll(ledger, MONTH_START_MS + 51 * HOUR_MS, [running])
    expect(save()).toEqual(['2026-11-12', '2026-11'])
    const read = { kind: 'pods', rows: [], fromMs: MONTH_START_MS, toMs: MONTH_START_MS + HOUR_MS } as const
    ledger.applyBill({ ...read, requestedAtMs: MONTH_START_MS + 52 * HOUR_MS })
    expect(save()).toEqual(['2026-11-10', '2026-11'])
    expect(save()).toEqual([])
    expect(openLedger(files).book('2026-11')).toEqual(ledger.book('2026-11'))
  })

  test('of a day that is damaged or gone takes no other day with it, and the bills of that day are read again', () => {
    const midnightMs = MONTH_START_MS + 24 * HOUR_MS
    for (const text of ['{', undefined]) {
      const files = memoryFiles()
      const first = openLedger(files)
      recordPolls(first, MONTH_START_MS, midnightMs + 4 * HOUR_MS, [running], HOUR_MS)
      applyBillTwice(first, midnightMs + 12 * HOUR_MS, MONTH_START_MS, midnightMs + 4 * HOUR_MS, [])
      first.save()
      if (text === undefined) files.texts.delete('2026-11-10')
      else files.texts.set('2026-11-10', text)
      const second = openLedger(files)
      const problems = second.drainProblems().join()
      expect(problems).toMatch(
        text === undefined ? /^$/ : /2026-11-10 were damaged.*kept as 2026-11-10.damaged/,
      )
      const { pageReads, subjects } = second.book('2026-11')
      const hours = (of: Iterable<number>) => [...of].map((hour) => hour - 9 * 24)
      expect(hours(pageReads.keys())).toEqual([24, 25, 26, 27])
      expect(hours(subjects.get('pod/pod-1')!.hours.keys())).toEqual([24, 25, 26, 27])
      expect(second.lastObservations()).toEqual(first.lastObservations())
    }
  })

  test('that is damaged is set aside and reported', () => {
    for (const text of ['', '{', '{"version":1}', '{"version":2,"month":"2026-10"}']) {
      const ledger = openLedger(memoryFiles(new Map([['2026-11', text]])))
      expect(ledger.drainProblems().join()).toMatch(/2026-11 were damaged.*kept as 2026-11.damaged/)
      expect(spentInMonth(ledger).likely).toBe(0)
    }
  })

  test('older than 13 months is removed', () => {
    const files = memoryFiles()
    const ledger = openLedger(files)
    recordPoll(ledger, MONTH_START_MS, [running])
    ledger.save()
    recordPoll(ledger, MONTH_START_MS + 400 * 24 * HOUR_MS, [running])
    ledger.save()
    ledger.prune(MONTH_START_MS + 400 * 24 * HOUR_MS)
    expect(Math.min(...ledger.months().map((month) => Number(month.replace('-', ''))))).toBe(202612)
    expect(files.texts.has('2026-11')).toBe(false)
  })
})

test('pods that the guard stopped are stored with their month, each once, across restarts', () => {
  const files = memoryFiles()
  const target = { podId: 'p', isTerminated: false }
  const ledger = openLedger(files)
  for (const id of ['one', 'two', 'one'])
    ledger.recordStop(id, { name: `pod ${id}`, atMs: MONTH_START_MS + HOUR_MS }, target)
  ledger.recordStop('three', { name: 'of October', atMs: MONTH_START_MS - 20 * 24 * HOUR_MS }, target)
  ledger.recordStop('long ago', { name: 'x', atMs: MONTH_START_MS - 500 * 24 * HOUR_MS }, target)
  expect(ledger.save()).toEqual([])
  const { stops } = openLedger(files).book('2026-11')
  const saving = { key: 'pod/p', perHour: null, endedAtMs: null }
  expect([...stops]).toEqual([
    ['one', { name: 'pod one', atMs: MONTH_START_MS + HOUR_MS, saving }],
    ['two', { name: 'pod two', atMs: MONTH_START_MS + HOUR_MS, saving }],
  ])
  expect(openLedger(files).book('2026-10').stops.size).toBe(1)
})
