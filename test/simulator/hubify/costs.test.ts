import { describe, expect, it } from 'vitest'
import type { SimulatedLabPodSpec } from '../../../src/simulator/labs/lab-spec'
import {
  LAB,
  OTHER_LAB,
  postHubify,
  sendHubify,
  startHubify,
  withPlannedRoutes,
} from '../../harness/simulator/hubify-fixture'
import { startSimulator } from '../../harness/simulator/simulator-fixture'

const HOUR_S = 3_600
const gpu = { id: 'NVIDIA H100 80GB HBM3', count: 2 } as const

/** Costs $4 an hour and nothing else. */
const plain = (documentId: string, more: object = {}): SimulatedLabPodSpec => ({
  documentId,
  pod: {
    id: documentId,
    name: documentId,
    mode: 'training',
    gpu,
    costPerHourUsd: 4,
    containerDiskGb: 0,
    startedAgoMin: 0,
    provisioningS: 0,
    startingS: 0,
    ...more,
  },
})

const costsOf = async (simulator: Parameters<typeof sendHubify>[0], labId: string = LAB.id) =>
  (await sendHubify(simulator, `/costs?labId=${labId}`)).body

describe('the costs of a lab', () => {
  it('add up, with what runs now beside them', async () => {
    const { simulator, clock } = await startSimulator({
      hubify: {
        labs: [{ ...LAB, languageModelUsd: 1.25, pods: [plain('pod_a'), plain('pod_b')] }, OTHER_LAB],
      },
    })
    clock.advanceS(HOUR_S)
    await postHubify(simulator, '/pods/pod_b/stop')
    clock.advanceS(HOUR_S)
    const { summary } = await costsOf(simulator)
    const stoppingUsd = (4 * 4) / 3_600
    expect(summary.gpuUsd).toBeCloseTo(12 + stoppingUsd, 5)
    expect(summary.totalUsd).toBeCloseTo(13.25 + stoppingUsd, 5)
    expect(summary).toMatchObject({
      gpuHours: 6,
      llmUsd: 1.25,
      storageUsd: 0,
      liveRunning: { costUsd: 8, podCount: 1 },
    })
    expect((await costsOf(simulator, OTHER_LAB.id)).summary).toMatchObject({ totalUsd: 0, gpuHours: 0 })
  })

  it('keep what a pod cost that is terminated, and count its storage', async () => {
    const persistent = { sizeGb: 720, path: '/workspace' }
    const { simulator, clock } = await startHubify([plain('pod_a', { persistent })], withPlannedRoutes)
    clock.advanceS(HOUR_S)
    await postHubify(simulator, '/pods/pod_a/terminate')
    clock.advanceS(HOUR_S)
    const { summary } = await costsOf(simulator)
    // 720 GB at $0.10 a month of 720 h.
    expect(summary).toMatchObject({ gpuUsd: 4, storageUsd: 0.1, liveRunning: { costUsd: 0, podCount: 0 } })
  })

  it('list the experiments that have cost something, 200 at most', async () => {
    const { simulator } = await startHubify([])
    for (let i = 0; i < 205; i += 1) {
      simulator.labs.addExperiment(LAB.id, {
        title: `Run ${i}`,
        status: 'pass',
        costUsd: i,
        createdAgoMin: 300 - i,
      })
    }
    const { experiments } = await costsOf(simulator)
    expect(experiments).toHaveLength(200)
    expect(experiments[0]).toMatchObject({ title: 'Run 204', experimentId: 'EXP-205', costUsd: 204 })
    expect(experiments.at(-1)).toMatchObject({ title: 'Run 5' })
  })
})

describe('the costs of the pods in a month', () => {
  const monthOf = async (simulator: Parameters<typeof sendHubify>[0], month: string) =>
    (await sendHubify(simulator, `/pods/costs?labId=${LAB.id}&month=${month}`)).body

  it('are split at its end, and add up', async () => {
    const { simulator, clock } = await startHubify([plain('pod_a')], withPlannedRoutes, {
      balanceUsd: 10_000,
    })
    const toDecemberS = (Date.UTC(2026, 11, 1) - clock.now()) / 1_000
    clock.advanceS(toDecemberS + 5 * HOUR_S)
    const novemberUsd = (toDecemberS / HOUR_S) * 4
    const current = (await monthOf(simulator, 'current')).data
    const november = (await monthOf(simulator, '2026-11')).data
    expect(current).toMatchObject({ month: '2026-12', totalUsd: 20, gpuHours: 10 })
    expect(current.pods).toEqual([
      { podId: 'pod_a', gpuType: 'H100', status: 'running', gpuHours: 10, costUsd: 20 },
    ])
    expect(november.totalUsd).toBeCloseTo(novemberUsd, 5)
    expect((await monthOf(simulator, '2026-10')).data.totalUsd).toBe(0)
    expect((await costsOf(simulator)).summary.totalUsd).toBeCloseTo(novemberUsd + 20, 5)
  })

  it.each(['', 'last', '2026-13', '2026', '2026-11-01'])(
    'are refused for another month: "%s"',
    async (month) => {
      const { simulator } = await startHubify([plain('pod_a')], withPlannedRoutes)
      expect((await monthOf(simulator, month)).error.status).toBe(400)
    },
  )
})

describe('the experiments of a lab', () => {
  it('have every field, the newest first, in pages', async () => {
    const { simulator, clock } = await startHubify([])
    for (const [i, status] of (['queued', 'running', 'pass', 'fail', 'blocked'] as const).entries()) {
      simulator.labs.addExperiment(LAB.id, { title: status, status, createdAgoMin: i })
    }
    simulator.labs.addExperiment(LAB.id, {
      title: 'chains',
      status: 'queued',
      experimentId: 'EXP-054',
      computeMode: 'H200',
      priority: 'critical',
      estimatedSeconds: 60,
      createdAgoMin: 60,
    })
    const { data } = (await sendHubify(simulator, `/experiments?labId=${LAB.id}`)).body
    expect(data.map(({ status }: any) => status)).toEqual([
      'queued',
      'running',
      'pass',
      'fail',
      'blocked',
      'queued',
    ])
    expect(data.at(-1)).toEqual({
      _id: expect.stringMatching(/^\w{32}$/),
      labId: LAB.id,
      experimentId: 'EXP-054',
      title: 'chains',
      status: 'queued',
      computeMode: 'H200',
      priority: 'critical',
      estimatedSeconds: 60,
      createdAt: clock.now() - 3_600_000,
    })
    const page = (await sendHubify(simulator, `/experiments?labId=${LAB.id}&limit=4`)).body
    expect([page.data.length, page.meta.has_more]).toEqual([4, true])
    const next = `/experiments?labId=${LAB.id}&limit=4&cursor=${page.meta.next_cursor}`
    expect((await sendHubify(simulator, next)).body.data).toEqual(data.slice(4))
    expect((await sendHubify(simulator, `/experiments?labId=${OTHER_LAB.id}`)).body.data).toEqual([])
  })
})
