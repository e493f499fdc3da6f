import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import {
  cadenceMs,
  emptyCadence,
  isAtEachReading,
  measuredCadenceMs,
  refreshCount,
  withReading,
} from '../../../src/core/idle/refresh-cadence'
import { instant } from '../../harness/samples/pods'

/** Polls every `pollS`; the figures change every `everyS`. A reading is null where `isNull` says so. */
const cadenceOf = (
  everyS: number,
  pollS: number,
  polls: number,
  isNull: (index: number) => boolean = () => false,
) =>
  Array.from({ length: polls }, (_, index) => index).reduce((cadence, index) => {
    const atS = index * pollS
    const uptimeS = isNull(index) ? null : 1_000 + Math.floor(atS / everyS) * everyS
    return withReading(cadence, { at: instant(atS * SECOND_MS), uptimeS })
  }, emptyCadence)

describe('the cadence of figures', () => {
  test.each([30, 45, 60, 90, 120, 300, 600])('of %d s is measured at polls of 15 s', (everyS) => {
    const needed = Math.ceil((6 * everyS) / 15) + 2
    expect(measuredCadenceMs(cadenceOf(everyS, 15, needed))).toBe(everyS * SECOND_MS)
  })

  test('is not known before five refreshes, and counts those', () => {
    const four = cadenceOf(90, 15, 4 * 6 + 2)
    expect([refreshCount(four), cadenceMs(four), cadenceMs(four, 3)]).toEqual([4, null, 90 * SECOND_MS])
  })

  test('is none where each reading has new figures', () => {
    const live = cadenceOf(1, 15, 40)
    expect([isAtEachReading(live), measuredCadenceMs(live), cadenceMs(live)]).toEqual([true, null, 15_000])
  })

  test('does not come from two readings of the same moment', () => {
    let cadence = emptyCadence
    for (let second = 0; second < 900; second += 60)
      for (const ms of [0, 40])
        cadence = withReading(cadence, { at: instant(second * SECOND_MS + ms), uptimeS: 1_000 + second })
    expect(measuredCadenceMs(cadence)).toBeNull()
  })

  test('is not longer because of a replica that is frozen once, or of a sleep', () => {
    let cadence = cadenceOf(30, 15, 40)
    cadence = withReading(cadence, { at: instant(70 * MINUTE_MS), uptimeS: 1_000 + 70 * 60 })
    expect(measuredCadenceMs(cadence)).toBe(30 * SECOND_MS)
    cadence = withReading(cadence, { at: instant(70 * MINUTE_MS + 15_000), uptimeS: 1_000 + 99 * 60 })
    expect(measuredCadenceMs(cadence)).toBe(30 * SECOND_MS)
  })

  test('is measured whichever lookups fail, and never shorter than it is', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 30, max: 300 }),
        fc.array(fc.boolean(), { minLength: 400, maxLength: 400 }),
        fc.integer({ min: 2, max: 20 }),
        (everyS, fails, oneIn) => {
          const isNull = (index: number) => fails[index] === true && index % oneIn === 0
          const measured = measuredCadenceMs(cadenceOf(everyS, 15, 400, isNull))
          // With fewer readings between two refreshes, those that fail may be all that saw the figures stand still.
          if (everyS >= 60) expect(measured).not.toBeNull()
          if (measured !== null) expect(measured).toBeGreaterThanOrEqual(everyS * SECOND_MS)
        },
      ),
      { numRuns: 40 },
    )
  })
})
