import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../../src/core/base/time/time'
import { hourlyRate } from '../../../../src/core/money/costs/costs-rows'

const centsOf = (shownMs: number, perHourUsd: number) =>
  Math.round((shownMs / HOUR_MS) * perHourUsd * 100 + 1e-9)

test('minutes and cents are enough where they multiply to the cost', () => {
  const onMs = 20 * HOUR_MS + 49 * MINUTE_MS
  const usd = (onMs / HOUR_MS) * 10.76
  expect(hourlyRate(onMs, 22_399, usd, false)).toEqual({ shownMs: onMs, perHourUsd: 10.76, decimals: 2 })
})

test('seconds are shown where minutes are too coarse for the price', () => {
  const onMs = 20 * HOUR_MS + 48 * MINUTE_MS + 37_200
  const usd = (onMs / HOUR_MS) * 10.76
  expect(hourlyRate(onMs, Math.round(usd * 100), usd, false)).toEqual({
    shownMs: onMs - 200,
    perHourUsd: 10.76,
    decimals: 2,
  })
})

test('what was not on has no price, and an unknown price stays unknown', () => {
  expect(hourlyRate(0, 12, 0.12, false)).toBeNull()
  expect(hourlyRate(Number.NaN, 12, 0.12, false)).toBeNull()
  expect(hourlyRate(HOUR_MS, 0, 0, true)).toEqual({ shownMs: HOUR_MS, perHourUsd: null, decimals: 2 })
})

test('a few seconds that cost less than a cent keep their price', () => {
  const usd = (10 * SECOND_MS * 0.69) / HOUR_MS
  expect(hourlyRate(10 * SECOND_MS, 0, usd, false)?.perHourUsd).toBeCloseTo(0.69, 2)
})

test('hours times price is the cost to the cent, for every time, price and rounding', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: SECOND_MS, max: 744 * HOUR_MS }),
      fc.double({ min: 0.01, max: 400, noNaN: true }),
      fc.constantFrom(-1, 0, 1),
      (onMs, perHourUsd, roundedBy) => {
        const usd = (onMs / HOUR_MS) * perHourUsd
        const cents = Math.max(0, Math.round(usd * 100) + roundedBy)
        const rate = hourlyRate(onMs, cents, usd, false)!
        expect(centsOf(rate.shownMs, rate.perHourUsd!)).toBe(cents)
        expect(Math.abs(rate.shownMs - onMs)).toBeLessThanOrEqual(MINUTE_MS)
        // The price is the mean of that time, as exactly as a cent more or less lets it be.
        const tolerance = 0.006 + (0.02 / rate.shownMs) * HOUR_MS + perHourUsd * (SECOND_MS / rate.shownMs)
        expect(Math.abs(rate.perHourUsd! - perHourUsd)).toBeLessThanOrEqual(tolerance)
      },
    ),
  )
})
