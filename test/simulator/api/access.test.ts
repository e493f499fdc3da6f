import { describe, expect, it } from 'vitest'
import { FULL_KEY, RESTRICTED_KEY } from '../../../src/simulator/simulator'
import { sendPodAction, sendRequest, startSimulator } from '../../harness/simulator/simulator-fixture'

const pods = [
  { id: 'p', name: 'p', mode: 'training' },
  { id: 'q', name: 'q', mode: 'training' },
] as const
const account = { query: 'query { myself { id clientBalance } }' }

describe('a restricted key', () => {
  it('reads and changes pods, and neither logs nor anything else that it was not given', async () => {
    const { simulator } = await startSimulator({ pods })
    const statuses = []
    for (const path of ['/v2/pods', '/v2/pods/p', '/v2/catalog/gpus', '/v2/pods/p/logs', '/v2/billing/pods'])
      statuses.push((await sendRequest(simulator, path, { key: RESTRICTED_KEY })).status)
    for (const path of ['/v2/account/secrets', '/v2/templates', '/v2/network-volumes'])
      statuses.push((await sendRequest(simulator, path, { key: RESTRICTED_KEY })).status)
    expect(statuses).toEqual([200, 200, 200, 403, 403, 403, 403, 403])
    expect((await sendPodAction(simulator, 'p', 'stop', RESTRICTED_KEY)).status).toBe(200)
  })

  it('gets a part of the account by GraphQL, with an error for what is left out', async () => {
    const { simulator } = await startSimulator()
    const reply = await sendRequest(simulator, '/graphql', { key: RESTRICTED_KEY, body: account })
    expect([reply.status, reply.body]).toEqual([
      200,
      {
        data: { myself: { id: 'user_simulated', clientBalance: null } },
        errors: [
          {
            message: 'Unauthorized',
            path: ['myself', 'clientBalance'],
            extensions: { code: 'UNAUTHORIZED' },
          },
        ],
      },
    ])
  })

  it('can be given each part by itself', async () => {
    const keys = { a: { billing: 'none', logs: 'read' }, b: { pods: 'read', graphql: 'forbidden' } } as const
    const { simulator } = await startSimulator({ pods, keys })
    expect((await sendRequest(simulator, '/v2/billing', { key: 'a' })).status).toBe(403)
    expect((await sendPodAction(simulator, 'p', 'stop', 'a')).status).toBe(200)
    expect((await sendRequest(simulator, '/v2/billing', { key: 'b' })).status).toBe(200)
    expect((await sendPodAction(simulator, 'q', 'stop', 'b')).status).toBe(403)
    expect((await sendRequest(simulator, '/graphql', { key: 'b', body: account })).status).toBe(403)
  })
})

it('GraphQL can answer with data and an error for one field', async () => {
  const { simulator } = await startSimulator({ balanceUsd: 12.5 })
  simulator.fault({ kind: 'graphql-partial', fields: ['id'], count: 1 })
  const { status, body } = await sendRequest(simulator, '/graphql', { body: account })
  expect([status, body.data]).toEqual([200, { myself: { id: null, clientBalance: 12.5 } }])
  expect(body.errors).toMatchObject([{ path: ['myself', 'id'], message: 'Something went wrong.' }])
  expect((await sendRequest(simulator, '/graphql', { body: account })).body).not.toHaveProperty('errors')
})

it("Python's default User-Agent is refused on every route by a page, and any other is not", async () => {
  const { simulator } = await startSimulator({ pods })
  const ask = async (path: string, userAgent: string) => {
    const headers = { authorization: `Bearer ${FULL_KEY}`, 'user-agent': userAgent }
    const reply = await fetch(simulator.url + path, { headers })
    return [reply.status, (await reply.text()).includes('Error 1010')]
  }
  for (const path of ['/v2/pods', '/v2/pods/p', '/graphql', '/v2/nothing'])
    expect(await ask(path, 'Python-urllib/3.12')).toEqual([403, true])
  for (const agent of ['curl/8.5.0', 'podkeeper-guard/1', 'python-requests/2.32'])
    expect(await ask('/v2/pods', agent)).toEqual([200, false])
})

describe('the pods of a list', () => {
  const runtimes = async (simulator: Parameters<typeof sendRequest>[0]) =>
    (await sendRequest(simulator, '/v2/pods')).body.pods.map((pod: any) => pod.runtime)

  it('can have uptime and ports only, while a single pod has all figures', async () => {
    const { simulator } = await startSimulator({ pods })
    simulator.scenario('bare-lists')
    for (const runtime of await runtimes(simulator))
      expect(Object.keys(runtime as object)).toEqual(['uptime', 'ports'])
    const { body } = await sendRequest(simulator, '/v2/pods/p')
    expect(Object.keys(body.runtime as object)).toEqual(['uptime', 'gpus', 'cpu', 'memory', 'ports'])
  })

  it('can lose the figures of the whole account for a while, or of one pod in one poll', async () => {
    const { simulator } = await startSimulator({ pods })
    simulator.scenario('telemetry-outage')
    const { body } = await sendRequest(simulator, '/v2/pods/p')
    expect(body).toMatchObject({ status: 'RUNNING', runtime: null, ssh: { direct: null } })
    expect(await runtimes(simulator)).toEqual([null, null])
    simulator.scenario('calm')
    simulator.fault({ kind: 'no-telemetry', lostPodIds: ['p'], count: 1 })
    expect((await runtimes(simulator)).filter((each: unknown) => each === null)).toHaveLength(1)
    expect((await runtimes(simulator)).filter((each: unknown) => each === null)).toHaveLength(0)
  })
})

it('a start by the scenario zero-gpus comes back without GPUs', async () => {
  const { simulator, clock } = await startSimulator({ pods: [{ id: 'p', name: 'p', mode: 'stopped' }] })
  simulator.scenario('zero-gpus')
  expect((await sendPodAction(simulator, 'p', 'start')).body.gpu.count).toBe(0)
  clock.advanceS(60)
  expect(simulator.pod('p')).toMatchObject({ status: 'RUNNING', gpu: { count: 0 } })
})
