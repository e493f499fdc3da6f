import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Provider } from '../../../src/core/pods/provider'
import {
  parseEndpoint,
  parseGpuPrices,
  parseWorkers,
} from '../../../src/providers/runpod/parse/parse-serverless'
import { createRunpodProvider } from '../../../src/providers/runpod/provider'
import { createSimulator, FULL_KEY, type Simulator } from '../../../src/simulator/simulator'
import { createManualClock } from '../../harness/base/manual-clock'

let simulator: Simulator
beforeEach(async () => {
  simulator = await createSimulator({
    seed: 3,
    pods: [],
    maxPageSize: 2,
    endpoints: [
      { id: 'idle', name: 'image-generator', minWorkers: 2 },
      { id: 'off' },
      { id: 'busy', minWorkers: 1, isBusy: true },
      { id: 'balanced', type: 'LOAD_BALANCER', minWorkers: 1 },
      { id: 'cpus', cpus: [{ id: 'cpu5c', vcpuCount: 4 }] },
    ],
  })
})
afterEach(() => simulator.close())

function connect(): Provider {
  const { now, sleep } = createManualClock()
  const hosts = 'loopback-only'
  const { url: baseUrl } = simulator
  return createRunpodProvider({
    baseUrl,
    hosts,
    apiKey: FULL_KEY,
    version: '1',
    now,
    random: () => 0.5,
    sleep,
  })
}

describe('against the simulator', () => {
  test('the endpoints of all pages are listed, and nothing of their environment', async () => {
    const listed = await connect().listEndpoints?.()
    expect(listed).toMatchObject({ ok: true, value: { isComplete: true } })
    const endpoints = listed?.ok === true ? listed.value.endpoints : []
    expect(Object.fromEntries(endpoints.map(({ id, minWorkers }) => [id, minWorkers]))).toEqual({
      balanced: 1,
      busy: 1,
      cpus: 0,
      idle: 2,
      off: 0,
    })
    expect(JSON.stringify(listed)).not.toContain('hunter2')
  })

  test('workers and prices are read', async () => {
    const provider = connect()
    expect(await provider.listEndpointWorkers?.('busy')).toMatchObject({
      value: { isComplete: true, isAnyRunning: true, workers: [{ state: 'running' }] },
    })
    expect(await provider.listEndpointWorkers?.('idle')).toMatchObject({
      value: {
        isAnyRunning: false,
        workers: [{ state: 'idle', gpuTypeId: 'NVIDIA GeForce RTX 4090', gpuCount: 1 }, { state: 'idle' }],
      },
    })
    const prices = await provider.readServerlessPrices?.()
    expect(prices?.ok === true && prices.value.gpus.find(({ pool }) => pool === 'ADA_24')).toMatchObject({
      perHourUsd: expect.any(Number),
    })
  })

  test('a minimum is set to 0, and nothing else changes', async () => {
    const provider = connect()
    const before = await provider.readEndpoint?.('idle')
    const reply = await provider.setMinimumToZero?.('idle')
    expect(before?.ok === true && reply?.ok === true && { ...before.value, minWorkers: 0 }).toEqual(
      reply?.ok === true && reply.value,
    )
    simulator.setEndpoint('idle', { oldReads: 1 })
    expect(await provider.readEndpoint?.('idle')).toMatchObject({ value: { minWorkers: 2 } })
    expect(await provider.readEndpoint?.('idle')).toMatchObject({ value: { minWorkers: 0, maxWorkers: 3 } })
  })

  test('an id that is no id is sent nowhere', async () => {
    for (const id of ['..', '', 'a\u0000b'])
      expect(await connect().setMinimumToZero?.(id)).toMatchObject({ ok: false, error: { kind: 'invalid' } })
    expect(simulator.requests).toEqual([])
  })
})

const summary = { running: 0, idle: 1, initializing: 0, throttled: 0, unhealthy: 0, total: 1 }
const idle = { id: 'w', status: 'IDLE', isStale: false, gpuCount: 1, gpuTypeId: 'NVIDIA L4' }

describe('a reply about workers', () => {
  test.each<[string, unknown, boolean, boolean]>([
    ['that is whole', { workers: [idle], summary }, true, false],
    ['without its summary', { workers: [idle] }, false, false],
    [
      'whose summary counts another idle one',
      { workers: [idle], summary: { ...summary, idle: 2 } },
      false,
      false,
    ],
    [
      'whose summary counts a running one',
      { workers: [idle], summary: { ...summary, running: 1 } },
      false,
      true,
    ],
    [
      'whose summary is not readable',
      { workers: [idle], summary: { ...summary, running: 'no' } },
      false,
      true,
    ],
    ['with something that is no worker', { workers: [idle, 'w'], summary }, false, false],
    ['with a state that is new', { workers: [{ ...idle, status: 'NAPPING' }], summary }, false, false],
    ['with one that is running', { workers: [{ ...idle, status: 'RUNNING' }], summary }, false, true],
  ])('%s is complete, and names a running worker, only if that is certain', (_what, reply, ...expected) => {
    const read = parseWorkers(reply)
    expect([read?.isComplete, read?.isAnyRunning]).toEqual(expected)
  })

  test('that is no list is none', () => {
    for (const reply of [null, [], {}, { workers: 'none' }, 'text']) expect(parseWorkers(reply)).toBeNull()
  })
})

describe('an endpoint', () => {
  test.each<[string, unknown, object]>([
    ['without workers', {}, { minWorkers: null, maxWorkers: null }],
    ['with a minimum as text', { workers: { min: '0', max: 3 } }, { minWorkers: null, maxWorkers: 3 }],
    ['with a negative minimum', { workers: { min: -1 } }, { minWorkers: null }],
    ['with half a worker', { workers: { min: 0.5 } }, { minWorkers: null }],
    ['of another type', { type: 'NEW' }, { routing: null }],
    [
      'of no type that has a queue',
      { requestUrls: { run: 'https://example.test/run' } },
      { routing: 'queue' },
    ],
    ['of no type and no address', {}, { routing: null }],
    ['with a malformed exclusion', { gpu: { pools: ['ADA_24'], excludedTypes: [4] } }, { hardware: null }],
    [
      'with a malformed number of GPUs',
      { gpu: { pools: ['ADA_24'], count: 'one' } },
      { hardware: { count: null } },
    ],
    ['with one GPU by default', { gpu: { pools: ['ADA_24'] } }, { hardware: { count: 1 } }],
    [
      'whose name has control characters',
      { name: 'a\u001b[31mb' },
      { name: expect.not.stringContaining('\u001b') },
    ],
  ])('%s is read without guessing', (_what, wire, expected) => {
    expect(parseEndpoint({ id: 'ep', name: 'n', ...(wire as object) })).toMatchObject(expected)
  })

  test('without an id is none', () => {
    for (const wire of [null, {}, { id: '' }, { id: 5 }, { id: 'a\nb' }])
      expect(parseEndpoint(wire)).toBeNull()
  })
})

test('a price of nothing is no price', () => {
  const gpus = [{ id: 'a', pool: 'P', price: { serverless: 0 } }, { id: 'b', pool: null, price: {} }, {}]
  expect(parseGpuPrices({ gpus })).toEqual([
    { id: 'a', pool: 'P', perHourUsd: null },
    { id: 'b', pool: null, perHourUsd: null },
  ])
})
