import { describe, expect, it } from 'vitest'
import { sendPodAction, sendRequest, startSimulator } from '../../../harness/simulator/simulator-fixture'

const HOUR_S = 3_600
const pod = { id: 'p', name: 'p', mode: 'training', costPerHourUsd: 3.6, containerDiskGb: 72 } as const

describe('billing', () => {
  it('is delayed by about an hour', async () => {
    const { simulator, clock } = await startSimulator({ pods: [{ ...pod, startedAgoMin: 0 }] })
    clock.advanceS(HOUR_S)
    expect((await sendRequest(simulator, '/v2/billing/pods')).body.records).toEqual([])
    clock.advanceS(HOUR_S)
    const { body } = await sendRequest(simulator, '/v2/billing/pods?bucketSize=hour')
    expect(body.records).toEqual([
      {
        startTime: '2026-11-24T14:00:00Z',
        endTime: '2026-11-24T15:00:00Z',
        podId: 'p',
        totalAmount: 3.61,
        gpuAmount: 3.6,
        cpuAmount: 0,
        diskAmount: 0.01,
      },
    ])
    expect(body.metadata).toEqual({
      query: {
        startTime: '2026-10-25T16:00:00Z',
        endTime: '2026-11-24T16:00:00Z',
        bucketSize: 'hour',
        podId: null,
      },
      recordCount: 1,
      uniquePodCount: 1,
      totals: { totalAmount: 3.61, gpuAmount: 3.6, cpuAmount: 0, diskAmount: 0.01 },
    })
  })

  it('continues for the disk of a stopped pod, at twice the price, and ends with the pod', async () => {
    const { simulator, clock } = await startSimulator({
      pods: [{ ...pod, startedAgoMin: 0, stoppingS: 0, persistent: { sizeGb: 360, path: '/workspace' } }],
    })
    await sendPodAction(simulator, 'p', 'stop')
    clock.advanceS(HOUR_S)
    await sendPodAction(simulator, 'p', 'terminate')
    clock.advanceS(4 * HOUR_S)
    const { metadata } = (await sendRequest(simulator, '/v2/billing/pods')).body
    expect(metadata.totals).toEqual({ totalAmount: 0.1, gpuAmount: 0, cpuAmount: 0, diskAmount: 0.1 })
  })

  it('includes network volumes by type, cheaper beyond a terabyte, even without a pod', async () => {
    const { simulator, clock } = await startSimulator({
      networkVolumes: [
        { id: 'small', sizeGb: 720, createdAgoMin: 0 },
        { id: 'large', sizeGb: 1_720, createdAgoMin: 0 },
        { id: 'fast', sizeGb: 720, type: 'HIGH_PERFORMANCE', createdAgoMin: 0 },
      ],
    })
    clock.advanceS(2 * HOUR_S)
    const { records, metadata } = (await sendRequest(simulator, '/v2/billing/network-volumes')).body
    expect(records.map((each: any) => [each.networkVolumeId, each.standardAmount])).toEqual([
      ['fast', 0],
      ['large', 0.147222],
      ['small', 0.07],
    ])
    expect(metadata.uniqueNetworkVolumeCount).toBe(3)
    expect(metadata.totals.highPerformanceAmount).toBe(0.14)
    const one = (await sendRequest(simulator, '/v2/billing/network-volumes?networkVolumeId=small')).body
    expect(one.metadata).toMatchObject({ recordCount: 1, query: { networkVolumeId: 'small' } })
  })

  it('includes the earlier runs of a pod', async () => {
    const { simulator } = await startSimulator({
      pods: [
        {
          ...pod,
          mode: 'stopped',
          createdAgoMin: 10 * 1_440,
          startedAgoMin: 2 * 1_440,
          stoppedAgoMin: 1_440,
          earlierRuns: [{ startedAgoMin: 5 * 1_440, stoppedAgoMin: 4 * 1_440 }],
        },
      ],
    })
    const { metadata } = (await sendRequest(simulator, '/v2/billing/pods?bucketSize=month')).body
    expect(metadata.totals.gpuAmount).toBeCloseTo(48 * 3.6 + 3.6 / 120, 3)
  })

  it('returns the last buckets, including the current one', async () => {
    const { simulator } = await startSimulator({ pods: [{ ...pod, startedAgoMin: 3 * 1_440 }] })
    const { records, metadata } = (await sendRequest(simulator, '/v2/billing/pods?lastN=2')).body
    expect(metadata.query).toMatchObject({
      startTime: '2026-11-23T00:00:00Z',
      endTime: '2026-11-25T00:00:00Z',
    })
    expect(records.map((each: any) => each.startTime)).toEqual([
      '2026-11-23T00:00:00Z',
      '2026-11-24T00:00:00Z',
    ])
  })

  it("uses the client's dates, however fast time runs", async () => {
    const { simulator, clock } = await startSimulator({
      timeFactor: 60,
      pods: [{ ...pod, startedAgoMin: 0 }],
    })
    clock.advanceS(3 * 60)
    const { records } = (await sendRequest(simulator, '/v2/billing/pods?bucketSize=hour')).body
    expect(records).toHaveLength(1)
    expect(records[0]).toMatchObject({ startTime: '2026-11-24T14:00:00Z', gpuAmount: 7.2 })
    const simulated = await startSimulator({
      timeFactor: 60,
      hasSimulatedDates: true,
      pods: [{ ...pod, startedAgoMin: 0 }],
    })
    simulated.clock.advanceS(3 * 60)
    const apart = (await sendRequest(simulated.simulator, '/v2/billing/pods?bucketSize=hour')).body.records
    expect(apart.map((each: any) => [each.startTime, each.gpuAmount])).toEqual([
      ['2026-11-24T14:00:00Z', 3.6],
      ['2026-11-24T15:00:00Z', 3.6],
    ])
  })

  it.each([
    ['bucketSize=decade', 422],
    ['lastN=0', 422],
    ['lastN=2&startTime=2026-11-01T00:00:00Z', 400],
    ['startTime=yesterday', 422],
    ['startTime=2026-11-02T00:00:00Z&endTime=2026-11-01T00:00:00Z', 400],
  ])('rejects %s', async (query, status) => {
    const { simulator } = await startSimulator()
    const answer = await sendRequest(simulator, `/v2/billing?${query}`)
    expect([answer.status, answer.body.status]).toEqual([status, status])
  })
})

describe('a balance of zero', () => {
  const pods = [
    { id: 'own', name: 'own', mode: 'training', costPerHourUsd: 10, containerDiskGb: 0 },
    {
      id: 'net',
      name: 'net',
      mode: 'training',
      costPerHourUsd: 10,
      containerDiskGb: 0,
      network: { volumeId: 'v', path: '/w' },
    },
    { id: 'off', name: 'off', mode: 'stopped', persistent: { sizeGb: 10, path: '/w' } },
  ] as const

  it('deletes pods without a network volume and stops the others, even if nothing is read', async () => {
    const { simulator, clock } = await startSimulator({ balanceUsd: 10, pods })
    clock.advanceS(1_790)
    expect((await sendRequest(simulator, '/v2/pods')).body.pods).toHaveLength(3)
    clock.advanceS(HOUR_S)
    const { body } = await sendRequest(simulator, '/v2/pods')
    expect(body.pods).toMatchObject([{ id: 'net', status: 'EXITED' }])
    // After that, only the volume (100 GB for less than an hour) and less than a second of the pods cost money.
    expect(simulator.balanceUsd()).toBeLessThan(0)
    expect(simulator.balanceUsd()).toBeGreaterThan(-0.02)
  })

  it('is never reached in the middle of a request', async () => {
    const statuses = new Set<number>()
    for (let lastsS = 1; lastsS <= 30; lastsS += 1) {
      let atMs = Date.UTC(2026, 10, 24)
      // A clock that advances with every reading, and money for that many readings.
      const now = () => (atMs += 1_000)
      const { simulator } = await startSimulator({ balanceUsd: (lastsS * 10) / HOUR_S, pods: [pods[0]], now })
      statuses.add((await sendPodAction(simulator, 'own', 'restart')).status)
    }
    expect(statuses).toEqual(new Set([404, 200]))
  })

  it('prevents starts until the account is topped up', async () => {
    const { simulator, clock } = await startSimulator({ pods })
    simulator.balance(0)
    expect((await sendPodAction(simulator, 'net', 'start')).status).toBe(402)
    simulator.balance(50)
    expect((await sendPodAction(simulator, 'net', 'start')).status).toBe(200)
    clock.advanceS(30)
    expect(simulator.pod('net')['status']).toBe('RUNNING')
  })
})
