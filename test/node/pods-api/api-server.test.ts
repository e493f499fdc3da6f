import { once } from 'node:events'
import { linkSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { get } from 'node:https'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { createEventLog, type NewApiEvent } from '../../../src/core/pods-api/api-event'
import { ApiUnavailable } from '../../../src/node/pods-api/api-server'
import { jsonHttp } from '../../../src/node/pods-api/http-reply'
import type { ListenAt } from '../../../src/node/pods-api/listen-at'
import { fakeBackend, startTestApiServer } from '../../harness/http/test-api-server'
import { listen, send, sendRaw, type SentRequest } from '../../harness/http/send-raw-request'

/* Requests as hostile programs and web pages send them, to the real server. */

const alert = (accountId: string | null, text: string): NewApiEvent => ({
  type: 'alert',
  accountId,
  data: { text },
})

test('health needs no token, and is for programs of this computer only', async () => {
  const started = await startTestApiServer()
  const health = { path: '/health', token: 'unknown' }
  const reply = await send(started, health)
  expect([reply.status, reply.body]).toEqual([
    200,
    { live: true, acting: true, reason: null, outdated: false },
  ])
  expect((await send(started, { ...health, method: 'POST' })).status).toBe(405)
  expect((await send(started, { ...health, headers: { origin: 'https://evil.example' } })).status).toBe(403)
  expect((await send(started, { ...health, headers: { host: 'evil.example' } })).status).toBe(403)
  expect((await send(started, { ...health, path: '/healthz' })).status).toBe(401)
})

test('with a certificate it is served encrypted only, still to tokens only, under the names that were given', async () => {
  const fixtures = resolve(import.meta.dirname, '../../fixtures/self-signed')
  const ca = readFileSync(join(fixtures, 'certificate.pem'))
  const tls = { certPath: join(fixtures, 'certificate.pem'), keyPath: join(fixtures, 'key.pem') }
  const { port } = await startTestApiServer({
    listenAt: { kind: 'address', host: '127.0.0.1', port: 0, tls },
    allowedHosts: ['pods.example.org'],
  })
  const ask = async (headers: Record<string, string>): Promise<number> => {
    const sent = get({
      host: '127.0.0.1',
      port,
      path: '/api/v1/labs',
      ca,
      servername: 'localhost',
      headers,
      agent: false,
    })
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    response.resume()
    return response.statusCode ?? 0
  }
  const authorization = 'Bearer reader'
  expect(await ask({ authorization })).toBe(200)
  expect(await ask({ authorization, host: 'pods.example.org' })).toBe(200)
  expect(await ask({ authorization, host: 'other.example.org' })).toBe(403)
  expect(await ask({ host: 'pods.example.org' })).toBe(401)
  await expect(send({ port }, { token: 'reader' })).rejects.toThrow()
})

describe('a web page', () => {
  test.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['its own origin', { origin: 'http://127.0.0.1:4780' }],
    ['a null origin', { origin: 'null' }],
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['the same site', { 'sec-fetch-site': 'same-origin' }],
    ['a name that was made to lead here', { host: 'rebind.evil.example' }],
    ['such a name with our port', { host: 'rebind.evil.example:4780' }],
    ['a name that begins like ours', { host: '127.0.0.1.evil.example' }],
    ['an address of the network', { host: '192.168.1.4:4780' }],
    ['an address of all', { host: '0.0.0.0' }],
  ])('with %s is refused, with a valid token too, and nothing is done', async (_what, headers) => {
    const started = await startTestApiServer()
    const sent = { method: 'POST', path: '/api/v1/pods/pod_a/stop', headers }
    expect(await send(started, sent)).toMatchObject({ status: 403, body: { error: { code: 'forbidden' } } })
    expect(started.acts).toEqual([])
  })

  test('gets no header that would let it read a reply', async () => {
    const started = await startTestApiServer()
    const preflight = await send(started, {
      method: 'OPTIONS',
      token: null,
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    })
    expect(preflight.status).toBe(403)
    expect(Object.keys(preflight.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
  })

  test.each(['127.0.0.1', '127.0.0.1:99', 'localhost:4780', '[::1]:4780'])(
    'is none where the host is this computer: %s',
    async (host) => expect((await send(await startTestApiServer(), { headers: { host } })).status).toBe(200),
  )
})

describe('a token', () => {
  test.each([
    [null, '/api/v1/labs'],
    ['wrong', '/api/v1/labs'],
    ['', '/api/v1/labs'],
    ['wrong', '/no/such/page'],
  ])('that is %j gives no rights', async (token, path) => {
    expect(await send(await startTestApiServer(), { token, path })).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': 'Bearer' },
    })
  })

  test('in the address or as a cookie is none', async () => {
    const started = await startTestApiServer()
    const sent = { token: null, path: '/api/v1/labs?token=writer', headers: { cookie: 'token=writer' } }
    expect((await send(started, sent)).status).toBe(401)
  })

  test.each([
    ['reader', 'POST', '/api/v1/pods/pod_a/stop', 403],
    ['reader', 'POST', '/api/v1/pods/pod_a/terminate', 403],
    ['reader', 'PATCH', '/api/v1/labs/lab/settings', 403],
    ['writer', 'POST', '/api/v1/pods/pod_a/terminate', 403],
    ['writer', 'POST', '/api/v1/pods/pod_a/stop', 200],
    ['ender', 'POST', '/api/v1/pods/pod_a/terminate', 200],
    ['ender', 'POST', '/api/v1/pods/pod_a/stop', 403],
    ['ender', 'GET', '/api/v1/pods/pod_a', 200],
  ] as const)('%s may or may not %s %s: %i', async (token, method, path, status) => {
    const started = await startTestApiServer()
    expect((await send(started, { token, method, path })).status).toBe(status)
    expect(started.acts).toHaveLength(status === 200 && method !== 'GET' ? 1 : 0)
  })

  test('for some pods is refused what is not limited to them: other routes, events and pages', async () => {
    const page = { acceptsPassword: false, reply: async () => jsonHttp({}) }
    const started = await startTestApiServer({
      pages: { '/metrics': page, '/docs': { ...page, isForSomePods: true } },
    })
    const statusOf = async (token: string, path: string, method = 'GET'): Promise<number> =>
      (await send(started, { token, path, method })).status
    for (const path of [
      'costs?labId=lab1',
      'activity?labId=lab1',
      'experiments?labId=lab1',
      'pods/costs?labId=lab1',
      'events',
    ])
      expect([path, await statusOf('alice', `/api/v1/${path}`)]).toEqual([path, 403])
    expect(await statusOf('alice', '/metrics')).toBe(403)
    expect(await statusOf('alice', '/docs')).toBe(200)
    for (const path of ['pods', 'experiments', 'experiments/x/cancel'])
      expect([path, await statusOf('alice', `/api/v1/${path}`, 'POST')]).toEqual([path, 403])
    expect(await statusOf('alice', '/api/v1/labs/lab/settings', 'PATCH')).toBe(403)
    expect(started.acts).toEqual([])
    expect(await statusOf('alice', '/api/v1/pods?labId=lab1')).toBe(200)
    expect(await statusOf('alice', '/api/v1/pods/pod_a/stop', 'POST')).toBe(200)
    expect(await statusOf('reader', '/metrics')).toBe(200)
    expect(await statusOf('reader', '/api/v1/costs?labId=lab1')).toBe(200)
  })

  test('that is refused is reported with the reason, and one that may do what it asks for is not', async () => {
    const refused: unknown[] = []
    const started = await startTestApiServer({ onRefused: (name, why) => refused.push([name, why]) })
    await send(started, { token: 'unknown' })
    await send(started, { token: 'reader', method: 'POST', path: '/api/v1/pods/pod_a/stop' })
    await send(started, { token: 'alice', path: '/api/v1/events' })
    await send(started, { token: 'reader', headers: { origin: 'https://evil.example' } })
    await send(started, { token: 'reader' })
    await send(started, { token: 'reader', path: '/health' })
    expect(refused).toEqual([
      [null, 'token'],
      ['reader', 'rights'],
      ['alice', 'rights'],
      [null, 'origin'],
    ])
  })

  test('that is revoked counts no more, neither with the next request nor with the next event of a stream', async () => {
    const events = createEventLog('run1')
    const started = await startTestApiServer({ events })
    const stream = listen(started, 'writer')
    await expect.poll(() => stream.text()).toContain('event: ready')
    events.add([alert('a', 'before')])
    await expect.poll(() => stream.text()).toContain('before')
    started.revoked.add('writer')
    events.add([alert('a', 'after'), alert('a', 'later')])
    await stream.ended
    expect(stream.text()).not.toMatch(/after|later/)
    expect((await send(started)).status).toBe(401)
  })

  test('gets the events of its accounts only, and of all together only where it is for all', async () => {
    const events = createEventLog('run1')
    const started = await startTestApiServer({ events })
    const [limited, reader] = [listen(started, 'limited'), listen(started, 'reader')]
    for (const { text } of [limited, reader]) await expect.poll(() => text()).toContain('event: ready')
    events.add([alert('b', 'of another'), alert(null, 'of all'), alert('a', 'of its own')])
    await expect.poll(() => limited.text()).toContain('of its own')
    await expect.poll(() => reader.text()).toMatch(/of another[^]*of all[^]*of its own/)
    expect(limited.text()).not.toMatch(/of another|of all/)
  })
})

describe('a hostile request', () => {
  test('with a body that is too large is a 413, and nothing is done', async () => {
    const started = await startTestApiServer({ limits: { bodyBytes: 1_000 } })
    const sent = { method: 'POST', path: '/api/v1/pods', headers: { 'content-type': 'application/json' } }
    // The second one comes in many pieces, most of which are not read.
    for (const chars of [2_000, 4_000_000])
      expect(await send(started, { ...sent, body: `{"a":"${'x'.repeat(chars)}"}` })).toMatchObject({
        status: 413,
        body: { error: { code: 'content_too_large' } },
      })
    expect(started.acts).toEqual([])
  })

  test('that is slow is ended', async () => {
    const { port, acts } = await startTestApiServer({ limits: { headersMs: 300, requestMs: 600 } })
    const head =
      'POST /api/v1/pods/pod_a/stop HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer writer\r\n'
    const documented = /^HTTP\/1\.1 408 [^]*content-type: application\/json[^]*"request_timeout"/i
    expect(await sendRaw(port, 'GET /api/v1/labs HTTP/1.1\r\nHost: 127.0')).toMatch(documented)
    expect(await sendRaw(port, `${head}Content-Length: 100\r\n\r\n{`)).toMatch(documented)
    expect(acts).toEqual([])
  })

  test.each([
    ['no HTTP at all', 'hello\r\n\r\n', /^HTTP\/1\.1 400 [^]*"bad_request"/],
    ['no host', 'GET /api/v1/labs HTTP/1.1\r\nConnection: close\r\n\r\n', /^HTTP\/1\.1 400/],
    [
      'two lengths',
      'POST /api/v1/pods/pod_a/stop HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer writer\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      /^HTTP\/1\.1 400/,
    ],
    [
      'headers that are too large',
      `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nA: ${'x'.repeat(20_000)}\r\n\r\n`,
      /^HTTP\/1\.1 431 [^]*"headers_too_large"/,
    ],
  ])('with %s is refused by the parser', async (_what, text, pattern) => {
    const { port, acts } = await startTestApiServer()
    expect(await sendRaw(port, text)).toMatch(pattern)
    expect(acts).toEqual([])
  })

  test.each([
    '/api/v1/pods/%E0%A4%A',
    '/api/v1/pods/..%2f..',
    '/api/v1/__proto__',
    '//api/v1/labs',
    '/api/v1/labs/',
  ])('for %s is a 404 with an error of the API', async (path) => {
    const { status, body } = await send(await startTestApiServer(), { path })
    expect([status, body.error.code]).toEqual([404, 'not_found'])
  })

  test.each(['DELETE', 'PUT', 'HEAD', 'TRACE'])('with the method %s is a 405', async (method) => {
    const reply = await send(await startTestApiServer(), { method })
    expect([reply.status, reply.headers['allow']]).toEqual([405, 'GET'])
  })

  test('with another type of body is a 415, since a form of a page could send it', async () => {
    const started = await startTestApiServer()
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', ''])
      expect(
        (
          await send(started, {
            method: 'POST',
            path: '/api/v1/pods',
            headers: { 'content-type': type },
            body: '{}',
          })
        ).status,
      ).toBe(415)
  })
})

describe('requests of a token', () => {
  test('are limited, and say so, each token by itself', async () => {
    const started = await startTestApiServer({ limits: { requestsPerMinute: 3 } })
    const remaining: unknown[] = []
    for (let count = 0; count < 3; count += 1)
      remaining.push((await send(started)).headers['x-ratelimit-remaining'])
    expect(remaining).toEqual(['2', '1', '0'])
    const refused = await send(started)
    expect(refused).toMatchObject({ status: 429, body: { error: { code: 'rate_limited' } } })
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    expect((await send(started, { token: 'reader' })).status).toBe(200)
  })

  test('that fail because nothing is known of an account are a 503, and other faults a 500 without details', async () => {
    const unavailable = await startTestApiServer({
      backendFor: () => Promise.reject(new ApiUnavailable('No program watches')),
    })
    expect(await send(unavailable)).toMatchObject({
      status: 503,
      body: { error: { message: 'No program watches' } },
    })
    const reports: string[] = []
    const broken = await startTestApiServer({
      backendFor: () => Promise.reject(new Error('a secret of the inside')),
      report: (what) => reports.push(what),
    })
    const reply = await send(broken)
    expect([reply.status, JSON.stringify(reply.body)]).toEqual([500, expect.not.stringContaining('secret')])
    expect(reports).toHaveLength(1)
  })
})

describe('an Idempotency-Key', () => {
  const stop = (key: string): SentRequest => ({
    method: 'POST',
    path: '/api/v1/pods/pod_a/stop',
    headers: { 'idempotency-key': key },
  })

  test('lets a write be done once, however often it is sent', async () => {
    const started = await startTestApiServer()
    const first = await send(started, stop('k1'))
    const again = await send(started, stop('k1'))
    expect(started.acts).toEqual(['stop'])
    expect(again).toMatchObject({ status: first.status, body: first.body })
    expect(again.headers['idempotency-replayed']).toBe('true')
    expect((await send(started, stop('k2'))).status).toBe(200)
    expect(started.acts).toEqual(['stop', 'stop'])
  })

  test('of another request is a 422, and of another token another key', async () => {
    const started = await startTestApiServer()
    await send(started, stop('k1'))
    expect((await send(started, { ...stop('k1'), path: '/api/v1/pods/pod_a/start' })).status).toBe(422)
    expect(
      (await send(started, { ...stop('k1'), token: 'ender', path: '/api/v1/pods/pod_a/terminate' })).status,
    ).toBe(200)
    expect(started.acts).toEqual(['stop', 'terminate'])
  })

  test('of a request that is under way is a 409', async () => {
    const finishes: (() => void)[] = []
    const backend = fakeBackend([])
    const held = {
      ...backend,
      act: () =>
        new Promise<never>((_resolve, reject) => void finishes.push(() => reject(new ApiUnavailable('x')))),
    }
    const started = await startTestApiServer({ backendFor: () => Promise.resolve(held) })
    const first = send(started, stop('k1'))
    await vi.waitFor(() => expect(finishes).toHaveLength(1))
    expect((await send(started, stop('k1'))).status).toBe(409)
    finishes[0]?.()
    expect((await first).status).toBe(503)
  })

  test('is free again where nothing was done and the reply says when to try again', async () => {
    const acts: string[] = []
    const backend = fakeBackend(acts)
    const busy = {
      ok: false,
      refusal: { status: 429, message: 'Too many', mayRetry: true },
    } as const
    const results = [
      () => Promise.reject(new ApiUnavailable('No program watches')),
      () => Promise.resolve({ ...backend, act: () => busy }),
    ]
    const started = await startTestApiServer({
      backendFor: () => results.shift()?.() ?? Promise.resolve(backend),
    })
    for (const status of [503, 429]) {
      const refused = await send(started, stop('k1'))
      expect([refused.status, refused.headers['retry-after']]).toEqual([status, '5'])
    }
    expect(await send(started, stop('k1'))).toMatchObject({ status: 200 })
    expect((await send(started, stop('k1'))).headers['idempotency-replayed']).toBe('true')
    expect(acts).toEqual(['stop'])
  })

  test('keeps a reply after which nobody knows what was done', async () => {
    const lost = { ok: false, refusal: { status: 503, message: 'It is not known' } } as const
    const act = vi.fn(() => lost)
    const started = await startTestApiServer({
      backendFor: () => Promise.resolve({ ...fakeBackend([]), act }),
    })
    const replies = [await send(started, stop('k1')), await send(started, stop('k1'))]
    expect(replies.map(({ status, headers }) => [status, headers['retry-after']])).toEqual([
      [503, undefined],
      [503, undefined],
    ])
    expect(act).toHaveBeenCalledTimes(1)
  })

  test.each(['', 'a b', 'ü', 'x'.repeat(201)])('that is %j is a 400', async (key) => {
    const started = await startTestApiServer()
    expect((await send(started, stop(key))).status).toBe(400)
    expect(started.acts).toEqual([])
  })
})

test('a Unix socket is for this user only, and checks pages all the same', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'podkeeper-api-')), 'api.sock')
  const listenAt: ListenAt = { kind: 'socket', path }
  const started = await startTestApiServer({ listenAt })
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect((await send(started, { socketPath: path })).status).toBe(200)
  expect(
    (await send(started, { socketPath: path, headers: { origin: 'https://evil.example' } })).status,
  ).toBe(403)
})

test('a Unix socket that a killed program left is replaced, and nothing else that has its name', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-api-'))
  const [path, other] = [join(folder, 'api.sock'), join(folder, 'other.sock')]
  const killed = createServer().listen(other)
  await once(killed, 'listening')
  linkSync(other, path)
  await expect(startTestApiServer({ listenAt: { kind: 'socket', path } })).rejects.toThrow('EADDRINUSE')
  killed.close()
  await once(killed, 'close')
  const started = await startTestApiServer({ listenAt: { kind: 'socket', path } })
  expect((await send(started, { socketPath: path })).status).toBe(200)
  const file = join(folder, 'notes.txt')
  writeFileSync(file, 'mine')
  await expect(startTestApiServer({ listenAt: { kind: 'socket', path: file } })).rejects.toThrow('EADDRINUSE')
  expect(readFileSync(file, 'utf8')).toBe('mine')
})

test('a connection that cannot be taken is reported, and ends nothing', async () => {
  const report = vi.fn()
  const started = await startTestApiServer({ report })
  started.server.emit('error', new Error('EMFILE: too many open files'))
  expect(report).toHaveBeenCalledTimes(1)
  expect((await send(started)).status).toBe(200)
})
