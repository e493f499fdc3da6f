import { describe, expect, test } from 'vitest'
import { usdOf } from '../../../../src/core/money/ledger/amounts'
import { hasUnseen, wholeMonth } from '../../../../src/core/money/ledger/sums'
import { HOUR_MS, MINUTE_MS } from '../../../../src/core/base/time'
import { pod, stoppedPod } from '../../../harness/pods'
import { billRow, look, lookOn, memoryFiles, openLedger, readTwice, spent, T0 } from '../../../harness/money'

/** $2/h, and 720 GB of disk at $0.10/h while it runs, $0.20/h of a volume while it does not. */
const disks = { containerDiskGb: 0, persistentMount: { sizeGb: 720, path: '/workspace' } }
const running = pod({ ...disks, costPerHourUsd: 2, createdAtMs: T0, startedAtMs: T0 })
const stopped = stoppedPod({ ...disks, createdAtMs: T0, startedAtMs: T0 })

describe('what was seen', () => {
  test('counts from the start of a pod that runs, also before the first look', () => {
    const ledger = openLedger()
    look(ledger, T0 + HOUR_MS, [running])
    expect(usdOf(spent(ledger).likely)).toBe(2.1)
    lookOn(ledger, T0 + HOUR_MS, T0 + 3 * HOUR_MS, [running])
    expect(usdOf(spent(ledger).likely)).toBe(6.3)
    expect(spent(ledger).onMs).toBe(3 * HOUR_MS)
  })

  test('goes through a gap that a pod ran through by its start', () => {
    const ledger = openLedger()
    look(ledger, T0, [running])
    look(ledger, T0 + 8 * HOUR_MS, [running])
    const { min, max, likely, disk } = spent(ledger)
    expect([usdOf(min), usdOf(likely), usdOf(max)]).toEqual([16, 16.8, 16.8])
    expect(usdOf(disk)).toBe(0.8)
  })

  test('is a range when a pod stopped while nobody looked', () => {
    const ledger = openLedger()
    look(ledger, T0, [running])
    look(ledger, T0 + 8 * HOUR_MS, [stopped])
    const { min, max, likely } = spent(ledger)
    // Stopped at once, in the middle, at the end.
    expect([usdOf(min), usdOf(likely), usdOf(max)]).toEqual([1.6, 9.2, 16.8])
  })

  test('is a range when a pod was started anew while nobody looked', () => {
    const ledger = openLedger()
    look(ledger, T0, [running])
    look(ledger, T0 + 8 * HOUR_MS, [{ ...running, startedAtMs: T0 + 6 * HOUR_MS }])
    const { min, max } = spent(ledger)
    expect([usdOf(min), usdOf(max)]).toEqual([6 * 0.2 + 2 * 2, 16.8])
  })

  test('of a pod that is stopped in both looks and ran in between is a range with its run in it', () => {
    const ledger = openLedger()
    look(ledger, T0, [running])
    lookOn(ledger, T0 + MINUTE_MS, T0 + HOUR_MS, [stopped])
    const before = spent(ledger)
    look(ledger, T0 + 9 * HOUR_MS, [{ ...stopped, startedAtMs: T0 + 5 * HOUR_MS }])
    const after = spent(ledger)
    expect(usdOf(after.min - before.min)).toBeCloseTo(8 * 0.2, 6)
    expect(usdOf(after.max - before.max)).toBeCloseTo(8 * 2.1, 6)
  })

  test('of a pod that is gone ends between the look that had it and the first that had it not', () => {
    const ledger = openLedger()
    look(ledger, T0, [running])
    look(ledger, T0 + MINUTE_MS, [running])
    look(ledger, T0 + 2 * MINUTE_MS, [])
    look(ledger, T0 + HOUR_MS, [])
    const { min, max } = spent(ledger)
    expect(usdOf(min)).toBeCloseTo(2 / 60, 6)
    expect(usdOf(max)).toBeCloseTo((2 * 2.1) / 60, 6)
  })

  test('of a pod that is new counts from its creation, at most since the last look', () => {
    const ledger = openLedger()
    look(ledger, T0, [])
    const made = { ...running, createdAtMs: T0 + 30_000, startedAtMs: T0 + 40_000 }
    look(ledger, T0 + MINUTE_MS, [made])
    expect(usdOf(spent(ledger).likely)).toBeCloseTo(2.1 / 120, 6)
  })

  test('stays what it was when a list is incomplete, and the pod is there again', () => {
    const ledger = openLedger()
    look(ledger, T0, [running])
    ledger.observe({
      what: 'pods',
      atMs: T0 + MINUTE_MS,
      seen: [],
      isComplete: false,
      perhapsThere: new Set(),
    })
    look(ledger, T0 + 2 * MINUTE_MS, [running])
    expect(usdOf(spent(ledger).min)).toBeCloseTo(4 / 60, 6)
    expect(spent(ledger).max).toBe(spent(ledger).likely)
  })

  test('is at least so much when a price is missing', () => {
    const ledger = openLedger()
    lookOn(ledger, T0, T0 + HOUR_MS, [{ ...running, costPerHourUsd: null }])
    expect(spent(ledger).isAtLeast).toBe(true)
    expect(usdOf(spent(ledger).likely)).toBeCloseTo(0.1, 6)
  })

  test('of members of a cluster is with all that is billed otherwise', () => {
    const ledger = openLedger()
    const members = ['a', 'b'].map((id) => ({ ...running, id, clusterId: 'c', persistentMount: null }))
    lookOn(ledger, T0, T0 + HOUR_MS, members)
    expect([...ledger.book('2026-11').subjects.keys()]).toEqual(['other'])
    expect(usdOf(spent(ledger).likely)).toBe(4)
  })

  test('counts what was burned while idle', () => {
    const ledger = openLedger()
    look(ledger, T0, [running])
    look(ledger, T0 + MINUTE_MS, [running], true)
    look(ledger, T0 + 2 * MINUTE_MS, [running], false)
    expect(usdOf(spent(ledger).idle)).toBeCloseTo(2.1 / 60, 6)
  })

  test('is cut at the end of the month', () => {
    const ledger = openLedger()
    const endMs = Date.UTC(2026, 11, 1)
    look(ledger, endMs - HOUR_MS, [
      { ...running, createdAtMs: endMs - HOUR_MS, startedAtMs: endMs - HOUR_MS },
    ])
    look(ledger, endMs + 2 * HOUR_MS, [
      { ...running, createdAtMs: endMs - HOUR_MS, startedAtMs: endMs - HOUR_MS },
    ])
    expect(usdOf(spent(ledger).likely)).toBe(2.1)
    expect(usdOf(spent(ledger, endMs).likely)).toBe(4.2)
  })
})

describe('bills', () => {
  const hours = [T0, T0 + HOUR_MS, T0 + 2 * HOUR_MS]
  const whole = hours.map((startMs) => billRow('pod-1', startMs, 2.1, 0.1))
  const laterMs = T0 + 7 * HOUR_MS

  function seenForThreeHours() {
    const ledger = openLedger()
    lookOn(ledger, T0, T0 + 3 * HOUR_MS, [running])
    return ledger
  }

  test('are believed when the hour ended 3 h ago and two reads agree', () => {
    const ledger = seenForThreeHours()
    const read = { kind: 'pods', fromMs: T0, toMs: T0 + HOUR_MS, rows: whole } as const
    for (const askedAtMs of [T0 + 3.9 * HOUR_MS, T0 + 4.1 * HOUR_MS]) ledger.takeBill({ ...read, askedAtMs })
    expect(spent(ledger).billed).toBe(0)
    ledger.takeBill({ ...read, askedAtMs: T0 + 4.4 * HOUR_MS })
    expect(usdOf(spent(ledger).billed)).toBe(2.1)
  })

  test('count while they are not final only where they say more', () => {
    const ledger = seenForThreeHours()
    const rows = [billRow('pod-1', T0, 1), billRow('pod-1', T0 + HOUR_MS, 3)]
    ledger.takeBill({ kind: 'pods', askedAtMs: laterMs, fromMs: T0, toMs: T0 + 3 * HOUR_MS, rows })
    expect(usdOf(spent(ledger).likely)).toBeCloseTo(2.1 + 3 + 2.1, 6)
  })

  test('that are final count, and what they take back is noted', () => {
    const ledger = seenForThreeHours()
    readTwice(
      ledger,
      laterMs,
      T0,
      T0 + 3 * HOUR_MS,
      hours.map((startMs) => billRow('pod-1', startMs, 1.5)),
    )
    expect(usdOf(spent(ledger).likely)).toBe(4.5)
    const { corrections } = ledger.book('2026-11')
    expect(corrections.map(({ amount }) => usdOf(amount))).toEqual([1.8])
  })

  test('that do not name an hour leave what was surely seen, and take away what was only possible', () => {
    const ledger = openLedger()
    look(ledger, T0, [running])
    look(ledger, T0 + 2 * HOUR_MS, [])
    expect(usdOf(spent(ledger).max)).toBe(4.2)
    const read = [T0, T0 + 3 * HOUR_MS, [billRow('pod-1', T0, 1)]] as const
    readTwice(ledger, laterMs, ...read)
    // For three days it may yet be corrected.
    expect(usdOf(spent(ledger).max)).toBe(1 + 2.1)
    readTwice(ledger, laterMs + 80 * HOUR_MS, ...read)
    const { min, likely, max } = spent(ledger)
    expect([usdOf(min), usdOf(likely), usdOf(max)]).toEqual([1, 1, 1])
  })

  test('are never zero where they are absent', () => {
    const ledger = seenForThreeHours()
    readTwice(ledger, laterMs, T0, T0 + 3 * HOUR_MS, [])
    expect(usdOf(spent(ledger).likely)).toBe(6)
  })

  test('settle whether a price holds the disks, for the pod and likely for the others', () => {
    const ledger = seenForThreeHours()
    expect(spent(ledger).min).toBeLessThan(spent(ledger).max)
    readTwice(
      ledger,
      laterMs,
      T0,
      T0 + 3 * HOUR_MS,
      hours.map((startMs) => billRow('pod-1', startMs, 2, 0.1)),
    )
    expect(ledger.book('2026-11').subjects.get('pod/pod-1')?.disksIn).toBe('cost')
    const other = { ...running, id: 'pod-2', startedAtMs: T0 + 8 * HOUR_MS, createdAtMs: T0 + 8 * HOUR_MS }
    look(ledger, T0 + 8 * HOUR_MS, [running, other])
    look(ledger, T0 + 9 * HOUR_MS, [running, other])
    const hour = spent(ledger, T0, { from: 9 * 24 + 8, to: 9 * 24 + 9 })
    expect([usdOf(hour.min), usdOf(hour.max)]).toEqual([4, 4])
  })

  test('far below the price for hours say that a pod is paid for otherwise', () => {
    const ledger = seenForThreeHours()
    readTwice(
      ledger,
      laterMs,
      T0,
      T0 + 3 * HOUR_MS,
      hours.map((startMs) => billRow('pod-1', startMs, 0.1, 0.1)),
    )
    expect(ledger.book('2026-11').subjects.get('pod/pod-1')?.otherPriceHours).toBe(3)
  })

  test('that come to be corrected count anew once two reads agree', () => {
    const ledger = seenForThreeHours()
    readTwice(ledger, laterMs, T0, T0 + 3 * HOUR_MS, whole)
    const corrected = hours.map((startMs) => billRow('pod-1', startMs, 1, 0.1))
    ledger.takeBill({
      kind: 'pods',
      askedAtMs: T0 + 30 * HOUR_MS,
      fromMs: T0,
      toMs: T0 + 3 * HOUR_MS,
      rows: corrected,
    })
    expect(usdOf(spent(ledger).likely)).toBeCloseTo(6.3, 9)
    readTwice(ledger, T0 + 31 * HOUR_MS, T0, T0 + 3 * HOUR_MS, corrected)
    expect(usdOf(spent(ledger).likely)).toBe(3)
  })

  test('tell of pods that came and went while nobody looked', () => {
    const ledger = openLedger()
    look(ledger, T0, [])
    look(ledger, T0 + 2 * HOUR_MS, [])
    const book = ledger.book('2026-11')
    expect(hasUnseen(book, wholeMonth)).toBe(true)
    readTwice(ledger, laterMs, T0, T0 + 3 * HOUR_MS, [billRow('short-lived', T0, 0.75)])
    expect(hasUnseen(book, wholeMonth)).toBe(false)
    expect(usdOf(spent(ledger).likely)).toBe(0.75)
  })

  test('that lie are counted once, or not, and it is said what was odd', () => {
    const ledger = openLedger()
    const rows = [
      ...[...whole, ...whole].reverse(),
      billRow('pod-1', T0, 1.9),
      billRow('pod-1', T0, -5),
      billRow('pod-1', T0, 1e12),
      billRow('pod-1', laterMs + HOUR_MS, 2),
      billRow('pod-1', T0 - HOUR_MS, 2),
      { ...billRow('pod-1', T0, 9), startMs: T0 + HOUR_MS / 2, endMs: T0 + 1.5 * HOUR_MS },
      { ...billRow('pod-1', T0, 50), endMs: T0 + 24 * HOUR_MS },
      ...Array.from({ length: 10_000 }, (_row, index) => billRow(`unknown-${index % 5_000}`, T0, 0.001)),
    ]
    const read = { kind: 'pods', askedAtMs: laterMs, fromMs: T0, toMs: laterMs, rows } as const
    const oddities = ledger.takeBill(read)
    expect(Object.fromEntries(oddities)).toEqual({
      contradicting: 1,
      negative: 1,
      'too-large': 1,
      future: 1,
      outside: 1,
      'not-an-hour': 2,
    })
    expect(usdOf(spent(ledger).likely)).toBeCloseTo(6.3 + 5, 9)
  })
})

describe('the files', () => {
  test('carry everything over a restart, and nothing is counted twice', () => {
    const files = memoryFiles()
    const first = openLedger(files)
    lookOn(first, T0, T0 + HOUR_MS, [running])
    readTwice(first, T0 + 5 * HOUR_MS, T0, T0 + HOUR_MS, [billRow('pod-1', T0, 2, 0.1)])
    expect(first.save(T0 + HOUR_MS)).toEqual([])
    const second = openLedger(files)
    expect(second.book('2026-11')).toEqual(first.book('2026-11'))
    expect(second.looks()).toEqual(first.looks())
    look(second, T0 + 10 * HOUR_MS, [running])
    expect(usdOf(spent(second).likely)).toBeCloseTo(2 + 9 * 2, 6)
  })

  test('a crash between two months books none of it twice', () => {
    const files = memoryFiles()
    const first = openLedger(files)
    const endMs = Date.UTC(2026, 11, 1)
    const long = { ...running, createdAtMs: endMs - HOUR_MS, startedAtMs: endMs - HOUR_MS }
    look(first, endMs - HOUR_MS, [long])
    first.save(endMs)
    look(first, endMs + HOUR_MS, [long])
    const written: string[] = []
    first.save(endMs)
    for (const month of [...files.texts.keys()].sort()) written.push(month)
    expect(written).toEqual(['2026-11', '2026-12'])
    files.texts.delete('2026-12')
    const second = openLedger(files, endMs)
    look(second, endMs + 2 * HOUR_MS, [long])
    expect(usdOf(spent(second).likely)).toBe(2.1)
    expect(usdOf(spent(second, endMs).likely)).toBe(4.2)
  })

  test('one that is damaged is set aside, and said', () => {
    for (const text of ['', '{', '{"version":2}', '{"version":1,"month":"2026-10"}']) {
      const ledger = openLedger(memoryFiles(new Map([['2026-11', text]])))
      expect(ledger.takeProblems().join()).toMatch(/2026-11 were damaged.*kept as 2026-11.damaged/)
      expect(spent(ledger).likely).toBe(0)
    }
  })

  test('older than 13 months go', () => {
    const files = memoryFiles()
    const ledger = openLedger(files)
    look(ledger, T0, [running])
    ledger.save(T0)
    look(ledger, T0 + 400 * 24 * HOUR_MS, [running])
    ledger.save(T0 + 400 * 24 * HOUR_MS)
    expect(Math.min(...ledger.months().map((month) => Number(month.replace('-', ''))))).toBe(202612)
    expect(files.texts.has('2026-11')).toBe(false)
  })
})

test('pods that the guard stopped are kept with their month, each once, across restarts', () => {
  const files = memoryFiles()
  const ledger = openLedger(files)
  for (const id of ['one', 'two', 'one']) ledger.takeStop(id, { name: `pod ${id}`, atMs: T0 + HOUR_MS })
  ledger.takeStop('three', { name: 'of October', atMs: T0 - 20 * 24 * HOUR_MS })
  ledger.takeStop('long ago', { name: 'x', atMs: T0 - 500 * 24 * HOUR_MS })
  expect(ledger.save(T0 + HOUR_MS)).toEqual([])
  const { stops } = openLedger(files).book('2026-11')
  expect([...stops]).toEqual([
    ['one', { name: 'pod one', atMs: T0 + HOUR_MS }],
    ['two', { name: 'pod two', atMs: T0 + HOUR_MS }],
  ])
  expect(openLedger(files).book('2026-10').stops.size).toBe(1)
})

test('a book of an earlier version, which knew no stops, is read', () => {
  const files = memoryFiles()
  const ledger = openLedger(files)
  look(ledger, T0, [pod()])
  ledger.save(T0)
  const text = files.texts.get('2026-11')!
  const { stops: _, ...old } = JSON.parse(text) as Record<string, unknown>
  files.texts.set('2026-11', JSON.stringify(old))
  expect(openLedger(files).looks().size).toBe(1)
})
