import { describe, expect, it } from 'vitest'
import type { SshEndpoint } from '../../../src/core/pods/pod'
import { desk, screenOf, target } from '../../harness/ssh-bench'
import { bench } from '../../harness/simulator'

const pods = [{ id: 'p', name: 'llama', mode: 'training' }] as const

describe('a simulated pod', () => {
  it.each(['direct', 'proxy'] as const)('gives a shell by the way called %s', async (route) => {
    const { simulator } = await bench({ pods, ssh: 'any-key' })
    const here = desk()
    here.key()
    const published = simulator.pod('p')['ssh'] as unknown as Record<typeof route, SshEndpoint>
    const ssh = { direct: null, proxy: null, [route]: published[route] }
    const screen = screenOf(await here.connect({ ...target(null), ssh }))
    expect(screen.shell.server.route).toBe(route)
    await expect.poll(screen.text).toContain('/workspace')
    expect(await screen.shell.measureRoundTrip()).toBeGreaterThan(0)
    screen.type('exit 7\r')
    await expect.poll(screen.end).toEqual({ kind: 'exited', code: 7, signal: null })
  })

  it('lets in nobody whose key came after its start', async () => {
    const { simulator } = await bench({ pods, ssh: 'registered-keys' })
    const here = desk()
    here.key()
    const { direct } = simulator.pod('p')['ssh'] as unknown as { direct: SshEndpoint }
    expect(await here.connect(target(direct))).toMatchObject({ ok: false, error: { kind: 'keys-refused' } })
  })
})
