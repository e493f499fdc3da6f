import { describe, expect, it } from 'vitest'
import type { HubifyBehavior } from '../../../src/simulator/control/hubify-behavior'
import { LAB, postHubify, sendHubify, startHubify } from '../../harness/simulator/hubify-fixture'

const pods = [
  {
    documentId: 'pod_abc123',
    maxHours: 12,
    pod: { id: 'p', name: 'p', mode: 'training', gpu: { id: 'NVIDIA H200', count: 1 }, costPerHourUsd: 3.99 },
  },
] as const

const start = (behavior: Partial<HubifyBehavior>) =>
  startHubify(pods, { behavior: { hasPlannedRoutes: true, ...behavior } })

describe('a reply', () => {
  const idOf = (pod: any) => pod?._id

  it.each([
    ['data', (body: any) => body.data, (body: any) => body.data],
    ['data.name', (body: any) => body.data.pods, (body: any) => body.data.pod],
    ['name', (body: any) => body.pods, (body: any) => body.pod],
    ['bare', (body: any) => body, (body: any) => body],
  ] as const)('can have its contents at %s', async (lists, listOf, objectOf) => {
    const { simulator } = await start({ lists })
    const { body } = await sendHubify(simulator, `/pods?labId=${LAB.id}`)
    expect(listOf(body).map(idOf)).toEqual(['pod_abc123'])
    expect(idOf(objectOf((await sendHubify(simulator, '/pods/pod_abc123')).body))).toBe('pod_abc123')
    expect(idOf(objectOf((await postHubify(simulator, '/pods/pod_abc123/stop')).body))).toBe('pod_abc123')
  })

  it.each(['name', 'bare'] as const)('without room for a cursor has the whole list: %s', async (lists) => {
    const many = Array.from({ length: 25 }, (_, i) => ({ pod: { name: `n${i}`, mode: 'idle' } as const }))
    const { simulator } = await startHubify(many, { behavior: { lists } })
    const { body } = await sendHubify(simulator, `/pods?labId=${LAB.id}`)
    expect(lists === 'bare' ? body : body.pods).toHaveLength(25)
  })

  it('has the id of its request and its time', async () => {
    const { simulator, clock } = await start({})
    const { body, headers } = await sendHubify(simulator, '/labs')
    expect(body.meta).toEqual({
      request_id: headers.get('x-request-id'),
      timestamp: new Date(clock.now()).toISOString(),
      next_cursor: null,
      has_more: false,
    })
    const second = await sendHubify(simulator, '/pods/pod_abc123')
    expect(second.body.meta.request_id).not.toBe(body.meta.request_id)
  })

  it('can have the names of labs everywhere', async () => {
    const { simulator } = await start({ names: 'snake_case', hasUsageInLists: true })
    const { body } = await sendHubify(simulator, `/pods?labId=${LAB.id}`)
    expect(body.data).toEqual([
      {
        id: 'pod_abc123',
        lab_id: LAB.id,
        provider: 'runpod',
        runpod_pod_id: 'p',
        gpu_type: 'H200',
        gpu_count: 1,
        status: 'running',
        hourly_cost_usd: 3.99,
        created_at: '2026-11-24T12:59:30.000Z',
        max_hours: 12,
        terminates_at: '2026-11-25T00:59:30.000Z',
        gpu_utilization: expect.any(Number),
        memory_utilization: expect.any(Number),
        idle_minutes: 0,
      },
    ])
    const costs = await sendHubify(simulator, `/costs?labId=${LAB.id}`)
    expect(costs.body.summary.live_running.cost_usd).toBeCloseTo(3.99, 1)
  })

  it('shows labs in one form whatever the names of others are', async () => {
    for (const names of ['documented', 'snake_case'] as const) {
      const { simulator } = await start({ names })
      const { body } = await sendHubify(simulator, '/labs')
      expect(body.data[0]).toEqual({
        ...LAB,
        name: LAB.slug,
        template: 'blank',
        visibility: 'private',
        experiment_count: 0,
        agent_count: 0,
        created_at: '2026-10-25T14:00:00.000Z',
      })
    }
  })
})

describe('an error', () => {
  it.each([
    ['envelope', 'application/json', { error: { code: 'not_found', message: 'Pod not found', status: 404 } }],
    ['problem', 'application/problem+json', { title: 'Not Found', status: 404, detail: 'Pod not found' }],
    ['text', 'application/json', { error: 'Pod not found' }],
    ['message', 'application/json', { message: 'Pod not found' }],
  ] as const)('can be a %s', async (errors, contentType, body) => {
    const { simulator } = await start({ errors })
    const reply = await sendHubify(simulator, '/pods/pod_none')
    expect([reply.status, reply.headers.get('content-type'), reply.body]).toEqual([404, contentType, body])
  })

  it.each(['envelope', 'problem', 'text', 'message'] as const)(
    'says in each form when to try again: %s',
    async (errors) => {
      const { simulator } = await startHubify(pods, { plan: 'free', behavior: { errors } })
      for (let i = 0; i < 60; i += 1) await sendHubify(simulator, '/labs')
      const { status, headers, text } = await sendHubify(simulator, '/labs')
      expect([status, headers.get('retry-after')]).toEqual([429, '60'])
      expect(text).toContain('Rate limit of the minute exceeded')
    },
  )
})
