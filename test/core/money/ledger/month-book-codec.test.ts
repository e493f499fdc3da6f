import { describe, expect, test } from 'vitest'
import {
  addDay,
  parseMonth,
  serializeDay,
  serializeMonth,
} from '../../../../src/core/money/ledger/month-book-codec'

/** The form of the file, whose names are older than those of the code and stay as they are. */
const MONTH = '2026-11'
const AT_MS = Date.UTC(2026, 10, 24, 9, 30)
const DAY = 23
const HOUR = Math.floor((AT_MS - Date.UTC(2026, 10)) / 3_600_000)
const stored = {
  version: 2,
  month: MONTH,
  last: {
    podsAtMs: AT_MS,
    volumesAtMs: AT_MS - 60_000,
    topUp: { atMs: AT_MS - 7_200_000, lowest: -1_500_000_000 },
    looks: [
      {
        key: 'pod/p1',
        atMs: AT_MS,
        standing: {
          kind: 'on',
          computeRate: 2_990_000_000,
          onDiskRate: 14_000_000,
          offRate: 28_000_000,
          startedAtMs: AT_MS - 3_600_000,
          createdAtMs: AT_MS - 7_200_000,
          isApproximate: true,
        },
        missedAtMs: null,
        isUsed: true,
        sinceMs: AT_MS - 3_000_000,
        uptimeMs: 3_600_000,
      },
      {
        key: 'volume/v1',
        atMs: AT_MS - 60_000,
        standing: {
          kind: 'off',
          computeRate: null,
          onDiskRate: 9_000_000,
          offRate: 9_000_000,
          startedAtMs: null,
          createdAtMs: null,
        },
        missedAtMs: AT_MS - 30_000,
        isUsed: false,
        sinceMs: AT_MS - 60_000,
        uptimeMs: null,
      },
    ],
  },
  corrections: [[AT_MS - 9_000, 12]],
  oddities: ['pod/p1 2026-11-24T06'],
  stops: [
    ['intent-1', 'llama', AT_MS - 8_000, 'pod/p1', 2_962_000_000, null],
    ['intent-2', 'qwen', AT_MS - 7_000, 'pod/p2', null, AT_MS - 6_000],
  ],
  subjects: [
    {
      id: 'pod/p1',
      name: 'llama',
      hardware: '1 × H100',
      disksIn: 'bill',
      otherPriceHours: 1,
    },
  ],
}

const storedDay = {
  version: 2,
  month: MONTH,
  day: DAY,
  bookedUntilMs: [['pod/p1', AT_MS]],
  unseenHours: [HOUR - 2],
  pageReads: [[HOUR - 3, AT_MS - 5_000, AT_MS - 4_000]],
  subjects: [
    {
      id: 'pod/p1',
      hours: [
        [HOUR - 3, 1, 2, 3, 1, 0, 3_600_000, 0],
        [HOUR - 2, 4, 5, 6, 1, 2, 1_800_000, 0b10011, 5, 1, AT_MS - 5_000, AT_MS - 4_000],
        [HOUR - 1, 4, 5, 6, 1, 2, 1_800_000, 0b110, -1, 0, AT_MS - 3_000, AT_MS - 2_000, 7, 2],
      ],
    },
  ],
}

describe('the file of a month', () => {
  test('is read and written with its names and rows', () => {
    const { last, book } = parseMonth(MONTH, JSON.stringify(stored))!
    expect(JSON.parse(serializeMonth(book, last))).toEqual(stored)
    expect(addDay(book, DAY, JSON.stringify(storedDay))).toBe(true)
    expect(JSON.parse(serializeDay(book, DAY)!)).toEqual(storedDay)
    expect(JSON.parse(serializeMonth(book, last))).toEqual(stored)
    expect([serializeDay(book, DAY - 1), serializeDay(book, DAY + 1)]).toEqual([null, null])
  })

  test('says of the last observations what each subject costs', () => {
    const { last } = parseMonth(MONTH, JSON.stringify(stored))!
    expect(last.observations.get('pod/p1')).toEqual({
      atMs: AT_MS,
      billingState: stored.last.looks[0]!.standing,
      missedAtMs: null,
      isUsed: true,
      sinceMs: AT_MS - 3_000_000,
      uptimeMs: 3_600_000,
    })
    expect([...last.observations.keys()]).toEqual(['pod/p1', 'volume/v1'])
  })

  test('is not read where an observation, a row or the month is not as written', () => {
    const [first] = stored.last.looks
    const changed = [
      { ...stored, month: '2026-10' },
      { ...stored, version: 1 },
      { ...stored, last: { ...stored.last, looks: [{ ...first, standing: undefined }] } },
      { ...stored, last: { ...stored.last, looks: [{ ...first, atMs: 1.5 }] } },
    ]
    for (const one of changed) expect(parseMonth(MONTH, JSON.stringify(one))).toBeNull()
    expect(parseMonth(MONTH, JSON.stringify(stored).slice(0, -1))).toBeNull()
    for (const one of [
      { ...storedDay, month: '2026-10' },
      { ...storedDay, day: DAY - 1 },
      { ...storedDay, version: 1 },
      { ...storedDay, unseenHours: [HOUR - 24] },
      { ...storedDay, subjects: [{ id: 'pod/p1', hours: [[HOUR + 24, 1, 2, 3, 1, 0, 0, 0]] }] },
      { ...storedDay, subjects: [{ id: 'pod/p1', hours: [[HOUR, 1, 2, 3, 1, 0, 0, 0b10]] }] },
    ]) {
      const { book } = parseMonth(MONTH, JSON.stringify(stored))!
      expect(addDay(book, DAY, JSON.stringify(one))).toBe(false)
      expect(book.bookedUntilMs.size).toBe(0)
    }
  })
})
