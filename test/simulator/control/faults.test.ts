import { describe, expect, it } from 'vitest'
import { createSimulator, FULL_KEY } from '../../../src/simulator/simulator'
import { act, bench, call } from '../../harness/simulator'

const pods = [
  { id: 'p', name: 'p', mode: 'training' },
  { id: 'q', name: 'q', mode: 'idle' },
] as const

describe('an answer that is not the one hoped for', () => {
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
  ] as const)('%s comes without anything being done', async (kind, status, type) => {
    const { simulator, clock } = await bench({ pods })
    simulator.fault({ kind })
    const answer = await act(simulator, 'p', 'stop')
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-type')).toBe(type)
    if (type === 'application/problem+json') expect(answer.body.status).toBe(status)
    else expect(answer.text).toMatch(/^<!DOCTYPE html>/)
    clock.passS(60)
    expect(simulator.pod('p')['status']).toBe('RUNNING')
  })

  it('no-content acts and answers 204', async () => {
    const { simulator, clock } = await bench({ pods })
    simulator.fault({ kind: 'no-content' })
    expect(await act(simulator, 'p', 'stop')).toMatchObject({ status: 204, text: '' })
    clock.passS(60)
    expect(simulator.pod('p')['status']).toBe('EXITED')
  })

  it('429 says how long to wait', async () => {
    const { simulator } = await bench()
    simulator.fault({ kind: 'rate-limited', retryAfterS: 12 })
    const { headers } = await call(simulator, '/v2/pods')
    expect(headers.get('retry-after')).toBe('12')
    expect(headers.get('ratelimit')).toBe('"minute";r=0;t=12')
  })

  it('lists lie in three ways', async () => {
    const { simulator } = await bench({ pods })
    for (const kind of ['empty-object', 'empty-list', 'list-without'] as const) {
      simulator.fault({ kind, count: 1, withoutPodId: 'p' })
    }
    const bodies = []
    for (let i = 0; i < 4; i += 1) bodies.push((await call(simulator, '/v2/pods')).body)
    const [nothing, none, one, all] = bodies
    expect(nothing).toEqual({})
    expect(none.pods).toEqual([])
    expect(one.pods).toMatchObject([{ id: 'q' }])
    expect(all.pods).toHaveLength(2)
  })

  it('accepted-not-done answers as if it had acted', async () => {
    const { simulator, clock } = await bench({ pods })
    simulator.fault({ kind: 'accepted-not-done', count: 2 })
    expect((await act(simulator, 'p', 'stop')).body.id).toBe('p')
    expect((await act(simulator, 'p', 'terminate')).status).toBe(204)
    clock.passS(60)
    expect(simulator.pod('p')['status']).toBe('RUNNING')
  })
})

describe('a connection that breaks', () => {
  it('before acting leaves the pod alone', async () => {
    const { simulator } = await bench({ pods })
    simulator.fault({ kind: 'reset-before' })
    await expect(act(simulator, 'p', 'terminate')).rejects.toThrow('fetch failed')
    expect(simulator.pod('p')['status']).toBe('RUNNING')
    expect(simulator.requests).toHaveLength(1)
  })

  it('after acting hides what was done', async () => {
    const { simulator } = await bench({ pods })
    simulator.fault({ kind: 'reset-after' })
    await expect(act(simulator, 'p', 'terminate')).rejects.toThrow('fetch failed')
    expect(() => simulator.pod('p')).toThrow('no pod p')
  })

  it('in the middle of the body leaves half of it', async () => {
    const { simulator, clock } = await bench({ pods })
    simulator.fault({ kind: 'half-body', path: '/v2/pods/p/action' })
    await expect(act(simulator, 'p', 'stop')).rejects.toThrow('terminated')
    clock.passS(60)
    expect(simulator.pod('p')['status']).toBe('EXITED')
  })

  it('hang never answers, and ends with the simulator', async () => {
    const simulator = await createSimulator({ seed: 1, pods })
    simulator.fault({ kind: 'hang' })
    let isSettled = false
    const hanging = call(simulator, '/v2/pods').finally(() => (isSettled = true))
    await expect.poll(() => simulator.requests.length).toBe(1)
    simulator.clearFaults()
    expect((await call(simulator, '/v2/pods')).status).toBe(200)
    expect(isSettled).toBe(false)
    const ended = expect(hanging).rejects.toThrow('fetch failed')
    await simulator.close()
    await ended
  })

  it('slow answers late with the picture of when it was asked', async () => {
    const { simulator } = await bench({ pods })
    simulator.fault({ kind: 'slow', delayMs: 80, count: 1 })
    const asked = performance.now()
    const late = call(simulator, '/v2/pods')
    await expect.poll(() => simulator.requests.length).toBe(1)
    simulator.removePod('q')
    expect((await late).body.pods).toHaveLength(2)
    expect(performance.now() - asked).toBeGreaterThanOrEqual(75)
    expect((await call(simulator, '/v2/pods')).body.pods).toHaveLength(1)
  })
})

describe('whom a fault befalls', () => {
  it('is chosen by method, path, pod and action', async () => {
    const { simulator } = await bench({ pods })
    simulator.fault({ kind: 'server-error', method: 'POST', podId: 'p', action: 'stop' })
    simulator.fault({ kind: 'gone', path: '/graphql' })
    simulator.fault({ kind: 'forbidden', path: '/v2/networks*' })
    expect((await call(simulator, '/v2/pods/p')).status).toBe(200)
    expect((await act(simulator, 'q', 'stop')).status).toBe(200)
    expect((await act(simulator, 'p', 'restart')).status).toBe(200)
    expect((await act(simulator, 'p', 'stop')).status).toBe(500)
    expect((await call(simulator, '/graphql', { body: { query: '{ myself { id } }' } })).status).toBe(410)
    expect((await call(simulator, '/v2/networks/1')).status).toBe(403)
  })

  it('is counted, and after that the next fault has its turn', async () => {
    const { simulator } = await bench()
    simulator.fault({ kind: 'server-error', count: 2 })
    simulator.fault({ kind: 'forbidden', count: 1 })
    const statuses = []
    for (let i = 0; i < 4; i += 1) statuses.push((await call(simulator, '/v2/pods')).status)
    expect(statuses).toEqual([500, 500, 403, 200])
  })

  it('is nobody once faults are cleared', async () => {
    const { simulator } = await bench()
    simulator.fault({ kind: 'server-error' })
    expect((await call(simulator, '/v2/pods')).status).toBe(500)
    simulator.clearFaults()
    expect((await call(simulator, '/v2/pods')).status).toBe(200)
  })
})

describe('the control API', () => {
  it('does what a test in the same process can do', async () => {
    const { simulator, clock } = await bench({ pods })
    const control = (what: string, body: unknown) =>
      call(simulator, `/_simulator/${what}`, { key: null, body })
    const { body } = await control('pods', { add: { name: 'r', mode: 'idle' } })
    expect(simulator.pod(body.id)).toMatchObject({ name: 'r', status: 'RUNNING' })
    await control('pods', { set: { id: 'p', patch: { name: 'renamed' } } })
    await control('pods', { act: { id: 'p', action: 'stop' } })
    await control('pods', { remove: 'q' })
    await control('balance', { usd: 3.5 })
    expect(simulator.balanceUsd()).toBe(3.5)
    clock.passS(5)
    expect(simulator.pod('p')).toMatchObject({ name: 'renamed', status: 'EXITED' })
    expect(() => simulator.pod('q')).toThrow('no pod q')
    await control('fault', { kind: 'gone', path: '/v2/pods' })
    expect((await call(simulator, '/v2/pods')).status).toBe(410)
    await control('clear', {})
    expect((await call(simulator, '/v2/pods')).status).toBe(200)
    const { body: requests } = await call(simulator, '/_simulator/requests')
    expect(requests).toEqual(simulator.requests)
    expect(requests).toHaveLength(2)
  })

  it('makes time faster and plays scenarios', async () => {
    const { simulator, clock } = await bench({ pods })
    const control = (what: string, body: unknown) =>
      call(simulator, `/_simulator/${what}`, { key: null, body })
    await control('time', { factor: 60 })
    clock.passS(10)
    expect((simulator.pod('p')['runtime'] as any).uptime).toBe(4_200)
    await control('scenario', { name: 'idle' })
    expect((simulator.pod('p')['runtime'] as any).gpus[0].util).toBeLessThanOrEqual(2)
    await control('scenario', { name: 'key-refused' })
    expect((await call(simulator, '/v2/pods')).status).toBe(401)
    await control('scenario', { name: 'calm' })
    await control('scenario', { name: 'low-balance' })
    expect(simulator.balanceUsd()).toBeCloseTo(0.69, 5)
    await control('scenario', { name: 'no-balance' })
    expect((await call(simulator, '/v2/pods')).body.pods).toEqual([])
  })

  it('refuses nonsense, and forms of web pages', async () => {
    const { simulator } = await bench({ pods })
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
      expect((await call(simulator, `/_simulator/${what}`, { body })).status).toBe(400)
    }
    const form = await fetch(`${simulator.url}/_simulator/clear`, { method: 'POST', body: 'a=b' })
    expect(form.status).toBe(415)
  })

  it('is not there when it was not asked for', async () => {
    const { simulator } = await bench({ hasControlApi: false })
    expect((await call(simulator, '/_simulator/requests', { key: FULL_KEY })).status).toBe(404)
  })
})
