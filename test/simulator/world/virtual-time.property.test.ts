import fc from 'fast-check'
import { expect, it } from 'vitest'
import { VirtualTime } from '../../../src/simulator/world/virtual-time'
import { FakeClock } from '../../harness/simulator'

const stretches = fc.array(
  fc.record({ factor: fc.integer({ min: 1, max: 1_000 }), realS: fc.integer({ min: 0, max: 5_000 }) }),
  { minLength: 1, maxLength: 6 },
)

it('simulated time only goes forward, and every moment of it has one date that leads back to it', () => {
  fc.assert(
    fc.property(stretches, fc.double({ min: -1, max: 1, noNaN: true }), (spans, where) => {
      const clock = new FakeClock()
      const time = new VirtualTime(clock.now, 1)
      let lastMs = time.nowMs()
      for (const { factor, realS } of spans) {
        time.setFactor(factor)
        expect(time.nowMs()).toBeCloseTo(lastMs, 3)
        clock.passS(realS)
        expect(time.nowMs()).toBeCloseTo(lastMs + realS * 1_000 * factor, 3)
        lastMs = time.nowMs()
      }
      expect(time.wallOf(lastMs)).toBeCloseTo(clock.now(), 0)
      const momentMs = time.startedAtMs + where * (lastMs - time.startedAtMs)
      expect(Math.abs(time.simulatedOf(time.wallOf(momentMs)) - momentMs)).toBeLessThan(1)
    }),
  )
})
