import { expect, it } from 'vitest'
import type { SshEndpoint } from '../../../src/core/pods/pod'
import type { PodSpec } from '../../../src/simulator/world/pod-spec'
import { createSystemClock } from '../../../src/node/clock'
import { createLookInside } from '../../../src/ssh/run/look-inside'
import { pod } from '../../harness/pods'
import { textOf } from '../../harness/run-command'
import { startSimulator } from '../../harness/simulator'
import { captureShell, createSshClient, target } from '../../harness/ssh-client'

const h100 = { id: 'NVIDIA H100 80GB HBM3', count: 4, vcpuCount: 104, memory: 752 }

async function inside(route: 'direct' | 'proxy', mode: PodSpec['mode']) {
  const pods: readonly PodSpec[] = [{ id: 'p', name: 'llama', mode, gpu: h100, stalePortsS: 0 }]
  const { simulator } = await startSimulator({ pods, ssh: 'any-key' })
  const here = createSshClient()
  here.key()
  const published = simulator.pod('p')['ssh'] as unknown as Record<typeof route, SshEndpoint>
  const ssh = { direct: null, proxy: null, [route]: published[route] }
  captureShell(await here.connect({ ...target(null), ssh })).shell.close()
  return { here, ssh }
}

it.each([
  ['direct', 'training', 'working'],
  ['direct', 'idle', 'at-rest'],
  ['proxy', 'training', 'working'],
  ['proxy', 'idle', 'at-rest'],
] as const)(
  'by the %s route a simulated pod that is %s is found %s from inside',
  async (route, mode, verdict) => {
    const { here, ssh } = await inside(route, mode)
    const clock = createSystemClock()
    const look = createLookInside('a', { runCommand: here.ssh.runCommand, clock, intervalS: 1 })
    expect(await look(pod({ id: 'p', ssh })).result).toMatchObject({ ok: true, value: { verdict } })
  },
)

it.each(['direct', 'proxy'] as const)(
  'by the %s route a simulated pod runs no other script',
  async (route) => {
    const { here, ssh } = await inside(route, 'idle')
    const command = { script: 'echo hi', limitMs: 20_000 }
    const result = await here.ssh.runCommand({ ...target(null), ssh }, command, new AbortController().signal)
    expect(result).toMatchObject({ ok: true, value: { exitCode: 127 } })
    expect(textOf(result)).toContain('runs no scripts')
  },
)
