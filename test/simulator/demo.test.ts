import { describe, expect, it, onTestFinished } from 'vitest'
import { createDemo, demoPods } from '../../src/simulator/demo'
import { createFleet } from '../../src/simulator/create-fleet'
import { FULL_KEY, HUBIFY_KEY } from '../../src/simulator/simulator'
import { connect, directOf, runIn, testKey } from './ssh/client'
import { FakeWallClock, sendRequest, startSimulator } from '../harness/simulator/simulator-fixture'

describe('the demo', () => {
  async function demo() {
    const clock = new FakeWallClock()
    const { simulator, key, sshKey } = await createDemo(clock.now)
    onTestFinished(() => simulator.close())
    const list = async () => (await sendRequest(simulator, '/v2/pods', { key })).body.pods
    const byName = async (name: string) => (await list()).find((pod: { name: string }) => pod.name === name)
    return { simulator, sshKey, clock, list, byName }
  }

  it('shows three running pods, one being created and one stopped', async () => {
    const { list } = await demo()
    expect((await list()).map((pod: any) => [pod.name, pod.status, pod.gpu.count, pod.cost])).toEqual([
      ['eval-sweep-b', 'PROVISIONING', 2, 2.78],
      ['mcmc-planck', 'RUNNING', 1, 3.99],
      ['llama-70b-sft', 'RUNNING', 4, 10.76],
      ['comfy-scratch', 'RUNNING', 1, 0.69],
      ['anomaly-v3', 'EXITED', 1, 0],
    ])
  })

  it('has a pod that is idle, and another that comes up within a minute', async () => {
    const { clock, byName } = await demo()
    expect((await byName('mcmc-planck')).runtime.gpus[0].util).toBeLessThanOrEqual(2)
    clock.advanceS(45)
    expect((await byName('eval-sweep-b')).status).toBe('RUNNING')
  })

  it('begins before it opens, and a pod arrives only then', async () => {
    const clock = new FakeWallClock()
    const behindMs = 100_000
    const made = await createDemo(clock.now, { behindMs })
    onTestFinished(() => made.simulator.close())
    const openedAtMs = clock.now()
    const names = async () =>
      (await sendRequest(made.simulator, '/v2/pods', { key: made.key })).body.pods.map((pod: any) => pod.name)
    expect([made.time.nowMs(), await names()]).toEqual([
      openedAtMs - behindMs,
      expect.not.arrayContaining(['eval-sweep-b']),
    ])
    expect([made.catchUp(60_000), made.time.nowMs()]).toEqual([true, openedAtMs - 40_000])
    expect([made.catchUp(60_000), made.time.nowMs()]).toEqual([false, openedAtMs])
    expect(await names()).toContain('eval-sweep-b')
    expect(made.catchUp(60_000)).toBe(false)
    expect(await names()).toHaveLength(5)
  })

  it('accepts SSH by one key only, which is another one in each run', async () => {
    const { simulator, sshKey } = await demo()
    const other = await demo()
    expect(other.sshKey).not.toBe(sshKey)
    const { body } = await sendRequest(simulator, '/v2/pods', { key: FULL_KEY })
    const { id } = body.pods.find(({ name }: { name: string }) => name === 'llama-70b-sft')
    const at = directOf(simulator, id)
    for (const privateKey of [testKey.private, other.sshKey])
      await expect(connect({ ...at, privateKey })).rejects.toThrow('authentication methods failed')
    const client = await connect({ ...at, privateKey: sshKey })
    expect((await runIn(client, 'hostname')).out).toBe('llama-70b-sft\n')
    client.end()
  })

  it('has a pod that would lose everything and one whose disk costs money while stopped', async () => {
    const { byName } = await demo()
    expect((await byName('comfy-scratch')).mounts).toEqual({})
    expect((await byName('anomaly-v3')).mounts.persistent).toEqual({ size: 100, path: '/workspace' })
  })
})

describe("the demo's lab", () => {
  it('exists only if asked for, and adds no pods to the account', async () => {
    const without = await createDemo()
    onTestFinished(() => without.simulator.close())
    expect(without.lab).toBeNull()
    const made = await createDemo(new FakeWallClock().now, { hasLab: true })
    onTestFinished(() => made.simulator.close())
    const { id, slug, name, baseUrl, key } = made.lab!
    const ask = async (path: string) => {
      const response = await fetch(baseUrl + path, { headers: { authorization: `Bearer ${key}` } })
      return (await response.json()) as any
    }
    expect((await ask('/labs')).data).toMatchObject([{ id, slug, name }])
    const labPods = (await ask(`/pods?labId=${id}`)).data
    const { pods } = (await sendRequest(made.simulator, '/v2/pods', { key: made.key })).body
    expect(pods).toHaveLength(5)
    const nameOf = ({ runpodPodId }: any) => pods.find((pod: any) => pod.id === runpodPodId).name
    expect(labPods.map((pod: any) => [nameOf(pod), pod.gpuType, pod.status])).toEqual([
      ['mcmc-planck', 'H200', 'running'],
      ['anomaly-v3', 'A100', 'stopped'],
    ])
    const queued = (await ask(`/experiments?labId=${id}`)).data.filter(
      (each: any) => each.status === 'queued',
    )
    expect(queued.map((each: any) => each.computeMode)).toEqual(['A100', 'H200'])
  })

  it('is not served without being asked for', async () => {
    const { simulator } = await createDemo()
    onTestFinished(() => simulator.close())
    expect((await sendRequest(simulator, '/api/v1/labs', { key: HUBIFY_KEY })).status).toBe(401)
  })
})

describe("the demo's controls", () => {
  async function demo() {
    const clock = new FakeWallClock()
    const made = await createDemo(clock.now)
    onTestFinished(() => made.simulator.close())
    const ask = (path: string) => sendRequest(made.simulator, path, { key: made.key })
    const pods = async () => (await ask('/v2/pods')).body.pods as any[]
    const utils = async () => (await pods()).flatMap((pod) => pod.runtime?.gpus ?? []).map(({ util }) => util)
    return { made, clock, ask, pods, utils }
  }

  it('make it idle, and busy again', async () => {
    const { made, utils } = await demo()
    made.makeIdle()
    expect(Math.max(...(await utils()))).toBeLessThanOrEqual(2)
    made.makeBusy()
    expect(Math.min(...(await utils()))).toBeGreaterThanOrEqual(85)
  })

  it('break the network and restore it', async () => {
    const { made, pods } = await demo()
    made.breakNetwork()
    await expect(pods()).rejects.toThrow('fetch failed')
    made.restoreNetwork()
    expect(await pods()).toHaveLength(5)
  })

  it('empty the balance, which deletes pods without a network volume, and top it up', async () => {
    const { made, pods } = await demo()
    made.emptyBalance()
    expect(await pods()).toMatchObject([{ name: 'llama-70b-sft', status: 'EXITED' }])
    made.topUp()
    expect(made.simulator.balanceUsd()).toBe(164.2)
  })

  it('speed up time', async () => {
    const { made, clock, pods } = await demo()
    made.setTimeFactor(60)
    clock.advanceS(1)
    const creating = (await pods()).find(({ name }) => name === 'eval-sweep-b')
    expect(creating.runtime.uptime).toBe(35)
  })

  it('include past costs on the bills', async () => {
    const { ask, pods } = await demo()
    const { records } = (await ask('/v2/billing/pods?bucketSize=year')).body
    const hoursOf = new Map(
      (await pods()).map(({ id, name }) => {
        const billed = records.find(({ podId }: any) => podId === id)
        const priceUsd = demoPods.find((each) => each.name === name)?.costPerHourUsd ?? 0
        return [name, Math.round((billed?.gpuAmount ?? 0) / priceUsd)]
      }),
    )
    // The last hour is not billed yet.
    expect(Object.fromEntries(hoursOf)).toEqual({
      'llama-70b-sft': 21,
      'mcmc-planck': 27,
      'comfy-scratch': 70,
      'anomaly-v3': 6,
      'eval-sweep-b': 0,
    })
  })
})

describe('a fleet', () => {
  it.each([1, 40, 200])('of %i pods has that many, with different ids', async (n) => {
    const { simulator } = await startSimulator({ pods: createFleet(n, 3) })
    const { pods } = (await sendRequest(simulator, '/v2/pods?includeClusterPods=true')).body
    expect(new Set(pods.map((pod: { id: string }) => pod.id)).size).toBe(n)
    expect(new Set(pods.map((pod: { name: string }) => pod.name)).size).toBe(n)
    expect(pods.filter((pod: { name: string }) => pod.name.length === 60)).toHaveLength(1)
  })

  it('of forty has every state and every kind of mount', async () => {
    const { simulator } = await startSimulator({ pods: createFleet(40, 3) })
    const { pods } = (await sendRequest(simulator, '/v2/pods?includeClusterPods=true')).body
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

  it('is the same for the same seed and different for another one', () => {
    expect(createFleet(40, 3)).toEqual(createFleet(40, 3))
    expect(createFleet(40, 3)).not.toEqual(createFleet(40, 4))
  })
})
