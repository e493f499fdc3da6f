import { describe, expect, it } from 'vitest'
import { READ_ONLY_KEY, type Simulator } from '../../../src/simulator/simulator'
import { sendRequest, startSimulator } from '../../harness/simulator/simulator-fixture'

const gpu = { id: 'NVIDIA GeForce RTX 4090', count: 1 }
const wanted = { name: 'new', image: 'example/pytorch:2.8', gpu }

const create = (simulator: Simulator, body: unknown, key?: string) =>
  sendRequest(simulator, '/v2/pods', { body, ...(key !== undefined && { key }) })

const patch = (simulator: Simulator, id: string, body: unknown) =>
  sendRequest(simulator, `/v2/pods/${id}`, { method: 'PATCH', body })

describe('creating a pod', () => {
  it('returns 201 with a pod that comes up, has the catalog price, and idles by default', async () => {
    const { simulator, clock } = await startSimulator()
    const answer = await create(simulator, {
      ...wanted,
      gpu: { ...gpu, count: 2 },
      mounts: { persistent: { size: 20, path: '/workspace' } },
      ports: ['22/tcp'],
      env: { A: 'b' },
    })
    expect(answer.status).toBe(201)
    expect(answer.body).toMatchObject({
      name: 'new',
      status: 'PROVISIONING',
      gpu: { id: gpu.id, count: 2 },
      cost: 1.38,
      mounts: { persistent: { size: 20, path: '/workspace' } },
      ports: ['22/tcp'],
      env: { A: 'b' },
      cloud: 'SECURE',
      disk: 50,
    })
    clock.advanceS(60)
    const { body } = await sendRequest(simulator, `/v2/pods/${answer.body.id}`)
    expect(body.status).toBe('RUNNING')
    expect(Math.max(...body.runtime.gpus.map((each: any) => each.util))).toBeLessThanOrEqual(2)
  })

  it('gives CPU pods the memory of their flavor', async () => {
    const { simulator } = await startSimulator()
    const { body } = await create(simulator, {
      name: 'c',
      image: 'i',
      cpu: { id: 'cpu5m', vcpuCount: 4 },
    })
    expect(body).toMatchObject({ cpu: { id: 'cpu5m', vcpuCount: 4, memory: 32 }, cost: 0.26 })
    expect(body).not.toHaveProperty('gpu')
  })

  it('takes omitted fields from the template and merges the environments', async () => {
    const { simulator } = await startSimulator()
    const { body } = await create(simulator, {
      name: 't',
      gpu,
      templateId: 'tplsft0001',
      disk: 90,
      env: { HF_HOME: '/tmp' },
    })
    expect(body).toMatchObject({
      image: 'example/sft:2026-10',
      disk: 90,
      env: { HF_HOME: '/tmp', WANDB_MODE: 'offline' },
      mounts: { persistent: { size: 100, path: '/workspace' } },
      template: null,
    })
  })

  it('gives the registered keys to a pod with SSH', async () => {
    const { simulator } = await startSimulator({ sshKeys: ['ssh-ed25519 AAAA one', 'ssh-ed25519 BBBB two'] })
    const { body } = await create(simulator, { ...wanted, startSsh: true, startJupyter: true })
    expect(body.env['PUBLIC_KEY']).toBe('ssh-ed25519 AAAA one\nssh-ed25519 BBBB two')
    expect(body.env['JUPYTER_PASSWORD']).toMatch(/^\w{20}$/)
    expect((await create(simulator, wanted)).body.env).toEqual({})
  })

  it('places a pod where its volume is, and only where allowed', async () => {
    const { simulator } = await startSimulator({
      networkVolumes: [{ id: 'v', sizeGb: 50, dataCenterId: 'EU-RO-1' }],
    })
    const mounts = { network: [{ volumeId: 'v', path: '/workspace' }] }
    const answers = []
    for (const { id } of (await sendRequest(simulator, '/v2/catalog/gpus')).body.gpus) {
      answers.push(await create(simulator, { ...wanted, gpu: { id, count: 1 }, mounts }))
    }
    const placed = answers.filter(({ status }) => status === 201)
    expect(placed.length).toBeGreaterThan(2)
    expect(new Set(placed.map(({ body }) => body.dataCenterId))).toEqual(new Set(['EU-RO-1']))
    expect(placed[0]?.body.mounts).toEqual(mounts)
    const elsewhere = await create(simulator, { ...wanted, mounts, dataCenterIds: ['US-TX-3'] })
    expect(elsewhere.status).toBe(400)
  })

  it.each([
    ['a field too many', { ...wanted, spot: true }, 422],
    ['no name', { image: 'i', gpu }, 422],
    ['neither image nor template', { name: 'n', gpu }, 422],
    ['half a mount', { ...wanted, mounts: { persistent: { size: 20 } } }, 422],
    ['too small a disk', { ...wanted, mounts: { persistent: { size: 9, path: '/w' } } }, 422],
    ['no hardware', { name: 'n', image: 'i' }, 400],
    ['both kinds of hardware', { ...wanted, cpu: { id: 'cpu3c', vcpuCount: 2 } }, 400],
    ['vCPUs by threes', { name: 'n', image: 'i', cpu: { id: 'cpu3c', vcpuCount: 3 } }, 400],
    ['no count of GPUs', { ...wanted, gpu: { id: gpu.id } }, 400],
    ['GPUs that there are not', { ...wanted, gpu: { id: 'NVIDIA Abacus', count: 1 } }, 400],
    ['more than a machine has', { ...wanted, gpu: { ...gpu, count: 9 } }, 400],
    ['a nonexistent volume', { ...wanted, mounts: { network: [{ volumeId: 'x', path: '/' }] } }, 400],
    ['no such template', { name: 'n', gpu, templateId: 'none' }, 404],
    ['a template of workers', { name: 'n', gpu, templateId: 'tplinfer01' }, 422],
  ])('is rejected without any effect: %s', async (_, body, status) => {
    const { simulator } = await startSimulator()
    const answer = await create(simulator, body)
    expect([answer.status, answer.body.status]).toEqual([status, status])
    if (status === 422) expect(answer.body.errors[0]).toMatch(/^\$/)
    expect((await sendRequest(simulator, '/v2/pods')).body.pods).toEqual([])
  })

  it('requires credit for an hour and a key with permission', async () => {
    const { simulator } = await startSimulator({ balanceUsd: 0.5 })
    expect((await create(simulator, wanted)).status).toBe(402)
    expect((await create(simulator, wanted, READ_ONLY_KEY)).status).toBe(403)
  })
})

describe('changing a pod', () => {
  const running = { id: 'p', name: 'p', mode: 'training' } as const

  it('changes only the given fields', async () => {
    const { simulator } = await startSimulator({ pods: [running] })
    const before = simulator.pod('p') as any
    const { status, body } = await patch(simulator, 'p', { name: 'q', locked: true })
    expect(status).toBe(200)
    expect(body).toEqual({ ...before, name: 'q', locked: true })
  })

  it('recreates the container if necessary, with different ports', async () => {
    const { simulator, clock } = await startSimulator({ pods: [{ ...running, stalePortsS: 0 }] })
    const before = simulator.pod('p') as any
    const { body } = await patch(simulator, 'p', { env: { A: '1' }, ports: ['22/tcp'] })
    expect(body).toMatchObject({ env: { A: '1' }, ports: ['22/tcp'], status: 'RUNNING', runtime: null })
    clock.advanceS(10)
    const after = simulator.pod('p') as any
    expect(after.runtime.uptime).toBe(6)
    expect(after.ssh.direct.port).not.toBe(before.ssh.direct.port)
  })

  it.each([
    ['a field too many', { status: 'EXITED' }, 422],
    ['a mount that the pod does not have', { mounts: { persistent: { size: 20, path: '/w' } } }, 400],
    ['another volume', { mounts: { network: [{ volumeId: 'other', path: '/w' }] } }, 400],
    ['no mounts', { mounts: { network: [] } }, 400],
    ['no such template', { templateId: 'none' }, 404],
  ])('is rejected: %s', async (_, body, status) => {
    const { simulator } = await startSimulator({ pods: [running] })
    const before = simulator.pod('p')
    expect((await patch(simulator, 'p', body)).status).toBe(status)
    expect(simulator.pod('p')).toEqual(before)
  })

  it('is a conflict for members of a cluster', async () => {
    const { simulator } = await startSimulator({ pods: [{ ...running, cluster: { id: 'c', rank: 0 } }] })
    expect((await patch(simulator, 'p', { name: 'q' })).status).toBe(409)
  })

  it('can enlarge a volume but not shrink it, and bills the new size', async () => {
    const { simulator, clock } = await startSimulator({
      balanceUsd: 1,
      pods: [{ ...running, mode: 'stopped', persistent: { sizeGb: 36, path: '/w' } }],
    })
    const resize = (size: number) => patch(simulator, 'p', { mounts: { persistent: { size, path: '/w' } } })
    expect((await resize(35)).status).toBe(400)
    expect((await resize(360)).status).toBe(200)
    clock.advanceS(3_600)
    expect(simulator.balanceUsd()).toBeCloseTo(0.9, 5)
  })
})

describe('starting a pod', () => {
  it('fails while someone else uses the GPUs, and succeeds once they are free', async () => {
    const { simulator, clock } = await startSimulator({
      pods: [{ id: 'p', name: 'p', mode: 'stopped', stoppedAgoMin: 5, gpusTakenForMin: 10 }],
    })
    const start = () => sendRequest(simulator, '/v2/pods/p/action', { body: { action: 'start' } })
    const refused = await start()
    expect([refused.status, refused.body.title]).toEqual([400, 'Bad Request'])
    expect(refused.body.detail).toContain('not enough free GPUs')
    expect(simulator.pod('p')['status']).toBe('EXITED')
    clock.advanceS(300)
    expect((await start()).status).toBe(200)
  })
})

describe('a restart that is ignored', () => {
  it('returns 200 and has no effect', async () => {
    const { simulator, clock } = await startSimulator({ pods: [{ id: 'p', name: 'p', mode: 'training' }] })
    simulator.scenario('restart-ignored')
    const answer = await sendRequest(simulator, '/v2/pods/p/action', { body: { action: 'restart' } })
    expect(answer.status).toBe(200)
    clock.advanceS(60)
    expect((simulator.pod('p')['runtime'] as any).uptime).toBe(3_660)
  })
})
