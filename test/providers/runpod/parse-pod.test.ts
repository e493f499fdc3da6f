import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Pod } from '../../../src/core/pods/pod'
import { defaultActivityRules, labelFigures, sampleOf } from '../../../src/core/idle/sample'
import { parsePage } from '../../../src/providers/runpod/parse/parse-page'
import { parseBalance, parsePod } from '../../../src/providers/runpod/parse/parse-pod'
import { isPodId } from '../../../src/providers/wire/wire-values'
import { createFakeClock } from '../../harness/base/fake-clock'
import { samplePod } from './sample-pod'

function read(more: Record<string, unknown> = {}): Pod {
  const pod = parsePod(samplePod(more))
  if (pod === null) throw new Error('expected a pod')
  return pod
}

function without(...keys: string[]): Pod {
  const raw = samplePod()
  for (const key of keys) delete raw[key]
  const pod = parsePod(raw)
  if (pod === null) throw new Error('expected a pod')
  return pod
}

describe("a pod in Runpod's format", () => {
  it('is parsed completely', () => {
    expect(read()).toEqual({
      id: 'k3v9x1m2',
      name: 'night-train',
      phase: 'running',
      rawStatus: 'RUNNING',
      statusReason: null,
      actions: ['stop', 'restart', 'terminate'],
      gpu: { name: 'H100 80GB HBM3', count: 2 },
      cpu: null,
      vcpuCount: null,
      containerDiskGb: 40,
      persistentMount: { sizeGb: 120, path: '/workspace' },
      networkMounts: [],
      areMountsKnown: true,
      dataCenterId: 'EU-XX-9',
      cloud: 'SECURE',
      costPerHourUsd: 5.5,
      isLocked: false,
      clusterId: null,
      ssh: { direct: { host: '203.0.113.9', port: 40_022, username: 'root' }, proxy: null },
      telemetry: {
        gpus: [
          { utilPercent: 91, memoryUtilPercent: 60 },
          { utilPercent: 0, memoryUtilPercent: 2 },
        ],
        cpuUtilPercent: 12,
        memoryUtilPercent: 30,
        uptimeS: 5400,
      },
      container: { uptimeS: 5400, publicPorts: ['203.0.113.9:40022'] },
      createdAtMs: Date.parse('2026-11-20T08:00:00Z'),
      startedAtMs: Date.parse('2026-11-24T08:30:00.250Z'),
    } satisfies Pod)
  })

  it.each([
    ['an option for a name', { host: '203.0.113.9', port: 22, username: '-oProxyCommand=x' }],
    ['a host with a command', { host: '203.0.113.9;reboot', port: 22, username: 'root' }],
    ['a port that is none', { host: '203.0.113.9', port: 0, username: 'root' }],
    ['nothing', null],
    ['a text', 'ssh root@203.0.113.9'],
  ])('has no direct SSH address if there is %s', (_, direct) => {
    expect(read({ ssh: { direct, proxy: null } }).ssh).toEqual({ direct: null, proxy: null })
  })

  it('keeps the proxy if the direct address is unreadable', () => {
    const proxy = { host: 'ssh.runpod.io', port: 22, username: 'k3v9x1m2-64411a2b' }
    expect(read({ ssh: { direct: { host: '' }, proxy } }).ssh).toEqual({ direct: null, proxy })
    expect(read({ ssh: { proxy } }).ssh).toEqual({ direct: null, proxy })
  })

  it('is parsed without its environment', () => {
    expect(JSON.stringify(read())).not.toContain('canary')
    expect(JSON.stringify(read({ runtime: { env: { A: 'canary' } } }))).not.toContain('canary')
  })

  it.each([
    ['PROVISIONING', 'creating'],
    ['STARTING', 'creating'],
    ['RUNNING', 'running'],
    ['EXITED', 'stopped'],
    ['ERROR', 'error'],
    ['TERMINATED', 'terminated'],
    ['HIBERNATING', 'unknown'],
    ['exited', 'unknown'],
    ['', 'unknown'],
    ['__proto__', 'unknown'],
    [null, 'unknown'],
    [7, 'unknown'],
  ])('with status %s is %s', (status, phase) => {
    expect(read({ status })).toMatchObject({ phase, rawStatus: typeof status === 'string' ? status : '' })
  })

  it.each([null, 'pod', 7, [], {}, { name: 'x' }, { id: 7 }, { id: '' }, { id: '..' }, { id: 'a\u202Eb' }])(
    'is rejected without a usable id: %j',
    (value) => expect(parsePod(value)).toBeNull(),
  )

  it('with nothing but an id is unknown, and so are its cost and its disks', () => {
    expect(parsePod({ id: 'a' })).toMatchObject({
      name: 'a',
      phase: 'unknown',
      actions: [],
      gpu: null,
      cpu: null,
      costPerHourUsd: null,
      isLocked: null,
      areMountsKnown: false,
      telemetry: null,
      createdAtMs: null,
      startedAtMs: null,
    })
  })

  it('has a displayable name, or its id', () => {
    expect(read({ name: 'a\u0000b\u202E\u200Bc\n' }).name).toBe('abc')
    expect(read({ name: '  \u200B ' }).name).toBe('k3v9x1m2')
    expect(read({ name: 'n'.repeat(5_000) }).name).toHaveLength(200)
    expect(without('name').name).toBe('k3v9x1m2')
  })

  it.each([-1, Number.POSITIVE_INFINITY, Number.NaN, '5', null, {}])(
    'has an unknown cost if it says %s',
    (cost) => {
      expect(read({ cost }).costPerHourUsd).toBeNull()
    },
  )

  it('can be free if it says so', () => {
    expect(read({ cost: 0 }).costPerHourUsd).toBe(0)
    expect(without('cost').costPerHourUsd).toBeNull()
  })

  it.each([undefined, null, 'no', 0, 'false'])('has an unknown lock if it says %s', (locked) => {
    expect(read({ locked }).isLocked).toBeNull()
  })

  it('keeps its actions except invalid ones', () => {
    expect(read({ actions: ['stop', 7, null, 'hibernate', ''] }).actions).toEqual(['stop', 'hibernate'])
    expect(read({ actions: 'stop' }).actions).toEqual([])
  })

  it.each([
    ['NVIDIA GeForce RTX 4090', 'GeForce RTX 4090'],
    ['AMD Instinct MI300X OAM', 'Instinct MI300X OAM'],
    ['H100 SXM', 'H100 SXM'],
    ['NVIDIA', 'NVIDIA'],
  ])('shows its GPU without the vendor: %s', (id, name) => {
    expect(read({ gpu: { id, count: 1 } }).gpu).toEqual({ name, count: 1 })
  })

  it('without a GPU and with a CPU is a CPU pod', () => {
    for (const gpu of [undefined, null]) {
      expect(read({ gpu, cpu: { id: 'cpu3c', vcpuCount: 8, memory: 16 } })).toMatchObject({
        gpu: null,
        cpu: { name: 'cpu3c' },
        vcpuCount: 8,
      })
    }
  })

  it.each([
    [[]],
    ['H100'],
    [{}],
    [{ vcpuCount: 8 }],
    [{ id: 'H100', count: null }],
    [{ id: 'H100', count: '1' }],
    [{ id: 'H100', count: -1 }],
    [{ id: 'H100', count: 1.5 }],
  ])('is not a CPU pod if its GPU is unreadable: %j', (gpu) =>
    expect(read({ gpu, cpu: { id: 'cpu3c' } })).toMatchObject({ gpu: null, cpu: null }),
  )

  it('has one GPU, the documented default, if its GPU has no count', () => {
    expect(read({ gpu: { id: 'NVIDIA H100', vcpuCount: 16 } })).toMatchObject({
      gpu: { name: 'H100', count: 1 },
      vcpuCount: 16,
    })
  })

  it('is judged by its figures if its GPU has no count, and not if the count is malformed', () => {
    const runtime = {
      uptime: 5_400,
      gpus: [{ util: 0, memoryUtil: 2 }],
      cpu: { util: 1 },
      memory: { util: 30 },
    }
    const labelWith = (gpu: unknown) => {
      const usage = { hasTerminalInput: false, hasRunningJob: false }
      const sample = sampleOf(read({ gpu, runtime }), createFakeClock().now(), usage)
      return labelFigures(sample, 5_385, defaultActivityRules)
    }
    expect(labelWith({ id: 'H100' })).toEqual({ kind: 'idle' })
    expect(labelWith({ id: 'H100', count: '1' })).toEqual({ kind: 'unknown', reason: 'gpu-figures-missing' })
  })

  it('keeps the number of GPUs without a name', () => {
    expect(read({ gpu: { count: 4, vcpuCount: 64 } })).toMatchObject({
      gpu: { name: 'GPU', count: 4 },
      vcpuCount: 64,
    })
  })

  it.each([null, {}, undefined, 'up', []])('has no telemetry if its runtime is %j', (runtime) => {
    expect(read({ runtime }).telemetry).toBeNull()
  })

  it('has no telemetry unless it runs, because the values are then outdated', () => {
    for (const status of ['EXITED', 'STARTING', 'ERROR', 'NEW']) expect(read({ status }).telemetry).toBeNull()
  })

  it('shows the signs of a container only while it runs, a negative uptime and published ports included', () => {
    const ports = [
      { private: 22, public: 40_022, type: 'tcp', ip: '203.0.113.9' },
      { private: 8888, public: null, type: 'http', ip: null },
      { private: 9000, public: 17, type: 'tcp', ip: 5 },
      'odd',
    ]
    const signs = (more: Record<string, unknown>) => read(more).container
    expect(signs({ runtime: { uptime: -17, ports } })).toEqual({
      uptimeS: -17,
      publicPorts: ['203.0.113.9:40022', ':17'],
    })
    expect(read({ runtime: { uptime: -17 } }).telemetry?.uptimeS).toBeNull()
    expect(signs({ runtime: null, ssh: null })).toEqual({ uptimeS: null, publicPorts: [] })
    expect(signs({ runtime: { uptime: 'long', ports: {} }, ssh: null })).toEqual({
      uptimeS: null,
      publicPorts: [],
    })
    for (const status of ['EXITED', 'STARTING', 'NEW']) expect(signs({ status })).toBeUndefined()
  })

  it('has no made-up values, and unusual ones are unchanged', () => {
    const runtime = {
      gpus: [{ util: 150, memoryUtil: '7' }, null, { util: -1 }],
      cpu: 5,
      memory: {},
      uptime: -3,
    }
    expect(read({ runtime }).telemetry).toEqual({
      gpus: [
        { utilPercent: 150, memoryUtilPercent: null },
        { utilPercent: null, memoryUtilPercent: null },
        { utilPercent: -1, memoryUtilPercent: null },
      ],
      cpuUtilPercent: null,
      memoryUtilPercent: null,
      uptimeS: null,
    })
    expect(read({ runtime: { uptime: 5 } }).telemetry?.gpus).toEqual([])
  })

  it.each([
    [{ id: 'c1', rank: 0 }, 'c1'],
    [{}, 'unknown'],
    [true, 'unknown'],
    [{ id: 7 }, 'unknown'],
    [[], 'unknown'],
    [null, null],
    [undefined, null],
    [false, null],
  ])('with cluster %j belongs to %s', (cluster, clusterId) => {
    expect(read({ cluster }).clusterId).toBe(clusterId)
  })

  it.each([
    'yesterday',
    '2026-11-24',
    '2026-13-40T00:00:00Z',
    '0001-01-01T00:00:00Z',
    1_764_000_000,
    '',
    null,
  ])('has an unknown start time if it says %j', (startedAt) =>
    expect(read({ startedAt }).startedAtMs).toBeNull(),
  )

  it.each(['2026-11-24T09:30:00Z', '2026-11-24t10:30:00.000000+01:00', '2026-11-24T09:30:00.000000123z'])(
    'has a start time if it says: %s',
    (startedAt) => expect(read({ startedAt }).startedAtMs).toBe(Date.parse('2026-11-24T09:30:00Z')),
  )

  it('keeps its reason if there is one', () => {
    expect(read({ statusReason: 'out of disk\u0007' }).statusReason).toBe('out of disk')
    expect(read({ error: 'image not found' }).statusReason).toBe('image not found')
    expect(read({ message: 'm', error: { code: 7 } }).statusReason).toBe('m')
  })
})

describe('a pod with one damaged field', () => {
  const paths = pathsOf(samplePod({ cluster: { id: 'c' }, cpu: { id: 'x', vcpuCount: 4 } }))

  it('is parsed without an error, and is stopped or free only if it says so', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...paths),
        fc.option(fc.jsonValue(), { nil: undefined, freq: 4 }),
        fc.constantFrom('RUNNING', 'EXITED', 'ERROR'),
        (path, value, status) => {
          const raw = damage(samplePod({ status, cluster: { id: 'c' } }), path, value)
          const pod = parsePod(raw)
          if (pod === null) {
            expect(path).toEqual(['id'])
            return
          }
          if (pod.phase === 'stopped') expect(raw['status']).toBe('EXITED')
          if (pod.costPerHourUsd === 0) expect(raw['cost'] === 0).toBe(true)
          if (pod.isLocked === false) expect(raw['locked']).toBe(false)
          if (pod.telemetry !== null) expect(raw['status']).toBe('RUNNING')
          if (path[0] !== 'gpu') expect(pod.gpu?.count).toBe(2)
          expect(Object.values(pod)).not.toContain(undefined)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('can have any value in any field', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        parsePod(value)
        parsePage(value, 'pods')
        parseBalance(value)
      }),
    )
  })
})

function pathsOf(value: unknown, at: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [[...at, key], ...pathsOf(inner, [...at, key])])
}

/** `raw` with the value at `path` replaced, or removed if `value` is undefined. */
function damage(
  raw: Record<string, unknown>,
  path: readonly string[],
  value: unknown,
): Record<string, unknown> {
  const [key, ...rest] = path
  const inner = raw[key!]
  if (rest.length > 0 && typeof inner === 'object' && inner !== null) {
    damage(inner as Record<string, unknown>, rest, value)
  } else if (value === undefined) {
    delete raw[key!]
  } else {
    raw[key!] = value
  }
  return raw
}

describe('a page of the pod list', () => {
  it.each([null, [], 'x', {}, { pods: null }, { pods: {} }, { errors: [] }])(
    'is rejected if it is %j',
    (value) => {
      expect(parsePage(value, 'pods')).toBeNull()
    },
  )

  it.each([
    [undefined, null, true],
    [null, null, true],
    [{}, null, true],
    [{ hasNextPage: false, nextCursor: null }, null, true],
    [{ hasNextPage: false, nextCursor: 'end' }, null, true],
    [{ hasNextPage: true, nextCursor: 'c' }, 'c', true],
    [{ nextCursor: 'c' }, 'c', true],
    [{ hasNextPage: true }, null, false],
    [{ hasNextPage: true, nextCursor: '' }, null, false],
    [{ hasNextPage: 'yes' }, null, false],
    [{ nextCursor: 7 }, null, false],
    ['more', null, false],
  ])('with pagination %j continues at %s', (pagination, nextCursor, isWhole) => {
    expect(parsePage({ pods: [1], pagination }, 'pods')).toEqual({
      entries: [1],
      nextCursor,
      isComplete: isWhole,
    })
  })
})

describe('the account balance', () => {
  it('is a number, with the spending rate if that is one', () => {
    const answer = (myself: unknown) => parseBalance({ data: { myself } })
    expect(answer({ clientBalance: -2.5, currentSpendPerHr: 1 })).toEqual({
      balanceUsd: -2.5,
      spendPerHourUsd: 1,
    })
    expect(answer({ clientBalance: 0 })).toEqual({ balanceUsd: 0, spendPerHourUsd: null })
    expect(answer({ clientBalance: 1, currentSpendPerHr: '3' })?.spendPerHourUsd).toBeNull()
    for (const clientBalance of [null, '5', undefined, Number.POSITIVE_INFINITY]) {
      expect(answer({ clientBalance })).toBeNull()
    }
    expect(answer(null)).toBeNull()
  })
})

describe('a pod id', () => {
  it('must be safe in a path and on the screen', () => {
    for (const id of ['a', 'pod_1', 'ü/%2e', '...']) expect(isPodId(id)).toBe(true)
    for (const id of ['', '.', '..', ' a', 'a\n', '\u200Ba', '\uD800', 'x'.repeat(201)]) {
      expect(isPodId(id)).toBe(false)
    }
  })
})
