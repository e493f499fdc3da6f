import { describe, expect, onTestFinished, test } from 'vitest'
import { providers } from '../../../src/providers/index'
import { parseBills, parseVolumes } from '../../../src/providers/runpod/parse/parse-bills'
import { createSimulator, FULL_KEY } from '../../../src/simulator/simulator'

const period = { startTime: '2026-11-10T00:00:00Z', endTime: '2026-11-10T01:00:00Z' }
const [startMs, endMs] = [Date.UTC(2026, 10, 10), Date.UTC(2026, 10, 10, 1)]

describe('a bill', () => {
  test('for pods has one row per pod', () => {
    const records = [{ ...period, podId: 'a', totalAmount: 2.5, gpuAmount: 2, cpuAmount: 0, diskAmount: 0.5 }]
    expect(parseBills('pods', { records })).toEqual({
      rows: [{ subjectId: 'a', startMs, endMs, totalUsd: 2.5, diskUsd: 0.5 }],
      unreadableCount: 0,
    })
  })

  test('for the account has everything except pods and volumes', () => {
    const row = {
      ...period,
      totalAmount: 10,
      podGpuAmount: 3,
      podCpuAmount: 1,
      podDiskAmount: 0.5,
      storageStandardAmount: 0.25,
      storageHighPerformanceAmount: 0.25,
      serverlessGpuAmount: 5,
    }
    expect(parseBills('total', { records: [row] })?.rows).toEqual([
      { subjectId: null, startMs, endMs, totalUsd: 5, diskUsd: 0 },
    ])
    const even = { ...period, totalAmount: 0.3, podGpuAmount: 0.1, podCpuAmount: 0.2 }
    expect(parseBills('total', { records: [even] })?.rows[0]?.totalUsd).toBe(0)
  })

  test.each([
    ['no object', 'row'],
    ['no subject', { ...period, totalAmount: 1 }],
    ['an empty subject', { ...period, podId: '', totalAmount: 1 }],
    ['a subject with invisible characters', { ...period, podId: 'a\u202Eb', totalAmount: 1 }],
    ['no total', { ...period, podId: 'a' }],
    ['a total as text', { ...period, podId: 'a', totalAmount: '1' }],
    ['no time', { podId: 'a', totalAmount: 1 }],
    ['a time of its own', { ...period, startTime: 'yesterday', podId: 'a', totalAmount: 1 }],
  ])('has an unreadable row if there is %s', (_what, row) => {
    const good = { ...period, podId: 'a', totalAmount: 1 }
    expect(parseBills('pods', { records: [row, good] })).toMatchObject({
      unreadableCount: 1,
      rows: [{ totalUsd: 1 }],
    })
  })

  test.each([null, [], {}, { records: null }, 'bill'])('is rejected if it is %j', (answer) => {
    expect(parseBills('pods', answer)).toBeNull()
  })
})

describe('network volumes', () => {
  test('have no known rate if their type is unknown, and each is listed once', () => {
    const volume = { id: 'v', name: 'data', size: 100, dataCenter: 'EU-RO-1', type: 'STANDARD' }
    expect(parseVolumes({ networkVolumes: [volume, volume, { id: 'w', type: 'ICE' }] })).toEqual([
      { id: 'v', name: 'data', sizeGb: 100, dataCenterId: 'EU-RO-1', isHighPerformance: false },
      { id: 'w', name: 'w', sizeGb: null, dataCenterId: null, isHighPerformance: true },
    ])
  })

  test('are rejected if one is unreadable, so that it does not seem to be gone', () => {
    expect(parseVolumes({ networkVolumes: [{ name: 'without id' }] })).toBeNull()
    expect(parseVolumes({ networkVolumes: 'none' })).toBeNull()
  })
})

test('bills and volumes are requested from the API by the hour', async () => {
  const nowMs = Date.UTC(2026, 10, 24, 14)
  const simulator = await createSimulator({
    seed: 1,
    now: () => nowMs,
    networkVolumes: [{ id: 'v', sizeGb: 720, createdAgoMin: 300 }],
    pods: [
      { id: 'p', name: 'p', mode: 'training', costPerHourUsd: 3.6, startedAgoMin: 300, containerDiskGb: 72 },
    ],
  })
  onTestFinished(() => simulator.close())
  const provider = providers.runpod.create({
    baseUrl: `${simulator.url}/v2`,
    hosts: 'loopback-only',
    apiKey: FULL_KEY,
    version: '0.0.0',
    now: () => ({ wallMs: Date.now(), monotonicMs: performance.now(), runId: 'test' }),
    random: Math.random,
  })
  const [from, to] = [Date.UTC(2026, 10, 24, 10), Date.UTC(2026, 10, 24, 12)]
  const pods = await provider.readBills!('pods', from, to)
  expect(pods.ok && pods.value).toMatchObject({
    unreadableCount: 0,
    rows: [
      { subjectId: 'p', startMs: from, totalUsd: 3.61, diskUsd: 0.01 },
      { subjectId: 'p', totalUsd: 3.61 },
    ],
  })
  const volumes = await provider.readBills!('volumes', from, to)
  expect(volumes.ok && volumes.value.rows.map(({ subjectId, totalUsd }) => [subjectId, totalUsd])).toEqual([
    ['v', 0.07],
    ['v', 0.07],
  ])
  const total = await provider.readBills!('total', from, to)
  expect(total.ok && total.value.rows.map(({ totalUsd }) => totalUsd)).toEqual([0, 0])
  const listed = await provider.listNetworkVolumes!()
  expect(listed.ok && listed.value.map(({ id, sizeGb }) => [id, sizeGb])).toEqual([['v', 720]])
})
