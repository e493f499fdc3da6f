import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SimulatedPodSpec } from '../../../src/simulator/world/pod-spec'
import { PodLog } from '../../../src/simulator/world/logs/pod-log'
import { VirtualTime } from '../../../src/simulator/world/virtual-time'
import { World } from '../../../src/simulator/world/world'
import { FakeWallClock } from '../../harness/simulator/simulator-fixture'

/** A world of one pod, asked without HTTP. */
function worldOf(spec: Partial<SimulatedPodSpec>) {
  const clock = new FakeWallClock()
  const world = new World({ seed: 1, time: new VirtualTime(clock.now, 1), balanceUsd: 100 })
  world.conditions = { ...world.conditions, statusWhilePulling: 'RUNNING' }
  world.add({ id: 'p', name: 'p', mode: 'training', ...spec })
  const pod = () => world.find('p') as any
  const systemLog = () =>
    new PodLog(world.record('p')!, 1, 'system')
      .between(Number.NEGATIVE_INFINITY, world.nowMs(), 1_000)
      .map(({ text }) => text)
  /** The pod each `everyS` seconds, `times` times. */
  const watch = <T>(times: number, everyS: number, read: (pod: any) => T): T[] =>
    Array.from({ length: times }, () => {
      clock.advanceS(everyS)
      return read(pod())
    })
  return { world, clock, pod, systemLog, watch }
}

const created = { startedAgoMin: 0, image: 'example/a:1' } as const
const noContainer = {
  status: 'RUNNING',
  runtime: null,
  dataCenterId: null,
  cost: 0.69,
  ssh: { direct: null },
}

describe('a pod whose image is pulled', () => {
  it('is RUNNING and billed a second after its create, and has figures, ports and place with its container', () => {
    const { world, clock, pod, systemLog } = worldOf({ ...created, imageSizeGb: 15 })
    expect(pod().status).toBe('PROVISIONING')
    clock.advanceS(1)
    expect(pod()).toMatchObject({ ...noContainer, startedAt: '2026-11-24T14:00:01.000Z' })
    clock.advanceS(100)
    expect(pod()).toMatchObject(noContainer)
    expect(world.balanceUsd()).toBeLessThan(99.99)
    expect(
      systemLog().filter((line) => line === 'create container: still fetching image example/a:1'),
    ).toHaveLength(7)
    expect(systemLog()).not.toContain('start container')
    clock.advanceS(3)
    expect(pod()).toMatchObject({ runtime: { uptime: 1 }, dataCenterId: 'US-TX-3' })
    expect(pod().runtime.ports[1].public).toBe(pod().ssh.direct.port)
    expect(systemLog().at(-1)).toBe('start container')
  })

  it('takes longer with a bigger image, at a start as well', () => {
    const { world, clock, pod } = worldOf({ mode: 'stopped', imageSizeGb: 60 })
    world.act('p', 'start')
    clock.advanceS(400)
    expect(pod()).toMatchObject({ ...noContainer, actions: ['stop', 'restart', 'terminate'] })
    clock.advanceS(3)
    expect(pod().runtime.uptime).toBe(0)
  })

  it('has no container earlier because it is restarted, and follows no scenario of running pods', () => {
    const { world, clock, pod } = worldOf({ ...created, startingS: 100 })
    clock.advanceS(50)
    expect(world.act('p', 'restart')).toBeNull()
    clock.advanceS(50)
    expect([pod().runtime, world.runningPodIds()]).toEqual([null, []])
    clock.advanceS(1)
    expect([pod().runtime.uptime, world.runningPodIds()]).toEqual([0, ['p']])
  })

  it('is STARTING instead where that is asked for', () => {
    const { clock, pod } = worldOf({ ...created, statusWhilePulling: 'STARTING' })
    clock.advanceS(20)
    expect(pod()).toMatchObject({ status: 'STARTING', startedAt: null, dataCenterId: 'US-TX-3' })
  })

  it('stays RUNNING without a container if the pull fails, which only the system log says', () => {
    const { clock, pod, systemLog } = worldOf({
      ...created,
      mode: 'image-missing',
      pullError: 'pull access denied',
    })
    clock.advanceS(3_600)
    expect(pod()).toMatchObject(noContainer)
    expect(pod()).not.toHaveProperty('statusReason')
    const failure = 'error creating container: image pull: example/a:1: pull access denied'
    expect(systemLog().filter((line) => line === failure)).toHaveLength(120)
  })
})

describe('a pod whose container ended', () => {
  it('is RUNNING with neither figures nor ports from the minute of its death on', () => {
    const { clock, pod } = worldOf({ mode: 'container-dead', startedAgoMin: 5, diesAfterMin: 6 })
    expect(pod().runtime).toMatchObject({ uptime: 300, gpus: [{ util: expect.any(Number) }] })
    clock.advanceS(60)
    expect(pod()).toMatchObject({ status: 'RUNNING', runtime: null, cost: 0.69, ssh: { direct: null } })
  })

  it('can show a negative uptime instead, and dies when it is told to', () => {
    const { world, clock, pod, watch } = worldOf({ downAs: 'negative' })
    clock.advanceS(10)
    world.patch('p', { mode: 'container-dead' })
    const uptimes = watch(100, 10, ({ runtime }) => runtime.uptime)
    expect([Math.min(...uptimes), Math.max(...uptimes)]).toEqual([-17, -1])
    expect(pod()).toMatchObject({
      status: 'RUNNING',
      ssh: { direct: null },
      runtime: { gpus: [{ util: 0, memoryUtil: 0 }], cpu: { util: 0 }, ports: [] },
    })
  })

  it('can start again and again, so that its uptime begins anew each time', () => {
    const { watch } = worldOf({ mode: 'crash-loop', crashEveryS: 40, crashUpS: 30 })
    const uptimes = watch(8, 10, ({ runtime }) => runtime?.uptime ?? null)
    expect(uptimes).toEqual([10, 20, null, 0, 10, 20, null, 0])
  })
})

describe('the figures of a pod', () => {
  const figuresOf = ({ runtime }: any) => JSON.stringify({ ...runtime, ports: [] })

  it('change only with their refresh, as does the uptime', () => {
    const { world, watch, pod } = worldOf({ metricsEveryS: 90 })
    const seen = watch(90, 10, figuresOf)
    const changes = seen.flatMap((each, i) => (i > 0 && each !== seen[i - 1] ? [i] : []))
    expect([9, 10]).toContain(changes.length)
    expect(changes.slice(1).every((at, i) => at - changes[i]! === 9)).toBe(true)
    world.patch('p', { mode: 'idle' })
    expect(figuresOf(pod())).toBe(seen.at(-1))
    watch(9, 10, figuresOf)
    expect(pod().runtime.gpus[0].util).toBeLessThanOrEqual(2)
  })

  it('are refreshed for each pod at times of its own, as the account has it', () => {
    const { world, clock } = worldOf({})
    world.add({ id: 'q', name: 'q', mode: 'training' })
    world.conditions = { ...world.conditions, metricsEveryS: 300 }
    clock.advanceS(600)
    const uptimes = ['p', 'q'].map((id) => (world.find(id) as any).runtime.uptime)
    expect(new Set(uptimes).size).toBe(2)
    for (const uptime of uptimes) expect([4_200 - uptime <= 300, uptime <= 4_200]).toEqual([true, true])
  })

  it('are never ahead of the pod, and behind it by less than the time between two refreshes', () => {
    const times = fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 600 }), times, (metricsEveryS, stepsS) => {
        const { clock, pod } = worldOf({ metricsEveryS })
        let upS = 3_600
        for (const stepS of stepsS) {
          clock.advanceS(stepS)
          upS += stepS
          const lagS = upS - pod().runtime.uptime
          expect(lagS).toBeGreaterThanOrEqual(0)
          expect(lagS).toBeLessThan(metricsEveryS + 1)
        }
      }),
      { numRuns: 50 },
    )
  })

  it('stand still on a frozen replica until it goes on', () => {
    const { world, clock, watch, pod } = worldOf({})
    clock.advanceS(7)
    world.patch('p', { hasFrozenMetrics: true })
    expect(new Set(watch(40, 60, ({ runtime }) => runtime.uptime))).toEqual(new Set([3_607]))
    world.patch('p', { hasFrozenMetrics: false })
    expect(pod().runtime.uptime).toBe(3_607 + 2_400)
  })

  it('can be missing one by one', () => {
    const { world, pod } = worldOf({ missingFigures: ['cpu', 'memory'] })
    expect(Object.keys(pod().runtime)).toEqual(['uptime', 'gpus', 'ports'])
    world.patch('p', { missingFigures: ['gpus'] })
    expect(Object.keys(pod().runtime)).toEqual(['uptime', 'cpu', 'memory', 'ports'])
  })

  it('are null in single looks that time out, as is direct SSH', () => {
    const { watch } = worldOf({ lookupTimeoutShare: 0.2 })
    const lost = watch(200, 1, ({ status, runtime, ssh }) => [status, runtime === null, ssh.direct === null])
    const count = lost.filter(([, hasNoRuntime]) => hasNoRuntime).length
    expect(lost.every(([status, a, b]) => status === 'RUNNING' && a === b)).toBe(true)
    expect(count).toBeGreaterThan(20)
    expect(count).toBeLessThan(60)
  })
})

it('a start can come back without any of the GPUs, and the next one with all', () => {
  const { world, clock, pod } = worldOf({ mode: 'stopped', gpu: { id: 'NVIDIA L4', count: 2 } })
  world.act('p', 'start', false)
  clock.advanceS(60)
  expect(pod()).toMatchObject({ status: 'RUNNING', gpu: { id: 'NVIDIA L4', count: 0 } })
  expect(pod().runtime).not.toHaveProperty('gpus')
  world.act('p', 'stop')
  clock.advanceS(5)
  world.act('p', 'start')
  clock.advanceS(60)
  expect(pod().gpu.count).toBe(2)
  expect(pod().runtime.gpus).toHaveLength(2)
})
