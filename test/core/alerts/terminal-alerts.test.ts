import { expect, test } from 'vitest'
import { terminalOfAlert } from '../../../src/core/alerts/command-alert'
import { MINUTE_MS } from '../../../src/core/base/time/time'
import type { CommandEnd } from '../../../src/core/terminal/commands/command-tracker'
import { flushPromises } from '../../harness/base/fake-clock'
import { createMonitorFixture } from '../../harness/monitor/monitor-fixture'
import { pod } from '../../harness/samples/pods'

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

const ended = (over: Partial<CommandEnd> = {}, isRequested = false, terminalId = 't1') => {
  const end = { how: 'mark', exitCode: 1, forMs: 134_000, isAtLeast: false, program: null, ...over } as const
  return { kind: 'command-ended', terminalId, end, isRequested } as const
}

test.each([
  [{}, 'Command on llama failed', 'Exit code 1 at 14:05, after 2 min.'],
  [{ exitCode: 0 }, 'Command on llama finished', 'Exit code 0 at 14:05, after 2 min.'],
  [{ exitCode: null, program: 'make' }, 'Command on llama ended', 'make: It ended at 14:05, after 2 min.'],
  [
    { how: 'prompt', exitCode: null, isAtLeast: true },
    'Command on llama ended',
    'The shell was ready again at 14:05, after at least 2 min. The exit code is unknown.',
  ],
  [
    { how: 'exited', exitCode: null },
    'Shell on llama ended',
    'It ended at 14:05, after 2 min of its last command.',
  ],
  [{ how: 'lost', exitCode: null }, 'Command on llama was lost', 'Its shell is gone, seen at 14:05.'],
] as const)('the end %o of a command is announced', async (over, title, body) => {
  const fixture = await running()
  fixture.monitor.onTerminalEvent('pod-1', 'llama', ended(over))
  await flushPromises()
  expect(fixture.alerts).toMatchObject([{ key: { kind: 'command-ended', podId: 'pod-1' }, title, body }])
  expect(fixture.alerts.map(({ key }) => terminalOfAlert(key))).toEqual(['t1'])
})

test('what the pod calls a program shows no secret', async () => {
  const fixture = await running()
  const program = 'TOKEN=hf_abcdefghijklmnop'
  fixture.monitor.onTerminalEvent('pod-1', 'llama', ended({ program }))
  await flushPromises()
  expect(fixture.alerts[0]?.body).not.toContain('abcdefgh')
})

test('the end of a command waits for the end of a pause, unless someone saw the terminal meanwhile', async () => {
  const fixture = await running()
  fixture.pause.untilMs = Number.MAX_SAFE_INTEGER
  fixture.monitor.onTerminalEvent('pod-1', 'llama', ended({}, true, 't1'))
  await fixture.clock.advanceAsync(MINUTE_MS)
  fixture.monitor.onTerminalEvent('pod-1', 'llama', ended({}, true, 't2'))
  await fixture.clock.advanceAsync(MINUTE_MS)
  fixture.monitor.onTerminalEvent('pod-1', 'llama', { kind: 'seen', terminalId: 't2' })
  expect(fixture.alerts).toEqual([])
  fixture.pause.untilMs = null
  await fixture.clock.advanceAsync(MINUTE_MS)
  expect(fixture.alerts.map(({ key }) => terminalOfAlert(key))).toEqual(['t1'])
})

test('a switch silences ends of commands, except those that a person asked for', async () => {
  const fixture = await running()
  fixture.settings.now = { hasCommandAlerts: false }
  fixture.monitor.onTerminalEvent('pod-1', 'llama', ended({}, false, 't1'))
  for (let count = 0; count < 7; count++) {
    fixture.monitor.onTerminalEvent('pod-1', 'llama', ended({}, true, `asked-${count}`))
    await fixture.clock.advanceAsync(MINUTE_MS)
  }
  expect(fixture.alerts).toHaveLength(7)
  expect(fixture.alerts.every(({ title }) => title === 'Command on llama failed')).toBe(true)
  expect(fixture.alerts.some(({ key }) => terminalOfAlert(key) === 't1')).toBe(false)
})
