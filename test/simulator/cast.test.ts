import { expect, describe, it, onTestFinished } from 'vitest'
import { createDemo } from '../../src/simulator/demo'
import { fleetOf } from '../../src/simulator/fleet'
import { bench, call, FakeClock } from './bench'

describe('the demo', () => {
  async function demo() {
    const clock = new FakeClock()
    const { simulator, key } = await createDemo(clock.now)
    onTestFinished(() => simulator.close())
    const list = async () => (await call(simulator, '/v2/pods', { key })).body.pods
    const byName = async (name: string) => (await list()).find((pod: { name: string }) => pod.name === name)
    return { simulator, clock, list, byName }
  }

  it('shows three running pods, one that is created and one that is stopped', async () => {
    const { list } = await demo()
    expect((await list()).map((pod: any) => [pod.name, pod.status, pod.gpu.count, pod.cost])).toEqual([
      ['eval-sweep-b', 'PROVISIONING', 2, 2.78],
      ['mcmc-planck', 'RUNNING', 1, 3.99],
      ['llama-70b-sft', 'RUNNING', 4, 10.76],
      ['comfy-scratch', 'RUNNING', 1, 0.69],
      ['anomaly-v3', 'EXITED', 1, 0],
    ])
  })

  it('is alive within a minute: one pod comes up and another falls idle', async () => {
    const { clock, byName } = await demo()
    expect((await byName('mcmc-planck')).runtime.gpus[0].util).toBeGreaterThanOrEqual(85)
    clock.passS(45)
    expect((await byName('eval-sweep-b')).status).toBe('RUNNING')
    expect((await byName('mcmc-planck')).runtime.gpus[0].util).toBeLessThanOrEqual(2)
  })

  it('has a pod that would lose everything and one whose disk costs while stopped', async () => {
    const { byName } = await demo()
    expect((await byName('comfy-scratch')).mounts).toEqual({})
    expect((await byName('anomaly-v3')).mounts.persistent).toEqual({ size: 100, path: '/workspace' })
  })
})

describe('a fleet', () => {
  it.each([1, 40, 200])('of %i pods has as many, with different ids', async (n) => {
    const { simulator } = await bench({ pods: fleetOf(n, 3) })
    const { pods } = (await call(simulator, '/v2/pods?includeClusterPods=true')).body
    expect(new Set(pods.map((pod: { id: string }) => pod.id)).size).toBe(n)
    expect(new Set(pods.map((pod: { name: string }) => pod.name)).size).toBe(n)
    expect(pods.filter((pod: { name: string }) => pod.name.length === 60)).toHaveLength(1)
  })

  it('of forty has every state and every kind of mount', async () => {
    const { simulator } = await bench({ pods: fleetOf(40, 3) })
    const { pods } = (await call(simulator, '/v2/pods?includeClusterPods=true')).body
    expect(new Set(pods.map((pod: any) => pod.status))).toEqual(
      new Set(['RUNNING', 'EXITED', 'ERROR', 'PROVISIONING']),
    )
    expect(new Set(pods.map((pod: any) => Object.keys(pod.mounts)[0]))).toEqual(
      new Set([undefined, 'persistent', 'network']),
    )
    expect(pods.some((pod: any) => pod.cluster)).toBe(true)
    expect(pods.some((pod: any) => pod.locked)).toBe(true)
    expect(pods.some((pod: any) => pod.cpu)).toBe(true)
  })

  it('is the same for the same seed, and another for another', () => {
    expect(fleetOf(40, 3)).toEqual(fleetOf(40, 3))
    expect(fleetOf(40, 3)).not.toEqual(fleetOf(40, 4))
  })
})
