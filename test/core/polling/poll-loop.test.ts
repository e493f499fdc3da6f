import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createTurnLoop, type Turn, type TurnLoop, WATCH_EVERY_MS } from '../../../src/core/polling/poll-loop'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/core/base/time'
import { createFakeClock, type FakeClock, settle } from '../../harness/clock'
import { deferred } from '../../harness/provider'

interface Rig {
  readonly loop: TurnLoop
  readonly clock: FakeClock
  readonly turns: Turn[]
  readonly revivals: number[]
  readonly errors: unknown[]
  readonly reports: string[]
  delayMs: number | null
  turn: (turn: Turn) => Promise<void>
  /** As `clock.pass`, with the looks of the watchdog at their times. */
  pass(ms: number): Promise<void>
}

function createRig(): Rig {
  const clock = createFakeClock()
  const rig: Rig = {
    clock,
    turns: [],
    revivals: [],
    errors: [],
    reports: [],
    delayMs: 15 * SECOND_MS,
    turn: () => Promise.resolve(),
    loop: createTurnLoop({
      clock,
      turn(turn) {
        rig.turns.push(turn)
        return rig.turn(turn)
      },
      nextDelayMs: () => rig.delayMs,
      onError: (cause) => rig.errors.push(cause),
      onTurnEnd: () => {},
      onRevival: (silentMs) => rig.revivals.push(silentMs),
      report: (what) => rig.reports.push(what),
      random: () => 0.5,
    }),
    async pass(ms) {
      for (let left = ms; left > 0; left -= WATCH_EVERY_MS) {
        await clock.pass(Math.min(left, WATCH_EVERY_MS))
        rig.loop.look()
        await settle()
      }
    },
  }
  return rig
}

const never = (): Promise<void> => new Promise(() => {})

test('turns follow each other, and nothing is found amiss', async () => {
  const rig = createRig()
  rig.loop.start()
  await rig.pass(HOUR_MS)
  expect(rig.turns.length).toBe(241)
  expect(rig.revivals).toEqual([])
})

describe('a turn that hangs', () => {
  test('is given up after a minute without a sign of life, and another takes its place', async () => {
    const rig = createRig()
    rig.turn = never
    rig.loop.start()
    await rig.pass(75 * SECOND_MS)
    expect(rig.turns.length).toBe(1)
    await rig.pass(WATCH_EVERY_MS)
    expect(rig.turns.length).toBe(2)
    expect(rig.turns.map((turn) => turn.isCurrent())).toEqual([false, true])
    expect(rig.revivals).toEqual([75 * SECOND_MS])
  })

  test('says nothing any more when it ends after all, or throws', async () => {
    const rig = createRig()
    const late = deferred<void>()
    rig.turn = () => late.promise.then(() => Promise.reject(new Error('late')))
    rig.loop.start()
    await rig.pass(75 * SECOND_MS)
    rig.turn = never
    await rig.pass(WATCH_EVERY_MS)
    late.resolve()
    await settle()
    expect(rig.errors).toEqual([])
    expect(rig.clock.pending()).toEqual([])
    expect(rig.turns.length).toBe(2)
  })

  test('has three intervals where those are longer than a minute', async () => {
    const rig = createRig()
    rig.delayMs = 5 * MINUTE_MS
    rig.loop.start()
    await settle()
    rig.turn = never
    await rig.pass(20 * MINUTE_MS)
    expect(rig.turns.length).toBe(2)
    await rig.pass(WATCH_EVERY_MS)
    expect(rig.turns.length).toBe(3)
  })

  test('goes on for as long as something is answered', async () => {
    const rig = createRig()
    rig.turn = never
    rig.loop.start()
    for (let minute = 0; minute < 30; minute += 1) {
      await rig.pass(MINUTE_MS)
      rig.turns[0]?.stir()
    }
    expect(rig.turns.length).toBe(1)
  })
})

test('a turn that throws is told, and the next one comes in its time', async () => {
  const rig = createRig()
  rig.turn = () => Promise.reject(new Error('oh'))
  rig.loop.start()
  await rig.pass(MINUTE_MS)
  expect(rig.turns.length).toBe(5)
  expect(rig.errors.length).toBe(5)
  expect(rig.revivals).toEqual([])
})

test('a timer that never comes is noticed', async () => {
  const rig = createRig()
  rig.loop.start()
  await settle()
  rig.clock.restart('run-1')
  await rig.pass(90 * SECOND_MS)
  expect(rig.revivals.length).toBe(1)
  expect(rig.turns.length).toBe(2)
})

test('a turn that could not be planned is planned again at the next look', async () => {
  const rig = createRig()
  let isBroken = true
  const schedule = rig.clock.schedule.bind(rig.clock)
  rig.clock.schedule = (ms, run) => {
    if (isBroken) throw new Error('no timers')
    return schedule(ms, run)
  }
  rig.loop.start()
  await settle()
  expect(rig.reports).toEqual(['The next turn could not be planned'])
  isBroken = false
  await rig.pass(WATCH_EVERY_MS)
  expect(rig.revivals.length).toBe(1)
  expect(rig.turns.length).toBe(2)
})

describe('nothing is amiss', () => {
  test('while the next turn is planned by nobody, since the key is refused', async () => {
    const rig = createRig()
    rig.delayMs = null
    rig.loop.start()
    await rig.pass(8 * HOUR_MS)
    expect(rig.revivals).toEqual([])
    expect(rig.turns.length).toBe(1)
  })

  test('while the machine sleeps, by whatever clock', async () => {
    const rig = createRig()
    rig.loop.start()
    await settle()
    expect(rig.loop.suspend()).toBe(true)
    rig.clock.moveWall(8 * HOUR_MS)
    await rig.pass(8 * HOUR_MS)
    expect(rig.turns.length).toBe(1)
    expect(rig.loop.resume()).toBe(true)
    await rig.pass(HOUR_MS)
    expect(rig.revivals).toEqual([])
  })

  test('after a sleep of which nobody told, whose timers all come late', async () => {
    const rig = createRig()
    rig.loop.start()
    await settle()
    // Both clocks went on, no timer ran, and the watchdog happens to be first.
    const asleep = rig.clock.now()
    rig.clock.now = () => ({
      ...asleep,
      wallMs: asleep.wallMs + 8 * HOUR_MS,
      monotonicMs: asleep.monotonicMs + 8 * HOUR_MS,
    })
    rig.loop.look()
    expect(rig.revivals).toEqual([])
  })

  test('however the wall clock jumps', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: -1e9, max: 1e9 }), { maxLength: 20 }), async (jumps) => {
        const rig = createRig()
        rig.loop.start()
        for (const jump of jumps) {
          rig.clock.moveWall(jump)
          await rig.pass(WATCH_EVERY_MS)
        }
        expect(rig.revivals).toEqual([])
        expect(rig.turns.length).toBe(jumps.length + 1)
      }),
      { numRuns: 50 },
    )
  })
})

describe('after a sleep', () => {
  test('there is one turn, however many say that somebody is back', async () => {
    const rig = createRig()
    rig.loop.start()
    await settle()
    rig.loop.suspend()
    rig.loop.suspend()
    await rig.clock.pass(HOUR_MS)
    rig.loop.resume()
    rig.loop.wake()
    rig.loop.resume()
    rig.loop.wake()
    await rig.clock.pass(14 * SECOND_MS)
    expect(rig.turns.length).toBe(2)
  })

  test('a refused key is not asked again because a screen was unlocked', async () => {
    const rig = createRig()
    rig.delayMs = null
    rig.loop.start()
    await settle()
    rig.loop.wake()
    await rig.clock.pass(MINUTE_MS)
    expect(rig.turns.length).toBe(1)
  })
})
