import { createHook } from 'node:async_hooks'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { createHttpClient } from '../../../src/providers/http/http-client'
import { createTransport } from '../../../src/providers/http/transport'
import { startConnectProxy } from '../../harness/http/connect-proxy'
import { createManualClock } from '../../harness/base/manual-clock'

const TICKS = 3
/** A timer of fetch would be due as often. */
const TICK_MS = 1_000

const endings: (() => void)[] = []
afterEach(() => endings.splice(0).forEach((end) => end()))

/** The port of a server that ends with the test. */
async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  endings.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

it('nothing wakes up while a stream is open and silent', async () => {
  const port = await serve((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('data: first\n\n')
  })
  const url = `http://127.0.0.1:${port}/`
  const timers = new Set<number>()
  let woken = 0
  const hook = createHook({
    init(id, type) {
      if (type === 'Timeout' && new Error('a timer').stack?.includes('undici')) timers.add(id)
    },
    before(id) {
      if (timers.has(id)) woken += 1
    },
  }).enable()
  endings.push(() => hook.disable())
  const route = createTransport({}).routeTo(new URL(url))
  if (!route.ok) throw new Error(route.error)
  const response = await route.value.fetch(new Request(url), new AbortController().signal)
  await response.body?.getReader().read()
  woken = 0
  for (let tick = 0; tick < TICKS; tick++) await new Promise((done) => setTimeout(done, TICK_MS))

  // One is left from opening the connection.
  expect(woken).toBeLessThanOrEqual(1)
})

it.each(['directly', 'by NODE_USE_ENV_PROXY', 'through a proxy'])(
  'an action is not lost with a connection that the server closes at the same moment, sent %s',
  async (route) => {
    const received: string[] = []
    const connections: Socket[] = []
    const port = await serve(({ method, socket }, response) => {
      const isNew = !connections.includes(socket)
      if (isNew) connections.push(socket)
      received.push(`${method} ${connections.indexOf(socket) + 1}`)
      // What is sent on an old connection crosses with its end.
      if (isNew) response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
      else socket.destroy()
    })
    const isProxied = route === 'through a proxy'
    const clock = createManualClock()
    const http = createHttpClient({
      apiKey: 'rpa_TESTKEY0123456789',
      version: '1.2.3',
      now: clock.now,
      random: () => 0.5,
      sleep: clock.sleep,
      proxyEnvironment: {
        ...(isProxied && { HTTP_PROXY: `http://${(await startConnectProxy(port)).name}` }),
        ...(route === 'by NODE_USE_ENV_PROXY' && { NODE_USE_ENV_PROXY: '1' }),
      },
    })
    const url = isProxied ? 'http://api.runpod.test/x' : `http://127.0.0.1:${port}/x`

    expect(await http.read({ method: 'GET', url })).toMatchObject({ ok: true })
    for (const method of ['POST', 'POST', 'PATCH', 'PUT', 'DELETE'] as const)
      expect(await http.write({ method, url, json: {} })).toMatchObject({ ok: true })
    expect(received).toEqual(['GET 1', 'POST 2', 'POST 3', 'PATCH 4', 'PUT 5', 'DELETE 6'])

    // A read uses the open one, and is sent again when that ends.
    expect(await http.read({ method: 'GET', url })).toMatchObject({ ok: true })
    expect(received.slice(6)).toEqual(['GET 1', 'GET 7'])
  },
)
