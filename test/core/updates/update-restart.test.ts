import { expect, test } from 'vitest'
import { HOUR_MS, SECOND_MS } from '../../../src/core/base/time/time'
import { createUpdateRestart, type WorkUnderWay } from '../../../src/core/updates/update-restart'
import { createFakeClock } from '../../harness/base/fake-clock'

const COPY: WorkUnderWay = { kind: 'transfer', name: 'llama' }
const STOP: WorkUnderWay = { kind: 'action', name: 'mixtral' }

function newWorld(...work: readonly WorkUnderWay[]) {
  const clock = createFakeClock()
  const world = { work, isReady: true, restarts: 0, changes: 0 }
  const restart = createUpdateRestart({
    clock,
    isReady: () => world.isReady,
    workUnderWay: () => world.work,
    restart: () => (world.restarts += 1),
    onChange: () => (world.changes += 1),
  })
  return { clock, world, restart }
}

test('nothing restarts unless a person asks for it, and then at once where nothing is under way', () => {
  const { clock, world, restart } = newWorld()
  clock.advance(HOUR_MS)
  expect(world.restarts).toBe(0)
  restart.request()
  restart.request()
  expect(world.restarts).toBe(1)
  expect(restart.state()).toEqual({ kind: 'restarting' })
})

test('a restart waits for what is under way, says for what, and comes within a second of its end', () => {
  const { clock, world, restart } = newWorld(COPY, STOP)
  restart.request()
  clock.advance(HOUR_MS)
  expect(world.restarts).toBe(0)
  expect(restart.state()).toEqual({ kind: 'waiting', for: [COPY, STOP] })
  expect(world.changes).toBe(1)
  world.work = [STOP]
  clock.advance(SECOND_MS)
  expect(restart.state()).toEqual({ kind: 'waiting', for: [STOP] })
  world.work = []
  clock.advance(SECOND_MS)
  expect(world.restarts).toBe(1)
})

test('a restart that was taken back doesn’t come, and can be asked for again', () => {
  const { clock, world, restart } = newWorld(COPY)
  restart.request()
  restart.cancel()
  world.work = []
  clock.advance(HOUR_MS)
  expect(world.restarts).toBe(0)
  expect(restart.state()).toEqual({ kind: 'none' })
  restart.request()
  // Asked whether to close a terminal, the person stays.
  restart.cancel()
  restart.request()
  expect(world.restarts).toBe(2)
})

test('without a verified update that is still offered nothing restarts, also when it was withdrawn meanwhile', () => {
  const { clock, world, restart } = newWorld(COPY)
  restart.request()
  world.isReady = false
  world.work = []
  clock.advance(HOUR_MS)
  restart.request()
  expect(world.restarts).toBe(0)
  expect(restart.state()).toEqual({ kind: 'none' })
})

test('after its end nothing restarts', () => {
  const { clock, world, restart } = newWorld(COPY)
  restart.request()
  restart.dispose()
  world.work = []
  clock.advance(HOUR_MS)
  expect(world.restarts).toBe(0)
})
