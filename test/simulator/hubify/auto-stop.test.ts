import { describe, expect, it } from 'vitest'
import type { SimulatedLabPodSpec } from '../../../src/simulator/labs/lab-spec'
import {
  LAB,
  labPodStatus,
  listLabPods,
  sendHubify,
  startHubify,
  withPlannedRoutes,
} from '../../harness/simulator/hubify-fixture'
import { sendPodAction, statusOf } from '../../harness/simulator/simulator-fixture'

const HOUR_S = 3_600
const CRON_S = 300

const idlePod = (
  spec: Partial<Extract<SimulatedLabPodSpec, { pod: unknown }>['pod']> = {},
  facts: Partial<SimulatedLabPodSpec> = {},
): SimulatedLabPodSpec => ({
  documentId: 'pod_abc123',
  ...facts,
  pod: { id: 'p', name: 'p', mode: 'idle', startedAgoMin: 30, ...spec },
})

describe('a pod that is idle for six hours', () => {
  it('is stopped by the server, and not before', async () => {
    const { simulator, clock } = await startHubify([idlePod()])
    clock.advanceS(5.5 * HOUR_S - 1)
    expect(await labPodStatus(simulator)).toBe('running')
    clock.advanceS(CRON_S + 5)
    expect(await labPodStatus(simulator)).toBe('stopped')
    const { body } = await sendHubify(simulator, `/activity?labId=${LAB.id}`)
    expect(body.activity[0]).toMatchObject({ type: 'pod.stopped', podId: 'pod_abc123' })
  })

  it('is stopped as of then even if nobody asks until much later', async () => {
    const often = await startHubify([idlePod({ costPerHourUsd: 4 })])
    const late = await startHubify([idlePod({ costPerHourUsd: 4 })])
    for (let i = 0; i < 20; i += 1) {
      often.clock.advanceS(HOUR_S)
      await listLabPods(often.simulator)
    }
    late.clock.advanceS(20 * HOUR_S)
    expect(late.simulator.balanceUsd()).toBeCloseTo(often.simulator.balanceUsd(), 6)
    // Five and a half hours at $4, and the few seconds and gigabytes of it.
    expect(late.simulator.balanceUsd()).toBeGreaterThan(100 - 5.6 * 4 - 0.1)
    const stopped = async ({ simulator }: typeof late) =>
      (await sendHubify(simulator, `/activity?labId=${LAB.id}`)).body.activity[0].createdAt
    expect(await stopped(late)).toBe(await stopped(often))
  })

  it.each([
    [28, 'stopped', 'after that without the stop'],
    [12, 'terminated', 'before that'],
  ] as const)('with $%i is %s, since the money runs out %s', async (balanceUsd, status, _when) => {
    const { simulator, clock } = await startHubify([idlePod({ costPerHourUsd: 4 })], {}, { balanceUsd })
    clock.advanceS(20 * HOUR_S)
    expect(await labPodStatus(simulator)).toBe(status)
  })

  it('is stopped for Runpod as well, whichever API is asked first', async () => {
    const { simulator, clock } = await startHubify([idlePod()])
    clock.advanceS(6 * HOUR_S)
    expect(await statusOf(simulator, 'p')).toBe('EXITED')
    expect((await sendPodAction(simulator, 'p', 'stop')).status).toBe(409)
  })

  it('keeps its volume and can be started', async () => {
    const { simulator, clock } = await startHubify([
      idlePod({ persistent: { sizeGb: 80, path: '/workspace' } }),
    ])
    clock.advanceS(7 * HOUR_S)
    expect(simulator.pod('p')['mounts']).toEqual({ persistent: { size: 80, path: '/workspace' } })
    simulator.act('p', 'start')
    clock.advanceS(60)
    expect(await labPodStatus(simulator)).toBe('running')
    // Its rest is counted anew.
    simulator.setPod('p', { mode: 'idle' })
    clock.advanceS(5 * HOUR_S)
    expect(await labPodStatus(simulator)).toBe('running')
    clock.advanceS(1.2 * HOUR_S)
    expect(await labPodStatus(simulator)).toBe('stopped')
  })

  it('is not saved by work that begins later', async () => {
    const { simulator, clock } = await startHubify([idlePod()])
    clock.advanceS(7 * HOUR_S)
    simulator.setPod('p', { mode: 'training' })
    expect(await labPodStatus(simulator)).toBe('stopped')
  })

  it.each([
    ['works', { mode: 'training' }, {}],
    ['works again and again', { mode: 'spiky' }, {}],
    ['works on one of its GPUs', { mode: 'partial', gpu: { id: 'NVIDIA H200', count: 2 } }, {}],
    ['shows no figures', { mode: 'telemetry-missing' }, {}],
    ['has no GPU', { mode: 'cpu-only', gpu: null }, {}],
    ['is locked', { locked: true }, {}],
    ['belongs to a cluster', { cluster: { id: 'c', rank: 0 } }, {}],
  ] as const)('is left alone if it %s', async (_why, spec, facts) => {
    const { simulator, clock } = await startHubify([idlePod(spec, facts)], {}, { balanceUsd: 1_000 })
    clock.advanceS(24 * HOUR_S)
    expect(await labPodStatus(simulator)).toBe('running')
  })

  it('is stopped if only its GPU is idle, since nothing else is watched', async () => {
    const { simulator, clock } = await startHubify([idlePod({ mode: 'data-loading' })])
    clock.advanceS(6 * HOUR_S)
    expect(await labPodStatus(simulator)).toBe('stopped')
  })

  it('is left alone if it is in no lab, or if the lab has no such limit', async () => {
    const { simulator, clock } = await startHubify([], {
      labs: [{ ...LAB, autoStopAfterH: null, pods: [idlePod()] }],
    })
    simulator.addPod({ id: 'free', name: 'free', mode: 'idle' })
    clock.advanceS(24 * HOUR_S)
    expect(await labPodStatus(simulator)).toBe('running')
    expect(await statusOf(simulator, 'free')).toBe('RUNNING')
  })

  it('is given until the next look after it came to the lab', async () => {
    const { simulator, clock } = await startHubify([idlePod({ startedAgoMin: 9 * 60 })])
    clock.advanceS(1)
    simulator.addPod({ id: 'q', name: 'q', mode: 'idle', startedAgoMin: 9 * 60 })
    simulator.labs.addPod(LAB.id, { existing: 'q', documentId: 'pod_late' })
    expect(await labPodStatus(simulator, 'pod_late')).toBe('running')
    clock.advanceS(CRON_S + 5)
    expect(await labPodStatus(simulator, 'pod_late')).toBe('stopped')
  })

  it('goes by simulated time', async () => {
    const { simulator, clock } = await startHubify([idlePod()], {}, { timeFactor: 60 })
    clock.advanceS(5.4 * 60)
    expect(await labPodStatus(simulator)).toBe('running')
    clock.advanceS(0.25 * 60)
    expect(await labPodStatus(simulator)).toBe('stopped')
  })
})

describe('a pod with maximum hours', () => {
  const limited = (maxHours: number, mode: 'training' | 'idle' | 'stopped' = 'training') =>
    idlePod({ mode, startedAgoMin: 0, persistent: { sizeGb: 50, path: '/workspace' } }, { maxHours })

  it.each(['training', 'stopped'] as const)(
    'is terminated after them, whatever it does: %s',
    async (mode) => {
      const { simulator, clock } = await startHubify([limited(2, mode)], withPlannedRoutes)
      const [{ terminatesAt }] = await listLabPods(simulator)
      clock.advanceS((terminatesAt - clock.now()) / 1_000 - 1)
      expect(await labPodStatus(simulator)).not.toBe('terminated')
      clock.advanceS(CRON_S + 1)
      expect(() => simulator.pod('p')).toThrow('no pod p')
      const { data } = (await sendHubify(simulator, '/pods/pod_abc123')).body
      expect(data.status).toBe('terminated')
      expect(data.volumeDeletedAt - terminatesAt).toBeGreaterThanOrEqual(7 * 24 * HOUR_S * 1_000)
      expect(data.volumeDeletedAt - terminatesAt).toBeLessThanOrEqual((7 * 24 * HOUR_S + CRON_S) * 1_000)
    },
  )

  it('costs nothing after that, even if nobody asked', async () => {
    const { simulator, clock } = await startHubify([limited(2)])
    clock.advanceS(2.2 * HOUR_S)
    const afterUsd = simulator.balanceUsd()
    clock.advanceS(100 * HOUR_S)
    expect(simulator.balanceUsd()).toBe(afterUsd)
  })

  it('is stopped for idling only before that', async () => {
    const early = await startHubify([limited(8, 'idle')])
    early.clock.advanceS(6.2 * HOUR_S)
    expect(await labPodStatus(early.simulator)).toBe('stopped')
    const late = await startHubify([limited(5, 'idle')])
    late.clock.advanceS(10 * HOUR_S)
    const { body } = await sendHubify(late.simulator, `/activity?labId=${LAB.id}`)
    expect(body.activity.map(({ type }: any) => type)).toEqual(['pod.terminated', 'pod.created'])
  })

  it('gets them while it runs, from when they are set', async () => {
    const { simulator, clock } = await startHubify([idlePod({ mode: 'training', startedAgoMin: 600 })])
    clock.advanceS(30)
    simulator.labs.setPod('pod_abc123', { maxHours: 1 })
    const beforeUsd = simulator.balanceUsd()
    clock.advanceS(CRON_S)
    expect(await labPodStatus(simulator)).toBe('terminated')
    expect(simulator.balanceUsd()).toBeLessThanOrEqual(beforeUsd)
  })
})

describe('a pod that someone terminates at Runpod', () => {
  it('is terminated for its lab, without a volume that is kept', async () => {
    const { simulator } = await startHubify([idlePod({ persistent: { sizeGb: 50, path: '/workspace' } })])
    await sendPodAction(simulator, 'p', 'terminate')
    const [pod] = await listLabPods(simulator)
    expect(pod.status).toBe('terminated')
    expect(pod).not.toHaveProperty('volumeDeletedAt')
  })

  it('because the money is gone', async () => {
    const { simulator } = await startHubify([idlePod()])
    simulator.balance(0)
    expect(await labPodStatus(simulator)).toBe('terminated')
  })
})
