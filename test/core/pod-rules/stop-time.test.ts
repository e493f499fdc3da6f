import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import {
  describeStopTime,
  parseStopTime,
  stopTimeLeftMs,
  stopTimesAround,
  stopTimeText,
} from '../../../src/core/pod-rules/stop-time'

const at = (iso: string): number => Date.parse(iso)
const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 16)
const around = (text: string, nowIso: string) => {
  const { lastMs, nextMs } = stopTimesAround(parseStopTime(text)!, at(nowIso))
  return [iso(lastMs), iso(nextMs)]
}

test.each([
  ['20:00', '20:00', 'at 20:00'],
  ['8:05 mon-fri', '08:05 mon-fri', 'on weekdays at 08:05'],
  ['20:00 MON-Fri Europe/Berlin', '20:00 mon-fri Europe/Berlin', 'on weekdays at 20:00 (Europe/Berlin)'],
  ['00:00 fri-mon UTC', '00:00 sun,mon,fri,sat UTC', 'on Sunday, Monday, Friday and Saturday at 00:00 (UTC)'],
  ['23:59 sat,sun', '23:59 sun,sat', 'on weekends at 23:59'],
  ['20:00 sun-sat', '20:00', 'at 20:00'],
  ['20:00 wed', '20:00 wed', 'on Wednesday at 20:00'],
  ['20:00 UTC', '20:00 UTC', 'at 20:00 (UTC)'],
])('%s is a stop time', (typed, stored, words) => {
  expect(stopTimeText(parseStopTime(typed)!)).toBe(stored)
  expect(describeStopTime(stored)).toBe(words)
})

test.each([
  '',
  '24:00',
  '8 PM',
  '20:00 mon tue',
  '20:00 Mars/Base',
  '20:00 mon-',
  '20:00 mon-fri UTC x',
  '20',
])('%j is no stop time', (text) => expect(parseStopTime(text)).toBeNull())

describe('the stop times around a moment', () => {
  test('are those of the zone, whatever the zone of this computer', () => {
    expect(around('20:00 America/New_York', '2026-12-04T12:00Z')).toEqual([
      '2026-12-04T01:00',
      '2026-12-05T01:00',
    ])
    expect(around('20:00 Asia/Kolkata', '2026-12-04T14:30Z')).toEqual([
      '2026-12-04T14:30',
      '2026-12-05T14:30',
    ])
    // A Friday; there it is still Thursday, and then already Saturday.
    expect(around('20:00 mon-fri Pacific/Kiritimati', '2026-12-04T05:00Z')).toEqual([
      '2026-12-03T06:00',
      '2026-12-04T06:00',
    ])
    expect(around('20:00 mon-fri Pacific/Kiritimati', '2026-12-04T06:00Z')).toEqual([
      '2026-12-04T06:00',
      '2026-12-07T06:00',
    ])
  })

  test('keep their local time when daylight saving time begins and ends', () => {
    expect(around('20:00 Europe/Berlin', '2026-03-28T19:30Z')).toEqual([
      '2026-03-28T19:00',
      '2026-03-29T18:00',
    ])
    expect(around('20:00 Europe/Berlin', '2026-10-24T18:30Z')).toEqual([
      '2026-10-24T18:00',
      '2026-10-25T19:00',
    ])
  })

  test('are an hour later where the clock skips them, and the first where it repeats them', () => {
    // 02:30 doesn't exist: the clock goes from 02:00 to 03:00 at 01:00 UTC.
    expect(around('02:30 Europe/Berlin', '2026-03-29T00:00Z')).toEqual([
      '2026-03-28T01:30',
      '2026-03-29T01:30',
    ])
    // 02:30 exists twice, at 00:30 and at 01:30 UTC.
    expect(around('02:30 Europe/Berlin', '2026-10-25T00:00Z')).toEqual([
      '2026-10-24T00:30',
      '2026-10-25T00:30',
    ])
    expect(around('02:30 Europe/Berlin', '2026-10-25T01:00Z')).toEqual([
      '2026-10-25T00:30',
      '2026-10-26T01:30',
    ])
  })

  test('come once a day in every zone, at the right minute of the local clock', () => {
    const zones = [
      'UTC',
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
      'Asia/Kolkata',
      'Pacific/Apia',
    ]
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: 0, max: 1439 }),
        fc.integer({ min: at('2026-01-01'), max: at('2027-12-31') }),
        (timeZone, minutes, nowMs) => {
          const stopTime = { minutes, days: [0, 1, 2, 3, 4, 5, 6], timeZone }
          const { lastMs, nextMs } = stopTimesAround(stopTime, nowMs)
          expect(lastMs).toBeLessThanOrEqual(nowMs)
          expect(nextMs).toBeGreaterThan(nowMs)
          expect(nextMs - lastMs).toBeGreaterThan(DAY_MS - 2 * HOUR_MS)
          expect(nextMs - lastMs).toBeLessThan(DAY_MS + 2 * HOUR_MS)
          const clock = new Intl.DateTimeFormat('en-GB', { timeZone, timeStyle: 'short' })
          const shown = (ms: number): number => {
            const [hours = 0, mins = 0] = clock.format(ms).split(':').map(Number)
            return hours * 60 + mins
          }
          // Skipped times come up to an hour later.
          const laterMin = (shown(nextMs) - minutes + 1440) % 1440
          expect([0, 30, 60]).toContain(laterMin)
          expect(stopTimesAround(stopTime, nextMs).lastMs).toBe(nextMs)
        },
      ),
      { numRuns: 300 },
    )
  })
})

test('a run that began before the stop time has met it for eight hours, and one that began later has not', () => {
  const stopTime = parseStopTime('20:00 UTC')!
  const left = (startedIso: string | null, nowIso: string): number =>
    stopTimeLeftMs(stopTime, startedIso === null ? null : at(startedIso), at(nowIso)) / MINUTE_MS
  expect(left('2026-12-04T09:00Z', '2026-12-04T19:00Z')).toBe(60)
  expect(left('2026-12-04T09:00Z', '2026-12-04T20:00Z')).toBe(0)
  expect(left('2026-12-04T09:00Z', '2026-12-05T03:59Z')).toBe(0)
  expect(left('2026-12-04T09:00Z', '2026-12-05T04:00Z')).toBe(16 * 60)
  expect(left('2026-12-04T21:00Z', '2026-12-04T22:00Z')).toBe(22 * 60)
  expect(left('2026-12-04T20:00Z', '2026-12-04T20:30Z')).toBe(23 * 60 + 30)
  expect(left(null, '2026-12-04T22:00Z')).toBe(22 * 60)
})
