import { expect, test } from 'vitest'
import { MINUTE_MS } from '../../../src/core/base/time'
import { flushPromises } from '../../harness/clock'
import { createMonitorFixture } from '../../harness/monitor'
import { pod } from '../../harness/pods'

const server = { route: 'direct', host: '192.0.2.1', port: 22 } as const
const changed = (fingerprint: string) =>
  ({
    kind: 'failed',
    failure: {
      kind: 'host-key-changed',
      server,
      known: { algorithm: 'ssh-ed25519', fingerprint: 'SHA256:known' },
      offered: { algorithm: 'ssh-ed25519', fingerprint },
    },
  }) as const

async function running() {
  const fixture = createMonitorFixture({ pods: [pod({ id: 'pod-1', name: 'llama' })] })
  fixture.monitor.start()
  await flushPromises()
  return fixture
}

test('a changed host key is logged, then shown with the name of the pod', async () => {
  const fixture = await running()
  fixture.monitor.onTerminalEvent('pod-1', 'llama', changed('SHA256:other'))
  await flushPromises()
  const about = fixture.log.filter((line) => line.includes('host key of llama'))
  expect(about.map((line) => line.split(' ')[0])).toEqual(['record', 'show'])
  expect(fixture.alerts).toMatchObject([{ key: { kind: 'host-key-changed', podId: 'pod-1' }, buttons: [] }])
})

test('a changed host key is announced once per key, however often it occurs', async () => {
  const fixture = await running()
  for (let times = 0; times < 3; times++) {
    fixture.monitor.onTerminalEvent('pod-1', 'llama', changed('SHA256:other'))
    await fixture.clock.advanceAsync(MINUTE_MS)
  }
  expect(fixture.alerts).toHaveLength(1)
  fixture.monitor.onTerminalEvent('pod-1', 'llama', changed('SHA256:third'))
  await flushPromises()
  expect(fixture.alerts).toHaveLength(2)
})

test('a host key alert deferred by a pause is shown afterwards if the key is still wrong', async () => {
  const fixture = await running()
  fixture.pause.untilMs = Number.MAX_SAFE_INTEGER
  fixture.monitor.onTerminalEvent('pod-1', 'llama', changed('SHA256:other'))
  await fixture.clock.advanceAsync(MINUTE_MS)
  expect(fixture.alerts).toEqual([])
  fixture.pause.untilMs = null
  await fixture.clock.advanceAsync(MINUTE_MS)
  expect(fixture.alerts).toHaveLength(1)
})

test('a deferred host key alert is not shown once a terminal was opened with the right key', async () => {
  const fixture = await running()
  fixture.pause.untilMs = Number.MAX_SAFE_INTEGER
  fixture.monitor.onTerminalEvent('pod-1', 'llama', changed('SHA256:other'))
  fixture.monitor.onTerminalEvent('pod-1', 'llama', { kind: 'opened', server })
  fixture.pause.untilMs = null
  await fixture.clock.advanceAsync(5 * MINUTE_MS)
  expect(fixture.alerts).toEqual([])
})

test('opening and ending a terminal are written to the activity log', async () => {
  const fixture = await running()
  fixture.monitor.onTerminalEvent('pod-1', 'llama', { kind: 'opened', server })
  fixture.monitor.onTerminalEvent('pod-1', 'llama', { kind: 'ended', reason: 'The shell ended.' })
  fixture.monitor.onTerminalEvent('pod-1', 'llama', { kind: 'failed', failure: { kind: 'no-key' } })
  const said = fixture.auditEntries.filter(({ what }) => what.startsWith('terminal'))
  expect(said.map(({ text }) => text)).toEqual([
    'A terminal on llama was opened, directly at 192.0.2.1:22.',
    'A terminal on llama ended. The shell ended.',
  ])
})
