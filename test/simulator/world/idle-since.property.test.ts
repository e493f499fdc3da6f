import fc from 'fast-check'
import { expect, test } from 'vitest'
import { runModes } from '../../../src/simulator/world/pod-spec'
import { idleSinceUptimeS, telemetryAt } from '../../../src/simulator/world/telemetry'

const IDLE_MAX_PERCENT = 2
const TICK_S = 5

test('the GPUs of a pod show no work since it is idle, and work right before', () => {
  const inputs = fc.record({
    seed: fc.nat(1_000),
    podId: fc.string({ minLength: 1, maxLength: 6 }),
    mode: fc.constantFrom(...runModes.filter((mode) => mode !== 'telemetry-missing')),
    gpuCount: fc.integer({ min: 1, max: 4 }),
    // Figures change every five seconds, so that a change in between shows late.
    idleAfterMin: fc.integer({ min: 0, max: 20 }),
    uptimeS: fc.integer({ min: 0, max: 1_800 }),
  })
  let [idleCount, busyCount] = [0, 0]
  fc.assert(
    fc.property(inputs, (input) => {
      const isIdleAt = (uptimeS: number): boolean =>
        (telemetryAt({ ...input, uptimeS }).gpus ?? []).every(({ util }) => util <= IDLE_MAX_PERCENT)
      const sinceS = idleSinceUptimeS(input)
      expect(sinceS !== null).toBe(isIdleAt(input.uptimeS))
      if (sinceS === null) {
        busyCount += 1
        return
      }
      idleCount += 1
      expect(sinceS).toBeGreaterThanOrEqual(0)
      expect(sinceS).toBeLessThanOrEqual(input.uptimeS)
      for (let atS = sinceS; atS <= input.uptimeS; atS += TICK_S) expect(isIdleAt(atS)).toBe(true)
      if (sinceS > 0) expect(isIdleAt(sinceS - 1)).toBe(false)
    }),
    { numRuns: 500 },
  )
  expect(Math.min(idleCount, busyCount)).toBeGreaterThan(50)
})

test('a pod without GPUs is never idle by them', () => {
  for (const mode of runModes) {
    const input = { seed: 1, podId: 'p', mode, gpuCount: 0, idleAfterMin: 0, uptimeS: 99_999 }
    expect(idleSinceUptimeS(input)).toBeNull()
  }
})
