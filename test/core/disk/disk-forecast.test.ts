import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fullInMs } from '../../../src/core/disk/disk-forecast'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'

const SIZE = 100e9
/** Used GB at so many minutes. */
const points = (...used: readonly (readonly [minute: number, gb: number])[]) =>
  used.map(([minute, gb]) => ({
    at: { wallMs: minute * MINUTE_MS, monotonicMs: minute * MINUTE_MS, runId: 'run' },
    usedBytes: gb * 1e9,
    freeBytes: SIZE - gb * 1e9,
  }))

describe('when a disk is full', () => {
  test('is known after 20 min of growth', () => {
    expect(fullInMs(points([0, 50], [10, 52]))).toBeNull()
    // 12 GB an hour, and 46 GB are free.
    expect(fullInMs(points([0, 50], [10, 52], [20, 54]))).toBeCloseTo((46 / 12) * HOUR_MS)
  })

  test.each([
    ['it does not grow', points([0, 60], [10, 60], [20, 60])],
    ['it grew and stopped', points([0, 50], [10, 60], [20, 70], [30, 70])],
    ['files come and go', points([0, 60], [10, 80], [20, 60], [30, 80], [40, 60])],
    ['checkpoints replace each other', points([0, 60], [10, 75], [20, 59], [30, 74])],
    ['it shrinks', points([0, 80], [10, 70], [20, 60])],
    ['it is nearly empty', points([0, 5], [10, 10], [20, 15])],
    ['nobody looked for long', points([0, 40], [120, 90])],
    ['there is one reading', points([0, 90])],
    ['there is none', []],
  ])('is not said if %s', (_what, read) => {
    expect(fullInMs(read)).toBeNull()
  })

  test('is right within a reading for any steady growth', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 8, noNaN: true }),
        fc.integer({ min: 30, max: 60 }),
        (per10, start) => {
          const read = points(
            ...[0, 10, 20, 30].map((minute) => [minute, start + (per10 * minute) / 10] as const),
          )
          const leftGb = 100 - (start + per10 * 3)
          expect(fullInMs(read)).toBeCloseTo((leftGb / per10) * 10 * MINUTE_MS, -2)
        },
      ),
    )
  })
})
