import { describe, expect, test } from 'vitest'
import { createTrustedClock } from '../../../src/core/money/trusted-clock'
import type { ServerTime } from '../../../src/core/pods/provider'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import { createFakeClock, START_MS } from '../../harness/base/fake-clock'

const POLL_MS = 15 * SECOND_MS

/** A computer, a server and a pod whose clocks the test moves apart. `trueMs` is what really passed. */
function rig(options: { readonly hasServer?: boolean; readonly wallMs?: number } = {}) {
  const { hasServer = true, wallMs = START_MS } = options
  const clock = createFakeClock(wallMs)
  const state = { trueMs: START_MS, serverErrorMs: 0, isServerSilent: false, uptimeMs: HOUR_MS, hasPod: true }
  let server: ServerTime | null = null
  const trusted = createTrustedClock(clock, hasServer ? () => server : undefined)
  const poll = () => {
    if (hasServer && !state.isServerSilent)
      server = {
        atMs: Math.floor((state.trueMs + state.serverErrorMs) / SECOND_MS) * SECOND_MS,
        receivedAt: clock.now(),
      }
    return trusted.update(new Map(state.hasPod ? [['pod-1', state.uptimeMs]] : []))
  }
  const pass = (ms: number) => {
    clock.advance(ms)
    state.trueMs += ms
    state.uptimeMs += ms
  }
  /** Returns what the last poll reported. */
  const polls = (count: number) => {
    let reported = ''
    for (let done = 0; done < count; done++) {
      pass(POLL_MS)
      reported = poll()
    }
    return reported
  }
  /** The machine sleeps: its monotonic clock stands still. */
  const sleep = (ms: number) => {
    clock.shiftWallClock(ms)
    state.trueMs += ms
    state.uptimeMs += ms
  }
  return { clock, state, trusted, poll, polls, sleep, errorMs: () => trusted.nowMs() - state.trueMs }
}

const expectTrue = (errorMs: number, withinMs = 2 * SECOND_MS) =>
  expect(Math.abs(errorMs)).toBeLessThanOrEqual(withinMs)

describe('the time that money is counted by', () => {
  const jumps = [5 * HOUR_MS, 5 * DAY_MS, 3_650 * DAY_MS].flatMap((ms) => [ms, -ms])

  test.each(jumps)('is not moved by a wall clock that jumps %s ms, for one poll or for good', (jumpMs) => {
    for (const hasServer of [true, false]) {
      const { clock, trusted, polls, errorMs } = rig({ hasServer })
      polls(4)
      clock.shiftWallClock(jumpMs)
      polls(1)
      expectTrue(errorMs())
      clock.shiftWallClock(-jumpMs)
      polls(3)
      expectTrue(errorMs())
      clock.shiftWallClock(jumpMs)
      polls(400)
      expectTrue(errorMs())
      expect(trusted.isSettled()).toBe(true)
    }
  })

  test.each(jumps)('is the server’s after a start whose wall clock is wrong by %s ms', (errorAtStartMs) => {
    const { trusted, poll, polls, errorMs } = rig({ wallMs: START_MS + errorAtStartMs })
    poll()
    expect(trusted.isSettled()).toBe(false)
    polls(5)
    expect(trusted.isSettled()).toBe(true)
    expectTrue(errorMs())
  })

  test('follows a sleep at once when the server says so too', () => {
    const { poll, polls, sleep, errorMs, state } = rig()
    state.hasPod = false
    polls(4)
    sleep(8 * HOUR_MS)
    expect(errorMs()).toBeLessThan(-7 * HOUR_MS)
    poll()
    expectTrue(errorMs())
  })

  test('follows a sleep during which the wall clock was set', () => {
    const { clock, poll, polls, sleep, errorMs, state } = rig()
    state.hasPod = false
    polls(4)
    clock.shiftWallClock(5 * HOUR_MS)
    polls(4)
    sleep(8 * HOUR_MS)
    clock.shiftWallClock(-5 * HOUR_MS)
    poll()
    expectTrue(errorMs())
  })

  test('follows a sleep without the server’s time as far as a pod ran on', () => {
    const { clock, poll, polls, sleep, errorMs } = rig({ hasServer: false })
    polls(4)
    clock.shiftWallClock(5 * HOUR_MS)
    polls(4)
    sleep(8 * HOUR_MS)
    poll()
    expectTrue(errorMs())
    const without = rig({ hasServer: false })
    without.state.hasPod = false
    without.polls(4)
    without.sleep(8 * HOUR_MS)
    without.poll()
    expect(without.errorMs()).toBeLessThan(-7 * HOUR_MS)
  })

  test('follows a sleep once the server’s time is there again', () => {
    const { poll, polls, sleep, errorMs, state } = rig()
    state.hasPod = false
    polls(4)
    state.isServerSilent = true
    sleep(8 * HOUR_MS)
    poll()
    polls(3)
    expect(errorMs()).toBeLessThan(-7 * HOUR_MS)
    state.isServerSilent = false
    polls(1)
    expectTrue(errorMs())
  })

  test('does not believe a server alone that jumps for a poll', () => {
    for (const errorAtServerMs of [5 * HOUR_MS, -5 * DAY_MS]) {
      const { polls, errorMs, state } = rig()
      polls(4)
      state.serverErrorMs = errorAtServerMs
      polls(2)
      expectTrue(errorMs())
      state.serverErrorMs = 0
      polls(2)
      expectTrue(errorMs())
    }
  })

  test('is not settled by a first reply with a wrong time', () => {
    const { trusted, poll, polls, errorMs, state } = rig()
    state.serverErrorMs = 9 * HOUR_MS
    poll()
    expect(trusted.isSettled()).toBe(false)
    state.serverErrorMs = 0
    polls(1)
    expect(trusted.isSettled()).toBe(true)
    expectTrue(errorMs())
  })

  test('reports that it moved back when a steady server says so', () => {
    const { clock, polls, state, trusted, errorMs } = rig()
    clock.shiftWallClock(5 * HOUR_MS)
    state.serverErrorMs = 5 * HOUR_MS
    polls(8)
    expect(errorMs()).toBeGreaterThan(4 * HOUR_MS)
    state.serverErrorMs = 0
    polls(3)
    clock.shiftWallClock(-5 * HOUR_MS)
    expect(polls(1)).toBe('same')
    expect(polls(1)).toBe('moved-back')
    expectTrue(errorMs())
    expect(trusted.isSettled()).toBe(true)
  })

  test('is confirmed only while server and computer agree on the day', () => {
    const { clock, trusted, polls } = rig()
    expect(trusted.isConfirmed()).toBe(false)
    polls(1)
    expect(trusted.isConfirmed()).toBe(true)
    clock.shiftWallClock(3_650 * DAY_MS)
    polls(30)
    expect(trusted.isConfirmed()).toBe(false)
    const alone = rig({ hasServer: false })
    alone.polls(30)
    expect(alone.trusted.isConfirmed()).toBe(false)
  })

  test('of an earlier process is never later than now', () => {
    const { trusted, clock } = rig()
    const at = clock.now()
    expect(trusted.timeOf({ ...at, runId: 'earlier', wallMs: at.wallMs + DAY_MS })).toBe(trusted.nowMs())
    expect(trusted.timeOf({ ...at, runId: 'earlier', wallMs: at.wallMs - DAY_MS })).toBe(at.wallMs - DAY_MS)
    clock.advance(10 * MINUTE_MS)
    expect(trusted.timeOf(at)).toBe(START_MS)
  })
})
