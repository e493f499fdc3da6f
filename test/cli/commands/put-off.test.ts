import { expect, test } from 'vitest'
import { act } from '../../../src/cli/commands/act/act'
import { createListeners } from '../../../src/core/base/listeners'
import { fail } from '../../../src/core/base/result'
import type { Intent } from '../../../src/core/intents/intent'
import { defaultSettings } from '../../../src/core/settings/settings'
import { createControlSession } from '../../../src/node/control/control-session'
import { MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import { flushPromises } from '../../harness/base/fake-clock'
import { createMonitorFixture } from '../../harness/monitor/monitor-fixture'
import { pod } from '../../harness/samples/pods'
import { failure } from '../../harness/monitor/scripted-provider'

test('a stop that Runpod puts off for longer than the command waits is taken back, and says that nothing was done', async () => {
  const fixture = createMonitorFixture({ pods: [pod()] })
  const { monitor, clock, provider, journal } = fixture
  let posts = 0
  provider.act = async () => {
    posts += 1
    return failure('rate-limited', { retryAfterMs: 5 * MINUTE_MS })
  }
  const intents = createListeners<[Intent]>()
  const session = createControlSession(
    {
      clock,
      monitor: () => monitor,
      settings: () => defaultSettings,
      changeSetting: () => fail('no setting is changed'),
      applyConfig: () => fail('not here'),
      record: () => {},
      hasHistory: false,
      queue: () => null,
    },
    { accountId: monitor.snapshot().account?.id ?? '' },
    { onIntent: intents.notify, onCreate: () => {}, onConnection: () => {} },
  )
  monitor.start()
  const output = { progress: () => {}, status: () => {}, clearStatus: () => {}, result: () => {} }
  const outcome = act({
    control: {
      requests: session.handlers,
      isRemote: false,
      notices: () => [],
      onIntent: intents.add,
      onCreate: () => () => {},
      onConnection: () => () => {},
      onLost: () => () => {},
      close: () => {},
    },
    action: 'stop',
    waitsForGpu: false,
    isImmediate: false,
    confirmation: { nameOption: null, keyboard: null, output },
    podQuery: 'pod-1',
    waitsForResult: true,
    timeoutMs: 50,
    output,
    interrupts: { hint: 'u', listen: () => () => {} },
    readJournal: () => [],
  })
  await flushPromises()
  await clock.advanceAsync(6 * SECOND_MS)
  expect(await outcome).toMatchObject({
    exitCode: 1,
    outcome: 'cancelled',
    message:
      'Runpod is rate-limiting the stop of trainer, so it was canceled: nothing was done. trainer is still running.',
  })
  await clock.advanceAsync(20 * MINUTE_MS)
  expect(posts).toBe(1)
  expect(journal.openIntents()).toEqual([])
  monitor.dispose()
})
