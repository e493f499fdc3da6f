import { describe, expect, it } from 'vitest'
import {
  LAB,
  labPodStatus,
  listLabPods,
  sendHubify,
  startHubify,
  withPlannedRoutes,
} from '../../harness/simulator/hubify-fixture'

const create = async (body: unknown, balanceUsd = 100) => {
  const fixture = await startHubify([], withPlannedRoutes, { balanceUsd })
  return { ...fixture, reply: await sendHubify(fixture.simulator, '/pods', { body }) }
}

describe('a pod that is created', () => {
  it('has the defaults of the page', async () => {
    const { simulator, clock, reply } = await create({ labId: LAB.id, gpuType: 'A100' })
    expect(reply.status).toBe(201)
    const { data } = reply.body
    expect(data).toMatchObject({
      labId: LAB.id,
      gpuType: 'A100',
      gpuCount: 1,
      status: 'creating',
      hourlyCostUsd: 1.49,
      createdAt: clock.now(),
    })
    for (const name of ['maxHours', 'terminatesAt']) expect(data).not.toHaveProperty(name)
    expect(simulator.pod(data.runpodPodId)).toMatchObject({
      image: 'hubify/base:latest',
      env: {},
      mounts: { persistent: { size: 50, path: '/workspace' } },
      gpu: { id: 'NVIDIA A100-SXM4-80GB', count: 1 },
      cost: 1.49,
    })
    clock.advanceS(31)
    expect(await labPodStatus(simulator, data._id)).toBe('running')
  })

  it.each([
    ['H100', 4, 10.76],
    ['A100', 8, 11.92],
    ['H200', 1, 3.99],
  ])('can have %s × %i', async (gpuType, gpuCount, hourlyCostUsd) => {
    const { reply } = await create({ labId: LAB.id, gpuType, gpuCount })
    expect(reply.body.data).toMatchObject({ gpuType, gpuCount, hourlyCostUsd })
  })

  it('is terminated after its maximum of hours', async () => {
    const { simulator, clock, reply } = await create({ labId: LAB.id, gpuType: 'H100', maxHours: 1.5 })
    expect(reply.body.data).toMatchObject({ maxHours: 1.5, terminatesAt: clock.now() + 5_400_000 })
    clock.advanceS(5_399)
    expect(await labPodStatus(simulator)).toBe('running')
    clock.advanceS(301)
    expect(await labPodStatus(simulator)).toBe('terminated')
  })
})

describe('a create', () => {
  it.each([
    [{ gpuType: 'H100' }, 'labId'],
    [{ labId: LAB.id }, 'gpuType'],
    [{ labId: LAB.id, gpuType: 'H200', gpuCount: 2 }, 'Multi-GPU pods are available for H100 and A100'],
    [{ labId: LAB.id, gpuType: 'B200' }, 'gpuType'],
    [{ labId: LAB.id, gpuType: 'h100' }, 'gpuType'],
    [{ labId: LAB.id, gpuType: 'H100', gpuCount: 0 }, 'gpuCount'],
    [{ labId: LAB.id, gpuType: 'H100', gpuCount: 1.5 }, 'gpuCount'],
    [{ labId: LAB.id, gpuType: 'H100', gpuCount: 9 }, 'gpuCount'],
    [{ labId: LAB.id, gpuType: 'H100', maxHours: 0 }, 'maxHours'],
    [{ labId: LAB.id, gpuType: 'H100', maxHours: '8' }, 'maxHours'],
    [{ labId: LAB.id, gpuType: 'H100', volumeSize: -1 }, 'volumeSize'],
    [{ labId: LAB.id, gpuType: 'H100', env: { A: 1 } }, 'env'],
    [{ labId: LAB.id, gpuType: 'H100', image: '' }, 'image'],
    [[], 'labId'],
    ['{"labId":', 'not JSON'],
  ])('is refused with the reason if it makes no sense: %j', async (body, reason) => {
    const { simulator, reply } = await create(body)
    expect(reply.body.error).toMatchObject({ status: 400, code: 'bad_request' })
    expect(reply.body.error.message).toContain(reason)
    expect(await listLabPods(simulator)).toEqual([])
  })

  it('for a lab that does not exist is a 403, and without money a 402', async () => {
    expect((await create({ labId: 'none', gpuType: 'H100' })).reply.status).toBe(403)
    const { simulator, reply } = await create({ labId: LAB.id, gpuType: 'H200' }, 3)
    expect(reply.status).toBe(402)
    expect(await listLabPods(simulator)).toEqual([])
  })
})

describe('the settings of a lab', () => {
  const change = async (body: unknown, slug: string = LAB.slug) => {
    const { simulator } = await startHubify([], withPlannedRoutes)
    return sendHubify(simulator, `/labs/${slug}/settings`, { method: 'PATCH', body })
  }

  it('change one by one', async () => {
    const { simulator } = await startHubify([], withPlannedRoutes)
    const patch = (body: unknown) =>
      sendHubify(simulator, `/labs/${LAB.slug}/settings`, { method: 'PATCH', body })
    expect((await patch({ idleAlertMinutes: 15 })).body.data).toEqual({
      labId: LAB.id,
      slug: LAB.slug,
      idleAlertMinutes: 15,
    })
    expect((await patch({ autoScheduleEnabled: false })).body.data).toMatchObject({
      idleAlertMinutes: 15,
      autoScheduleEnabled: false,
    })
  })

  it('are addressed by the slug', async () => {
    expect((await change({ idleAlertMinutes: 15 }, LAB.id)).body.error).toMatchObject({ status: 404 })
    expect((await change({ idleAlertMinutes: 15 }, 'Dark-Energy')).status).toBe(404)
  })

  it.each([{}, { idleAlertMinutes: 0 }, { idleAlertMinutes: '15' }, { autoScheduleEnabled: 1 }, '{', null])(
    'are refused if they make no sense: %j',
    async (body) => {
      expect((await change(body)).body.error).toMatchObject({ status: 400 })
    },
  )
})
