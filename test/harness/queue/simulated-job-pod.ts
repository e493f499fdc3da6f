import { expect } from 'vitest'
import type { SshEndpoint } from '../../../src/core/pods/pod'
import { createJobHost } from '../../../src/ssh/jobs/job-host'
import { pod } from '../samples/pods'
import { startSimulator } from '../simulator/simulator-fixture'
import { captureShell, createSshClient, target } from '../ssh/ssh-client'

/** A simulated pod that idles, with a volume at /workspace. */
export async function startSimulatedJobPod(route: 'direct' | 'proxy' = 'direct', timeFactor = 1) {
  const persistent = { sizeGb: 10, path: '/workspace' }
  const pods = [{ id: 'p', name: 'llama', mode: 'idle', persistent, stalePortsS: 0, restartingS: 1 }] as const
  const { simulator, clock } = await startSimulator({ pods, ssh: 'any-key', timeFactor })
  const here = createSshClient()
  here.key()
  const addresses = () => simulator.pod('p')['ssh'] as Record<typeof route, SshEndpoint | null>
  const open = async () => {
    await expect.poll(addresses).toMatchObject({ [route]: expect.anything() })
    const published = addresses()
    const ssh = { direct: null, proxy: null, [route]: published[route] }
    captureShell(await here.connect({ ...target(null), startedAtMs: Date.now(), ssh })).shell.close()
    return pod({ id: 'p', persistentMount: persistent, startedAtMs: null, ssh })
  }
  return {
    simulator,
    clock,
    host: createJobHost('a', here.ssh),
    ssh: here.ssh,
    pod: await open(),
    reopen: open,
    volumeOnPod: '/workspace',
  }
}
