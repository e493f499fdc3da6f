import { describe, expect, it } from 'vitest'
import { READ_ONLY_KEY } from '../../../src/simulator/simulator'
import { sendPodAction, sendRequest, startSimulator } from '../../harness/simulator/simulator-fixture'

const requiredFields = [
  'id',
  'name',
  'status',
  'actions',
  'image',
  'args',
  'disk',
  'mounts',
  'ports',
  'env',
  'registry',
  'cloud',
  'dataCenterId',
  'cudaVersion',
  'ssh',
  'template',
  'cost',
  'locked',
  'runtime',
  'createdAt',
  'startedAt',
  'globalNetworking',
]

describe('the list of pods', () => {
  it('has every field that the API requires, for a pod in every state', async () => {
    const { simulator } = await startSimulator({
      pods: [
        { name: 'runs', mode: 'training' },
        { name: 'stopped', mode: 'stopped' },
        { name: 'failed', mode: 'error' },
        { name: 'new', mode: 'training', startedAgoMin: 0 },
        { name: 'cpu', mode: 'cpu-only' },
      ],
    })
    const { body, headers } = await sendRequest(simulator, '/v2/pods')
    expect(headers.get('content-type')).toBe('application/json')
    expect(body.pods).toHaveLength(5)
    for (const pod of body.pods) {
      expect(Object.keys(pod)).toEqual(expect.arrayContaining(requiredFields))
      expect('gpu' in pod).toBe(!('cpu' in pod))
    }
  })

  it('has the telemetry, mounts and addresses of a running pod', async () => {
    const { simulator } = await startSimulator({
      pods: [
        {
          name: 'llama',
          mode: 'training',
          gpu: { id: 'NVIDIA H200', count: 2 },
          persistent: { sizeGb: 100, path: '/workspace' },
          costPerHourUsd: 7.98,
        },
      ],
    })
    const [pod] = (await sendRequest(simulator, '/v2/pods')).body.pods
    expect(pod).toMatchObject({
      status: 'RUNNING',
      actions: ['stop', 'restart', 'terminate'],
      gpu: { id: 'NVIDIA H200', count: 2 },
      mounts: { persistent: { size: 100, path: '/workspace' } },
      cost: 7.98,
      createdAt: '2026-11-24T12:59:30.000Z',
      startedAt: '2026-11-24T13:00:00.000Z',
    })
    expect(pod.runtime.uptime).toBe(3_600)
    expect(pod.runtime.gpus).toHaveLength(2)
    const ssh = pod.runtime.ports.find((each: { private: number }) => each.private === 22)
    expect(pod.ssh.direct).toMatchObject({ host: ssh.ip, port: ssh.public, username: 'root' })
    expect(pod.ssh.direct.command).toBe(`ssh root@${ssh.ip} -p ${ssh.public}`)
    expect(pod.ssh.proxy.username).toMatch(new RegExp(`^${pod.id}-[a-z0-9]{8}$`))
  })

  it('has the newest pod first', async () => {
    const { simulator, clock } = await startSimulator({
      pods: [
        { name: 'old', mode: 'idle', startedAgoMin: 100 },
        { name: 'older', mode: 'idle', startedAgoMin: 200 },
      ],
    })
    clock.advanceS(1)
    simulator.addPod({ name: 'new', mode: 'idle', startedAgoMin: 0 })
    const { body } = await sendRequest(simulator, '/v2/pods')
    expect(body.pods.map((pod: { name: string }) => pod.name)).toEqual(['new', 'old', 'older'])
  })

  it('is paginated reliably even if a pod disappears in between', async () => {
    const names = ['a', 'b', 'c', 'd', 'e']
    const { simulator } = await startSimulator({
      pods: names.map((name, i) => ({ name, id: name, mode: 'idle', startedAgoMin: 60 + i })),
    })
    const first = (await sendRequest(simulator, '/v2/pods?limit=2')).body
    expect(first.pods.map((pod: { id: string }) => pod.id)).toEqual(['a', 'b'])
    expect(first.pagination.hasNextPage).toBe(true)
    simulator.removePod('b')
    const second = (await sendRequest(simulator, `/v2/pods?limit=2&cursor=${first.pagination.nextCursor}`))
      .body
    expect(second.pods.map((pod: { id: string }) => pod.id)).toEqual(['c', 'd'])
    const third = (await sendRequest(simulator, `/v2/pods?limit=2&cursor=${second.pagination.nextCursor}`))
      .body
    expect(third.pods.map((pod: { id: string }) => pod.id)).toEqual(['e'])
    expect(third.pagination).toEqual({ hasNextPage: false, nextCursor: null })
  })

  it('rejects an invalid limit or cursor', async () => {
    const { simulator } = await startSimulator()
    for (const query of ['limit=0', 'limit=1001', 'limit=x', 'cursor=nonsense']) {
      expect((await sendRequest(simulator, `/v2/pods?${query}`)).status).toBe(422)
    }
    expect((await sendRequest(simulator, '/v2/pods?someday=1')).status).toBe(200)
  })

  it('has no pagination in the older API version', async () => {
    const { simulator } = await startSimulator({ pagination: false, pods: [{ name: 'a', mode: 'idle' }] })
    expect(Object.keys((await sendRequest(simulator, '/v2/pods')).body)).toEqual(['pods'])
  })

  it('includes cluster members only on request', async () => {
    const { simulator } = await startSimulator({
      pods: [{ name: 'node', mode: 'training', cluster: { id: 'c1', rank: 0 } }],
    })
    expect((await sendRequest(simulator, '/v2/pods')).body.pods).toEqual([])
    const { body } = await sendRequest(simulator, '/v2/pods?includeClusterPods=true')
    expect(body.pods).toMatchObject([{ name: 'node', cluster: { id: 'c1', rank: 0 } }])
  })
})

describe('authentication', () => {
  it('rejects a missing or wrong key with a problem document, without counting it', async () => {
    const { simulator } = await startSimulator()
    for (const key of [null, 'rpa_wrong', 'toString']) {
      const answer = await sendRequest(simulator, '/v2/pods', { key })
      expect(answer.status).toBe(401)
      expect(answer.headers.get('content-type')).toBe('application/problem+json')
      expect(answer.headers.get('ratelimit')).toBeNull()
      expect(answer.body).toMatchObject({
        title: 'Unauthorized',
        status: 401,
        detail: expect.any(String),
      })
    }
  })

  it('allows a read-only key to read but not to act', async () => {
    const { simulator } = await startSimulator({ pods: [{ id: 'p', name: 'p', mode: 'idle' }] })
    expect((await sendRequest(simulator, '/v2/pods/p', { key: READ_ONLY_KEY })).status).toBe(200)
    const answer = await sendPodAction(simulator, 'p', 'stop', READ_ONLY_KEY)
    expect(answer.status).toBe(403)
    expect(answer.body).toEqual({ title: 'Forbidden', status: 403, detail: 'access denied' })
    const gone = await sendRequest(simulator, '/v2/pods/p', { method: 'DELETE', key: READ_ONLY_KEY })
    expect(gone.status).toBe(403)
    expect(simulator.pod('p')['status']).toBe('RUNNING')
  })

  it('records the requests without keys', async () => {
    const { simulator, clock } = await startSimulator({ pods: [{ id: 'p', name: 'p', mode: 'idle' }] })
    await sendRequest(simulator, '/v2/pods?limit=5', { key: 'rpa_wrong' })
    await sendPodAction(simulator, 'p', 'stop')
    const at = clock.now()
    expect(simulator.requests).toMatchObject([
      { method: 'GET', path: '/v2/pods', query: 'limit=5', at, authorizationOk: false },
      { method: 'POST', path: '/v2/pods/p/action', podId: 'p', action: 'stop', at, authorizationOk: true },
    ])
    expect(simulator.requests[0]?.userAgent).toEqual(expect.any(String))
    expect(JSON.stringify(simulator.requests)).not.toContain('rpa_')
  })
})

describe('an unknown resource', () => {
  it('is a 404 for a pod or a path, and a 405 for a method', async () => {
    const { simulator } = await startSimulator({ pods: [{ id: 'p', name: 'p', mode: 'idle' }] })
    expect((await sendRequest(simulator, '/v2/pods/none')).body).toMatchObject({
      status: 404,
      title: 'Not Found',
    })
    expect((await sendPodAction(simulator, 'none', 'stop')).status).toBe(404)
    expect((await sendRequest(simulator, '/v2/nothing')).status).toBe(404)
    const answer = await sendRequest(simulator, '/v2/pods/p/action')
    expect(answer.status).toBe(405)
    expect(answer.headers.get('allow')).toBe('POST')
  })

  it('has a unique request id in every reply', async () => {
    const { simulator } = await startSimulator()
    const answers = [
      await sendRequest(simulator, '/v2/pods'),
      await sendRequest(simulator, '/v2/pods/none'),
      await sendRequest(simulator, '/v2/pods', { key: null }),
      await sendRequest(simulator, '/graphql', { body: {} }),
    ]
    const ids = answers.map(({ headers }) => headers.get('x-request-id'))
    expect(ids).not.toContain(null)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('is an error without a crash if the request target is not a path', async () => {
    const { simulator } = await startSimulator()
    expect((await sendRequest(simulator, '//')).status).toBe(404)
  })
})

describe('quotas', () => {
  const quotas = { minute: 2, hour: 3, day: 100 }

  it('are counted per key, announced in headers, and enforced with the seconds to wait', async () => {
    const { simulator, clock } = await startSimulator({ quotas })
    const first = await sendRequest(simulator, '/v2/pods')
    expect(first.headers.get('ratelimit')).toBe('"minute";r=1;t=60, "hour";r=2;t=3600, "day";r=99;t=86400')
    expect(first.headers.get('ratelimit-policy')).toBe(
      '"minute";q=2;w=60, "hour";q=3;w=3600, "day";q=100;w=86400',
    )
    clock.advanceS(20)
    await sendRequest(simulator, '/v2/pods')
    const refused = await sendRequest(simulator, '/v2/pods')
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toBe('40')
    expect(refused.headers.get('ratelimit')).toContain('"minute";r=0;t=40, "hour";r=1')
    expect(refused.body.title).toBe('Too Many Requests')
    expect((await sendRequest(simulator, '/v2/pods', { key: READ_ONLY_KEY })).status).toBe(200)
  })

  it('are reset when the window is over', async () => {
    const { simulator, clock } = await startSimulator({ quotas })
    await sendRequest(simulator, '/v2/pods')
    await sendRequest(simulator, '/v2/pods')
    clock.advanceS(60)
    expect((await sendRequest(simulator, '/v2/pods')).status).toBe(200)
    const refused = await sendRequest(simulator, '/v2/pods')
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toBe('3540')
  })

  it('prevent any effect of a rejected request', async () => {
    const { simulator } = await startSimulator({ quotas, pods: [{ id: 'p', name: 'p', mode: 'idle' }] })
    await sendRequest(simulator, '/v2/pods')
    await sendRequest(simulator, '/v2/pods')
    expect((await sendPodAction(simulator, 'p', 'terminate')).status).toBe(429)
    expect(simulator.pod('p')['status']).toBe('RUNNING')
  })

  it('have no headers for an exempt key', async () => {
    const { simulator } = await startSimulator({ quotas: null })
    expect((await sendRequest(simulator, '/v2/pods')).headers.get('ratelimit')).toBeNull()
  })
})
