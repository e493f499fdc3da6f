import { afterEach, beforeEach, expect, test } from 'vitest'
import { createFeedFetcher } from '../../../src/providers/updates/fetch-release-feed'
import { startHttpServer, type TestServer, text } from '../../harness/http/http-server'
import { startSelfSignedServer } from '../../harness/http/self-signed-server'

let server: TestServer
beforeEach(async () => {
  server = await startHttpServer(text('{"feed":"…"}'))
})
afterEach(() => server.close())

const fetchFrom = (url: string, hosts: 'any' | 'loopback-only' = 'loopback-only') =>
  createFeedFetcher({ version: '0.1.0', url, hosts, proxyEnvironment: {} })()
const redirect = (location: string) => text('', { status: 302, headers: { location } })

test('the feed is read as it is, and asked for without anything about the person', async () => {
  expect(await fetchFrom(`${server.origin}/releases.json`)).toEqual({ ok: true, value: '{"feed":"…"}' })
  const [request] = server.requests
  expect(request).toMatchObject({ method: 'GET', path: '/releases.json', body: '' })
  expect(request?.headers['user-agent']).toBe('podkeeper/0.1.0')
  expect(request?.headers).not.toHaveProperty('cookie')
})

test('a redirect on the same host is followed', async () => {
  server.replyWith(({ path }) => (path === '/old' ? redirect('/new') : text('moved here')))
  expect(await fetchFrom(`${server.origin}/old`)).toEqual({ ok: true, value: 'moved here' })
})

test('a redirect to another host or port is never followed, not even one of this computer', async () => {
  const other = await startHttpServer(text('from elsewhere'))
  for (const location of [
    `${other.origin}/releases.json`,
    'https://releases.example/',
    '//other.example/x',
  ]) {
    server.reply(redirect(location))
    const read = await fetchFrom(`${server.origin}/releases.json`)
    expect(read).toMatchObject({
      ok: false,
      error: expect.stringMatching(/^127\.0\.0\.1:\d+ redirects to .*, where no update is looked for\.$/),
    })
  }
  expect(other.requests).toEqual([])
  await other.close()
})

test('a redirect in a circle ends', async () => {
  server.reply(redirect('/again'))
  expect(await fetchFrom(`${server.origin}/releases.json`)).toMatchObject({
    ok: false,
    error: expect.stringContaining('redirects without end'),
  })
  expect(server.requests).toHaveLength(4)
})

test('a server whose certificate nobody signed is sent nothing', async () => {
  const secure = await startSelfSignedServer()
  expect((await fetchFrom(`${secure.origin}/releases.json`)).ok).toBe(false)
  expect(secure.requests).toEqual([])
  await secure.close()
})

test.each([
  ['http://releases.example/releases.json', 'any'],
  ['https://releases.example/releases.json', 'loopback-only'],
  ['file:///etc/passwd', 'any'],
  ['', 'any'],
] as const)('nothing is asked of %s where hosts are %s', async (url, hosts) => {
  expect(await fetchFrom(url, hosts)).toMatchObject({ ok: false, error: expect.stringMatching(/\.$/) })
})

test('an error, a broken connection and a body without end are reported', async () => {
  server.reply(text('gone', { status: 404 }))
  expect(await fetchFrom(server.origin)).toMatchObject({
    error: expect.stringMatching(/answered HTTP 404\.$/),
  })
  server.reply({ kind: 'reset' })
  expect((await fetchFrom(server.origin)).ok).toBe(false)
  server.reply({ kind: 'endless', chunk: 'x'.repeat(65_536) })
  expect(await fetchFrom(server.origin)).toMatchObject({
    error: expect.stringMatching(/answered with too much\.$/),
  })
})
