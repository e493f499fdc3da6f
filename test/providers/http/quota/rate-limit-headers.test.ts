import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  readingsOf,
  readRateLimit,
  readRetryAfterMs,
  readXRateLimit,
} from '../../../../src/providers/http/quota/rate-limit-headers'

const wallMs = Date.parse('2026-11-24T12:00:00Z')

describe('the X-RateLimit headers', () => {
  const read = (limit: string, remaining: string, reset: string, more: Record<string, string> = {}) => {
    const names = {
      'x-ratelimit-limit': limit,
      'x-ratelimit-remaining': remaining,
      'x-ratelimit-reset': reset,
    }
    return readXRateLimit(new Headers({ ...names, ...more }), wallMs)
  }
  const unixS = wallMs / 1_000

  it('give what is left in one window until a time in Unix seconds, or ms, or in so many seconds', () => {
    const window = { limit: 60, left: 59, resetAtMs: wallMs + 30_000, resetInMs: 30_000 }
    for (const reset of [unixS + 30, (unixS + 30) * 1_000, 30])
      expect(read('60', '59', String(reset))).toEqual(window)
  })

  it('give a time by the server’s own clock, if that is known', () => {
    const date = new Date(wallMs - 3_600_000).toUTCString()
    expect(read('60', '59', String(unixS - 3_600 + 10), { date }).resetInMs).toBe(10_000)
    expect(read('60', '59', '10', { date }).resetAtMs).toBe(wallMs - 3_590_000)
  })

  it('give no window that ended before or ends in more than a day', () => {
    expect(read('60', '59', String(unixS - 5)).resetInMs).toBe(0)
    expect(read('60', '59', '999999999999999').resetInMs).toBe(86_400_000)
    expect(read('60', '59', '900000000').resetInMs).toBe(86_400_000)
  })

  it.each(['-1', 'NaN', 'Infinity', '1e9', '0x10', '60, 60', '', ' ', '9999999999999999', '1.2.3'])(
    'are ignored where they are malformed: %j',
    (value) => {
      expect(read(value, value, value)).toEqual({ limit: null, left: null, resetAtMs: null, resetInMs: null })
    },
  )

  it('give a reading that is known by the limit, and none without a number or a reset', () => {
    expect(readingsOf(read('60', '59', '30'))).toEqual([
      { name: 'x-ratelimit 60', left: 59, resetInMs: 30_000 },
    ])
    expect(readingsOf(read('?', '59', '30'))).toEqual([{ name: 'x-ratelimit ', left: 59, resetInMs: 30_000 }])
    expect(readingsOf(read('60', '?', '30'))).toEqual([])
    expect(readingsOf(read('60', '59', 'soon'))).toEqual([])
    expect(readingsOf(readXRateLimit(new Headers(), wallMs))).toEqual([])
  })

  it('give whole numbers in bounds, whatever they hold', () => {
    const value = fc.oneof(
      fc.string({ unit: 'grapheme-ascii' }),
      fc.double().map(String),
      fc.bigInt().map(String),
    )
    fc.assert(
      fc.property(value, value, value, (limit, left, reset) => {
        const window = read(limit, left, reset)
        expect(window.resetInMs ?? 0).toBeGreaterThanOrEqual(0)
        expect(window.resetInMs ?? 0).toBeLessThanOrEqual(86_400_000)
        for (const number of [window.limit, window.left]) expect(Number.isSafeInteger(number ?? 0)).toBe(true)
        expect(Math.min(window.limit ?? 0, window.left ?? 0)).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})

describe('the RateLimit header', () => {
  it('gives what is left in every window', () => {
    const headers = new Headers({ ratelimit: '"minute";r=176;t=12, "hour";r=7193;t=1812' })
    expect(readRateLimit(headers)).toEqual([
      { name: 'minute', left: 176, resetInMs: 12_000 },
      { name: 'hour', left: 7193, resetInMs: 1_812_000 },
    ])
  })

  it('uses the length from the policy if it has no reset', () => {
    const headers = new Headers({ ratelimit: '"minute";r=5', 'ratelimit-policy': '"minute";q=60;w=60' })
    expect(readRateLimit(headers)).toEqual([{ name: 'minute', left: 5, resetInMs: 60_000 }])
  })

  it('is parsed member by member where possible', () => {
    const headers = new Headers({ ratelimit: '"minute;r=1;t=1, hour;r=8;t=9, "day";r=-1;t=9, "week";R=1' })
    expect(readRateLimit(headers)).toEqual([{ name: 'hour', left: 8, resetInMs: 9_000 }])
  })

  it.each([
    {},
    { ratelimit: '' },
    { ratelimit: 'limit=100, remaining=5' },
    { ratelimit: '("a" "b");r=1;t=1' },
  ])('is ignored if absent or of another type: %o', (fields) =>
    expect(readRateLimit(new Headers(fields as Record<string, string>))).toEqual([]),
  )

  it('never throws and never yields invalid numbers', () => {
    const field = fc.stringMatching(/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/)
    fc.assert(
      fc.property(field, field, (limit, policy) => {
        for (const { left, resetInMs } of readRateLimit(
          new Headers({ ratelimit: limit, 'ratelimit-policy': policy }),
        )) {
          expect(Number.isSafeInteger(left) && left >= 0).toBe(true)
          expect(Number.isFinite(resetInMs) && resetInMs >= 0).toBe(true)
        }
      }),
    )
  })
})

describe('the Retry-After header', () => {
  const wait = (value: string, more: Record<string, string> = {}) =>
    readRetryAfterMs(new Headers({ 'retry-after': value, ...more }), wallMs)

  it('can be a number of seconds', () => {
    expect(wait('12')).toBe(12_000)
  })

  it('can be a date', () => {
    expect(wait('Tue, 24 Nov 2026 12:00:30 GMT')).toBe(30_000)
  })

  it("can be a date by the server's clock, if that is known", () => {
    expect(wait('Tue, 24 Nov 2026 09:00:30 GMT', { date: 'Tue, 24 Nov 2026 09:00:00 GMT' })).toBe(30_000)
  })

  it('never allows a request sooner than after a second', () => {
    expect(wait('0')).toBe(1_000)
    expect(wait('Tue, 24 Nov 2026 11:00:00 GMT')).toBe(1_000)
    expect(wait('Tue, 24 Nov 2026 12:00:00 GMT')).toBe(1_000)
  })

  it('is limited to an hour', () => {
    expect(wait('999999999999999999999999')).toBe(3_600_000)
    expect(wait('Thu, 01 Jan 2099 00:00:00 GMT')).toBe(3_600_000)
  })

  it.each(['-5', '1.5', 'soon', '', '5 s', 'Tue, 99 Foo'])('is ignored if malformed: %j', (value) => {
    expect(wait(value)).toBeNull()
  })

  it('is ignored if absent', () => {
    expect(readRetryAfterMs(new Headers(), wallMs)).toBeNull()
  })
})
