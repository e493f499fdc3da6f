import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { isClearRefusal } from '../../../src/core/changes/send-change'
import type { Provider } from '../../../src/core/pods/provider'
import { createRunpodProvider } from '../../../src/providers/runpod/provider'
import { json, problem, startHttpServer, type TestServer, text } from '../../harness/http/http-server'
import { createManualClock } from '../../harness/base/manual-clock'

let server: TestServer
beforeEach(async () => {
  server = await startHttpServer()
})
afterEach(() => server.close())

function connect(): Provider {
  const clock = createManualClock()
  return createRunpodProvider({
    baseUrl: server.origin,
    hosts: 'loopback-only',
    apiKey: 'key',
    version: '1.2.3',
    now: clock.now,
    random: () => 0.5,
    sleep: clock.sleep,
  })
}

const spec = { name: 'data', sizeGb: 10, dataCenterId: 'US-KS-2', kind: 'standard' } as const
const changes = [
  [
    'an edit',
    (to: Provider) => to.updatePod?.('pod', { image: 'a/b:1', environment: { A: 'hunter2-value' } }),
  ],
  ['a new volume', (to: Provider) => to.createNetworkVolume?.(spec)],
  ['a change of a volume', (to: Provider) => to.changeNetworkVolume?.('vol', { sizeGb: 20 })],
  ['a minimum of 0 workers', (to: Provider) => to.setMinimumToZero?.('ep')],
  ['a deletion of a volume', (to: Provider) => to.deleteNetworkVolume?.('vol')],
  ['a deletion of a template', (to: Provider) => to.deleteTemplate?.('tpl')],
] as const

describe.each(changes)('%s', (_what, send) => {
  test.each([
    ['a 408', problem(408, 'took too long')],
    ['a 500', problem(500, 'something went wrong')],
    ['a 503', problem(503, 'come back later')],
    ['a page with status 200', text('<html>welcome', { status: 200 })],
    ['a page with status 403', text('<html>blocked', { status: 403 })],
    ['a page with status 429', text('<html>slow down', { status: 429 })],
    ['half an answer', { kind: 'half', status: 200, body: '{"id":"abc"}' }],
    ['half an error', { kind: 'half', status: 500, body: '{"title":"abc"}' }],
    ['a broken connection', { kind: 'reset' }],
  ] as const)('leaves open what was done after %s, and is sent once', async (_reply, reply) => {
    server.reply(reply as Parameters<TestServer['reply']>[0])
    const result = await send(connect())
    expect(result?.ok === false && isClearRefusal(result.error)).toBe(false)
    expect(result?.ok).toBe(false)
    expect(server.requests).toHaveLength(1)
  })

  test.each([
    ['a 400', problem(400, 'no')],
    ['a 403', problem(403, 'no access')],
    ['a 404', problem(404, 'not found')],
    ['a 409', problem(409, 'not now')],
    ['a 422', problem(422, 'Request validation failed.')],
    ['a 429', json({ title: 'slow down' }, { status: 429, headers: { 'retry-after': '0' } })],
  ] as const)('is refused by %s, and sent once', async (_reply, reply) => {
    server.reply(reply as Parameters<TestServer['reply']>[0])
    const result = await send(connect())
    expect(result?.ok === false && isClearRefusal(result.error)).toBe(true)
    expect(server.requests).toHaveLength(1)
  })

  test('that is held back after a 429 is not sent, and refused', async () => {
    server.reply(json({ title: 'slow down' }, { status: 429, headers: { 'retry-after': '60' } }))
    const provider = connect()
    await send(provider)
    const result = await send(provider)
    expect(result?.ok === false && isClearRefusal(result.error)).toBe(true)
    expect(server.requests).toHaveLength(1)
  })
})
