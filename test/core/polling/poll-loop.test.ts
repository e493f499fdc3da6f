import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  createPollLoop,
  type Poll,
  type PollLoop,
  WATCHDOG_INTERVAL_MS,
} from '../../../src/core/polling/poll-loop'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import { createFakeClock, type FakeClock, flushPromises } from '../../harness/base/fake-clock'
import { deferred } from '../../harness/monitor/scripted-provider'

interface Fixture {
  readonly loop: PollLoop
  readonly clock: FakeClock
  readonly polls: Poll[]
  readonly restarts: number[]
  readonly errors: unknown[]
  readonly reports: string[]
  delayMs: number
  poll: (poll: Poll) => Promise<void>
  /** Like `advanceAsync`, with watchdog checks at their times. */
  advanceWithWatchdog(ms: number): Promise<void>
}

function createFixture(): Fixture {
  const clock = createFakeClock()
  const fixture: Fixture = {
    clock,
    polls: [],
    restarts: [],
    errors: [],
    reports: [],
    delayMs: 15 * SECOND_MS,
    poll: () => Promise.resolve(),
    loop: createPollLoop({
      clock,
      poll(started) {
        fixture.polls.push(started)
        return fixture.poll(started).then(() => true)
      },
      nextDelayMs: () => fixture.delayMs,
      onError: (cause) => fixture.errors.push(cause),
      onPollEnd: () => {},
      onRestart: (silentMs) => fixture.restarts.push(silentMs),
      report: (what) => fixture.reports.push(what),
      random: () => 0.5,
    }),
    async advanceWithWatchdog(ms) {
      for (let left = ms; left > 0; left -= WATCHDOG_INTERVAL_MS) {
        await clock.advanceAsync(Math.min(left, WATCHDOG_INTERVAL_MS))
        fixture.loop.checkWatchdog()
        await flushPromises()
      }
    },
  }
  return fixture
}

const never = (): Promise<void> => new Promise(() => {})

test('polls follow each other, and the watchdog finds no problem', async () => {
  const fixture = createFixture()
  fixture.loop.start()
  await fixture.advanceWithWatchdog(HOUR_MS)
  expect(fixture.polls.length).toBe(241)
  expect(fixture.restarts).toEqual([])
})

describe('a poll that hangs', () => {
  test('is abandoned after a minute without a heartbeat, and another one takes its place', async () => {
    const fixture = createFixture()
    fixture.poll = never
    fixture.loop.start()
    await fixture.advanceWithWatchdog(75 * SECOND_MS)
    expect(fixture.polls.length).toBe(1)
    await fixture.advanceWithWatchdog(WATCHDOG_INTERVAL_MS)
    expect(fixture.polls.length).toBe(2)
    expect(fixture.polls.map((poll) => poll.isCurrent())).toEqual([false, true])
    expect(fixture.restarts).toEqual([75 * SECOND_MS])
  })

  test('has no effect when it ends or throws after that', async () => {
    const fixture = createFixture()
    const late = deferred<void>()
    fixture.poll = () => late.promise.then(() => Promise.reject(new Error('late')))
    fixture.loop.start()
    await fixture.advanceWithWatchdog(75 * SECOND_MS)
    fixture.poll = never
    await fixture.advanceWithWatchdog(WATCHDOG_INTERVAL_MS)
    late.resolve()
    await flushPromises()
    expect(fixture.errors).toEqual([])
    expect(fixture.clock.pendingDelaysMs()).toEqual([])
    expect(fixture.polls.length).toBe(2)
  })

  test('may take three intervals where those are longer than a minute', async () => {
    const fixture = createFixture()
    fixture.delayMs = 5 * MINUTE_MS
    fixture.loop.start()
    await flushPromises()
    fixture.poll = never
    await fixture.advanceWithWatchdog(20 * MINUTE_MS)
    expect(fixture.polls.length).toBe(2)
    await fixture.advanceWithWatchdog(WATCHDOG_INTERVAL_MS)
    expect(fixture.polls.length).toBe(3)
  })

  test('continues as long as there are replies', async () => {
    const fixture = createFixture()
    fixture.poll = never
    fixture.loop.start()
    for (let minute = 0; minute < 30; minute += 1) {
      await fixture.advanceWithWatchdog(MINUTE_MS)
      fixture.polls[0]?.heartbeat()
    }
    expect(fixture.polls.length).toBe(1)
  })
})

test('a poll that throws is reported, and the next one runs on time', async () => {
  const fixture = createFixture()
  fixture.poll = () => Promise.reject(new Error('oh'))
  fixture.loop.start()
  await fixture.advanceWithWatchdog(MINUTE_MS)
  expect(fixture.polls.length).toBe(5)
  expect(fixture.errors.length).toBe(5)
  expect(fixture.restarts).toEqual([])
})

test('a timer that never fires is noticed', async () => {
  const fixture = createFixture()
  fixture.loop.start()
  await flushPromises()
  fixture.clock.restart('run-1')
  await fixture.advanceWithWatchdog(90 * SECOND_MS)
  expect(fixture.restarts.length).toBe(1)
  expect(fixture.polls.length).toBe(2)
})

test('a poll that could not be scheduled is scheduled at the next watchdog check', async () => {
  const fixture = createFixture()
  let isBroken = true
  const schedule = fixture.clock.schedule.bind(fixture.clock)
  fixture.clock.schedule = (ms, run) => {
    if (isBroken) throw new Error('no timers')
    return schedule(ms, run)
  }
  fixture.loop.start()
  await flushPromises()
  expect(fixture.reports).toEqual(['The next poll could not be scheduled'])
  isBroken = false
  await fixture.advanceWithWatchdog(WATCHDOG_INTERVAL_MS)
  expect(fixture.restarts.length).toBe(1)
  expect(fixture.polls.length).toBe(2)
})

describe('the watchdog does not restart the loop', () => {
  test('while the next poll is an hour away because the key is refused', async () => {
    const fixture = createFixture()
    fixture.delayMs = HOUR_MS
    fixture.loop.start()
    await fixture.advanceWithWatchdog(8 * HOUR_MS)
    expect(fixture.restarts).toEqual([])
    expect(fixture.polls.length).toBe(9)
  })

  test('while the machine sleeps, by whatever clock', async () => {
    const fixture = createFixture()
    fixture.loop.start()
    await flushPromises()
    expect(fixture.loop.suspend()).toBe(true)
    fixture.clock.shiftWallClock(8 * HOUR_MS)
    await fixture.advanceWithWatchdog(8 * HOUR_MS)
    expect(fixture.polls.length).toBe(1)
    expect(fixture.loop.resume()).toBe(true)
    await fixture.advanceWithWatchdog(HOUR_MS)
    expect(fixture.restarts).toEqual([])
  })

  test('after an unreported sleep whose timers all fire late', async () => {
    const fixture = createFixture()
    fixture.loop.start()
    await flushPromises()
    // Both clocks advanced, no timer ran, and the watchdog is the first to run.
    const asleep = fixture.clock.now()
    fixture.clock.now = () => ({
      ...asleep,
      wallMs: asleep.wallMs + 8 * HOUR_MS,
      monotonicMs: asleep.monotonicMs + 8 * HOUR_MS,
    })
    fixture.loop.checkWatchdog()
    expect(fixture.restarts).toEqual([])
  })

  test('however the wall clock jumps', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: -1e9, max: 1e9 }), { maxLength: 20 }), async (jumps) => {
        const fixture = createFixture()
        fixture.loop.start()
        for (const jump of jumps) {
          fixture.clock.shiftWallClock(jump)
          await fixture.advanceWithWatchdog(15 * SECOND_MS)
        }
        expect(fixture.restarts).toEqual([])
        expect(fixture.polls.length).toBe(jumps.length + 1)
      }),
      { numRuns: 50 },
    )
  })
})

describe('after a sleep', () => {
  test('there is one poll, however many wake events arrive', async () => {
    const fixture = createFixture()
    fixture.loop.start()
    await flushPromises()
    fixture.loop.suspend()
    fixture.loop.suspend()
    await fixture.clock.advanceAsync(HOUR_MS)
    fixture.loop.resume()
    fixture.loop.wake()
    fixture.loop.resume()
    fixture.loop.wake()
    await fixture.clock.advanceAsync(14 * SECOND_MS)
    expect(fixture.polls.length).toBe(2)
  })

  test('a refused key is tried again at once when the screen is unlocked', async () => {
    const fixture = createFixture()
    fixture.delayMs = HOUR_MS
    fixture.loop.start()
    await flushPromises()
    fixture.loop.wake()
    await fixture.clock.advanceAsync(3 * SECOND_MS)
    expect(fixture.polls.length).toBe(2)
  })
})

test('progress counts polls that ended, failed ones apart, and is silent only while none ends', async () => {
  const fixture = createFixture()
  const { loop, clock } = fixture
  loop.start()
  await clock.advanceAsync(15 * SECOND_MS)
  fixture.poll = () => Promise.reject(new Error('no'))
  await clock.advanceAsync(15 * SECOND_MS)
  expect(loop.progress()).toEqual({ ended: 3, failed: 1, silentMs: 0, limitMs: 300_000 })
  fixture.poll = never
  await clock.advanceAsync(10 * 60 * SECOND_MS)
  expect(loop.progress()).toMatchObject({ ended: 3, silentMs: 600_000 })
  loop.suspend()
  expect(loop.progress().silentMs).toBe(0)
})

test('polls that are planned far apart are no silence', async () => {
  const fixture = createFixture()
  fixture.delayMs = 3_600 * SECOND_MS
  fixture.loop.start()
  await fixture.clock.advanceAsync(3_000 * SECOND_MS)
  const { silentMs, limitMs } = fixture.loop.progress()
  expect(silentMs).toBe(3_000_000)
  expect(limitMs).toBe(3 * 3_600_000)
})
