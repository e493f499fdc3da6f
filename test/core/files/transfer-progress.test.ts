import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createProgressMeter } from '../../../src/core/files/transfer-progress'

describe('the progress of a transfer', () => {
  it('has the rate of the last seconds and the time left', () => {
    let nowMs = 0
    const meter = createProgressMeter({ files: 2, bytes: 1_000_000 }, () => nowMs)
    expect(meter.read()).toMatchObject({ bytesPerS: null, remainingMs: null })
    meter.skipped(500_000)
    for (; nowMs < 2_000; nowMs += 100) meter.moved(5_000)
    expect(meter.read().bytesPerS).toBeCloseTo(50_000, -4)
    expect(meter.read().remainingMs).toBeCloseTo(8_000, -3)
    expect(meter.read()).toMatchObject({ bytesDone: 600_000, filesDone: 0, filesTotal: 2 })
    nowMs += 60_000
    meter.read()
    nowMs += 60_000
    expect(meter.read()).toMatchObject({ bytesPerS: 0, remainingMs: null })
  })

  it('is never beyond its total, and has no negative rate', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(1_000), fc.nat(2_000))), (steps) => {
        let nowMs = 0
        const meter = createProgressMeter({ files: 1, bytes: 5_000 }, () => nowMs)
        for (const [bytes, ms] of steps) {
          meter.moved(bytes)
          nowMs += ms
          const { bytesDone, bytesPerS, remainingMs } = meter.read()
          expect(bytesDone).toBeLessThanOrEqual(5_000)
          expect(bytesPerS ?? 0).toBeGreaterThanOrEqual(0)
          expect(remainingMs ?? 0).toBeGreaterThanOrEqual(0)
        }
      }),
    )
  })
})
