import { describe, expect, it } from 'vitest'
import {
  sendPodAction,
  sendRequest,
  startSimulator,
  statusOf,
} from '../../harness/simulator/simulator-fixture'

const running = { id: 'p', name: 'p', mode: 'training' } as const

describe('a stop', () => {
  it('is accepted at once, visible a few seconds later, and then free of charge', async () => {
    const { simulator, clock } = await startSimulator({ pods: [running] })
    const accepted = await sendPodAction(simulator, 'p', 'stop')
    expect(accepted.status).toBe(200)
    expect(accepted.body).toMatchObject({ id: 'p', status: 'RUNNING', cost: 0.69 })
    clock.advanceS(3)
    expect(await statusOf(simulator, 'p')).toBe('RUNNING')
    clock.advanceS(1)
    const { body } = await sendRequest(simulator, '/v2/pods/p')
    expect(body).toMatchObject({ status: 'EXITED', actions: ['start', 'terminate'], cost: 0, runtime: null })
    expect(body.ssh.direct).toBeNull()
    expect(body.startedAt).toBe('2026-11-24T13:00:00.000Z')
  })

  it('has no further effect if requested twice', async () => {
    const { simulator, clock } = await startSimulator({ pods: [running] })
    await sendPodAction(simulator, 'p', 'stop')
    clock.advanceS(3)
    expect((await sendPodAction(simulator, 'p', 'stop')).status).toBe(200)
    clock.advanceS(1)
    expect(await statusOf(simulator, 'p')).toBe('EXITED')
  })

  it('works on a pod that is being created, which then never started', async () => {
    const { simulator, clock } = await startSimulator({
      pods: [{ ...running, startedAgoMin: 0, provisioningS: 12, startingS: 1 }],
    })
    clock.advanceS(11)
    await sendPodAction(simulator, 'p', 'stop')
    clock.advanceS(3)
    expect(await statusOf(simulator, 'p')).toBe('PROVISIONING')
    clock.advanceS(1)
    expect((await sendRequest(simulator, '/v2/pods/p')).body).toMatchObject({
      status: 'EXITED',
      startedAt: null,
    })
  })
})

describe('a start', () => {
  it('goes through PROVISIONING and a pull to a new run at another port, which the API shows late', async () => {
    const { simulator, clock } = await startSimulator({
      pods: [{ ...running, statusWhilePulling: 'STARTING' }],
    })
    const before = simulator.pod('p') as any
    await sendPodAction(simulator, 'p', 'stop')
    clock.advanceS(4)
    const accepted = await sendPodAction(simulator, 'p', 'start')
    expect(accepted.status).toBe(200)
    expect(accepted.body).toMatchObject({
      status: 'PROVISIONING',
      actions: ['stop', 'terminate'],
      cost: 0.69,
      runtime: null,
      ssh: { proxy: null, direct: null },
    })
    clock.advanceS(12)
    expect(await statusOf(simulator, 'p')).toBe('STARTING')
    clock.advanceS(17)
    expect(await statusOf(simulator, 'p')).toBe('STARTING')
    clock.advanceS(3)
    const { body } = await sendRequest(simulator, '/v2/pods/p')
    expect(body).toMatchObject({ status: 'RUNNING', startedAt: '2026-11-24T14:00:34.000Z' })
    expect(body.runtime.uptime).toBe(2)
    expect(body.createdAt).toBe(before.createdAt)
    expect(body.ssh.direct.port).toBe(before.ssh.direct.port)
    clock.advanceS(90)
    const after = (await sendRequest(simulator, '/v2/pods/p')).body
    expect(after.ssh.direct.port).not.toBe(before.ssh.direct.port)
    expect(after.runtime.ports[1].public).toBe(after.ssh.direct.port)
  })

  it('of a pod in error ends in error again', async () => {
    const { simulator, clock } = await startSimulator({ pods: [{ ...running, mode: 'error' }] })
    expect(simulator.pod('p')).toMatchObject({ status: 'ERROR', actions: ['start', 'terminate'] })
    expect((await sendPodAction(simulator, 'p', 'start')).body.status).toBe('PROVISIONING')
    clock.advanceS(30)
    expect(await statusOf(simulator, 'p')).toBe('ERROR')
  })

  it('makes a stopped pod follow its configured mode', async () => {
    const { simulator, clock } = await startSimulator({
      pods: [{ ...running, mode: 'stopped', onStart: 'idle' }],
    })
    expect(await statusOf(simulator, 'p')).toBe('EXITED')
    await sendPodAction(simulator, 'p', 'start')
    clock.advanceS(60)
    const { body } = await sendRequest(simulator, '/v2/pods/p')
    expect(body.runtime.gpus[0].util).toBeLessThanOrEqual(2)
  })
})

describe('a restart', () => {
  it('keeps the run and resets the uptime, after a moment without telemetry', async () => {
    const { simulator, clock } = await startSimulator({ pods: [running] })
    const before = simulator.pod('p')
    expect((await sendPodAction(simulator, 'p', 'restart')).body).toMatchObject({
      status: 'RUNNING',
      runtime: null,
    })
    clock.advanceS(9)
    const { body } = await sendRequest(simulator, '/v2/pods/p')
    expect(body.runtime.uptime).toBe(5)
    expect(body.startedAt).toBe(before['startedAt'])
  })

  it('is rejected while the pod is being stopped', async () => {
    const { simulator } = await startSimulator({ pods: [running] })
    await sendPodAction(simulator, 'p', 'stop')
    expect((await sendPodAction(simulator, 'p', 'restart')).status).toBe(409)
  })
})

describe('a terminate', () => {
  it('has a response without a body, and the pod is gone', async () => {
    const { simulator } = await startSimulator({ pods: [running] })
    const answer = await sendPodAction(simulator, 'p', 'terminate')
    expect([answer.status, answer.text]).toEqual([204, ''])
    expect((await sendRequest(simulator, '/v2/pods')).body.pods).toEqual([])
    expect((await sendRequest(simulator, '/v2/pods/p')).status).toBe(404)
    expect((await sendPodAction(simulator, 'p', 'terminate')).status).toBe(404)
  })

  it('is the same as DELETE', async () => {
    const { simulator } = await startSimulator({ pods: [running] })
    expect((await sendRequest(simulator, '/v2/pods/p', { method: 'DELETE' })).status).toBe(204)
    expect((await sendRequest(simulator, '/v2/pods/p')).status).toBe(404)
  })
})

describe('an action that the present state does not allow', () => {
  it.each([
    ['RUNNING', { ...running }, ['start']],
    ['EXITED', { ...running, mode: 'stopped' }, ['stop', 'restart']],
    ['ERROR', { ...running, mode: 'error' }, ['stop', 'restart']],
    ['PROVISIONING', { ...running, mode: 'stuck-creating' }, ['start', 'restart']],
  ] as const)('is a conflict: %s', async (status, spec, refused) => {
    const { simulator } = await startSimulator({ pods: [spec] })
    for (const action of refused) {
      const answer = await sendPodAction(simulator, 'p', action)
      expect(answer.status).toBe(409)
      expect(answer.headers.get('content-type')).toBe('application/problem+json')
      expect(answer.body.detail).toBe(`cannot ${action} a pod that is ${status}`)
    }
    expect(simulator.pod('p')['status']).toBe(status)
  })

  it('is a conflict for every member of a cluster', async () => {
    const { simulator } = await startSimulator({ pods: [{ ...running, cluster: { id: 'c', rank: 1 } }] })
    for (const action of ['stop', 'restart', 'terminate']) {
      expect((await sendPodAction(simulator, 'p', action)).status).toBe(409)
    }
    expect(await statusOf(simulator, 'p')).toBe('RUNNING')
  })

  it('is a conflict if it stops a locked pod, although `actions` includes the stop', async () => {
    const { simulator } = await startSimulator({ pods: [{ ...running, locked: true }] })
    expect(simulator.pod('p')).toMatchObject({ locked: true, actions: ['stop', 'restart', 'terminate'] })
    expect((await sendPodAction(simulator, 'p', 'stop')).body.detail).toBe('pod is locked')
  })

  it('follows the actions that a test has overridden', async () => {
    const { simulator } = await startSimulator({
      pods: [{ ...running, overrides: { actions: ['hibernate'] } }],
    })
    expect((await sendPodAction(simulator, 'p', 'stop')).status).toBe(409)
  })
})

describe('a request body that violates the schema', () => {
  it.each([
    ['not JSON', '{', 400],
    ['an action that there is not', { action: 'reset' }, 400],
    ['a field too many', { action: 'stop', force: true }, 422],
    ['no action', {}, 422],
    ['an action that is no word', { action: 1 }, 422],
    ['a list', ['stop'], 422],
  ])('is rejected without any effect: %s', async (_, body, status) => {
    const { simulator, clock } = await startSimulator({ pods: [running] })
    const answer = await sendRequest(simulator, '/v2/pods/p/action', { body })
    expect(answer.status).toBe(status)
    expect(answer.body).toMatchObject({ status, title: expect.any(String), detail: expect.any(String) })
    clock.advanceS(60)
    expect(await statusOf(simulator, 'p')).toBe('RUNNING')
  })
})
