import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  accrued,
  distributeCents,
  MAX_RATE,
  roundedCents,
  toCents,
  toNanoUsd,
} from '../../../../src/core/money/ledger/amounts'
import { HOUR_MS } from '../../../../src/core/base/time/time'

const rate = fc.integer({ min: 0, max: MAX_RATE })
const moment = fc.integer({ min: 0, max: HOUR_MS })

test('splitting an interval of an hour never changes its cost', () => {
  fc.assert(
    fc.property(rate, fc.array(moment, { minLength: 2, maxLength: 20 }), (perHour, cuts) => {
      const sorted = [...cuts].sort((a, b) => a - b)
      const parts = sorted.slice(1).map((to, index) => accrued(perHour, sorted[index]!, to))
      expect(parts.reduce((sum, part) => sum + part, 0)).toBe(accrued(perHour, sorted[0]!, sorted.at(-1)!))
    }),
  )
})

test('an hour costs its rate, to the nano-dollar', () => {
  fc.assert(
    fc.property(rate, (perHour) => {
      expect(accrued(perHour, 0, HOUR_MS)).toBe(perHour)
    }),
  )
})

test('no part is off by a nano-dollar or more', () => {
  fc.assert(
    fc.property(rate, moment, (perHour, ms) => {
      const exact = (BigInt(perHour) * BigInt(ms)) / BigInt(HOUR_MS)
      expect(BigInt(accrued(perHour, 0, ms))).toBe(exact)
    }),
  )
})

test('a year at $1,000 an hour is counted exactly', () => {
  const perHour = toNanoUsd(1_000)!
  let sum = 0
  for (let hour = 0; hour < 366 * 24; hour++) sum += accrued(perHour, 0, HOUR_MS)
  expect(BigInt(sum)).toBe(1_000_000_000_000n * 366n * 24n)
  expect(Number.isSafeInteger(sum)).toBe(true)
})

test('cents of the parts add up to those of the whole, and none is off by more than one', () => {
  const amounts = fc.array(fc.integer({ min: 0, max: 10 ** 13 }), { minLength: 1, maxLength: 60 })
  fc.assert(
    fc.property(amounts, (parts) => {
      const cents = toCents(parts)
      const total = parts.reduce((sum, part) => sum + part, 0)
      expect(cents.reduce((sum, each) => sum + each, 0)).toBe(roundedCents(total))
      for (const [index, each] of cents.entries())
        expect(Math.abs(each - parts[index]! / 10_000_000)).toBeLessThanOrEqual(1)
    }),
  )
})

test('a separately rounded total is distributed completely', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(10 ** 12), { minLength: 1 }),
      fc.integer({ min: -2, max: 2 }),
      (parts, off) => {
        const cents = roundedCents(parts.reduce((sum, part) => sum + part, 0)) + off
        expect(distributeCents(parts, cents).reduce((sum, each) => sum + each, 0)).toBe(cents)
      },
    ),
  )
})

test.each([-0.01, Number.NaN, Number.POSITIVE_INFINITY, 1e9])('%s is not a valid amount', (usd) => {
  expect(toNanoUsd(usd)).toBeNull()
})
