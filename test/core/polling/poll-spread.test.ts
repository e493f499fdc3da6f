import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SECOND_MS } from '../../../src/core/base/time/time'
import { createPollLoop } from '../../../src/core/polling/poll-loop'
import {
  createPollSpread,
  FIRST_POLL_SPREAD_MS,
  POLL_SPREAD_MS,
  type PollSlot,
} from '../../../src/core/polling/poll-spread'
import { createFakeClock, type FakeClock, flushPromises } from '../../harness/base/fake-clock'

/** A poll loop that asks every `intervalMs`, with the times of its polls since the start. */
function loopOf(clock: FakeClock, slot: PollSlot, intervalMs: () => number) {
  const startMs = clock.now().monotonicMs
  const atMs: number[] = []
  const loop = createPollLoop({
    clock,
    poll: async () => atMs.push(clock.now().monotonicMs - startMs) > 0,
    nextDelayMs: intervalMs,
    onError: (cause) => {
      throw cause
    },
    onPollEnd: () => {},
    onRestart: () => {},
    report: () => {},
    random: () => 0,
    slot,
  })
  return { loop, atMs }
}

/** Loops of this many accounts, started at the same moment. */
function startLoops(count: number, intervalMs: (index: number) => number) {
  const clock = createFakeClock()
  const { newSlot } = createPollSpread(clock)
  const loops = Array.from({ length: count }, (_, index) => loopOf(clock, newSlot(), () => intervalMs(index)))
  for (const { loop } of loops) loop.start()
  return { clock, loops }
}

const leastDistance = (times: readonly number[]): number => {
  const sorted = [...times].sort((a, b) => a - b)
  return Math.min(...sorted.slice(1).map((atMs, index) => atMs - (sorted[index] ?? 0)))
}

test('twenty accounts are polled 150 ms apart at the start', async () => {
  const { clock, loops } = startLoops(20, () => 15 * SECOND_MS)
  await clock.advanceAsync(5 * SECOND_MS)
  expect(loops.map(({ atMs }) => atMs)).toEqual(
    Array.from({ length: 20 }, (_, index) => [index * FIRST_POLL_SPREAD_MS]),
  )
})

test('twenty accounts are never polled within 250 ms of each other after that, and none is left behind', async () => {
  const { clock, loops } = startLoops(20, (index) => [5, 15, 60][index % 3]! * SECOND_MS)
  await clock.advanceAsync(600 * SECOND_MS)
  expect(leastDistance(loops.flatMap(({ atMs }) => atMs.slice(1)))).toBeGreaterThanOrEqual(POLL_SPREAD_MS)
  for (const [index, { atMs }] of loops.entries()) {
    const intervalMs = [5, 15, 60][index % 3]! * SECOND_MS
    const gaps = atMs.slice(1).map((each, poll) => each - (atMs[poll] ?? 0))
    // Later by what the others take at most, and never earlier.
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(intervalMs)
    expect(Math.max(...gaps)).toBeLessThanOrEqual(intervalMs + 20 * 2 * POLL_SPREAD_MS)
  }
})

test('a single account is polled at once, and exactly at its interval', async () => {
  const { clock, loops } = startLoops(1, () => 15 * SECOND_MS)
  await clock.advanceAsync(31 * SECOND_MS)
  expect(loops[0]?.atMs).toEqual([0, 15 * SECOND_MS, 30 * SECOND_MS])
})

test('a refresh by a person is not delayed, for any account', async () => {
  const { clock, loops } = startLoops(20, () => 15 * SECOND_MS)
  await clock.advanceAsync(10 * SECOND_MS)
  for (const { loop } of loops) loop.refresh()
  await flushPromises()
  expect(loops.map(({ atMs }) => atMs.at(-1))).toEqual(loops.map(() => 10 * SECOND_MS))
  // The polls that were planned then are spread again.
  await clock.advanceAsync(25 * SECOND_MS)
  const after = loops.flatMap(({ atMs }) => atMs.filter((each) => each > 10 * SECOND_MS))
  expect(after.length).toBeGreaterThanOrEqual(20)
  expect(leastDistance(after)).toBeGreaterThanOrEqual(POLL_SPREAD_MS)
})

test('a refresh before the first poll is not delayed, and is the first poll', async () => {
  const { clock, loops } = startLoops(2, () => 15 * SECOND_MS)
  loops[1]?.loop.refresh()
  await flushPromises()
  await clock.advanceAsync(SECOND_MS)
  expect(loops[1]?.atMs).toEqual([0])
})

test('after the computer slept, the accounts are polled one after the other', async () => {
  const { clock, loops } = startLoops(20, () => 15 * SECOND_MS)
  await clock.advanceAsync(14 * SECOND_MS)
  for (const { loop } of loops) loop.suspend()
  for (const { loop } of loops) loop.resume()
  await clock.advanceAsync(12 * SECOND_MS)
  const after = loops.map(({ atMs }) => atMs.at(-1) ?? 0)
  expect(Math.min(...after)).toBe(15 * SECOND_MS)
  expect(leastDistance(after)).toBeGreaterThanOrEqual(POLL_SPREAD_MS)
})

test('an account that is removed delays no other one', () => {
  const clock = createFakeClock()
  const { newSlot } = createPollSpread(clock)
  const [gone, stays] = [newSlot(), newSlot()]
  gone.nextDelayMs(SECOND_MS)
  expect(stays.nextDelayMs(SECOND_MS)).toBe(SECOND_MS + POLL_SPREAD_MS)
  gone.release()
  expect(stays.nextDelayMs(SECOND_MS)).toBe(SECOND_MS)
})

test('whatever is planned, a poll is never earlier than asked for, and 250 ms from the planned ones of others', () => {
  const someStep = fc.record({
    account: fc.nat(19),
    delayMs: fc.integer({ min: 0, max: 2_000 }),
    passedMs: fc.integer({ min: 0, max: 300 }),
  })
  fc.assert(
    fc.property(fc.array(someStep, { maxLength: 100 }), (steps) => {
      const clock = createFakeClock()
      const { newSlot } = createPollSpread(clock)
      const slots = Array.from({ length: 20 }, newSlot)
      const plannedAtMs = new Map<number, number>()
      for (const { account, delayMs, passedMs } of steps) {
        clock.advance(passedMs)
        const plannedMs = slots[account]?.nextDelayMs(delayMs) ?? 0
        expect(plannedMs).toBeGreaterThanOrEqual(delayMs)
        expect(plannedMs).toBeLessThanOrEqual(delayMs + 19 * 2 * POLL_SPREAD_MS)
        plannedAtMs.delete(account)
        const atMs = clock.now().monotonicMs + plannedMs
        for (const other of plannedAtMs.values())
          expect(Math.abs(other - atMs)).toBeGreaterThanOrEqual(POLL_SPREAD_MS)
        plannedAtMs.set(account, atMs)
      }
    }),
  )
})
