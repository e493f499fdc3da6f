import { describe, expect, it } from 'vitest'
import {
  FULL_KEY,
  HUBIFY_KEY,
  HUBIFY_READ_ONLY_KEY,
  type SimulatedHubifyOptions,
} from '../../../src/simulator/simulator'
import {
  LAB,
  OTHER_LAB,
  postHubify,
  sendHubify,
  startHubify,
  withPlannedRoutes,
} from '../../harness/simulator/hubify-fixture'

const pods = [
  { documentId: 'pod_abc123', pod: { id: 'p', name: 'p', mode: 'training' } },
  { documentId: 'pod_off', pod: { id: 'q', name: 'q', mode: 'stopped' } },
] as const

const envelope = (status: number, code: string) => ({
  error: { code, status, message: expect.stringMatching(/\w/) },
})

describe('a request', () => {
  it.each([null, 'wrong', FULL_KEY, 'constructor', `${HUBIFY_KEY}x`])(
    'without a valid key is a 401: %s',
    async (key) => {
      const { simulator } = await startHubify(pods)
      const reply = await sendHubify(simulator, `/pods?labId=${LAB.id}`, { key })
      expect(reply.status).toBe(401)
      expect(reply.body).toEqual(envelope(401, 'unauthorized'))
      expect(simulator.requests).toMatchObject([{ authorizationOk: false }])
    },
  )

  it.each(['/pods', '/pods?labId=', '/costs', '/experiments', '/activity'])(
    'without a lab is a 400: %s',
    async (path) => {
      const { simulator } = await startHubify(pods)
      const reply = await sendHubify(simulator, path)
      expect(reply.status).toBe(400)
      expect(reply.body).toEqual(envelope(400, 'bad_request'))
    },
  )

  it.each(['/pods', '/costs', '/experiments', '/activity'])(
    'for a lab that the key cannot access, or that does not exist, is a 403: %s',
    async (path) => {
      const { simulator } = await startHubify(pods, {
        keys: { narrow: { scopes: ['*'], labs: [OTHER_LAB.id] } },
      })
      for (const labId of [LAB.id, 'none', '__proto__']) {
        const reply = await sendHubify(simulator, `${path}?labId=${labId}`, { key: 'narrow' })
        expect(reply.body).toEqual(envelope(403, 'forbidden'))
      }
      expect((await sendHubify(simulator, `${path}?labId=${OTHER_LAB.id}`, { key: 'narrow' })).status).toBe(
        200,
      )
    },
  )

  it('for a pod of a lab that the key cannot access is a 403 and has no effect', async () => {
    const { simulator, clock } = await startHubify(pods, {
      ...withPlannedRoutes,
      keys: { narrow: { scopes: ['*'], labs: [OTHER_LAB.id] } },
    })
    for (const action of ['stop', 'terminate']) {
      expect((await postHubify(simulator, `/pods/pod_abc123/${action}`, 'narrow')).status).toBe(403)
    }
    const settings = { method: 'PATCH', key: 'narrow', body: { idleAlertMinutes: 5 } }
    expect((await sendHubify(simulator, `/labs/${LAB.slug}/settings`, settings)).status).toBe(403)
    const create = { key: 'narrow', body: { labId: LAB.id, gpuType: 'H100' } }
    expect((await sendHubify(simulator, '/pods', create)).status).toBe(403)
    clock.advanceS(60)
    expect(simulator.pod('p')['status']).toBe('RUNNING')
    const { body } = await sendHubify(simulator, '/labs', { key: 'narrow' })
    expect(body.data.map(({ id }: any) => id)).toEqual([OTHER_LAB.id])
  })
})

describe('a key that may only read', () => {
  it('shows everything and changes nothing', async () => {
    const { simulator, clock } = await startHubify(pods, withPlannedRoutes)
    const key = HUBIFY_READ_ONLY_KEY
    for (const path of ['/labs', `/pods?labId=${LAB.id}`, '/pods/pod_abc123', `/costs?labId=${LAB.id}`]) {
      expect((await sendHubify(simulator, path, { key })).status).toBe(200)
    }
    const actions = ['pod_abc123/stop', 'pod_abc123/terminate', 'pod_off/start', 'pod_off/restart']
    for (const action of actions) {
      const reply = await postHubify(simulator, `/pods/${action}`, key)
      expect(reply.body).toEqual(envelope(403, 'forbidden'))
      expect(reply.body.error.message).toContain('pods:write')
    }
    const create = { key, body: { labId: LAB.id, gpuType: 'H100' } }
    expect((await sendHubify(simulator, '/pods', create)).status).toBe(403)
    clock.advanceS(60)
    expect(simulator.pod('p')['status']).toBe('RUNNING')
    expect(simulator.pod('q')['status']).toBe('EXITED')
  })

  it.each([
    [['pods:read'], { pods: 200, costs: 403, experiments: 403, labs: 403 }],
    [['labs:*'], { pods: 403, costs: 200, experiments: 403, labs: 200 }],
    [['experiments:*', 'pods:*'], { pods: 200, costs: 403, experiments: 200, labs: 403 }],
  ] as const)('reads only what its scopes name: %s', async (scopes, expected) => {
    const keys: SimulatedHubifyOptions['keys'] = { narrow: { scopes } }
    const { simulator } = await startHubify(pods, { keys })
    const statuses: Record<string, number> = {}
    for (const name of Object.keys(expected)) {
      statuses[name] = (await sendHubify(simulator, `/${name}?labId=${LAB.id}`, { key: 'narrow' })).status
    }
    expect(statuses).toEqual(expected)
  })
})
