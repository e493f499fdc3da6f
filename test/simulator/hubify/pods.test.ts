import { describe, expect, it } from 'vitest'
import type { SimulatedLabPodSpec } from '../../../src/simulator/labs/lab-spec'
import {
  LAB,
  labPodStatus,
  listLabPods,
  OTHER_LAB,
  postHubify,
  sendHubify,
  startHubify,
  withPlannedRoutes,
} from '../../harness/simulator/hubify-fixture'

const H200 = { id: 'NVIDIA H200', count: 1 } as const
const pod = (
  spec: Partial<Extract<SimulatedLabPodSpec, { pod: unknown }>['pod']> = {},
): SimulatedLabPodSpec => ({
  documentId: 'pod_abc123',
  pod: { id: 'p', name: 'p', mode: 'training', gpu: H200, costPerHourUsd: 3.99, ...spec },
})

describe('a pod in the list', () => {
  it('has the fields of the documents, and no environment', async () => {
    const { simulator, clock } = await startHubify([pod()])
    expect(await listLabPods(simulator)).toEqual([
      {
        _id: 'pod_abc123',
        labId: LAB.id,
        provider: 'runpod',
        runpodPodId: 'p',
        gpuType: 'H200',
        gpuCount: 1,
        status: 'running',
        hourlyCostUsd: 3.99,
        createdAt: clock.now() - 3_600_000 - 30_000,
      },
    ])
    expect((await sendHubify(simulator, `/pods?labId=${LAB.id}`)).text).not.toContain('never-show-this')
  })

  it('has an id of its own by default, which differs from that of the account', async () => {
    const named = (name: string): SimulatedLabPodSpec => ({ pod: { name, mode: 'training' } })
    const { simulator } = await startHubify([named('a'), named('b')])
    const pods = await listLabPods(simulator)
    expect(new Set(pods.map(({ _id }) => _id)).size).toBe(2)
    for (const { _id, runpodPodId } of pods) {
      expect(_id).toMatch(/^\w{32}$/)
      expect(simulator.pod(runpodPodId)['status']).toBe('RUNNING')
    }
  })

  it.each([
    ['NVIDIA H200', 'H200'],
    ['NVIDIA H100 80GB HBM3', 'H100'],
    ['NVIDIA H100 PCIe', 'H100'],
    ['NVIDIA A100-SXM4-80GB', 'A100'],
    ['NVIDIA GeForce RTX 4090', 'RTX 4090'],
    ['Unheard-of GPU', 'Unheard-of GPU'],
  ])('has the type of its GPU: %s is %s', async (id, gpuType) => {
    const { simulator } = await startHubify([pod({ gpu: { id, count: 2 } })])
    expect(await listLabPods(simulator)).toMatchObject([{ gpuType, gpuCount: 2 }])
  })

  it('has SSH only where it is simulated, and only once it runs', async () => {
    const { simulator: without } = await startHubify([pod()])
    expect((await listLabPods(without))[0]).not.toHaveProperty('sshHost')
    const booting: SimulatedLabPodSpec = {
      documentId: 'pod_new',
      pod: { name: 'n', mode: 'idle', startedAgoMin: 0 },
    }
    const { simulator } = await startHubify([pod(), booting], {}, { ssh: 'any-key' })
    const [created, running] = await listLabPods(simulator)
    expect(created).toMatchObject({ _id: 'pod_new', status: 'creating' })
    expect(created).not.toHaveProperty('sshPort')
    const { direct } = simulator.pod('p')['ssh'] as any
    expect(running).toMatchObject({ status: 'running', sshHost: '127.0.0.1', sshPort: direct.port })
  })

  it('has no price and no figures, unless told otherwise', async () => {
    const { simulator } = await startHubify([pod({ mode: 'idle' })])
    expect((await listLabPods(simulator))[0]).not.toHaveProperty('idleMinutes')
    simulator.labs.behave({ hasHourlyCost: false, hasUsageInLists: true })
    const [listed] = await listLabPods(simulator)
    expect(listed).not.toHaveProperty('hourlyCostUsd')
    expect(listed).toMatchObject({ idleMinutes: 60, memoryUtilization: expect.any(Number) })
    expect(listed.gpuUtilization).toBeLessThanOrEqual(2)
  })

  it('has what a test sets', async () => {
    const { simulator } = await startHubify([
      { ...pod(), overrides: { status: 'melting' }, omit: ['gpuType'] },
    ])
    const [listed] = await listLabPods(simulator)
    expect(listed.status).toBe('melting')
    expect(listed).not.toHaveProperty('gpuType')
    simulator.labs.setPod('pod_abc123', { overrides: { createdAt: 'yesterday' }, omit: [] })
    expect((await listLabPods(simulator))[0]).toMatchObject({
      status: 'running',
      gpuType: 'H200',
      createdAt: 'yesterday',
    })
  })
})

describe('the figures of a pod', () => {
  const detail = async (spec: Parameters<typeof pod>[0]) => {
    const fixture = await startHubify([pod(spec)], withPlannedRoutes)
    const read = async () => (await sendHubify(fixture.simulator, '/pods/pod_abc123')).body.data
    return { ...fixture, read }
  }

  it.each(['training', 'partial'] as const)('of one that works say that it is not idle: %s', async (mode) => {
    const { read } = await detail({ mode, gpu: { id: 'NVIDIA H100 80GB HBM3', count: 2 } })
    expect((await read()).idleMinutes).toBe(0)
  })

  it('count the minutes since its GPU worked last', async () => {
    const { clock, read } = await detail({ mode: 'idle-after', startedAgoMin: 20, idleAfterMin: 25 })
    const seen: number[] = []
    for (let i = 0; i < 4; i += 1) {
      seen.push((await read()).idleMinutes)
      clock.advanceS(180)
    }
    expect(seen).toEqual([0, 0, 1, 4])
  })

  it('begin anew when it works again and when it is restarted', async () => {
    const { simulator, clock, read } = await detail({ mode: 'idle', startedAgoMin: 100 })
    expect((await read()).idleMinutes).toBe(100)
    simulator.setPod('p', { mode: 'training' })
    expect((await read()).idleMinutes).toBe(0)
    simulator.setPod('p', { mode: 'idle' })
    clock.advanceS(240)
    expect((await read()).idleMinutes).toBe(4)
    simulator.act('p', 'restart')
    clock.advanceS(64)
    expect((await read()).idleMinutes).toBe(1)
  })

  it.each([
    { mode: 'telemetry-missing' },
    { mode: 'stopped' },
    { mode: 'training', startedAgoMin: 0 },
    { mode: 'error' },
    { mode: 'cpu-only', gpu: null },
  ] as const)('are absent where there are none: %j', async (spec) => {
    const { read } = await detail(spec)
    const shown = await read()
    for (const name of ['idleMinutes', 'gpuUtilization', 'memoryUtilization'])
      expect(shown).not.toHaveProperty(name)
  })
})

describe('the list of pods', () => {
  const named = (name: string, mode: 'training' | 'stopped', startedAgoMin: number): SimulatedLabPodSpec => ({
    documentId: `pod_${name}`,
    pod: { id: name, name, mode, startedAgoMin, ...(mode === 'stopped' && { stoppedAgoMin: 5 }) },
  })
  const three = [named('old', 'stopped', 90), named('new', 'training', 0), named('mid', 'training', 60)]
  const idsOf = (pods: any[]) => pods.map(({ _id }) => _id)

  it('has the newest first, and only those of its lab', async () => {
    const { simulator } = await startHubify(three)
    simulator.labs.addPod(OTHER_LAB.id, named('other', 'training', 30))
    simulator.addPod({ id: 'free', name: 'free', mode: 'training' })
    expect(idsOf(await listLabPods(simulator))).toEqual(['pod_new', 'pod_mid', 'pod_old'])
    const other = await sendHubify(simulator, `/pods?labId=${OTHER_LAB.id}`)
    expect(idsOf(other.body.data)).toEqual(['pod_other'])
  })

  it.each([
    ['creating', ['pod_new']],
    ['running', ['pod_mid']],
    ['stopped', ['pod_old']],
    ['terminated', ['pod_gone']],
  ])('is filtered by status: %s', async (status, expected) => {
    const { simulator } = await startHubify([...three, named('gone', 'training', 10)])
    simulator.removePod('gone')
    expect(idsOf(await listLabPods(simulator, `&status=${status}`))).toEqual(expected)
  })

  it('refuses a status that does not exist', async () => {
    const { simulator } = await startHubify(three)
    const reply = await sendHubify(simulator, `/pods?labId=${LAB.id}&status=Running`)
    expect(reply.body.error).toMatchObject({ status: 400, message: expect.stringContaining('creating') })
  })

  it('comes in pages of 20 at first, and of 100 at most', async () => {
    const many = Array.from({ length: 130 }, (_, i) => named(`n${i}`, 'training', 60 + i))
    const { simulator } = await startHubify(many)
    const read = async (query: string) => (await sendHubify(simulator, `/pods?labId=${LAB.id}${query}`)).body
    const seen: string[] = []
    let cursor = ''
    const sizes: number[] = []
    do {
      const { data, meta } = await read(cursor === '' ? '' : `&cursor=${cursor}`)
      seen.push(...idsOf(data))
      sizes.push(data.length)
      expect(meta.has_more).toBe(meta.next_cursor !== null)
      cursor = meta.next_cursor ?? ''
    } while (cursor !== '')
    expect(sizes).toEqual([20, 20, 20, 20, 20, 20, 10])
    expect(seen).toEqual(Array.from({ length: 130 }, (_, i) => `pod_n${i}`))
    expect((await read('&limit=1000')).data).toHaveLength(100)
    expect((await read('&limit=7')).data).toHaveLength(7)
    for (const query of ['&limit=0', '&limit=some', '&limit=-3', '&cursor=nowhere'])
      expect((await read(query)).error.status).toBe(400)
  })
})

describe('an action', () => {
  it('stops and starts a pod, and answers with it', async () => {
    const { simulator, clock } = await startHubify([pod()])
    const stop = await postHubify(simulator, '/pods/pod_abc123/stop')
    expect(stop.body.data).toMatchObject({ _id: 'pod_abc123', status: 'running' })
    clock.advanceS(5)
    expect(await labPodStatus(simulator)).toBe('stopped')
    const start = await postHubify(simulator, '/pods/pod_abc123/start')
    expect(start.body.data).toMatchObject({ _id: 'pod_abc123', status: 'creating' })
    clock.advanceS(31)
    expect(await labPodStatus(simulator)).toBe('running')
  })

  it('that the pod is in no state for is a 409', async () => {
    const { simulator } = await startHubify([pod({ mode: 'stopped' })], withPlannedRoutes)
    expect((await postHubify(simulator, '/pods/pod_abc123/stop')).body.error.code).toBe('conflict')
    expect((await postHubify(simulator, '/pods/pod_abc123/terminate')).status).toBe(200)
    for (const action of ['start', 'stop', 'restart', 'terminate']) {
      expect((await postHubify(simulator, `/pods/pod_abc123/${action}`)).status).toBe(409)
    }
    expect(await labPodStatus(simulator)).toBe('terminated')
  })

  it('restarts a stopped pod only', async () => {
    const { simulator, clock } = await startHubify([pod()], withPlannedRoutes)
    expect((await postHubify(simulator, '/pods/pod_abc123/restart')).status).toBe(409)
    simulator.act('p', 'stop')
    clock.advanceS(5)
    expect((await postHubify(simulator, '/pods/pod_abc123/restart')).body.data.status).toBe('creating')
  })

  it('that needs GPUs which are taken, or money that is gone, is refused', async () => {
    const { simulator } = await startHubify([
      pod({ mode: 'stopped', gpusTakenForMin: 600, network: { volumeId: 'v', path: '/workspace' } }),
    ])
    const start = () => postHubify(simulator, '/pods/pod_abc123/start')
    expect((await start()).body.error).toMatchObject({ status: 400, code: 'bad_request' })
    simulator.balance(0)
    expect((await start()).body.error).toMatchObject({ status: 402, code: 'payment_required' })
    expect(await labPodStatus(simulator)).toBe('stopped')
  })

  it('is in the activity of the lab', async () => {
    const { simulator, clock } = await startHubify([pod()], withPlannedRoutes)
    const createdAt = clock.now() - 3_630_000
    await postHubify(simulator, '/pods/pod_abc123/stop')
    clock.advanceS(60)
    await postHubify(simulator, '/pods/pod_abc123/terminate')
    const { body } = await sendHubify(simulator, `/activity?labId=${LAB.id}`)
    expect(body.total).toBe(3)
    expect(body.activity.map((each: any) => [each.type, each.podId, each.createdAt])).toEqual([
      ['pod.terminated', 'pod_abc123', clock.now()],
      ['pod.stopped', 'pod_abc123', clock.now() - 60_000],
      ['pod.created', 'pod_abc123', createdAt],
    ])
    const one = await sendHubify(simulator, `/activity?labId=${LAB.id}&limit=1`)
    expect([one.body.total, one.body.activity.length]).toEqual([3, 1])
    expect((await sendHubify(simulator, `/activity?labId=${LAB.id}&limit=x`)).status).toBe(400)
  })
})

describe('SSH of a pod', () => {
  it('is a 409 until it runs', async () => {
    const { simulator } = await startHubify([pod({ mode: 'stopped' })], withPlannedRoutes)
    expect((await sendHubify(simulator, '/pods/pod_abc123/ssh')).body.error.code).toBe('conflict')
  })
})
