import { describe, expect, it } from 'vitest'
import {
  LAB,
  postHubify,
  sendHubify,
  startHubify,
  withPlannedRoutes,
} from '../../harness/simulator/hubify-fixture'
import { sendRequest, startSimulator } from '../../harness/simulator/simulator-fixture'

const pods = [{ documentId: 'pod_abc123', pod: { id: 'p', name: 'p', mode: 'training' } }] as const

const planned = [
  ['POST', '/pods'],
  ['GET', '/pods/pod_abc123'],
  ['POST', '/pods/pod_abc123/restart'],
  ['GET', '/pods/pod_abc123/ssh'],
  ['POST', '/pods/pod_abc123/terminate'],
  ['GET', `/pods/costs?labId=${LAB.id}&month=current`],
  ['PATCH', `/labs/${LAB.slug}/settings`],
] as const

const shipped = [
  ['GET', '/labs'],
  ['GET', `/pods?labId=${LAB.id}`],
  ['POST', '/pods/pod_abc123/stop'],
  ['GET', `/costs?labId=${LAB.id}`],
  ['GET', `/experiments?labId=${LAB.id}`],
  ['GET', `/activity?labId=${LAB.id}`],
] as const

describe('a route', () => {
  it.each(shipped)('that is shipped answers: %s %s', async (method, path) => {
    const { simulator } = await startHubify(pods)
    const reply = await sendHubify(simulator, path, { method })
    expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'application/json'])
  })

  it.each(planned)('that is planned answers as an unknown one does: %s %s', async (method, path) => {
    const { simulator } = await startHubify(pods)
    const reply = await sendHubify(simulator, path, { method })
    const unknown = await sendHubify(simulator, '/nonsense', { method })
    expect([reply.status, reply.body]).toEqual([404, undefined])
    expect(reply.text).toBe(unknown.text)
  })

  it.each(planned)('that is planned answers once it is served: %s %s', async (method, path) => {
    const { simulator } = await startHubify(pods, withPlannedRoutes)
    const reply = await sendHubify(simulator, path, { method })
    expect(reply.status).not.toBe(404)
    expect(reply.body).toHaveProperty([reply.status < 400 ? 'data' : 'error'])
  })

  it('appears and disappears while the simulator runs', async () => {
    const { simulator } = await startHubify(pods)
    const detail = async () => (await sendHubify(simulator, '/pods/pod_abc123')).status
    expect(await detail()).toBe(404)
    simulator.labs.behave({ hasPlannedRoutes: true })
    expect(await detail()).toBe(200)
    simulator.labs.behave({ hasPlannedRoutes: false })
    expect(await detail()).toBe(404)
  })

  it('is case-sensitive, exact and the same for every key', async () => {
    const { simulator } = await startHubify(pods, withPlannedRoutes)
    for (const path of [
      '/Pods',
      `/pods/?labId=${LAB.id}`,
      '/pods/pod_abc123/Stop',
      '/pods/%ff',
      '/pods/a/b/c',
      '',
    ]) {
      const reply = await sendHubify(simulator, path, path === '' ? { key: null } : {})
      expect([path, reply.status, reply.body]).toEqual([path, 404, undefined])
    }
    expect((await sendRequest(simulator, '/API/V1/labs')).status).not.toBe(200)
  })

  it('that is known has an envelope for a pod that does not exist, unlike an unknown route', async () => {
    const { simulator } = await startHubify(pods)
    const missing = await postHubify(simulator, '/pods/pod_none/stop')
    expect(missing.body).toEqual({ error: { code: 'not_found', message: 'Pod not found', status: 404 } })
    expect((await postHubify(simulator, '/pods/pod_none/restart')).body).toBeUndefined()
    // The id of the account is not that of the lab.
    expect((await postHubify(simulator, '/pods/p/stop')).body.error.code).toBe('not_found')
  })

  it.each([
    ['html', 404, null, /^<!DOCTYPE html>/],
    ['empty', 404, null, /^$/],
    ['method-not-allowed', 405, 'GET', /^$/],
  ] as const)('that is unknown can be %s', async (unknownRoutes, status, allow, text) => {
    const { simulator } = await startHubify(pods, { behavior: { unknownRoutes } })
    const reply = await sendHubify(simulator, '/pods', { body: { labId: LAB.id, gpuType: 'H100' } })
    expect([reply.status, reply.headers.get('allow')]).toEqual([status, allow])
    expect(reply.text).toMatch(text)
    expect((await sendHubify(simulator, '/nonsense')).status).toBe(404)
    expect(simulator.runningPodIds()).toEqual(['p'])
  })

  it('of Hubify exists only where it is served', async () => {
    const { simulator } = await startSimulator()
    const reply = await sendHubify(simulator, '/labs')
    expect(reply.status).toBe(401)
    expect(reply.headers.get('content-type')).toBe('application/problem+json')
  })

  it('of Runpod is absent where only Hubify is served', async () => {
    const { simulator } = await startHubify(pods, {}, { hasRunpodApi: false })
    for (const path of ['/v2/pods', '/graphql']) {
      const reply = await sendRequest(simulator, path)
      expect([reply.status, reply.body]).toEqual([404, undefined])
    }
    expect((await sendHubify(simulator, '/labs')).status).toBe(200)
  })
})

describe('the control API', () => {
  it('changes a Hubify as a test in the same process does', async () => {
    const { simulator } = await startHubify([])
    const control = (body: unknown) => sendRequest(simulator, '/_simulator/labs', { key: null, body })
    await control({ behavior: { hasPlannedRoutes: true } })
    await control({ add: { id: 'third', slug: 'third-lab' } })
    const pod = { documentId: 'pod_new', pod: { name: 'new', mode: 'training' } }
    const added = await control({ addPod: { labId: 'third', pod } })
    expect(added.body).toEqual({ documentId: 'pod_new', podId: expect.stringMatching(/^\w{14}$/) })
    await control({ setPod: { id: 'pod_new', patch: { overrides: { status: 'hibernating' } } } })
    await control({ addExperiment: { labId: 'third', experiment: { title: 'First', status: 'queued' } } })
    expect((await sendHubify(simulator, '/pods/pod_new')).body.data).toMatchObject({
      labId: 'third',
      runpodPodId: added.body.podId,
      status: 'hibernating',
    })
    const experiments = await sendHubify(simulator, '/experiments?labId=third')
    expect(experiments.body.data).toMatchObject([{ title: 'First', experimentId: 'EXP-001' }])
    await control({ behavior: { hasPlannedRoutes: false } })
    expect((await sendHubify(simulator, '/pods/pod_new')).status).toBe(404)
    const requests = await fetch(`${simulator.url}/_simulator/requests`)
    expect(await requests.json()).toEqual(simulator.requests)
  })

  it.each([
    { behavior: { hasPlannedRoutes: 'yes' } },
    { behavior: { errors: 'haiku' } },
    { behavior: { unheardOf: true } },
    { add: { id: LAB.id, slug: 'another' } },
    { add: { id: 'another', slug: LAB.slug } },
    { add: { slug: 'without-id' } },
    { addPod: { labId: 'none', pod: { pod: { name: 'x', mode: 'idle' } } } },
    { addPod: { labId: LAB.id, pod: { pod: { name: 'x', mode: 'dreaming' } } } },
    { addPod: { labId: LAB.id, pod: { existing: 'p' } } },
    { addPod: { labId: LAB.id, pod: { existing: 'none' } } },
    { setPod: { id: 'none', patch: {} } },
    { addExperiment: { labId: LAB.id, experiment: { status: 'queued' } } },
    {},
  ])('rejects what makes no sense and changes nothing: %j', async (body) => {
    const { simulator } = await startHubify(pods)
    const before = await sendHubify(simulator, `/pods?labId=${LAB.id}`)
    expect((await sendRequest(simulator, '/_simulator/labs', { body })).status).toBe(400)
    const after = await sendHubify(simulator, `/pods?labId=${LAB.id}`)
    expect(after.body.data).toEqual(before.body.data)
    expect((await sendHubify(simulator, '/labs')).body.data).toHaveLength(2)
  })
})
