import { describe, expect, it } from 'vitest'
import type { Simulator } from '../../../src/simulator/simulator'
import type { PodMode, SimulatedPodSpec } from '../../../src/simulator/world/pod-spec'
import { sendPodAction, sendRequest, startSimulator } from '../../harness/simulator/simulator-fixture'

interface Figures {
  readonly gpus: readonly (readonly { util: number; memoryUtil: number }[])[]
  readonly cpu: readonly number[]
  readonly memory: readonly number[]
}

/** Values of one pod over ten minutes, read every 15 s. */
async function tenMinutesOf(spec: Omit<SimulatedPodSpec, 'name'>): Promise<Figures> {
  const { simulator, clock } = await startSimulator({ pods: [{ id: 'p', name: 'p', ...spec }] })
  const seen = Array.from({ length: 40 }, () => {
    clock.advanceS(15)
    return simulator.pod('p')['runtime'] as any
  })
  return {
    gpus: seen.map((runtime) => runtime.gpus ?? []),
    cpu: seen.map((runtime) => runtime.cpu.util),
    memory: seen.map((runtime) => runtime.memory.util),
  }
}

const gpuUtils = (figures: Figures) => figures.gpus.flat().map((gpu) => gpu.util)
const spread = (values: readonly number[]) => Math.max(...values) - Math.min(...values)

describe("a pod's mode", () => {
  const gpu = { id: 'NVIDIA H100 80GB HBM3', count: 8 }

  it('training keeps every GPU at 85 to 99%', async () => {
    const figures = await tenMinutesOf({ mode: 'training', gpu })
    expect(Math.min(...gpuUtils(figures))).toBeGreaterThanOrEqual(85)
    expect(Math.max(...gpuUtils(figures))).toBeLessThanOrEqual(99)
    expect(spread(gpuUtils(figures))).toBeGreaterThan(5)
  })

  it('idle has 0 to 2% GPU, 1 to 2% CPU, and constant memory', async () => {
    const figures = await tenMinutesOf({ mode: 'idle', gpu })
    expect(new Set(gpuUtils(figures))).toEqual(new Set([0, 1, 2]))
    expect(new Set(figures.cpu)).toEqual(new Set([1, 2]))
    expect(spread(figures.memory)).toBe(0)
    for (let i = 0; i < gpu.count; i += 1) {
      expect(spread(figures.gpus.map((gpus) => gpus[i]?.memoryUtil ?? -1))).toBe(0)
    }
  })

  it('idle-after works and idles from the given minute on', async () => {
    const figures = await tenMinutesOf({ mode: 'idle-after', startedAgoMin: 25, idleAfterMin: 30 })
    const utils = gpuUtils(figures)
    const firstIdle = utils.findIndex((util) => util <= 2)
    expect(firstIdle).toBe(19)
    expect(Math.max(...utils.slice(firstIdle))).toBeLessThanOrEqual(2)
  })

  it('spiky is idle with bursts', async () => {
    const utils = gpuUtils(await tenMinutesOf({ mode: 'spiky' }))
    const bursts = utils.filter((util) => util >= 55)
    expect(bursts.length).toBeGreaterThan(2)
    expect(bursts.length).toBeLessThan(utils.length / 3)
  })

  it('data-loading has 40% CPU and changing memory with idle GPUs', async () => {
    const figures = await tenMinutesOf({ mode: 'data-loading' })
    expect(Math.max(...gpuUtils(figures))).toBe(0)
    expect(Math.min(...figures.cpu)).toBeGreaterThanOrEqual(36)
    expect(spread(figures.memory)).toBeGreaterThanOrEqual(2)
  })

  it('partial leaves seven of eight GPUs idle', async () => {
    const figures = await tenMinutesOf({ mode: 'partial', gpu })
    for (const gpus of figures.gpus) expect(gpus.filter((each) => each.util <= 2)).toHaveLength(7)
  })

  it('cpu-only has no GPUs and says so', async () => {
    const { simulator } = await startSimulator({ pods: [{ id: 'p', name: 'p', mode: 'cpu-only' }] })
    const pod = simulator.pod('p') as any
    expect(pod).not.toHaveProperty('gpu')
    expect(pod.cpu).toMatchObject({ vcpuCount: 8 })
    expect(pod.runtime).not.toHaveProperty('gpus')
    expect(pod.runtime.cpu.util).toBeGreaterThanOrEqual(45)
  })

  it('telemetry-missing has no telemetry in both variants', async () => {
    const { simulator } = await startSimulator({
      pods: [
        { id: 'null', name: 'a', mode: 'telemetry-missing' },
        { id: 'empty', name: 'b', mode: 'telemetry-missing', missingAs: 'empty' },
      ],
    })
    expect(simulator.pod('null')).toMatchObject({ status: 'RUNNING', runtime: null })
    expect(simulator.pod('empty')['runtime']).toEqual({})
  })

  it('stuck-creating never comes up', async () => {
    const { simulator, clock } = await startSimulator({
      pods: [{ id: 'p', name: 'p', mode: 'stuck-creating' }],
    })
    clock.advanceS(86_400)
    expect(simulator.pod('p')).toMatchObject({ status: 'PROVISIONING', startedAt: null, cost: 0.69 })
  })
})

describe('simulated time', () => {
  it('runs as fast as the factor says, while dates use real time', async () => {
    const { simulator, clock } = await startSimulator({
      timeFactor: 60,
      pods: [
        { id: 'old', name: 'old', mode: 'idle' },
        { id: 'new', name: 'new', mode: 'idle', startedAgoMin: 0 },
      ],
    })
    clock.advanceS(1.5)
    const created = simulator.pod('new') as any
    expect(created.runtime.uptime).toBe(60)
    expect(Date.parse(created.startedAt)).toBeLessThanOrEqual(clock.now())
    expect((simulator.pod('old') as any).runtime.uptime).toBe(3_690)
  })

  it("never runs slower than the app's clock", async () => {
    await expect(startSimulator({ timeFactor: 0.5 })).rejects.toThrow(RangeError)
  })

  it('gives equal values for equal seeds, however often they are read', async () => {
    const modes: readonly PodMode[] = ['training', 'idle', 'spiky', 'data-loading', 'partial', 'stopped']
    const pods = modes.map((mode): SimulatedPodSpec => ({ name: mode, mode }))
    const watched = await startSimulator({ seed: 7, pods })
    const unwatched = await startSimulator({ seed: 7, pods })
    const other = await startSimulator({ seed: 8, pods })
    for (let i = 0; i < 10; i += 1) {
      await sendRequest(watched.simulator, '/v2/pods')
      watched.clock.advanceS(30)
    }
    unwatched.clock.advanceS(300)
    other.clock.advanceS(300)
    const list = async ({ simulator }: typeof watched) => (await sendRequest(simulator, '/v2/pods')).body.pods
    const training = (pods: any[]) => pods.find((pod) => pod.name === 'training').runtime.gpus
    const figures = await list(watched)
    expect(figures).toEqual(await list(unwatched))
    expect(training(figures)).not.toEqual(training(await list(other)))
  })
})

describe('a change by someone else', () => {
  const pods: readonly SimulatedPodSpec[] = [{ id: 'p', name: 'p', mode: 'training' }]

  it('can remove a pod', async () => {
    const { simulator } = await startSimulator({ pods })
    simulator.removePod('p')
    expect((await sendRequest(simulator, '/v2/pods/p')).status).toBe(404)
    expect(() => simulator.pod('p')).toThrow('no pod p')
  })

  it('can change its name, price, lock and mode', async () => {
    const { simulator } = await startSimulator({ pods })
    simulator.setPod('p', { name: 'q', costPerHourUsd: 2, locked: true, mode: 'idle' })
    const pod = simulator.pod('p') as any
    expect(pod).toMatchObject({ name: 'q', cost: 2, locked: true, status: 'RUNNING' })
    expect(pod.runtime.gpus[0].util).toBeLessThanOrEqual(2)
  })

  it('can stop it immediately and start it', async () => {
    const { simulator, clock } = await startSimulator({ pods })
    simulator.setPod('p', { mode: 'stopped' })
    expect(simulator.pod('p')['status']).toBe('EXITED')
    simulator.act('p', 'start')
    clock.advanceS(30)
    expect(simulator.pod('p')['status']).toBe('RUNNING')
    expect(() => simulator.act('p', 'start')).toThrow('cannot start a pod that is RUNNING')
  })

  it('can make the API return unknown values', async () => {
    const { simulator } = await startSimulator({ pods })
    simulator.setPod('p', { overrides: { status: 'MIGRATING', cost: null }, omit: ['runtime'] })
    const { body } = await sendRequest(simulator, '/v2/pods/p')
    expect(body).toMatchObject({ status: 'MIGRATING', cost: null })
    expect(body).not.toHaveProperty('runtime')
  })
})

describe('the balance', () => {
  const ask = { query: 'query { myself { clientBalance currentSpendPerHr } }' }

  it("falls by the cost of pods and of stopped pods' disks", async () => {
    const { simulator, clock } = await startSimulator({
      balanceUsd: 50,
      pods: [
        { id: 'a', name: 'a', mode: 'training', costPerHourUsd: 3, containerDiskGb: 36 },
        { id: 'b', name: 'b', mode: 'stopped', persistent: { sizeGb: 360, path: '/workspace' } },
      ],
    })
    clock.advanceS(3_600)
    const { body } = await sendRequest(simulator, '/graphql', { body: ask })
    expect(body.data.myself.clientBalance).toBeCloseTo(46.895, 6)
    expect(body.data.myself.currentSpendPerHr).toBe(3)
  })

  it('stops falling when the pod has stopped, and keeps the earlier spending', async () => {
    const { simulator, clock } = await startSimulator({
      balanceUsd: 50,
      pods: [{ id: 'a', name: 'a', mode: 'training', costPerHourUsd: 3.6, stoppingS: 10 }],
    })
    clock.advanceS(90)
    await sendPodAction(simulator, 'a', 'stop')
    clock.advanceS(3_600)
    expect(simulator.balanceUsd()).toBeCloseTo(49.9)
    simulator.removePod('a')
    clock.advanceS(3_600)
    expect(simulator.balanceUsd()).toBeCloseTo(49.9)
    simulator.balance(20)
    expect(simulator.balanceUsd()).toBe(20)
  })

  it('is returned only to keys with permission, and only as requested', async () => {
    const { simulator } = await startSimulator()
    expect((await sendRequest(simulator, '/graphql', { body: ask, key: 'rpa_wrong' })).status).toBe(401)
    const nested = { query: '{ myself { spendDetails { gpuComputePerHour } } }' }
    expect((await sendRequest(simulator, '/graphql', { body: nested })).body).toEqual({
      data: { myself: { spendDetails: { gpuComputePerHour: 0 } } },
    })
    const unknown = await sendRequest(simulator, '/graphql', { body: { query: '{ myself { shoeSize } }' } })
    expect(unknown.status).toBe(200)
    expect(unknown.body.errors[0].message).toContain('shoeSize')
    for (const body of [{}, '{', { query: '{ myself {' }]) {
      expect((await sendRequest(simulator, '/graphql', { body })).status).toBe(400)
    }
  })
})

it.each([
  ['Exited by user: ', (simulator: Simulator) => simulator.act('a', 'stop')],
  ['Exited by Runpod: ', (simulator: Simulator) => simulator.balance(0)],
  ['Outbid: ', (simulator: Simulator) => simulator.scenario('outbid')],
])('GraphQL says how the status of a stopped pod changed: %s…', async (words, stop) => {
  const spec = {
    id: 'a',
    name: 'a',
    mode: 'training',
    network: { volumeId: 'v', path: '/workspace' },
  } as const
  const { simulator, clock } = await startSimulator({ pods: [spec] })
  const body = { query: 'query { pod(input: { podId: "a" }) { lastStatusChange } }' }
  const change = async () =>
    (await sendRequest(simulator, '/graphql', { body })).body.data.pod.lastStatusChange
  expect(await change()).toMatch(/^Rented by User: /)
  stop(simulator)
  clock.advanceS(60)
  expect(simulator.pod('a')['status']).toBe('EXITED')
  const said = await change()
  expect(said.startsWith(words)).toBe(true)
  expect(new Date(said.slice(words.length)).getTime()).toBeLessThanOrEqual(clock.now())
})
