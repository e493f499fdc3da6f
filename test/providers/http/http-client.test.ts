import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ProviderError } from '../../../src/core/pods/provider'
import type { Result } from '../../../src/core/base/result'
import { createHttpClient, type HttpClientOptions } from '../../../src/providers/http/http-client'
import { freePort } from '../../harness/base/free-port'
import {
  json,
  problem,
  type ScriptedReply,
  startHttpServer,
  type TestServer,
  text,
} from '../../harness/http/http-server'
import { createManualClock } from '../../harness/base/manual-clock'

const apiKey = 'rpa_TESTKEY0123456789'
let server: TestServer
let clock: ReturnType<typeof createManualClock>

beforeEach(async () => {
  server = await startHttpServer(json({ fine: true }))
  clock = createManualClock()
})
afterEach(() => server.close())

function connect(more: Partial<HttpClientOptions> = {}) {
  const http = createHttpClient({
    apiKey,
    version: '1.2.3',
    now: clock.now,
    random: () => 0.5,
    sleep: clock.sleep,
    ...more,
  })
  return {
    ...http,
    get: (maxMs?: number) => http.read({ method: 'GET', url: `${server.origin}/x` }, maxMs),
    post: () => http.write({ method: 'POST', url: `${server.origin}/x`, json: { action: 'stop' } }),
  }
}

function errorOf(result: Result<unknown, ProviderError>): ProviderError {
  if (result.ok) throw new Error('expected an error')
  return result.error
}

const page = (
  status: number,
  headers: Record<string, string> = { 'content-type': 'text/html' },
): ScriptedReply => text('<!doctype html><title>Access denied</title>', { status, headers })

describe('a request', () => {
  it('carries the key in one header and the name of the app in another', async () => {
    expect(await connect().get()).toEqual({ ok: true, value: { fine: true } })
    const { headers, path, method } = server.requests[0]!
    expect(method).toBe('GET')
    expect(path).toBe('/x')
    expect(headers.authorization).toBe(`Bearer ${apiKey}`)
    expect(headers['user-agent']).toBe('podkeeper/1.2.3')
    expect(headers.accept).toBe('application/json')
  })

  it('has no key header if there is no key', async () => {
    await connect({ apiKey: '' }).get()
    expect(server.requests[0]!.headers.authorization).toBeUndefined()
  })

  it('is not sent with a key that is not allowed in a header, and the key is not exposed', async () => {
    const client = connect({ apiKey: 'rpa_\nSECRET' })
    for (const result of [await client.get(), await client.post()]) {
      expect(errorOf(result).kind).toBe('unauthorized')
      expect(JSON.stringify(result)).not.toContain('SECRET')
    }
    expect(server.requests).toHaveLength(0)
  })

  it('has a JSON body of known length', async () => {
    await connect().post()
    const { headers, body } = server.requests[0]!
    expect(body).toBe('{"action":"stop"}')
    expect(headers['content-type']).toBe('application/json')
    expect(headers['content-length']).toBe('17')
    expect(headers['transfer-encoding']).toBeUndefined()
  })
})

describe('an error of the API', () => {
  it.each([
    [400, 'invalid'],
    [401, 'unauthorized'],
    [402, 'no-balance'],
    [403, 'forbidden'],
    [404, 'not-found'],
    [405, 'invalid'],
    [408, 'unreachable'],
    [409, 'conflict'],
    [410, 'gone'],
    [422, 'invalid'],
    [429, 'rate-limited'],
    [500, 'unreachable'],
    [503, 'unreachable'],
  ])('with status %i is %s, with its own message', async (status, kind) => {
    server.reply(problem(status, 'no luck', { 'x-request-id': 'req-7' }))
    const error = errorOf(await connect().post())
    expect(error).toMatchObject({ kind, status, message: 'Problem: no luck', requestId: 'req-7' })
    expect(error.retryAfterMs).toBe(status === 429 ? 60_000 : null)
  })

  it('without a message gets ours', async () => {
    server.reply(text('', { status: 401 }))
    const error = errorOf(await connect().get())
    expect(error.kind).toBe('unauthorized')
    expect(error.message).toContain('does not accept the key')
  })

  it('contains each part once', async () => {
    server.reply(
      json({ title: 'Bad', detail: 'Bad', errors: ['$.a: wrong', '$.b: wrong', 7] }, { status: 422 }),
    )
    expect(errorOf(await connect().get()).message).toBe('Bad; $.a: wrong; $.b: wrong')
  })

  it('is limited in length and has one line of visible characters', async () => {
    server.reply(problem(409, `a\u0000b\r\n\u202Ec${'x'.repeat(2_000)}`))
    const { message } = errorOf(await connect().get())
    expect(message).toMatch(/^Problem: ab cx+$/)
    expect(message).toHaveLength(300)
  })

  it('never exposes the key, even if the server echoes it', async () => {
    server.reply(problem(401, `no such key: ${apiKey}`, { 'x-request-id': `id-${apiKey}` }))
    const result = await connect().get()
    expect(JSON.stringify(result)).not.toContain(apiKey)
    expect(errorOf(result).message).toContain('[key]')
  })
})

describe('a response that is not from the API', () => {
  it.each([200, 401, 403, 404, 409, 422])(
    'is unreadable if it is a web page with status %i',
    async (status) => {
      server.reply(page(status))
      expect(errorOf(await connect().get()).kind).toBe('unreadable')
      expect(server.requests).toHaveLength(1)
    },
  )

  it.each([
    ['type', text('Denied', { status: 403, headers: { 'content-type': 'Text/HTML; charset=utf-8' } })],
    ['first character', page(403, { 'content-type': 'application/json' })],
    ['first character after spaces', text('\uFEFF\n <html>', { status: 401 })],
  ])('is recognized as a web page by its %s', async (_how, reply) => {
    server.reply(reply)
    expect(errorOf(await connect().get())).toMatchObject({ kind: 'unreadable', status: expect.any(Number) })
  })

  it.each([
    ['no JSON', text('OK')],
    ['half of some JSON', text('{"pods": [')],
    ['nothing', text('')],
    ['spaces', text(' \n')],
    ['words with a 403', text('Denied by policy', { status: 403 })],
    ['words with a 404', text('404 page not found', { status: 404 })],
    ['a list with a 401', json([], { status: 401 })],
    ['a server that says it is another one', problem(421, 'misdirected')],
    ['a body that breaks off', { kind: 'half', status: 200, body: '{"pods": []}' } as ScriptedReply],
    ['an error that breaks off', { kind: 'half', status: 404, body: '{"title": "gone"}' } as ScriptedReply],
  ])('is unreadable: %s', async (_what, reply) => {
    server.reply(reply)
    for (const send of ['get', 'post'] as const) {
      expect(errorOf(await connect()[send]()).kind).toBe('unreadable')
    }
    expect(server.requests.filter(({ method }) => method === 'POST')).toHaveLength(1)
  })

  it('is not read beyond 16 MB', async () => {
    server.reply({ kind: 'endless', chunk: ' '.repeat(256 * 1024) })
    const error = errorOf(await connect().get())
    expect(error.kind).toBe('unreadable')
    expect(error.message).toContain('16 MB')
    expect(server.sentBytes()).toBeLessThan(64 * 1024 * 1024)
  })

  it('is read if it is long but below that limit', async () => {
    const long = 'x'.repeat(15 * 1024 * 1024)
    server.reply(json({ long }))
    expect(await connect().get()).toEqual({ ok: true, value: { long } })
  })

  it('can be empty if the status implies it', async () => {
    server.reply(text('', { status: 204 }))
    expect(await connect().post()).toEqual({ ok: true, value: undefined })
  })
})

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])(
    'with status %i to another host is never followed with the key',
    async (status) => {
      const elsewhere = await startHttpServer(json({ stolen: true }))
      server.reply(text('', { status, headers: { location: `${elsewhere.origin}/x?a=${apiKey}` } }))
      for (const send of ['get', 'post'] as const) {
        const error = errorOf(await connect()[send]())
        expect(error).toMatchObject({ kind: 'unreadable', status })
        expect(error.message).toContain(new URL(elsewhere.origin).host)
        expect(error.message).not.toContain(apiKey)
      }
      expect(elsewhere.requests).toHaveLength(0)
      expect(server.requests).toHaveLength(2)
      await elsewhere.close()
    },
  )

  it('to the same host is not followed either', async () => {
    server.reply(text('', { status: 307, headers: { location: '/y' } }), json({}))
    expect(errorOf(await connect().get()).kind).toBe('unreadable')
    expect(server.requests).toHaveLength(1)
  })

  it('without a target is unreadable', async () => {
    server.reply(text('', { status: 302, headers: { location: 'http://' } }))
    expect(errorOf(await connect().get()).kind).toBe('unreadable')
  })
})

describe('a read', () => {
  it.each<[string, ScriptedReply]>([
    ['a connection that breaks', { kind: 'reset' }],
    ['a 408', problem(408, 'slow')],
    ['a 500', problem(500, 'oh')],
    ['the page of a gateway', page(502)],
  ])('is retried after %s', async (_what, reply) => {
    server.reply(reply, json({ fine: true }))
    expect(await connect().get()).toEqual({ ok: true, value: { fine: true } })
    expect(clock.slept).toEqual([500])
  })

  it('is tried three times and then fails', async () => {
    server.reply(problem(503, 'down'))
    expect(errorOf(await connect().get()).kind).toBe('unreachable')
    expect(server.requests).toHaveLength(3)
    expect(clock.slept).toEqual([500, 1_000])
  })

  it.each([400, 401, 403, 404, 409, 422])('is not retried after a %i', async (status) => {
    server.reply(problem(status, 'no'))
    await connect().get()
    expect(server.requests).toHaveLength(1)
  })

  it('waits as long as the server asks if that fits the deadline', async () => {
    server.reply(problem(429, 'slow down', { 'retry-after': '5' }), json({ fine: true }))
    expect((await connect().get()).ok).toBe(true)
    expect(clock.slept).toEqual([5_000])
  })

  it('fails at once if the wait is too long, and says how long it is', async () => {
    server.reply(problem(429, 'slow down', { 'retry-after': '25' }))
    expect(errorOf(await connect().get())).toMatchObject({ kind: 'rate-limited', retryAfterMs: 25_000 })
    expect(server.requests).toHaveLength(1)
    expect(clock.slept).toEqual([])
  })

  it('is not retried early if a 503 asks for a pause', async () => {
    server.reply(problem(503, 'maintenance', { 'retry-after': '600' }))
    expect(errorOf(await connect().get())).toMatchObject({ kind: 'unreachable', retryAfterMs: null })
    expect(server.requests).toHaveLength(1)
  })

  it('ends within the time that the caller has left', async () => {
    server.reply(problem(503, 'down'))
    await connect().get(700)
    expect(server.requests).toHaveLength(2)
  })

  it.each<[string, ScriptedReply]>([
    ['does not answer', { kind: 'hang' }],
    ['stops in the middle', { kind: 'stall', body: '{"pods": []}' }],
    ['answers drop by drop', { kind: 'drip', body: '{"pods": []}'.repeat(50), everyMs: 15 }],
  ])('ends at its deadline when the server %s', async (_what, reply) => {
    server.reply(reply)
    const reads: unknown[] = []
    const client = connect({ deadlineMs: 300, onRead: (request) => reads.push(request) })
    expect(errorOf(await client.post()).kind).toBe('unreachable')
    const error = errorOf(await client.get())
    expect(error.kind).toBe('unreachable')
    expect(error.message).toContain('did not answer in time')
    // On a busy machine a deadline may be over before the server has the request.
    expect(reads).toHaveLength(3)
  })

  it('is unreachable when nobody listens', async () => {
    const url = `http://127.0.0.1:${await freePort()}/x`
    const error = errorOf(await connect().read({ method: 'GET', url }))
    expect(error).toMatchObject({ kind: 'unreachable', status: null })
    expect(error.message).toContain('ECONNREFUSED')
  })

  it('ends as unreachable when reads are aborted, and is not retried', async () => {
    server.reply({ kind: 'hang' })
    const client = connect()
    const result = client.get()
    await server.received(1)
    client.abortReads()
    expect(errorOf(await result).kind).toBe('unreachable')
    expect(server.requests).toHaveLength(1)
  })

  it('ends as unreachable when it is aborted while reading the body', async () => {
    server.reply({ kind: 'stall', body: '{"pods": []}' })
    const client = connect()
    const result = client.get()
    await server.received(1)
    client.abortReads()
    expect(errorOf(await result).kind).toBe('unreachable')
  })

  it('ends when it is aborted while waiting to be retried', async () => {
    server.reply(problem(503, 'down'))
    const client = connect({ sleep: async () => client.abortReads() })
    expect(errorOf(await client.get()).kind).toBe('unreachable')
    expect(server.requests).toHaveLength(1)
  })

  it('can be sent after an abort', async () => {
    const client = connect()
    client.abortReads()
    expect((await client.get()).ok).toBe(true)
  })
})

describe('a server that answers every request with a 429', () => {
  const PAST = 'Tue, 24 Nov 2026 11:00:00 GMT'

  it.each(['0', PAST])('is asked more and more rarely if it says Retry-After: %s', async (retryAfter) => {
    server.reply(problem(429, 'slow down', { 'retry-after': retryAfter }))
    const client = connect({ random: () => 0 })
    const since = clock.now().monotonicMs
    const waitsMs: (number | null)[] = []
    while (clock.now().monotonicMs - since < 120_000) {
      const { retryAfterMs } = errorOf(await client.get())
      waitsMs.push(retryAfterMs)
      clock.advance(retryAfterMs ?? 0)
    }
    expect(server.requests).toHaveLength(7)
    expect(waitsMs.at(-1)).toBe(60_000)
  })

  it('gets an action no sooner than a second after the one before', async () => {
    server.reply(problem(429, 'slow down', { 'retry-after': '0' }))
    const client = connect({ random: () => 0 })
    expect(errorOf(await client.post()).retryAfterMs).toBe(1_000)
    expect(errorOf(await client.post()).retryAfterMs).toBe(1_000)
    expect(server.requests).toHaveLength(1)
    clock.advance(1_000)
    expect(errorOf(await client.post()).retryAfterMs).toBe(2_000)
  })

  it('does not slow down for requests that were refused at the same time, or after it answered one', async () => {
    server.reply(problem(429, 'slow down', { 'retry-after': '0' }))
    const client = connect({ random: () => 0 })
    const answers = await Promise.all([client.post(), client.post(), client.post()])
    expect(answers.map((answer) => errorOf(answer).retryAfterMs)).toEqual([1_000, 1_000, 1_000])
    clock.advance(1_000)
    server.reply(json({ fine: true }), problem(429, 'slow down', { 'retry-after': '0' }))
    expect((await client.post()).ok).toBe(true)
    expect(errorOf(await client.post()).retryAfterMs).toBe(1_000)
  })
})

describe('a write', () => {
  it.each<[string, ScriptedReply]>([
    ['a connection that breaks', { kind: 'reset' }],
    ['half an answer', { kind: 'half', status: 200, body: '{"id": "a"}' }],
    ['a 408', problem(408, 'slow')],
    // fetch would otherwise send it a second time.
    ['a 421', problem(421, 'misdirected')],
    ['a 429', problem(429, 'slow down', { 'retry-after': '1' })],
    ['a 500', problem(500, 'oh')],
    ['a 503 that names a time', problem(503, 'oh', { 'retry-after': '0' })],
  ])('is sent exactly once, even after %s', async (_what, reply) => {
    server.reply(reply)
    expect((await connect().post()).ok).toBe(false)
    expect(server.requests).toHaveLength(1)
    expect(clock.slept).toEqual([])
  })

  it('is unreachable after a 5xx that breaks off, because it may have taken effect', async () => {
    server.reply({ kind: 'half', status: 502, body: '{"title": "oh"}' })
    expect(errorOf(await connect().post()).kind).toBe('unreachable')
  })

  it('continues when reads are aborted', async () => {
    server.reply({ kind: 'drip', body: '{"fine": true}', everyMs: 5 })
    const client = connect()
    const result = client.post()
    await server.received(1)
    client.abortReads()
    expect(await result).toEqual({ ok: true, value: { fine: true } })
  })

  it('is not sent while the server has asked for a pause, and says how long that is', async () => {
    const client = connect()
    server.reply(problem(429, 'slow down', { 'retry-after': '30' }), json({ fine: true }))
    await client.get()
    clock.advance(10_000)
    expect(errorOf(await client.post())).toMatchObject({ kind: 'rate-limited', retryAfterMs: 20_000 })
    expect(server.requests).toHaveLength(1)
    clock.advance(20_000)
    expect((await client.post()).ok).toBe(true)
  })

  it('is sent even if our share of the quota is used up', async () => {
    server.reply(json({}, { headers: { ratelimit: '"minute";r=0;t=60' } }))
    const client = connect()
    await client.get()
    expect(errorOf(await client.get()).kind).toBe('rate-limited')
    expect((await client.post()).ok).toBe(true)
  })
})

describe('the quota of an HTTP client', () => {
  const limits = (ratelimit: string) => json({}, { headers: { ratelimit } })

  it('blocks reads once half of a window is used, and allows them at its reset', async () => {
    server.reply(limits('"minute";r=5;t=30'))
    const client = connect()
    for (let i = 0; i < 3; i++) expect((await client.get()).ok).toBe(true)
    expect(errorOf(await client.get())).toMatchObject({
      kind: 'rate-limited',
      retryAfterMs: 31_000,
      status: null,
    })
    expect(server.requests).toHaveLength(3)
    clock.advance(31_000)
    expect((await client.get()).ok).toBe(true)
  })

  it('includes failed attempts', async () => {
    const client = connect()
    server.reply(limits('"minute";r=4;t=60'), problem(503, 'down'))
    await client.get()
    await client.get()
    expect(server.requests).toHaveLength(3)
    expect(errorOf(await client.get()).kind).toBe('rate-limited')
  })

  it('is reset after the machine slept, although the monotonic clock was paused', async () => {
    server.reply(limits('"minute";r=0;t=60'))
    const client = connect()
    await client.get()
    clock.suspend(61_000)
    expect((await client.get()).ok).toBe(true)
  })

  it('sets the spacing of reads by its tightest window', async () => {
    const client = connect()
    expect(client.readSpacingMs()).toBe(0)
    server.reply(limits('"minute";r=200;t=59, "hour";r=20;t=3599'))
    await client.get()
    expect(client.readSpacingMs()).toBe(360_000)
  })

  it('applies to this client only', async () => {
    server.reply(limits('"minute";r=0;t=60'))
    await connect().get()
    expect((await connect().get()).ok).toBe(true)
  })

  it("is paused if a gateway's page asks for it", async () => {
    server.reply(text('<html>', { status: 429, headers: { 'retry-after': '120' } }))
    const client = connect()
    expect(errorOf(await client.get()).kind).toBe('unreadable')
    expect(errorOf(await client.get())).toMatchObject({ kind: 'rate-limited', retryAfterMs: 120_000 })
  })
})

describe('the time of the server', () => {
  const date = 'Tue, 24 Nov 2026 14:05:00 GMT'

  it('is that of the last successful reply, and when that was received', async () => {
    const client = connect()
    expect(client.serverTime()).toBeNull()
    server.reply(json({ fine: true }, { headers: { date } }))
    const receivedAt = clock.now()
    await client.get()
    expect(client.serverTime()).toEqual({ atMs: Date.UTC(2026, 10, 24, 14, 5), receivedAt })
  })

  it('is not taken from a reply that is not the API’s, or has no readable date', async () => {
    const client = connect()
    server.reply(
      page(200, { 'content-type': 'text/html', date }),
      page(403, { 'content-type': 'text/html', date }),
      json({ fine: true }, { headers: { date: 'soon' } }),
    )
    for (let request = 0; request < 3; request++) await client.get()
    expect(client.serverTime()).toBeNull()
  })
})
