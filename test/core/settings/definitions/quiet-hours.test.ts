import { expect, test } from 'vitest'
import {
  isInQuietHours,
  parseTimeOfDay,
  timeOfDayProblem,
} from '../../../../src/core/settings/definitions/quiet-hours'
import { HOUR_MS, MINUTE_MS } from '../../../../src/core/base/time/time'

const between = (from: string | null, to: string | null) => ({ quietHoursFrom: from, quietHoursTo: to })
const utc = (time: string): number => Date.parse(`2026-11-24T${time}Z`)
const isQuiet = (time: string, from: string | null, to: string | null): boolean =>
  isInQuietHours(utc(time), between(from, to), 'UTC')

test.each([
  ['21:59:59', false],
  ['22:00:00', true],
  ['23:59:59', true],
  ['00:00:00', true],
  ['06:59:59', true],
  ['07:00:00', false],
  ['12:00:00', false],
])('at %s it is quiet hours across midnight: %j', (time, isIn) => {
  expect(isQuiet(time, '22:00', '07:00')).toBe(isIn)
})

test('quiet hours within a day are between their times', () => {
  expect(['12:59', '13:00', '14:59', '15:00'].map((time) => isQuiet(`${time}:00`, '13:00', '15:00'))).toEqual(
    [false, true, true, false],
  )
})

test('a single time, two equal ones and invalid ones are no quiet hours', () => {
  const pairs = [
    ['22:00', null],
    [null, '07:00'],
    [null, null],
    ['22:00', '22:00'],
    ['22:00', 'seven'],
  ] as const
  for (const [from, to] of pairs)
    for (const time of ['22:00:00', '03:00:00']) expect(isQuiet(time, from, to)).toBe(false)
})

/** The number of quiet hours of the day since local midnight, counted by the minute. */
function quietHours(firstMs: number, hours: number, timeZone: string): number {
  let minutes = 0
  for (let minute = 0; minute < hours * 60; minute++)
    if (isInQuietHours(firstMs + minute * MINUTE_MS, between('22:00', '07:00'), timeZone)) minutes++
  return minutes / 60
}

test('quiet hours follow local time, also in nights with a daylight saving change', () => {
  const noon = (date: string): number => Date.parse(`${date}T11:00:00Z`)
  expect(quietHours(noon('2026-11-24'), 24, 'Europe/Berlin')).toBe(9)
  expect(quietHours(noon('2026-10-24'), 24, 'Europe/Berlin')).toBe(10)
  expect(quietHours(noon('2026-03-28'), 24, 'Europe/Berlin')).toBe(8)
  expect(isInQuietHours(utc('03:00:00') + HOUR_MS, between('22:00', '07:00'), 'America/New_York')).toBe(true)
  expect(isInQuietHours(utc('18:00:00'), between('22:00', '07:00'), 'Asia/Kolkata')).toBe(true)
})

test.each(['22:00', '7:05', ' 00:00 ', '23:59'])('%j is a time of day', (text) => {
  expect(timeOfDayProblem(text)).toBeNull()
})

test.each(['', '24:00', '12:60', '12', '12:5', '10pm', '-1:00', '12:00:00', '１２:00'])(
  '%j is not a time of day, and the error describes the format',
  (text) => {
    expect(parseTimeOfDay(text)).toBeNull()
    expect(timeOfDayProblem(text)).toBe('must be a time of day from 00:00 to 23:59, such as 22:00')
  },
)
