import { expect, it, onTestFinished } from 'vitest'
import type { SshEndpoint } from '../../../../src/core/pods/pod'
import { recognizeServices } from '../../../../src/core/ports/recognize-services'
import type { SimulatedPodSpec } from '../../../../src/simulator/world/pod-spec'
import { createSystemClock } from '../../../../src/node/clock'
import { listenLocally } from '../../../../src/ssh/forward/local-port'
import { readListening } from '../../../../src/ssh/forward/read-listening'
import { createLookInside } from '../../../../src/ssh/run/look-inside'
import { pod } from '../../../harness/samples/pods'
import { textOf } from '../../../harness/cli/trusted-server'
import { startSimulator } from '../../../harness/simulator/simulator-fixture'
import { captureShell, createSshClient, target } from '../../../harness/ssh/ssh-client'
import { freePort } from '../../../harness/base/free-port'

const h100 = { id: 'NVIDIA H100 80GB HBM3', count: 4, vcpuCount: 104, memory: 752 }

async function inside(route: 'direct' | 'proxy', mode: SimulatedPodSpec['mode']) {
  const pods: readonly SimulatedPodSpec[] = [{ id: 'p', name: 'llama', mode, gpu: h100, stalePortsS: 0 }]
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
    const look = createLookInside('a', { ...here.ssh, clock, intervalS: 1 })
    expect(await look(pod({ id: 'p', ssh })).result).toMatchObject({ ok: true, value: { verdict } })
  },
)

it('a simulated pod has a Jupyter, which its direct route leads to, and nothing else', async () => {
  const { here, ssh } = await inside('direct', 'idle')
  const signal = new AbortController().signal
  const reading = await readListening(here.ssh.runCommand, { ...target(null), ssh }, signal)
  expect(reading.ok && recognizeServices(reading.value)).toEqual([
    { kind: 'jupyter', port: 8_888, token: 'simulated' },
  ])
  const opened = await here.ssh.openPortConnection({ ...target(null), ssh }, signal)
  if (!opened.ok) throw new Error(opened.error.reason)
  onTestFinished(opened.value.close)
  expect(await opened.value.openPort(8_889)).toMatchObject({ ok: false, error: 'refused' })
  const local = await listenLocally(await freePort(), async () => {
    const channel = await opened.value.openPort(8_888)
    return channel.ok ? channel.value : null
  })
  if (!local.ok) throw new Error(local.error)
  onTestFinished(local.value.close)
  expect(await (await fetch(`http://127.0.0.1:${local.value.port}/`)).text()).toContain(
    'This Jupyter is simulated',
  )
})

it.each(['direct', 'proxy'] as const)(
  'by the %s route a simulated pod runs no other script',
  async (route) => {
    const { here, ssh } = await inside(route, 'idle')
    const command = { script: 'echo hi', limitMs: 60_000 }
    const result = await here.ssh.runCommand({ ...target(null), ssh }, command, new AbortController().signal)
    expect(result).toMatchObject({ ok: true, value: { exitCode: 127 } })
    expect(textOf(result)).toContain('runs no scripts')
  },
)
