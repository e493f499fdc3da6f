import { expect, test } from 'vitest'
import { type AlertPause, createAlertPause, PAUSE_MS } from '../../../src/core/alerts/alert-pause'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import { createFakeClock, type FakeClock, START_MS } from '../../harness/base/fake-clock'

interface Fixture {
  readonly clock: FakeClock
  readonly saved: { untilMs: number | null }
  readonly changes: (number | null)[]
  readonly pause: AlertPause
}

function fixture(clock = createFakeClock(), saved: Fixture['saved'] = { untilMs: null }): Fixture {
  const changes: Fixture['changes'] = []
  const store = {
    load: () => saved.untilMs,
    save: (untilMs: number | null) => {
      saved.untilMs = untilMs
    },
  }
  const pause = createAlertPause(clock, store, () => changes.push(pause.untilMs()))
  return { clock, saved, changes, pause }
}

test('a pause lasts an hour, ends automatically, and signals its start and its end', async () => {
  const { clock, changes, pause } = fixture()
  expect(pause.untilMs()).toBeNull()
  pause.start()
  await clock.advanceAsync(HOUR_MS - 1)
  expect(changes).toEqual([START_MS + PAUSE_MS])
  await clock.advanceAsync(1)
  expect(changes).toEqual([START_MS + PAUSE_MS, null])
})

test('a pause can be ended early and started again', async () => {
  const { clock, changes, pause } = fixture()
  pause.start()
  await clock.advanceAsync(20 * MINUTE_MS)
  pause.end()
  expect(pause.untilMs()).toBeNull()
  await clock.advanceAsync(2 * HOUR_MS)
  expect(changes).toHaveLength(2)
  pause.start()
  pause.start()
  await clock.advanceAsync(2 * HOUR_MS)
  expect(changes.at(-1)).toBeNull()
  expect(clock.pendingDelaysMs()).toEqual([])
})

test('a pause survives a restart with its remaining time', async () => {
  const first = fixture()
  first.pause.start()
  await first.clock.advanceAsync(50 * MINUTE_MS)
  first.clock.restart('run-2')
  const second = fixture(first.clock, first.saved)
  expect(second.pause.untilMs()).toBe(START_MS + PAUSE_MS)
  await second.clock.advanceAsync(10 * MINUTE_MS)
  expect(second.changes).toEqual([null])
  expect(fixture(first.clock, first.saved).pause.untilMs()).toBeNull()
})

test('setting the clock back does not extend a pause for days', () => {
  const { clock, pause } = fixture()
  pause.start()
  clock.shiftWallClock(-24 * HOUR_MS)
  expect(pause.untilMs()).toBeNull()
})

test('setting the clock back slightly extends a pause by that amount', async () => {
  const { clock, changes, pause } = fixture()
  pause.start()
  clock.shiftWallClock(-5 * MINUTE_MS)
  await clock.advanceAsync(HOUR_MS)
  expect(pause.untilMs()).toBe(START_MS + PAUSE_MS)
  await clock.advanceAsync(5 * MINUTE_MS)
  expect(changes.at(-1)).toBeNull()
})
