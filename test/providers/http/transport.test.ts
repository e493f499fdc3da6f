import { createHook } from 'node:async_hooks'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { createTransport } from '../../../src/providers/http/transport'

const TICKS = 3
/** A timer of fetch would be due as often. */
const TICK_MS = 1_000

const endings: (() => void)[] = []
afterEach(() => endings.splice(0).forEach((end) => end()))

it('nothing wakes up while a stream is open and silent', async () => {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('data: first\n\n')
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  endings.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
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
