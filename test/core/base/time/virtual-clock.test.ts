import { expect, test } from 'vitest'
import fc from 'fast-check'
import { createVirtualClock } from '../../../../src/core/base/time/virtual-clock'
import { VirtualTime } from '../../../../src/simulator/world/virtual-time'
import { createFakeClock } from '../../../harness/base/fake-clock'

function fixture(factor = 1) {
  const real = createFakeClock()
  const time = new VirtualTime(() => real.now().wallMs, factor, true)
  const clock = createVirtualClock(time, real)
  return {
    real,
    time,
    clock,
    setFactor: (next: number) => {
      time.setFactor(next)
      clock.onFactorChange()
    },
  }
}

test('both of its clocks run as fast as its time', () => {
  const { real, clock } = fixture(60)
  const before = clock.now()
  real.advance(2_000)
  const after = clock.now()
  expect([after.wallMs - before.wallMs, after.monotonicMs - before.monotonicMs]).toEqual([120_000, 120_000])
  expect(after.runId).toBe(before.runId)
})

test('a timer that waits is due at the same virtual time after a change of speed', () => {
  const { real, clock, setFactor } = fixture()
  const firedAt: number[] = []
  const startMs = clock.now().wallMs
  clock.schedule(600_000, () => firedAt.push(clock.now().wallMs - startMs))
  real.advance(60_000)
  setFactor(60)
  real.advance(8_999)
  expect(firedAt).toEqual([])
  real.advance(1)
  expect(firedAt).toEqual([600_000])
})

test('a canceled timer never runs, not even after a change of speed, and none runs twice', () => {
  const { real, clock, setFactor } = fixture()
  let runs = 0
  const cancel = clock.schedule(1_000, () => (runs += 1))
  clock.schedule(1_000, () => (runs += 10))
  cancel()
  setFactor(600)
  real.advance(10_000)
  setFactor(1)
  real.advance(10_000)
  expect([runs, real.pendingDelaysMs()]).toEqual([10, []])
})

test('whatever the speeds, each timer runs once and at its virtual time', () => {
  const speeds = fc.array(fc.tuple(fc.constantFrom(1, 2, 60, 600), fc.integer({ min: 0, max: 5_000 })), {
    maxLength: 8,
  })
  const delays = fc.array(fc.integer({ min: 0, max: 3_600_000 }), { minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(speeds, delays, (changes, delaysMs) => {
      const { real, clock, setFactor } = fixture()
      const startMs = clock.now().wallMs
      const fired: [number, number][] = []
      for (const delayMs of delaysMs)
        clock.schedule(delayMs, () => fired.push([delayMs, clock.now().wallMs - startMs]))
      for (const [factor, realMs] of changes) {
        setFactor(factor)
        real.advance(realMs)
      }
      setFactor(1)
      real.advance(3_700_000)
      expect(fired.map(([delayMs]) => delayMs).sort((a, b) => a - b)).toEqual(
        [...delaysMs].sort((a, b) => a - b),
      )
      for (const [delayMs, atMs] of fired) expect(Math.abs(atMs - delayMs)).toBeLessThanOrEqual(1)
    }),
    { numRuns: 200 },
  )
})
