import { describe, expect, test } from 'vitest'
import { toUsd } from '../../../../src/core/money/ledger/amounts'
import type { Ledger } from '../../../../src/core/money/ledger/ledger'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../../src/core/base/time/time'
import type { Pod } from '../../../../src/core/pods/pod'
import { pod, stoppedPod } from '../../../harness/samples/pods'
import {
  applyBillTwice,
  billRow,
  memoryFiles,
  MONTH_START_MS,
  openLedger,
  recordPoll,
  recordPolls,
  seenOf,
  spentInMonth,
} from '../../../harness/money/ledger-fixture'

/** $2/hr, of which nothing for disks. */
const running = pod({
  costPerHourUsd: 2,
  containerDiskGb: 0,
  persistentMount: null,
  createdAtMs: MONTH_START_MS,
  startedAtMs: MONTH_START_MS,
})

function recordUptime(ledger: Ledger, atMs: number, uptimeMs: number | null, of: Pod = running): void {
  ledger.observe({
    what: 'pods',
    atMs,
    subjects: [{ ...seenOf(of), uptimeMs }],
    isComplete: true,
    possiblyPresent: new Set(),
  })
}

const range = (ledger: Ledger) => {
  const { min, likely, max } = spentInMonth(ledger)
  return [min, likely, max].map((amount) => Math.round(toUsd(amount) * 100) / 100)
}

describe('the certain cost of a pod that is on', () => {
  test('is at most what its own uptime advanced, and the rest is a range', () => {
    const ledger = openLedger()
    recordUptime(ledger, MONTH_START_MS, 0)
    recordUptime(ledger, MONTH_START_MS + 5 * HOUR_MS, HOUR_MS)
    expect(range(ledger)).toEqual([2.01, 10, 10])
    recordUptime(ledger, MONTH_START_MS + 6 * HOUR_MS, 2 * HOUR_MS)
    expect(range(ledger)).toEqual([4.01, 12, 12])
  })

  test('is the whole time when its uptime advanced as much, also over a restart of the app', () => {
    const files = memoryFiles()
    const first = openLedger(files)
    recordUptime(first, MONTH_START_MS, 0)
    recordUptime(first, MONTH_START_MS + HOUR_MS, HOUR_MS - 3_000)
    first.save()
    const second = openLedger(files)
    recordUptime(second, MONTH_START_MS + 5 * HOUR_MS, 5 * HOUR_MS)
    expect(range(second)).toEqual([10, 10, 10])
  })

  test('is the time since its container was restarted', () => {
    const ledger = openLedger()
    recordUptime(ledger, MONTH_START_MS, 9 * HOUR_MS)
    recordUptime(ledger, MONTH_START_MS + 5 * HOUR_MS, HOUR_MS)
    expect(range(ledger)).toEqual([2.01, 10, 10])
  })

  test('follows from its start time when it reports no uptime', () => {
    const ledger = openLedger()
    recordUptime(ledger, MONTH_START_MS, null)
    recordUptime(ledger, MONTH_START_MS + 5 * HOUR_MS, null)
    expect(range(ledger)).toEqual([10, 10, 10])
  })

  test('includes the disk of the time that it may have been stopped', () => {
    const ledger = openLedger()
    const disk = pod({ ...running, persistentMount: { sizeGb: 720, path: '/workspace' } })
    recordUptime(ledger, MONTH_START_MS, 0, disk)
    recordUptime(ledger, MONTH_START_MS + 5 * HOUR_MS, HOUR_MS, disk)
    expect(range(ledger)[0]).toBeCloseTo(2.01 + 4 * 0.2, 1)
  })
})

describe('a ledger that a wrong clock wrote', () => {
  /** Two hours are right, then the clock is ahead by `aheadMs` for ten hours. */
  function written(aheadMs: number) {
    const files = memoryFiles()
    const ledger = openLedger(files)
    recordPolls(ledger, MONTH_START_MS, MONTH_START_MS + 2 * HOUR_MS, [running])
    ledger.save()
    const wrongMs = MONTH_START_MS + 2 * HOUR_MS + aheadMs
    recordPolls(ledger, wrongMs, wrongMs + 10 * HOUR_MS, [running], 5 * MINUTE_MS)
    ledger.save()
    return files
  }
  const NOW_MS = MONTH_START_MS + 12 * HOUR_MS

  test.each([5 * DAY_MS, 300 * DAY_MS, 3_650 * DAY_MS])(
    'counts no hour of the future at %s ms ahead, and continues from before',
    (aheadMs) => {
      const files = written(aheadMs)
      const ledger = openLedger(files)
      ledger.repair(NOW_MS)
      recordPolls(ledger, NOW_MS, NOW_MS + HOUR_MS, [running])
      expect(range(ledger)[1]).toBeCloseTo(26, 6)
      expect(ledger.months()).toEqual(['2026-11'])
      ledger.save()
      const again = openLedger(files)
      again.repair(NOW_MS + HOUR_MS)
      expect(range(again)[1]).toBeCloseTo(26, 6)
      expect(again.drainProblems()).toEqual([])
    },
  )

  test('keeps a copy of every file that it changes or removes, and says so once', () => {
    const files = written(40 * DAY_MS)
    const before = new Map(files.texts)
    const ledger = openLedger(files)
    ledger.repair(NOW_MS)
    expect(new Map(files.copies.map(({ name, text }) => [name, text]))).toEqual(before)
    expect(ledger.drainProblems().join()).toMatch(/future hours.*kept as 2026-11-10\.future and \d+ more/)
    ledger.repair(NOW_MS)
    expect(ledger.drainProblems()).toEqual([])
    expect(files.copies).toHaveLength(before.size)
  })

  test('loses nothing when no copy can be made', () => {
    const files = written(300 * DAY_MS)
    const months = [...files.texts.keys()]
    const full = { ...files, keepCopy: () => ({ ok: false, error: 'the disk is full' }) as const }
    const ledger = openLedger(full)
    ledger.repair(NOW_MS)
    expect([...files.texts.keys()]).toEqual(months)
    expect(ledger.drainProblems().join()).toMatch(/could not be copied: the disk is full/)
  })

  test('is not changed when nothing in it is of the future', () => {
    const files = memoryFiles()
    const first = openLedger(files)
    recordPolls(first, MONTH_START_MS, MONTH_START_MS + 2 * HOUR_MS, [running])
    applyBillTwice(first, MONTH_START_MS + 2 * HOUR_MS, MONTH_START_MS, MONTH_START_MS + HOUR_MS, [
      billRow('pod-1', MONTH_START_MS, 2),
    ])
    first.save()
    const text = files.texts.get('2026-11')
    const second = openLedger(files)
    second.repair(MONTH_START_MS + 2.5 * HOUR_MS)
    expect(second.book('2026-11')).toEqual(first.book('2026-11'))
    second.save()
    expect(files.texts.get('2026-11')).toBe(text)
    expect(files.copies).toEqual([])
  })

  test('reads bills again that were read by a clock that was ahead', () => {
    const ledger = openLedger()
    recordPolls(ledger, MONTH_START_MS, MONTH_START_MS + HOUR_MS, [running])
    const rows = (usd: number) => [billRow('pod-1', MONTH_START_MS, usd)]
    applyBillTwice(ledger, MONTH_START_MS + 9 * DAY_MS, MONTH_START_MS, MONTH_START_MS + HOUR_MS, rows(1))
    expect(range(ledger)[1]).toBe(1)
    applyBillTwice(ledger, MONTH_START_MS + 5 * HOUR_MS, MONTH_START_MS, MONTH_START_MS + HOUR_MS, rows(1.9))
    expect(range(ledger)[1]).toBe(1.9)
  })

  test('deletes no month while one on disk is newer than now', () => {
    const files = memoryFiles()
    const ledger = openLedger(files)
    recordPoll(ledger, MONTH_START_MS, [running])
    ledger.save()
    recordPoll(ledger, MONTH_START_MS + 3_650 * DAY_MS, [stoppedPod()])
    ledger.save()
    ledger.prune(MONTH_START_MS + 500 * DAY_MS)
    expect(files.texts.has('2026-11')).toBe(true)
    expect(openLedger(files).months()).toContain('2026-11')
  })
})

describe('amounts beyond $9 million', () => {
  test.each([9_007_200, 1e9, -1e9, 1e15])('a balance of $%s survives a restart', (usd) => {
    const files = memoryFiles()
    const first = openLedger(files)
    recordPoll(first, MONTH_START_MS, [running])
    const toppedUpAtMs = first.recordBalance(usd, MONTH_START_MS)
    first.save()
    const second = openLedger(files)
    expect(second.drainProblems()).toEqual([])
    expect(second.lastObservations().size).toBe(1)
    expect(second.recordBalance(usd, MONTH_START_MS + HOUR_MS)).toBe(toppedUpAtMs)
  })

  test('a balance that is no number changes nothing', () => {
    const files = memoryFiles()
    const first = openLedger(files)
    first.recordBalance(100, MONTH_START_MS)
    for (const usd of [Infinity, Number.NaN, 1e305]) first.recordBalance(usd, MONTH_START_MS)
    first.save()
    expect(openLedger(files).drainProblems()).toEqual([])
  })
})

test('an anomaly of a bill is reported once, however often it is read, also by the next run', () => {
  const files = memoryFiles()
  const credit = {
    kind: 'pods',
    fromMs: MONTH_START_MS,
    toMs: MONTH_START_MS + HOUR_MS,
    rows: [billRow('pod-1', MONTH_START_MS, -50)],
  } as const
  const ledger = openLedger(files)
  const readAt = (hours: number, of = ledger) =>
    of.applyBill({ ...credit, requestedAtMs: MONTH_START_MS + hours * HOUR_MS })
  expect(readAt(1)).toEqual(new Map([['negative', 1]]))
  for (let hours = 2; hours < 30; hours++) expect(readAt(hours).size).toBe(0)
  ledger.save()
  const next = openLedger(files)
  expect(readAt(40, next).size).toBe(0)
  const another = [billRow('pod-1', MONTH_START_MS, -60)]
  expect(next.applyBill({ ...credit, rows: another, requestedAtMs: MONTH_START_MS + 41 * HOUR_MS })).toEqual(
    new Map([['negative', 1]]),
  )
})

describe('what only a bill knows', () => {
  const hours = [0, 1, 2, 3].map((hour) => MONTH_START_MS + hour * HOUR_MS)
  const bill = (ledger: Ledger, rows = hours.map((startMs) => billRow('pod-1', startMs, 2))) =>
    applyBillTwice(ledger, MONTH_START_MS + 8 * HOUR_MS, MONTH_START_MS, MONTH_START_MS + 4 * HOUR_MS, rows)

  test('is distinguished from what was observed', () => {
    const ledger = openLedger()
    recordPoll(ledger, MONTH_START_MS + 3 * HOUR_MS, [stoppedPod()])
    recordPolls(ledger, MONTH_START_MS + 3.5 * HOUR_MS, MONTH_START_MS + 4 * HOUR_MS, [
      { ...running, startedAtMs: MONTH_START_MS + 3.5 * HOUR_MS },
    ])
    bill(ledger)
    const { likely, unobserved, onMs } = spentInMonth(ledger)
    expect(toUsd(likely)).toBe(8)
    expect(toUsd(unobserved)).toBeGreaterThan(6)
    expect(toUsd(likely - unobserved)).toBeCloseTo((2 * onMs) / HOUR_MS, 1)
  })

  test('is nothing for hours that were observed, at a price that includes disks or not', () => {
    const ledger = openLedger()
    recordPolls(ledger, MONTH_START_MS, MONTH_START_MS + 4 * HOUR_MS, [running])
    bill(
      ledger,
      hours.map((startMs) => billRow('pod-1', startMs, 2.5)),
    )
    expect(spentInMonth(ledger).unobserved).toBe(0)
    expect(toUsd(spentInMonth(ledger).likely)).toBe(10)
  })

  test('is never idle', () => {
    const ledger = openLedger()
    recordPoll(ledger, MONTH_START_MS, [running])
    recordPoll(ledger, MONTH_START_MS + MINUTE_MS, [running], true)
    bill(ledger)
    expect(toUsd(spentInMonth(ledger).idle)).toBeCloseTo(2 / 60, 6)
  })
})
