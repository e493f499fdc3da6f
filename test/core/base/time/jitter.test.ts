import { describe, expect, test } from 'vitest'
import { rateLimitPauseMs } from '../../../../src/core/base/time/jitter'

describe('the pause after a 429', () => {
  const pausesMs = (retryAfterMs: number, random = 0): number[] =>
    [1, 2, 3, 4, 5, 6, 7, 8, 2_000].map((count) => rateLimitPauseMs(count, retryAfterMs, random))

  test('grows from one second to one minute while 429s repeat, however little the API asks for', () => {
    const growing = [1, 2, 4, 8, 16, 32, 60, 60, 60].map((seconds) => seconds * 1_000)
    expect(pausesMs(0)).toEqual(growing)
    expect(pausesMs(-5_000)).toEqual(growing)
  })

  test('is never shorter than the API asks for', () => {
    expect(pausesMs(20_000)).toEqual([20_000, 20_000, 20_000, 20_000, 20_000, 32_000, 60_000, 60_000, 60_000])
    expect(rateLimitPauseMs(9, 3_600_000, 0.999)).toBe(3_600_000)
  })

  test('is up to a fifth longer by chance, never shorter', () => {
    expect(rateLimitPauseMs(1, 0, 0.5)).toBeCloseTo(1_100)
    expect(rateLimitPauseMs(7, 0, 0.999)).toBeLessThan(72_000)
  })
})
