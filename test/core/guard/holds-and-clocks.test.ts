import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import type { FakeClock } from '../../harness/base/fake-clock'
import type { MonitorFixture } from '../../harness/monitor/monitor-fixture'
import { failure } from '../../harness/monitor/scripted-provider'
import { actionsSentBy, startGuardedMonitor, ticked } from '../../harness/guard/guarded-monitor'

const YEAR_MS = 365 * DAY_MS

/** A pod that may run for 2 h, started an hour ago; the server's time is right whatever this computer's clock says. */
async function startPod() {
  const shift = { ms: 0 }
  const rig = await startGuardedMonitor({ guard: ticked({ maxHours: 2 }) })
  const { clock } = rig
  rig.provider.serverTime = () => ({ atMs: clock.now().wallMs - shift.ms, receivedAt: clock.now() })
  return {
    ...rig,
    setClock(ms: number) {
      clock.shiftWallClock(ms - shift.ms)
      shift.ms = ms
    },
  }
}
const holdOf = ({ monitor }: MonitorFixture) => monitor.snapshot().pods[0]?.guard.keepOn
const minutes = (clock: FakeClock, count: number) => clock.advanceAsync(count * MINUTE_MS)

describe.each([
  ['ahead', YEAR_MS],
  ['back', -YEAR_MS],
])('a clock that is a year %s', (_, wrongMs) => {
  test('for one poll ends no hold, and warns of no stop that it holds', async () => {
    const rig = await startPod()
    await minutes(rig.clock, 2)
    rig.monitor.keepOn('pod-1', '4-hours')
    await minutes(rig.clock, 90)
    const before = holdOf(rig)
    rig.setClock(wrongMs)
    await minutes(rig.clock, 1)
    expect(holdOf(rig)).toEqual(before)
    rig.setClock(0)
    await minutes(rig.clock, 120)
    expect(holdOf(rig)).toEqual(before)
    expect([actionsSentBy(rig), rig.alerts]).toEqual([[], []])
  })

  test('does not make the hold longer than chosen either', async () => {
    const rig = await startPod()
    await minutes(rig.clock, 2)
    rig.monitor.keepOn('pod-1', '1-hour')
    rig.setClock(wrongMs)
    await minutes(rig.clock, 58)
    expect(holdOf(rig)).not.toBeNull()
    await minutes(rig.clock, 5)
    expect(holdOf(rig)).toBeNull()
    await minutes(rig.clock, 45)
    expect(actionsSentBy(rig)).toEqual(['stop pod-1'])
  })
})

test('a hold lasts for as long as chosen, whatever the wall clock does meanwhile', async () => {
  const jump = fc.record({
    afterMin: fc.integer({ min: 1, max: 50 }),
    toMs: fc.constantFrom(YEAR_MS, -YEAR_MS, DAY_MS, -HOUR_MS, 0),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(jump, { maxLength: 6 }), async (jumps) => {
      const rig = await startPod()
      await minutes(rig.clock, 2)
      rig.monitor.keepOn('pod-1', '4-hours')
      let passed = 0
      for (const { afterMin, toMs } of jumps) {
        if (passed + afterMin > 238) break
        await minutes(rig.clock, afterMin)
        passed += afterMin
        rig.setClock(toMs)
      }
      await minutes(rig.clock, 238 - passed)
      expect(holdOf(rig)).not.toBeNull()
      expect(actionsSentBy(rig)).toEqual([])
      await minutes(rig.clock, 5)
      expect(holdOf(rig)).toBeNull()
    }),
    { numRuns: 8 },
  )
})

test.each([true, false])(
  'a hold that is given after a sleep and without a network lasts for as long as chosen (the server names a time: %s)',
  async (isTimeNamed) => {
    const rig = await startPod()
    const online = { ...rig.provider, ...(!isTimeNamed && { serverTime: () => null }) }
    Object.assign(rig.provider, online)
    await minutes(rig.clock, 2)
    const last = online.serverTime?.() ?? null
    rig.provider.serverTime = () => last
    // The monotonic clock stands still in the sleep, and no reply says what passed.
    rig.clock.shiftWallClock(2 * HOUR_MS)
    rig.provider.listPods = () => Promise.resolve(failure('unreachable'))
    await minutes(rig.clock, 1)
    rig.monitor.keepOn('pod-1', '1-hour')
    await minutes(rig.clock, 10)
    Object.assign(rig.provider, online)
    await minutes(rig.clock, 47)
    expect(holdOf(rig)).not.toBeNull()
    expect(actionsSentBy(rig)).toEqual([])
    // Without a time of the server, it may count anew from the first list.
    await minutes(rig.clock, isTimeNamed ? 5 : 15)
    expect(holdOf(rig)).toBeNull()
  },
)
