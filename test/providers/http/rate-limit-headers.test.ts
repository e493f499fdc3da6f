import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readRateLimit, readRetryAfterMs } from '../../../src/providers/http/rate-limit-headers'

const wallMs = Date.parse('2026-11-24T12:00:00Z')

describe('RateLimit', () => {
  it('tells what is left of every window', () => {
    const headers = new Headers({ ratelimit: '"minute";r=176;t=12, "hour";r=7193;t=1812' })
    expect(readRateLimit(headers)).toEqual([
      { name: 'minute', left: 176, resetInMs: 12_000 },
      { name: 'hour', left: 7193, resetInMs: 1_812_000 },
    ])
  })

  it('takes the length from the policy where it gives no reset', () => {
    const headers = new Headers({ ratelimit: '"minute";r=5', 'ratelimit-policy': '"minute";q=60;w=60' })
    expect(readRateLimit(headers)).toEqual([{ name: 'minute', left: 5, resetInMs: 60_000 }])
  })

  it('is heeded where it can be read, member by member', () => {
    const headers = new Headers({ ratelimit: '"minute;r=1;t=1, hour;r=8;t=9, "day";r=-1;t=9, "week";R=1' })
    expect(readRateLimit(headers)).toEqual([{ name: 'hour', left: 8, resetInMs: 9_000 }])
  })

  it.each([
    {},
    { ratelimit: '' },
    { ratelimit: 'limit=100, remaining=5' },
    { ratelimit: '("a" "b");r=1;t=1' },
  ])('says nothing when absent or of another kind: %o', (fields) =>
    expect(readRateLimit(new Headers(fields as Record<string, string>))).toEqual([]),
  )

  it('never throws, and never reads nonsense', () => {
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

describe('Retry-After', () => {
  const wait = (value: string, more: Record<string, string> = {}) =>
    readRetryAfterMs(new Headers({ 'retry-after': value, ...more }), wallMs)

  it('is seconds', () => {
    expect(wait('12')).toBe(12_000)
    expect(wait('0')).toBe(0)
  })

  it('is a date', () => {
    expect(wait('Tue, 24 Nov 2026 12:00:30 GMT')).toBe(30_000)
    expect(wait('Tue, 24 Nov 2026 11:00:00 GMT')).toBe(0)
  })

  it('is a date by the clock of the server, when that is known', () => {
    expect(wait('Tue, 24 Nov 2026 09:00:30 GMT', { date: 'Tue, 24 Nov 2026 09:00:00 GMT' })).toBe(30_000)
  })

  it('is an hour at most', () => {
    expect(wait('999999999999999999999999')).toBe(3_600_000)
    expect(wait('Thu, 01 Jan 2099 00:00:00 GMT')).toBe(3_600_000)
  })

  it.each(['-5', '1.5', 'soon', '', '5 s', 'Tue, 99 Foo'])('is nothing when malformed: %j', (value) => {
    expect(wait(value)).toBeNull()
  })

  it('is nothing when absent', () => {
    expect(readRetryAfterMs(new Headers(), wallMs)).toBeNull()
  })
})
