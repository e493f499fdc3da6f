import { describe, expect, test } from 'vitest'
import type { PowerAction } from '../../src/core/pods/pod'
import type { AccountRules } from '../../src/core/pod-rules/pod-rules'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/core/base/time/time'
import { createRunpodProvider } from '../../src/providers/runpod/provider'
import type { SimulatedPodSpec } from '../../src/simulator/world/pod-spec'
import { FULL_KEY, READ_ONLY_KEY, type Simulator } from '../../src/simulator/simulator'
import { flushPromises } from '../harness/base/fake-clock'
import { alertTitlesOf } from '../harness/guard/guarded-monitor'
import { createMonitorFixture, type MonitorFixture } from '../harness/monitor/monitor-fixture'
import { startSimulator } from '../harness/simulator/simulator-fixture'

/* The monitor with the real HTTP provider, against a simulated Runpod whose time is that of the fake clock. */

interface World {
  readonly fixture: MonitorFixture
  readonly simulator: Simulator
  /** Advances the clock; every request in flight is answered before the next timer runs. */
  readonly advance: (ms: number) => Promise<void>
}

const idlePod = (id: string, costPerHourUsd: number): SimulatedPodSpec => ({
  id,
  name: id,
  mode: 'idle',
  costPerHourUsd,
  persistent: { sizeGb: 20, path: '/workspace' },
})
const all: AccountRules = {
  autoStop: 'all',
  pods: Object.fromEntries(['one', 'two', 'three', 'four'].map((id) => [id, { isLowCpuIdle: true }])),
}

async function startWorld(
  pods: readonly SimulatedPodSpec[],
  apiKey = FULL_KEY,
  quota?: number,
): Promise<World> {
  const fixture = createMonitorFixture({
    guard: all,
    settings: { autoStopAfterMin: 40, pollActiveS: 30 },
  })
  const { clock } = fixture
  const { simulator } = await startSimulator({
    pods,
    now: () => clock.now().wallMs,
    ...(quota !== undefined && { quotas: { minute: 600, hour: quota, day: 100_000 } }),
  })
  let inFlight = 0
  const real = createRunpodProvider({
    baseUrl: simulator.url,
    hosts: 'loopback-only',
    apiKey,
    version: '1.2.3',
    now: () => clock.now(),
    random: () => 0,
    async sleep(ms, signal) {
      inFlight -= 1
      await new Promise<void>((resolve) => {
        clock.schedule(ms, resolve)
        signal.addEventListener('abort', () => resolve())
      })
      inFlight += 1
    },
  })
  const tracked =
    <Args extends unknown[], Value>(request: (...args: Args) => Promise<Value>) =>
    async (...args: Args): Promise<Value> => {
      inFlight += 1
      return request(...args).finally(() => (inFlight -= 1))
    }
  Object.assign(fixture.provider, {
    ...real,
    listPods: tracked(() => real.listPods()),
    getPod: tracked((id: string) => real.getPod(id)),
    act: tracked((id: string, action: PowerAction) => real.act(id, action)),
    readBalance: undefined,
  })

  async function settle(): Promise<void> {
    await flushPromises()
    while (inFlight > 0) await new Promise((resolve) => setTimeout(resolve, 1))
    await flushPromises()
  }
  fixture.monitor.start()
  await settle()
  return {
    fixture,
    simulator,
    async advance(ms) {
      for (let leftMs = ms; leftMs > 0;) {
        const stepMs = Math.min(leftMs, clock.pendingDelaysMs()[0] ?? leftMs)
        clock.advance(stepMs)
        leftMs -= stepMs
        await settle()
      }
    },
  }
}

const countOf = ({ requests }: Simulator, method: string, path = ''): number =>
  requests.filter((request) => request.method === method && request.path.includes(path)).length
const stopsOf = ({ requests }: Simulator): (string | undefined)[] =>
  requests.filter(({ action }) => action === 'stop').map(({ podId }) => podId)

describe('a Runpod that answers everything with a 429 without a wait', () => {
  test('is asked for the list more and more rarely, and that is announced', async () => {
    const { fixture, simulator, advance } = await startWorld([idlePod('one', 1)])
    simulator.fault({ kind: 'rate-limited', retryAfterS: 0 })
    await advance(30 * SECOND_MS)
    const before = countOf(simulator, 'GET')
    await advance(10 * SECOND_MS)
    expect(countOf(simulator, 'GET') - before).toBeLessThanOrEqual(4)
    await advance(10 * MINUTE_MS)
    expect(countOf(simulator, 'GET') - before).toBeLessThanOrEqual(18)
    expect(alertTitlesOf(fixture, 'unreachable')).toEqual([
      expect.stringMatching(/^Runpod has rate-limited every request for \d min$/),
    ])
    simulator.clearFaults()
    await advance(2 * MINUTE_MS)
    expect(fixture.monitor.snapshot().connection.kind).toBe('live')
  })

  test('gets an action more and more rarely, until it is given up', async () => {
    const { fixture, simulator, advance } = await startWorld([
      { ...idlePod('one', 1), mode: 'stopped', stoppedAgoMin: 1 },
    ])
    simulator.fault({ kind: 'rate-limited', retryAfterS: 0, method: 'POST' })
    expect(fixture.monitor.act('one', 'start').ok).toBe(true)
    await advance(10 * SECOND_MS)
    expect(countOf(simulator, 'POST', '/action')).toBeLessThanOrEqual(4)
    expect(countOf(simulator, 'POST', '/action')).toBeGreaterThanOrEqual(3)
    await advance(15 * MINUTE_MS)
    expect(countOf(simulator, 'POST', '/action')).toBeLessThanOrEqual(16)
    expect(fixture.monitor.snapshot().pods[0]?.intent?.phase).toBe('failed')
  })
})

describe('pods that Runpod never lets us stop', () => {
  test.each(['forbidden', 'conflict', 'rate-limited'] as const)(
    'with %s leave another to be stopped, and are stopped once it works',
    async (kind) => {
      const bad = ['one', 'two', 'three'] as const
      const { fixture, simulator, advance } = await startWorld([
        ...bad.map((id) => idlePod(id, 3)),
        idlePod('four', 2),
      ])
      for (const podId of bad) simulator.fault({ kind, podId, action: 'stop' })
      await advance(HOUR_MS)
      expect(simulator.pod('four')['status']).toBe('EXITED')
      expect(fixture.monitor.snapshot().account?.isMonitorOnly).toBe(false)
      for (const podId of bad)
        expect(stopsOf(simulator).filter((id) => id === podId).length, podId).toBeLessThanOrEqual(3)
      simulator.clearFaults()
      await advance(HOUR_MS)
      for (const podId of bad) expect(simulator.pod(podId)['status'], podId).toBe('EXITED')
    },
  )
})

test('a key that may only read gets one critical alert, and is called so', async () => {
  const { fixture, simulator, advance } = await startWorld(
    [idlePod('one', 3), idlePod('two', 2), idlePod('three', 1)],
    READ_ONLY_KEY,
  )
  await advance(HOUR_MS)
  expect(new Set(stopsOf(simulator)).size).toBe(3)
  expect(alertTitlesOf(fixture, 'unable-to-act')).toEqual(['Automatic stops don’t work with this API key'])
  expect(fixture.monitor.snapshot().account?.isMonitorOnly).toBe(true)
  expect(simulator.pod('one')['status']).toBe('RUNNING')
})

test('a quota of 60 requests an hour still lets a pod be found idle, and the window says so', async () => {
  const { fixture, simulator, advance } = await startWorld([idlePod('one', 3)], FULL_KEY, 60)
  await advance(3 * HOUR_MS)
  expect(countOf(simulator, 'GET')).toBeLessThanOrEqual(3 * 32)
  expect(fixture.monitor.snapshot().connection).toMatchObject({
    kind: 'live',
    slowedToMs: expect.any(Number) as number,
  })
  expect(alertTitlesOf(fixture, 'idle')).toHaveLength(1)
  expect(simulator.pod('one')['status']).toBe('EXITED')
})

test('a pod in error that is started is not called failed while the list still shows the old error', async () => {
  const { fixture, simulator, advance } = await startWorld([
    {
      ...idlePod('one', 1),
      overrides: { status: 'ERROR', statusReason: 'Out of memory.', actions: ['start'] },
    },
  ])
  simulator.fault({ kind: 'accepted-not-done', podId: 'one', action: 'start' })
  expect(fixture.monitor.act('one', 'start').ok).toBe(true)
  await advance(MINUTE_MS)
  expect(fixture.monitor.snapshot().pods[0]).toMatchObject({ phase: 'error', intent: { phase: 'accepted' } })
  simulator.setPod('one', { overrides: {} })
  await advance(MINUTE_MS)
  expect(fixture.monitor.snapshot().pods[0]?.intent?.phase).toBe('observed')
})

describe('a Runpod that calls pods running before they have a container', () => {
  const stopped = (id: string, more: Partial<SimulatedPodSpec> = {}): SimulatedPodSpec => ({
    ...idlePod(id, 1),
    mode: 'stopped',
    onStart: 'training',
    stoppedAgoMin: 1,
    ...more,
  })
  const containerOf = ({ fixture }: World, podId: string) =>
    fixture.monitor.snapshot().pods.find(({ id }) => id === podId)?.container
  const told = ({ alerts }: MonitorFixture): readonly string[] => alerts.map(({ title }) => title)

  test('has pods that are ready only once theirs is up, and one that is said to have none', async () => {
    const world = await startWorld([
      stopped('one', { imageSizeGb: 30 }),
      stopped('two', { onStart: 'image-missing' }),
    ])
    const { fixture, advance } = world
    for (const id of ['one', 'two']) expect(fixture.monitor.act(id, 'start').ok).toBe(true)
    await advance(2 * MINUTE_MS)
    expect(containerOf(world, 'one')).toMatchObject({ kind: 'starting' })
    expect(told(fixture)).toEqual([])
    await advance(3 * MINUTE_MS)
    expect(told(fixture)).toEqual(['one is ready'])
    // Its log isn't read here.
    await advance(12 * MINUTE_MS)
    expect(containerOf(world, 'two')).toEqual({ kind: 'unknown' })
    expect(told(fixture).slice(1)).toEqual(['Can’t tell whether two is up, and you are paying'])
  })

  test('has a start without GPUs, which is not ready', async () => {
    const world = await startWorld([stopped('one')])
    world.simulator.fault({ kind: 'zero-gpus', method: 'POST', action: 'start' })
    expect(world.fixture.monitor.act('one', 'start').ok).toBe(true)
    await world.advance(3 * MINUTE_MS)
    expect(told(world.fixture)).toEqual(['one has 0 of 1 GPUs'])
  })

  test('has containers that die, and an outage in which none does', async () => {
    const world = await startWorld(
      ['one', 'two', 'three'].map((id) => ({ ...idlePod(id, 1), mode: 'training' })),
    )
    const { fixture, simulator, advance } = world
    await advance(2 * MINUTE_MS)
    simulator.fault({ kind: 'no-telemetry', method: 'GET', path: '/v2/pods*' })
    await advance(30 * MINUTE_MS)
    expect(told(fixture)).toEqual(['Runpod shows no metrics and no ports for 3 pods'])
    simulator.clearFaults()
    await advance(2 * MINUTE_MS)
    simulator.setPod('one', { mode: 'container-dead' })
    simulator.setPod('two', { mode: 'crash-loop', crashEveryS: 40, crashUpS: 20, downAs: 'negative' })
    await advance(14 * MINUTE_MS)
    expect(told(fixture).slice(1).sort()).toEqual(['The container of one died', 'The container of two died'])
    expect(containerOf(world, 'three')).toBeUndefined()
  })
})
