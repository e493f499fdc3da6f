import { expect, test } from 'vitest'
import { MINUTE_MS } from '../../../src/core/base/time'
import { settle } from '../../harness/clock'
import { createMonitorRig } from '../../harness/monitor'
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
  const rig = createMonitorRig({ pods: [pod({ id: 'pod-1', name: 'llama' })] })
  rig.monitor.start()
  await settle()
  return rig
}

test('a changed host key is written down, then shown, naming the pod', async () => {
  const rig = await running()
  rig.monitor.noteTerminal('pod-1', 'llama', changed('SHA256:other'))
  await settle()
  const about = rig.log.filter((line) => line.includes('host key of llama'))
  expect(about.map((line) => line.split(' ')[0])).toEqual(['record', 'show'])
  expect(rig.alerts).toMatchObject([{ key: { kind: 'host-key-changed', podId: 'pod-1' }, buttons: [] }])
})

test('it is said once for each other key, however often it is met', async () => {
  const rig = await running()
  for (let times = 0; times < 3; times++) {
    rig.monitor.noteTerminal('pod-1', 'llama', changed('SHA256:other'))
    await rig.clock.pass(MINUTE_MS)
  }
  expect(rig.alerts).toHaveLength(1)
  rig.monitor.noteTerminal('pod-1', 'llama', changed('SHA256:third'))
  await settle()
  expect(rig.alerts).toHaveLength(2)
})

test('what a pause held back is said after it, if the key is still wrong', async () => {
  const rig = await running()
  rig.pause.untilMs = Number.MAX_SAFE_INTEGER
  rig.monitor.noteTerminal('pod-1', 'llama', changed('SHA256:other'))
  await rig.clock.pass(MINUTE_MS)
  expect(rig.alerts).toEqual([])
  rig.pause.untilMs = null
  await rig.clock.pass(MINUTE_MS)
  expect(rig.alerts).toHaveLength(1)
})

test('and is not, once a terminal was opened with the right one', async () => {
  const rig = await running()
  rig.pause.untilMs = Number.MAX_SAFE_INTEGER
  rig.monitor.noteTerminal('pod-1', 'llama', changed('SHA256:other'))
  rig.monitor.noteTerminal('pod-1', 'llama', { kind: 'opened', server })
  rig.pause.untilMs = null
  await rig.clock.pass(5 * MINUTE_MS)
  expect(rig.alerts).toEqual([])
})

test('that a terminal opened and ended is in the activity log', async () => {
  const rig = await running()
  rig.monitor.noteTerminal('pod-1', 'llama', { kind: 'opened', server })
  rig.monitor.noteTerminal('pod-1', 'llama', { kind: 'ended', reason: 'The shell ended.' })
  rig.monitor.noteTerminal('pod-1', 'llama', { kind: 'failed', failure: { kind: 'no-key' } })
  const said = rig.activity.filter(({ what }) => what.startsWith('terminal'))
  expect(said.map(({ text }) => text)).toEqual([
    'A terminal on llama was opened, directly at 192.0.2.1:22.',
    'A terminal on llama ended. The shell ended.',
  ])
})
