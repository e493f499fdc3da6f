import { describe, expect, it } from 'vitest'
import type { SshEndpoint } from '../../../src/core/pods/pod'
import { captureShell, createSshClient, target } from '../../harness/ssh/ssh-client'
import { startSimulator } from '../../harness/simulator/simulator-fixture'

const pods = [{ id: 'p', name: 'llama', mode: 'training' }] as const

describe('a simulated pod', () => {
  it.each(['direct', 'proxy'] as const)('gives a shell through the route called %s', async (route) => {
    const { simulator } = await startSimulator({ pods, ssh: 'any-key' })
    const here = createSshClient()
    here.key()
    const published = simulator.pod('p')['ssh'] as unknown as Record<typeof route, SshEndpoint>
    const ssh = { direct: null, proxy: null, [route]: published[route] }
    const screen = captureShell(await here.connect({ ...target(null), ssh }))
    expect(screen.shell.server.route).toBe(route)
    await expect.poll(screen.text).toContain('/workspace')
    expect(await screen.shell.measureRoundTrip()).toBeGreaterThan(0)
    screen.type('exit 7\r')
    await expect.poll(screen.end).toEqual({ kind: 'exited', code: 7, signal: null })
  })

  it('rejects a key that was registered after its start', async () => {
    const { simulator } = await startSimulator({ pods, ssh: 'registered-keys' })
    const here = createSshClient()
    here.key()
    const { direct } = simulator.pod('p')['ssh'] as unknown as { direct: SshEndpoint }
    expect(await here.connect(target(direct))).toMatchObject({ ok: false, error: { kind: 'keys-refused' } })
  })
})
