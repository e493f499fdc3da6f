import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { createWatch } from '../../../src/cli/watch/watch'
import { createMonitorFixture } from '../../harness/monitor/monitor-fixture'
import { pod } from '../../harness/samples/pods'

test('a watch says on standard error that no notification can be shown, once', async () => {
  const errors: string[] = []
  const lines: string[] = []
  const { monitor, clock, system, provider } = createMonitorFixture({
    pods: [pod({ phase: 'creating', telemetry: null })],
  })
  const watch = createWatch({
    watchOutput: { kind: 'lines', format: 'text', write: (line) => lines.push(line) },
    clock,
    process: {
      events: new EventEmitter(),
      stderr: { write: (text) => errors.push(text) },
      suspend: () => {},
      onSignal: () => () => {},
    },
    roleNote: () => null,
    computer: () => 'lab-server',
    hasSeveral: false,
  })
  watch.add({ id: 'account-1', name: 'Lab', monitor })
  await clock.advanceAsync(60_000)
  system.delivery = 'failed'
  provider.pods = [pod({ phase: 'error', telemetry: null })]
  await clock.advanceAsync(120_000)
  expect(errors).toEqual([expect.stringContaining('Notifications can’t be shown (since ')])
  expect(lines.filter((line) => line.includes('Notifications can’t be shown'))).toHaveLength(1)
  await clock.advanceAsync(600_000)
  expect(errors).toHaveLength(1)
  monitor.dispose()
})
