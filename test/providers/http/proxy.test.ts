import { describe, expect, onTestFinished, test } from 'vitest'
import { createHttpClient } from '../../../src/providers/http/http-client'
import { type ProxyEnvironment, proxyFor, proxySecrets } from '../../../src/providers/http/proxy'
import { type ConnectProxy, startConnectProxy, startTlsFront } from '../../harness/http/connect-proxy'
import { freePort } from '../../harness/base/free-port'
import { startHttpServer, json } from '../../harness/http/http-server'
import { createManualClock } from '../../harness/base/manual-clock'

const API = new URL('https://api.runpod.io/v2/pods')

/** The proxy's name, "direct", or the problem. */
function chosen(env: ProxyEnvironment, url = API): string {
  const proxy = proxyFor(url, env)
  return proxy.ok ? (proxy.value?.name ?? 'direct') : proxy.error
}

describe('the proxy of a request', () => {
  test('is the one for its protocol, in either case, the lower one first', () => {
    expect(chosen({ HTTPS_PROXY: 'http://a.example:3128' })).toBe('a.example:3128')
    expect(chosen({ https_proxy: 'http://b.example', HTTPS_PROXY: 'http://a.example:3128' })).toBe(
      'b.example:80',
    )
    expect(chosen({ HTTP_PROXY: 'http://a.example:3128' })).toBe('direct')
    expect(chosen({ HTTP_PROXY: 'http://a.example:3128' }, new URL('http://api.example/'))).toBe(
      'a.example:3128',
    )
    expect(chosen({ HTTPS_PROXY: '' })).toBe('direct')
    expect(chosen({})).toBe('direct')
  })

  test('may be given without a protocol, by https, and by an IPv6 address', () => {
    expect(chosen({ HTTPS_PROXY: 'proxy.example:3128' })).toBe('proxy.example:3128')
    expect(chosen({ HTTPS_PROXY: 'https://proxy.example' })).toBe('proxy.example:443')
    expect(chosen({ HTTPS_PROXY: 'http://[2001:db8::1]:8080/' })).toBe('[2001:db8::1]:8080')
  })

  test.each(['localhost', '127.0.0.1', '127.9.8.7', '[::1]'])('is none for %s, whatever is set', (host) => {
    for (const protocol of ['http', 'https'])
      expect(
        chosen(
          { HTTPS_PROXY: 'socks5://x', HTTP_PROXY: '::', NO_PROXY: '' },
          new URL(`${protocol}://${host}:1/`),
        ),
      ).toBe('direct')
  })

  test.each([
    ['*', true],
    ['api.runpod.io', true],
    ['API.Runpod.io', true],
    ['runpod.io', true],
    ['.runpod.io', true],
    ['*.runpod.io', true],
    ['other.example, runpod.io', true],
    ['other.example runpod.io:443', true],
    ['runpod.io:8443', false],
    ['unpod.io', false],
    ['api.runpod.io.example', false],
    [',', false],
    ['', false],
  ])('is none for api.runpod.io with NO_PROXY=%s: %s', (NO_PROXY, isDirect) => {
    expect(chosen({ HTTPS_PROXY: 'http://a.example:3128', NO_PROXY })).toBe(
      isDirect ? 'direct' : 'a.example:3128',
    )
  })

  test.each([
    'socks5://proxy.example:1080',
    'ftp://proxy.example',
    'http://',
    'http://proxy.example:99999',
    'http://user:pass%zz@proxy.example',
    'not a proxy',
    ':3128',
    'http://[::1',
  ])('is a clear error, which does not quote the variable, with %s', (value) => {
    expect(chosen({ HTTPS_PROXY: value })).toBe(
      'HTTPS_PROXY is not a valid proxy address. Use one such as http://proxy.example:3128.',
    )
  })
})

test('passwords of proxies are known as they stand in the variables and decoded, to be hidden', () => {
  const secrets = proxySecrets({
    HTTPS_PROXY: 'http://me:p%40ss@proxy.example:3128',
    http_proxy: 'me:other-pass@proxy.example',
    HTTP_PROXY: 'http://proxy.example',
  })
  expect(secrets).toEqual(expect.arrayContaining(['p%40ss', 'p@ss', 'other-pass', 'me:p%40ss']))
  expect(proxySecrets({})).toEqual([])
})

/** A client whose every request to another computer goes to the proxy. */
function clientWith(env: ProxyEnvironment, deadlineMs = 5_000) {
  const clock = createManualClock()
  return createHttpClient({
    apiKey: 'rpa_TESTKEY0123456789',
    version: '1.2.3',
    proxyEnvironment: env,
    now: clock.now,
    random: () => 0.5,
    sleep: clock.sleep,
    deadlineMs,
  })
}

const HOST = 'api.runpod.test'

async function failureThrough(proxy: ConnectProxy, env: ProxyEnvironment = {}, deadlineMs = 5_000) {
  const client = clientWith({ HTTPS_PROXY: `http://${proxy.name}`, ...env }, deadlineMs)
  const read = await client.write({ method: 'POST', url: `https://${HOST}/x`, json: { action: 'stop' } })
  if (read.ok) throw new Error('it did not fail')
  return read.error
}

describe('a request through a proxy', () => {
  test('asks for a tunnel to the host, with the user name and password, and never sends the key in clear', async () => {
    const front = await startTlsFront('http://127.0.0.1:9')
    const proxy = await startConnectProxy(front)
    const error = await failureThrough(proxy, { HTTPS_PROXY: `http://me:p%40ss@${proxy.name}` })
    expect(proxy.tunnels).toEqual([`${HOST}:443 Basic ${Buffer.from('me:p@ss').toString('base64')}`])
    expect(proxy.plainRequests).toEqual([])
    // The certificate is of nobody that this process knows, so the key was not even sent through the tunnel.
    expect(error).toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('The certificate of'),
    })
    expect(error.message).toContain(proxy.name)
    expect(proxy.sentBytes().includes('rpa_TESTKEY')).toBe(false)
  })

  test.each([
    [407, /^The proxy 127\.0\.0\.1:\d+ requires the user name and password of HTTPS_PROXY \(HTTP 407\)\.$/],
    [403, /^The proxy 127\.0\.0\.1:\d+ could not connect to api\.runpod\.test \(HTTP 403\)\.$/],
    [502, /^The proxy 127\.0\.0\.1:\d+ could not connect to api\.runpod\.test \(HTTP 502\)\.$/],
  ])('that the proxy answers with %s fails and names the proxy', async (status, message) => {
    const proxy = await startConnectProxy()
    proxy.behavior = { kind: 'status', status }
    expect(await failureThrough(proxy)).toMatchObject({
      kind: 'unreachable',
      message: expect.stringMatching(message),
    })
    expect(proxy.tunnels).toHaveLength(1)
  })

  test('with a password that the proxy does not accept says so, without the password', async () => {
    const proxy = await startConnectProxy()
    proxy.behavior = { kind: 'status', status: 407 }
    const { message } = await failureThrough(proxy, { HTTPS_PROXY: `http://me:secret@${proxy.name}` })
    expect(message).toMatch(/does not accept the user name and password of HTTPS_PROXY/)
    expect(message).not.toContain('secret')
  })

  test.each(['drop', 'garbage', 'drop-tunnel'] as const)(
    'to a proxy that breaks off (%s) fails once, and names the proxy',
    async (kind) => {
      const proxy = await startConnectProxy()
      proxy.behavior = { kind }
      const error = await failureThrough(proxy)
      expect(error).toMatchObject({
        kind: 'unreachable',
        message: expect.stringContaining(`proxy ${proxy.name}`),
      })
      expect(proxy.tunnels).toHaveLength(1)
    },
  )

  test('to a proxy that does not answer ends in time', async () => {
    const proxy = await startConnectProxy()
    proxy.behavior = { kind: 'hang' }
    expect((await failureThrough(proxy, {}, 300)).message).toBe(
      `${HOST} did not answer in time through the proxy ${proxy.name}.`,
    )
  })

  test('to a proxy that is not there names it', async () => {
    const port = await freePort()
    const gone = await clientWith({ HTTPS_PROXY: `127.0.0.1:${port}` }).write({
      method: 'POST',
      url: `https://${HOST}/x`,
    })
    expect(gone).toMatchObject({
      ok: false,
      error: { message: `The proxy 127.0.0.1:${port} refused the connection (ECONNREFUSED).` },
    })
    const unknown = await clientWith({ HTTPS_PROXY: 'proxy.invalid:3128' }).write({
      method: 'POST',
      url: `https://${HOST}/x`,
    })
    expect(unknown).toMatchObject({
      ok: false,
      error: { message: expect.stringMatching(/^The proxy proxy\.invalid:3128 could not be found/) },
    })
  })

  test('is not sent directly where the variable cannot be used', async () => {
    const client = clientWith({ HTTPS_PROXY: 'socks5://me:secret@proxy.example' })
    const read = await client.write({ method: 'POST', url: `https://${HOST}/x` })
    expect(read).toMatchObject({
      ok: false,
      error: { kind: 'unreachable', message: expect.stringMatching(/^Nothing was sent: HTTPS_PROXY is not/) },
    })
  })
})

test('a request to this computer reaches it without the proxy, also where Node would use one', async () => {
  const server = await startHttpServer(json({ pods: [] }))
  onTestFinished(() => server.close())
  const proxy = await startConnectProxy()
  const all = { HTTPS_PROXY: proxy.name, HTTP_PROXY: proxy.name }
  for (const env of [all, { ...all, NODE_USE_ENV_PROXY: '1' }]) {
    const read = await clientWith(env).read({ method: 'GET', url: `${server.origin}/x` })
    expect(read).toEqual({ ok: true, value: { pods: [] } })
  }
  expect(server.requests).toHaveLength(2)
  expect([proxy.tunnels, proxy.plainRequests]).toEqual([[], []])
})
