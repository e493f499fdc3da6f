import { expect, test, vi } from 'vitest'
import { createPendingSends } from '../../../src/core/intents/pending-sends'
import { createFakeClock } from '../../harness/base/fake-clock'

/** A request whose reply comes when `reply` is called. */
function request() {
  let reply = (): void => {}
  const replied = new Promise<void>((resolve) => (reply = resolve))
  return { replied, reply }
}

test('a shutdown waits for what is on its way, also if what is sent causes it', async () => {
  const sends = createPendingSends(createFakeClock())
  const { replied, reply } = request()
  let hasEnded = false
  void sends.track(async () => {
    void sends.shutDown().then(() => (hasEnded = true))
    await replied
  })
  await new Promise((resolve) => setImmediate(resolve))
  expect(hasEnded).toBe(false)
  reply()
  await vi.waitFor(() => expect(hasEnded).toBe(true))
})

test('a failed request does not hold up a shutdown', async () => {
  const sends = createPendingSends(createFakeClock())
  const tracked = sends.track(() => Promise.reject(new Error('no answer')))
  await expect(tracked).rejects.toThrow('no answer')
  await sends.shutDown()
  expect(sends.isClosed()).toBe(true)
  expect(sends.isDisposed()).toBe(false)
})

test('a timer replaces the one with its id, and runs once', async () => {
  const clock = createFakeClock()
  const sends = createPendingSends(clock)
  const runs: string[] = []
  sends.after('a', 1_000, () => runs.push('first'))
  sends.after('a', 2_000, () => runs.push('second'))
  sends.after('b', 1_000, () => runs.push('other'))
  sends.after('c', 1_000, () => runs.push('canceled'))
  sends.cancel('c')
  await clock.advanceAsync(10_000)
  expect(runs).toEqual(['other', 'second'])
})

test.each(['shutDown', 'dispose'] as const)('after %s no timer runs, and none is set', async (end) => {
  const clock = createFakeClock()
  const sends = createPendingSends(clock)
  const run = vi.fn()
  sends.after('a', 1_000, run)
  await sends[end]()
  sends.after('b', 0, run)
  await clock.advanceAsync(10_000)
  expect(run).not.toHaveBeenCalled()
  expect(sends.isDisposed()).toBe(end === 'dispose')
})
