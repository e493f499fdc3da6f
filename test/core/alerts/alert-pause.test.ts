import { expect, test } from 'vitest'
import { type AlertPause, createAlertPause, PAUSE_MS } from '../../../src/core/alerts/alert-pause'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time'
import { createFakeClock, type FakeClock, START_MS } from '../../harness/clock'

interface Rig {
  readonly clock: FakeClock
  readonly saved: { untilMs: number | null }
  readonly changes: (number | null)[]
  readonly pause: AlertPause
}

function rig(clock = createFakeClock(), saved: Rig['saved'] = { untilMs: null }): Rig {
  const changes: Rig['changes'] = []
  const store = {
    load: () => saved.untilMs,
    save: (untilMs: number | null) => {
      saved.untilMs = untilMs
    },
  }
  const pause = createAlertPause(clock, store, () => changes.push(pause.untilMs()))
  return { clock, saved, changes, pause }
}

test('a pause lasts an hour, ends by itself, and says both', async () => {
  const { clock, changes, pause } = rig()
  expect(pause.untilMs()).toBeNull()
  pause.start()
  await clock.pass(HOUR_MS - 1)
  expect(changes).toEqual([START_MS + PAUSE_MS])
  await clock.pass(1)
  expect(changes).toEqual([START_MS + PAUSE_MS, null])
})

test('it can be ended early, and begun again', async () => {
  const { clock, changes, pause } = rig()
  pause.start()
  await clock.pass(20 * MINUTE_MS)
  pause.end()
  expect(pause.untilMs()).toBeNull()
  await clock.pass(2 * HOUR_MS)
  expect(changes).toHaveLength(2)
  pause.start()
  pause.start()
  await clock.pass(2 * HOUR_MS)
  expect(changes.at(-1)).toBeNull()
  expect(clock.pending()).toEqual([])
})

test('it lives through a restart, for what is left of it', async () => {
  const first = rig()
  first.pause.start()
  await first.clock.pass(50 * MINUTE_MS)
  first.clock.restart('run-2')
  const second = rig(first.clock, first.saved)
  expect(second.pause.untilMs()).toBe(START_MS + PAUSE_MS)
  await second.clock.pass(10 * MINUTE_MS)
  expect(second.changes).toEqual([null])
  expect(rig(first.clock, first.saved).pause.untilMs()).toBeNull()
})

test('a clock that was set back does not make it last for days', () => {
  const { clock, pause } = rig()
  pause.start()
  clock.moveWall(-24 * HOUR_MS)
  expect(pause.untilMs()).toBeNull()
})

test('a clock that was set back a little makes it last that little longer', async () => {
  const { clock, changes, pause } = rig()
  pause.start()
  clock.moveWall(-5 * MINUTE_MS)
  await clock.pass(HOUR_MS)
  expect(pause.untilMs()).toBe(START_MS + PAUSE_MS)
  await clock.pass(5 * MINUTE_MS)
  expect(changes.at(-1)).toBeNull()
})
