import fc from 'fast-check'
import { expect, it } from 'vitest'
import { VirtualTime } from '../../../src/simulator/world/virtual-time'
import { FakeWallClock } from '../../harness/simulator/simulator-fixture'

const stretches = fc.array(
  fc.record({ factor: fc.integer({ min: 1, max: 1_000 }), realS: fc.integer({ min: 0, max: 5_000 }) }),
  { minLength: 1, maxLength: 6 },
)

it('simulated time only moves forward, and every time has one date that maps back to it', () => {
  fc.assert(
    fc.property(stretches, fc.double({ min: -1, max: 1, noNaN: true }), (spans, where) => {
      const clock = new FakeWallClock()
      const time = new VirtualTime(clock.now, 1)
      let lastMs = time.nowMs()
      for (const { factor, realS } of spans) {
        time.setFactor(factor)
        expect(time.nowMs()).toBeCloseTo(lastMs, 3)
        clock.advanceS(realS)
        expect(time.nowMs()).toBeCloseTo(lastMs + realS * 1_000 * factor, 3)
        lastMs = time.nowMs()
      }
      expect(time.toWallMs(lastMs)).toBeCloseTo(clock.now(), 0)
      const momentMs = time.startedAtMs + where * (lastMs - time.startedAtMs)
      expect(Math.abs(time.toSimulatedMs(time.toWallMs(momentMs)) - momentMs)).toBeLessThan(1)
    }),
  )
})
