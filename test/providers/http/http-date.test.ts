import { expect, test } from 'vitest'
import { readServerDate } from '../../../src/providers/http/http-date'

const dateOf = (date: string, more: Record<string, string> = {}) =>
  readServerDate(new Headers({ date, ...more }))

test('the time of a reply is read from its Date header', () => {
  expect(dateOf('Tue, 24 Nov 2026 14:05:00 GMT')).toBe(Date.UTC(2026, 10, 24, 14, 5))
  expect(dateOf('Tue, 24 Nov 2026 14:05:00 GMT', { age: '0' })).toBe(Date.UTC(2026, 10, 24, 14, 5))
})

test.each([
  '',
  'yesterday',
  '2026-11-24T14:05:00Z',
  'Mon, 24 Nov 2026 14:05:00 GMT',
  'Tue, 31 Feb 2026 14:05:00 GMT',
  'Tue, 24 Nov 2026 14:05:00 +0100',
  'Tue, 24 Nov 2026 14:05:00',
  'Tue, 24 Nov 2026 24:05:00 GMT',
  'Tuesday, 24-Nov-26 14:05:00 GMT',
  '1',
])('a Date header %j is no time', (date) => {
  expect(dateOf(date)).toBeNull()
})

test('a reply without a Date, or from a cache, has no time', () => {
  expect(readServerDate(new Headers())).toBeNull()
  expect(dateOf('Tue, 24 Nov 2026 14:05:00 GMT', { age: '120' })).toBeNull()
  expect(dateOf('Tue, 24 Nov 2026 14:05:00 GMT', { age: 'old' })).toBeNull()
})
