import { describe, expect, it } from 'vitest'
import { launch, readUntil } from '../../harness/queue/job-pod'
import { startSimulatedJobPod } from '../../harness/queue/simulated-job-pod'
import type { Simulator } from '../../../src/simulator/simulator'

const gpuPercent = (simulator: Simulator): number =>
  (simulator.pod('p')['runtime'] as { gpus: readonly { util: number }[] } | null)?.gpus[0]?.util ?? -1

describe('a job in a simulated pod', () => {
  it('uses its GPU while it runs', async () => {
    const { simulator, ...pod } = await startSimulatedJobPod()
    expect(gpuPercent(simulator)).toBeLessThanOrEqual(2)
    await pod.host.start(pod.pod, launch('one', 'sleep 1000'))
    expect(gpuPercent(simulator)).toBeGreaterThanOrEqual(85)
    await pod.host.start(pod.pod, launch('two', 'sleep 1000'))
    await pod.host.cancel(pod.pod, 'one')
    expect(gpuPercent(simulator)).toBeGreaterThanOrEqual(85)
    await pod.host.cancel(pod.pod, 'two')
    expect(gpuPercent(simulator)).toBeLessThanOrEqual(2)
  })

  it('ends without an exit code when the pod restarts, and its files stay on the volume', async () => {
    const { simulator, ...pod } = await startSimulatedJobPod()
    await pod.host.start(pod.pod, launch('cut', 'echo before; sleep 1000; echo after'))
    simulator.act('p', 'restart')
    // The next second of the simulated clock never comes unless it is advanced.
    pod.clock.advanceS(5)
    expect(gpuPercent(simulator)).toBeLessThanOrEqual(2)
    const again = await pod.reopen()
    expect(await pod.host.read(again, ['cut'])).toMatchObject({
      ok: true,
      value: [{ kind: 'ended', exitCode: null }],
    })
    const log = await pod.host.readLog(again, 'cut', 0, 100)
    expect(log.ok && Buffer.from(log.value.bytes).toString()).toBe('before\n')
    expect(await pod.host.start(again, launch('cut', 'echo twice'))).toEqual({ ok: true, value: 'exists' })
  })

  it('cannot be asked about once the pod has vanished', async () => {
    const { simulator, ...pod } = await startSimulatedJobPod()
    await pod.host.start(pod.pod, launch('one', 'sleep 1000'))
    simulator.removePod('p')
    expect(await pod.host.read(pod.pod, ['one'])).toMatchObject({
      error: { kind: 'unreachable', isUnclear: false },
    })
  })

  it('takes simulated time, and ends at its maximum run time', async () => {
    const pod = await startSimulatedJobPod('direct', 600)
    await pod.host.start(pod.pod, launch('late', 'sleep 86400', { maxSeconds: 300 }))
    await pod.host.start(pod.pod, launch('early', 'sleep 300; exit 4'))
    expect(await readUntil(pod, 'late', 'ended')).toMatchObject({ exitCode: 143, isTimedOut: true })
    expect(await readUntil(pod, 'early', 'ended')).toMatchObject({ exitCode: 4, isTimedOut: false })
  })

  it('goes on soon where its clock skips the time for which it sleeps', async () => {
    const pod = await startSimulatedJobPod()
    await pod.host.start(pod.pod, launch('long', 'sleep 80000; exit 4'))
    pod.clock.advanceS(79_000)
    expect(await pod.host.read(pod.pod, ['long'])).toMatchObject({ value: [{ kind: 'running' }] })
    pod.clock.advanceS(1_001)
    expect(await readUntil(pod, 'long', 'ended')).toMatchObject({ exitCode: 4, isTimedOut: false })
  })
})
