import { describe, expect, it } from 'vitest'
import { createSimulator, FULL_KEY } from '../../../src/simulator/simulator'
import { sendPodAction, sendRequest, startSimulator } from '../../harness/simulator/simulator-fixture'

const pods = [
  { id: 'p', name: 'p', mode: 'training' },
  { id: 'q', name: 'q', mode: 'idle' },
] as const

describe('a response replaced by a fault', () => {
  it.each([
    ['unauthorized', 401, 'application/problem+json'],
    ['unauthorized-html', 401, 'text/html; charset=UTF-8'],
    ['forbidden', 403, 'application/problem+json'],
    ['forbidden-html', 403, 'text/html; charset=UTF-8'],
    ['rate-limited', 429, 'application/problem+json'],
    ['server-error', 500, 'application/problem+json'],
    ['not-found', 404, 'application/problem+json'],
    ['conflict', 409, 'application/problem+json'],
    ['gone', 410, 'application/problem+json'],
    ['no-gpu', 400, 'application/problem+json'],
    ['no-balance', 402, 'application/problem+json'],
    ['html', 200, 'text/html; charset=UTF-8'],
  ] as const)('is %s and has no effect', async (kind, status, type) => {
    const { simulator, clock } = await startSimulator({ pods })
    simulator.fault({ kind })
    const answer = await sendPodAction(simulator, 'p', 'stop')
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-type')).toBe(type)
    if (type === 'application/problem+json') expect(answer.body.status).toBe(status)
    else expect(answer.text).toMatch(/^<!DOCTYPE html>/)
    clock.advanceS(60)
    expect(simulator.pod('p')['status']).toBe('RUNNING')
  })

  it('is a 204 after acting with no-content', async () => {
    const { simulator, clock } = await startSimulator({ pods })
    simulator.fault({ kind: 'no-content' })
    expect(await sendPodAction(simulator, 'p', 'stop')).toMatchObject({ status: 204, text: '' })
    clock.advanceS(60)
    expect(simulator.pod('p')['status']).toBe('EXITED')
  })

  it('has the seconds to wait for a 429', async () => {
    const { simulator } = await startSimulator()
    simulator.fault({ kind: 'rate-limited', retryAfterS: 12 })
    const { headers } = await sendRequest(simulator, '/v2/pods')
    expect(headers.get('retry-after')).toBe('12')
    expect(headers.get('ratelimit')).toBe('"minute";r=0;t=12')
  })

  it('can be a wrong list in three ways', async () => {
    const { simulator } = await startSimulator({ pods })
    for (const kind of ['empty-object', 'empty-list', 'list-without'] as const) {
      simulator.fault({ kind, count: 1, withoutPodId: 'p' })
    }
    const bodies = []
    for (let i = 0; i < 4; i += 1) bodies.push((await sendRequest(simulator, '/v2/pods')).body)
    const [nothing, none, one, all] = bodies
    expect(nothing).toEqual({})
    expect(none.pods).toEqual([])
    expect(one.pods).toMatchObject([{ id: 'q' }])
    expect(all.pods).toHaveLength(2)
  })

  it('looks successful for accepted-not-done although nothing happens', async () => {
    const { simulator, clock } = await startSimulator({ pods })
    simulator.fault({ kind: 'accepted-not-done', count: 2 })
    expect((await sendPodAction(simulator, 'p', 'stop')).body.id).toBe('p')
    expect((await sendPodAction(simulator, 'p', 'terminate')).status).toBe(204)
    clock.advanceS(60)
    expect(simulator.pod('p')['status']).toBe('RUNNING')
  })
})

describe('a broken connection', () => {
  it('before acting leaves the pod unchanged', async () => {
    const { simulator } = await startSimulator({ pods })
    simulator.fault({ kind: 'reset-before' })
    await expect(sendPodAction(simulator, 'p', 'terminate')).rejects.toThrow('fetch failed')
    expect(simulator.pod('p')['status']).toBe('RUNNING')
    expect(simulator.requests).toHaveLength(1)
  })

  it('after acting hides the effect', async () => {
    const { simulator } = await startSimulator({ pods })
    simulator.fault({ kind: 'reset-after' })
    await expect(sendPodAction(simulator, 'p', 'terminate')).rejects.toThrow('fetch failed')
    expect(() => simulator.pod('p')).toThrow('no pod p')
  })

  it('in the middle of the body delivers half of it', async () => {
    const { simulator, clock } = await startSimulator({ pods })
    simulator.fault({ kind: 'half-body', path: '/v2/pods/p/action' })
    await expect(sendPodAction(simulator, 'p', 'stop')).rejects.toThrow('terminated')
    clock.advanceS(60)
    expect(simulator.pod('p')['status']).toBe('EXITED')
  })

  it('never gets a response with hang, and ends with the simulator', async () => {
    const simulator = await createSimulator({ seed: 1, pods })
    simulator.fault({ kind: 'hang' })
    let isSettled = false
    const hanging = sendRequest(simulator, '/v2/pods').finally(() => (isSettled = true))
    await expect.poll(() => simulator.requests.length).toBe(1)
    simulator.clearFaults()
    expect((await sendRequest(simulator, '/v2/pods')).status).toBe(200)
    expect(isSettled).toBe(false)
    const ended = expect(hanging).rejects.toThrow('fetch failed')
    await simulator.close()
    await ended
  })

  it('gets a late response with the state at the time of the request if it is slow', async () => {
    const { simulator } = await startSimulator({ pods })
    simulator.fault({ kind: 'slow', delayMs: 80, count: 1 })
    const asked = performance.now()
    const late = sendRequest(simulator, '/v2/pods')
    await expect.poll(() => simulator.requests.length).toBe(1)
    simulator.removePod('q')
    expect((await late).body.pods).toHaveLength(2)
    expect(performance.now() - asked).toBeGreaterThanOrEqual(75)
    expect((await sendRequest(simulator, '/v2/pods')).body.pods).toHaveLength(1)
  })
})

describe('a fault', () => {
  it('is selected by method, path, pod and action', async () => {
    const { simulator } = await startSimulator({ pods })
    simulator.fault({ kind: 'server-error', method: 'POST', podId: 'p', action: 'stop' })
    simulator.fault({ kind: 'gone', path: '/graphql' })
    simulator.fault({ kind: 'forbidden', path: '/v2/networks*' })
    expect((await sendRequest(simulator, '/v2/pods/p')).status).toBe(200)
    expect((await sendPodAction(simulator, 'q', 'stop')).status).toBe(200)
    expect((await sendPodAction(simulator, 'p', 'restart')).status).toBe(200)
    expect((await sendPodAction(simulator, 'p', 'stop')).status).toBe(500)
    expect((await sendRequest(simulator, '/graphql', { body: { query: '{ myself { id } }' } })).status).toBe(
      410,
    )
    expect((await sendRequest(simulator, '/v2/networks/1')).status).toBe(403)
  })

  it('is counted, and after that the next fault applies', async () => {
    const { simulator } = await startSimulator()
    simulator.fault({ kind: 'server-error', count: 2 })
    simulator.fault({ kind: 'forbidden', count: 1 })
    const statuses = []
    for (let i = 0; i < 4; i += 1) statuses.push((await sendRequest(simulator, '/v2/pods')).status)
    expect(statuses).toEqual([500, 500, 403, 200])
  })

  it('has no effect after it is cleared', async () => {
    const { simulator } = await startSimulator()
    simulator.fault({ kind: 'server-error' })
    expect((await sendRequest(simulator, '/v2/pods')).status).toBe(500)
    simulator.clearFaults()
    expect((await sendRequest(simulator, '/v2/pods')).status).toBe(200)
  })
})

describe('the control API', () => {
  it('can do what a test in the same process can do', async () => {
    const { simulator, clock } = await startSimulator({ pods })
    const control = (what: string, body: unknown) =>
      sendRequest(simulator, `/_simulator/${what}`, { key: null, body })
    const { body } = await control('pods', { add: { name: 'r', mode: 'idle' } })
    expect(simulator.pod(body.id)).toMatchObject({ name: 'r', status: 'RUNNING' })
    await control('pods', { set: { id: 'p', patch: { name: 'renamed' } } })
    await control('pods', { act: { id: 'p', action: 'stop' } })
    await control('pods', { remove: 'q' })
    await control('balance', { usd: 3.5 })
    expect(simulator.balanceUsd()).toBe(3.5)
    clock.advanceS(5)
    expect(simulator.pod('p')).toMatchObject({ name: 'renamed', status: 'EXITED' })
    expect(() => simulator.pod('q')).toThrow('no pod q')
    await control('fault', { kind: 'gone', path: '/v2/pods' })
    expect((await sendRequest(simulator, '/v2/pods')).status).toBe(410)
    await control('clear', {})
    expect((await sendRequest(simulator, '/v2/pods')).status).toBe(200)
    const { body: requests } = await sendRequest(simulator, '/_simulator/requests')
    expect(requests).toEqual(simulator.requests)
    expect(requests).toHaveLength(2)
  })

  it('speeds up time and runs scenarios', async () => {
    const { simulator, clock } = await startSimulator({ pods })
    const control = (what: string, body: unknown) =>
      sendRequest(simulator, `/_simulator/${what}`, { key: null, body })
    await control('time', { factor: 60 })
    clock.advanceS(10)
    expect((simulator.pod('p')['runtime'] as any).uptime).toBe(4_200)
    await control('scenario', { name: 'idle' })
    expect((simulator.pod('p')['runtime'] as any).gpus[0].util).toBeLessThanOrEqual(2)
    await control('scenario', { name: 'key-refused' })
    expect((await sendRequest(simulator, '/v2/pods')).status).toBe(401)
    await control('scenario', { name: 'calm' })
    await control('scenario', { name: 'low-balance' })
    expect(simulator.balanceUsd()).toBeCloseTo(0.69, 5)
    await control('scenario', { name: 'no-balance' })
    expect((await sendRequest(simulator, '/v2/pods')).body.pods).toEqual([])
  })

  it('rejects invalid requests and HTML forms', async () => {
    const { simulator } = await startSimulator({ pods })
    for (const [what, body] of [
      ['fault', { kind: 'flood' }],
      ['pods', { add: { mode: 'idle' } }],
      ['pods', { add: { name: 'x', mode: 'dreaming' } }],
      ['pods', { set: { id: 'none', patch: {} } }],
      ['pods', { act: { id: 'p', action: 'start' } }],
      ['pods', []],
      ['balance', {}],
      ['time', { factor: 0.5 }],
      ['time', { factor: 'fast' }],
      ['scenario', { name: 'toString' }],
      ['everything', {}],
    ] as const) {
      expect((await sendRequest(simulator, `/_simulator/${what}`, { body })).status).toBe(400)
    }
    const form = await fetch(`${simulator.url}/_simulator/clear`, { method: 'POST', body: 'a=b' })
    expect(form.status).toBe(415)
  })

  it('is unavailable unless enabled', async () => {
    const { simulator } = await startSimulator({ hasControlApi: false })
    expect((await sendRequest(simulator, '/_simulator/requests', { key: FULL_KEY })).status).toBe(404)
  })
})
