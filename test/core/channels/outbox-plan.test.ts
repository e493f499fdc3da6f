import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import { retryPauseMs } from '../../../src/core/channels/outbox/outbox-plan'

const count = fc.integer({ min: 1, max: 200 })
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const retryAfterMs = fc.option(fc.integer({ min: 0, max: 10 * HOUR_MS }))

test('a pause is in whole milliseconds, so that a timer for its end is never a fraction early', () => {
  fc.assert(
    fc.property(count, fc.boolean(), retryAfterMs, random, (failures, isBroken, asked, dice) => {
      const pauseMs = retryPauseMs(failures, isBroken, asked, dice)
      expect(pauseMs % 1).toBe(0)
      expect(pauseMs).toBeGreaterThanOrEqual(Math.max(5 * SECOND_MS, Math.min(asked ?? 0, HOUR_MS)))
      expect(pauseMs).toBeLessThanOrEqual(isBroken || asked !== null ? 1.2 * HOUR_MS : 18 * MINUTE_MS)
    }),
  )
})

test('pauses double from five seconds on', () => {
  expect([1, 2, 3, 9, 100].map((failures) => retryPauseMs(failures, false, null, 0))).toEqual([
    5 * SECOND_MS,
    10 * SECOND_MS,
    20 * SECOND_MS,
    15 * MINUTE_MS,
    15 * MINUTE_MS,
  ])
  expect(retryPauseMs(100, true, null, 0)).toBe(HOUR_MS)
})
