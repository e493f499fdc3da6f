import { expect, test } from 'vitest'
import { act } from '../../../src/cli/commands/act'
import type { Intent } from '../../../src/core/intents/intent'
import { MINUTE_MS, SECOND_MS } from '../../../src/core/base/time'
import { flushPromises } from '../../harness/clock'
import { createMonitorFixture } from '../../harness/monitor'
import { pod } from '../../harness/pods'
import { failure } from '../../harness/provider'

test('a stop that Runpod puts off for longer than the command waits is taken back, and says that nothing was done', async () => {
  const fixture = createMonitorFixture({ pods: [pod()] })
  const { monitor, clock, provider, journal } = fixture
  let posts = 0
  provider.act = async () => {
    posts += 1
    return failure('rate-limited', { retryAfterMs: 5 * MINUTE_MS })
  }
  let onRecord: (intent: Intent) => void = () => {}
  const record = journal.record.bind(journal)
  journal.record = (intent) => {
    const written = record(intent)
    onRecord(intent)
    return written
  }
  const outcome = act({
    monitor,
    onRecord: (listener) => (onRecord = listener),
    action: 'stop',
    waitsForGpu: false,
    confirm: () => Promise.reject(new Error('a stop is not confirmed')),
    podQuery: 'pod-1',
    waitsForResult: true,
    timeoutMs: 50,
    output: { progress: () => {}, status: () => {}, clearStatus: () => {}, result: () => {} },
    interrupts: { hint: 'u', listen: () => () => {} },
  })
  await flushPromises()
  await clock.advanceAsync(6 * SECOND_MS)
  expect(await outcome).toMatchObject({
    exitCode: 1,
    outcome: 'cancelled',
    message:
      'Runpod puts off the stop of trainer, so it was taken back: nothing was done. trainer is still running.',
  })
  await clock.advanceAsync(20 * MINUTE_MS)
  expect(posts).toBe(1)
  expect(journal.openIntents()).toEqual([])
  monitor.dispose()
})
