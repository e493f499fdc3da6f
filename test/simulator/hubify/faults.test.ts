import { describe, expect, it } from 'vitest'
import {
  LAB,
  labPodStatus,
  listLabPods,
  postHubify,
  sendHubify,
  startHubify,
} from '../../harness/simulator/hubify-fixture'
import { sendPodAction, sendRequest } from '../../harness/simulator/simulator-fixture'

const pods = [
  { documentId: 'pod_p', pod: { id: 'p', name: 'p', mode: 'training' } },
  { documentId: 'pod_q', pod: { id: 'q', name: 'q', mode: 'idle' } },
] as const

const stop = (simulator: Parameters<typeof postHubify>[0], id = 'pod_p') =>
  postHubify(simulator, `/pods/${id}/stop`)

describe('a fault at Hubify', () => {
  it.each([
    ['unauthorized', 401, 'unauthorized'],
    ['forbidden', 403, 'forbidden'],
    ['rate-limited', 429, 'rate_limited'],
    ['server-error', 500, 'internal_error'],
    ['not-found', 404, 'not_found'],
    ['conflict', 409, 'conflict'],
    ['gone', 410, 'gone'],
    ['no-gpu', 400, 'bad_request'],
    ['no-balance', 402, 'payment_required'],
  ] as const)('answers in its format and has no effect: %s', async (kind, status, code) => {
    const { simulator, clock } = await startHubify(pods)
    simulator.fault({ kind })
    const reply = await stop(simulator)
    expect(reply.status).toBe(status)
    expect(reply.body).toEqual({ error: { code, status, message: expect.stringMatching(/\w/) } })
    clock.advanceS(60)
    expect(simulator.pod('p')['status']).toBe('RUNNING')
  })

  it.each([
    ['unauthorized-html', 401],
    ['forbidden-html', 403],
    ['not-found-html', 404],
    ['html', 200],
  ] as const)('answers as something in between: %s', async (kind, status) => {
    const { simulator, clock } = await startHubify(pods)
    simulator.fault({ kind })
    const reply = await stop(simulator)
    expect([reply.status, reply.body]).toEqual([status, undefined])
    expect(reply.text).toMatch(/^<!DOCTYPE html>/)
    clock.advanceS(60)
    expect(simulator.pod('p')['status']).toBe('RUNNING')
  })

  it('has the format that the simulator was told to have', async () => {
    const { simulator } = await startHubify(pods, { behavior: { errors: 'text' } })
    simulator.fault({ kind: 'server-error', detail: 'The backend is down' })
    expect((await stop(simulator)).body).toEqual({ error: 'The backend is down' })
  })

  it('has the seconds to wait for a 429, with the headers of Hubify', async () => {
    const { simulator, clock } = await startHubify(pods)
    simulator.fault({ kind: 'rate-limited', retryAfterS: 12 })
    const { headers } = await stop(simulator)
    expect(headers.get('retry-after')).toBe('12')
    expect(headers.get('x-ratelimit-remaining')).toBe('0')
    expect(headers.get('x-ratelimit-reset')).toBe(String(clock.now() / 1_000 + 12))
    expect(headers.get('ratelimit')).toBeNull()
    simulator.labs.behave({ quotaHeaders: 'none' })
    expect((await stop(simulator)).headers.get('x-ratelimit-remaining')).toBeNull()
  })

  it('can be a list that is wrong', async () => {
    const { simulator } = await startHubify(pods)
    simulator.fault({ kind: 'empty-object', count: 1 })
    simulator.fault({ kind: 'empty-list', count: 1 })
    simulator.fault({ kind: 'list-without', withoutPodId: 'pod_p', count: 1 })
    simulator.fault({ kind: 'list-without', withoutPodId: 'q', count: 1 })
    expect(await listLabPods(simulator)).toBeUndefined()
    expect(await listLabPods(simulator)).toEqual([])
    expect(await listLabPods(simulator)).toMatchObject([{ _id: 'pod_q' }])
    expect(await listLabPods(simulator)).toMatchObject([{ _id: 'pod_p' }])
    expect(await listLabPods(simulator)).toHaveLength(2)
  })

  it('can hide an effect, or pretend one', async () => {
    const { simulator, clock } = await startHubify(pods)
    simulator.fault({ kind: 'accepted-not-done', action: 'stop', count: 1 })
    expect((await stop(simulator)).body.data._id).toBe('pod_p')
    clock.advanceS(60)
    expect(await labPodStatus(simulator, 'pod_p')).toBe('running')
    simulator.fault({ kind: 'reset-after', count: 1 })
    await expect(stop(simulator)).rejects.toThrow('fetch failed')
    simulator.fault({ kind: 'no-content', count: 1 })
    expect(await stop(simulator, 'pod_q')).toMatchObject({ status: 204, text: '' })
    clock.advanceS(60)
    expect(simulator.runningPodIds()).toEqual([])
    simulator.fault({ kind: 'half-body', count: 1 })
    await expect(listLabPods(simulator)).rejects.toThrow('terminated')
  })

  it('is selected by path, pod and action, and leaves Runpod alone', async () => {
    const { simulator } = await startHubify(pods)
    simulator.fault({ kind: 'server-error', path: '/api/v1/pods/*', action: 'stop', podId: 'pod_p' })
    simulator.fault({ kind: 'not-found-html', path: '/api/v1/costs' })
    expect((await stop(simulator)).status).toBe(500)
    expect((await sendHubify(simulator, `/costs?labId=${LAB.id}`)).status).toBe(404)
    expect((await stop(simulator, 'pod_q')).status).toBe(200)
    expect((await sendPodAction(simulator, 'p', 'stop')).status).toBe(200)
  })

  it('is in the format of the API that it is at', async () => {
    const { simulator } = await startHubify(pods)
    simulator.fault({ kind: 'server-error' })
    expect((await sendHubify(simulator, '/labs')).headers.get('content-type')).toBe('application/json')
    expect((await sendRequest(simulator, '/v2/pods')).headers.get('content-type')).toBe(
      'application/problem+json',
    )
  })

  it('comes with scenarios as well', async () => {
    const { simulator } = await startHubify(pods)
    simulator.scenario('key-refused')
    expect((await sendHubify(simulator, '/labs')).status).toBe(401)
    simulator.scenario('calm')
    simulator.scenario('no-gpus')
    simulator.setPod('p', { mode: 'stopped' })
    expect((await postHubify(simulator, '/pods/pod_p/start')).body.error.message).toContain('free GPUs')
  })
})
