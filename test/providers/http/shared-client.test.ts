import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ProviderError } from '../../../src/core/pods/provider'
import type { Result } from '../../../src/core/base/result'
import { createHttpClient, type HttpClient } from '../../../src/providers/http/http-client'
import { type RequestBudget, unlimitedBudget } from '../../../src/providers/http/quota/request-budget'
import { json, problem, startHttpServer, type TestServer, text } from '../../harness/http/http-server'
import { freePort } from '../../harness/base/free-port'
import { createManualClock } from '../../harness/base/manual-clock'

let server: TestServer
let clock: ReturnType<typeof createManualClock>

beforeEach(async () => {
  server = await startHttpServer(json({ fine: true }))
  clock = createManualClock()
})
afterEach(() => server.close())

const connect = (budget?: RequestBudget): HttpClient =>
  createHttpClient(
    { apiKey: 'key', version: '1', now: clock.now, random: () => 0.5, sleep: clock.sleep },
    budget,
  )
const get = (client: HttpClient) => client.read({ method: 'GET', url: `${server.origin}/x` })

function errorOf(result: Result<unknown, ProviderError>): ProviderError {
  if (result.ok) throw new Error('expected an error')
  return result.error
}

describe('clients that share a quota', () => {
  it('share what X-RateLimit says is left, unless RateLimit says it', async () => {
    const client = connect()
    const other = client.share()
    const headers = { 'x-ratelimit-limit': '60', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '30' }
    server.reply(json({}, { headers: { ...headers, ratelimit: '"minute";r=20;t=59' } }))
    expect((await get(client)).ok).toBe(true)
    expect(other.quotaLeft()).toEqual({ requests: 20 })
    server.reply(json({}, { headers }))
    expect((await get(other)).ok).toBe(true)
    expect(errorOf(await get(client))).toMatchObject({ kind: 'rate-limited', retryAfterMs: 31_000 })
    expect(client.readWaitMs()).toBe(31_000)
    expect(server.requests).toHaveLength(2)
  })

  it('share a pause, which the even spacing of reads leaves out', async () => {
    const client = connect()
    server.reply(problem(429, 'slow', { 'retry-after': '90' }))
    await get(client)
    const other = client.share()
    expect(errorOf(await get(other)).kind).toBe('rate-limited')
    expect([other.readSpacingMs(), other.evenSpacingMs()]).toEqual([90_000, 0])
  })

  it('give up only their own reads', async () => {
    const client = connect()
    const other = client.share()
    server.replyWith(() => ({ kind: 'drip', body: '{}', everyMs: 200 }))
    const [read, otherRead] = [get(client), get(other)]
    await server.received(2)
    client.abortReads()
    expect(errorOf(await read).kind).toBe('unreachable')
    expect((await otherRead).ok).toBe(true)
  })
})

describe('a client with a budget', () => {
  function createBudget(count: number) {
    let left = count
    const replies: boolean[] = []
    const budget: RequestBudget = {
      ...unlimitedBudget,
      readWaitMs: () => (left > 0 ? 0 : 7_000),
      writeWaitMs: () => (left > -1 ? 0 : 9_000),
      onRequest: () => (left -= 1),
      onResponse: (_headers, isSuccess) => replies.push(isSuccess),
    }
    return { budget, replies, left: () => left }
  }

  it('counts each attempt of a read and does not repeat it beyond the budget', async () => {
    const { budget, replies, left } = createBudget(2)
    const client = connect(budget)
    server.reply(problem(503, 'busy'))
    expect(errorOf(await get(client)).kind).toBe('unreachable')
    expect(server.requests).toHaveLength(2)
    expect(errorOf(await get(client))).toMatchObject({ kind: 'rate-limited', retryAfterMs: 7_000 })
    expect([left(), replies]).toEqual([0, [false, false]])
  })

  it('counts writes, and sends none beyond the budget', async () => {
    const { budget, left } = createBudget(0)
    const client = connect(budget)
    const post = () => client.write({ method: 'POST', url: `${server.origin}/x` })
    expect((await post()).ok).toBe(true)
    expect(errorOf(await post())).toMatchObject({ kind: 'rate-limited', retryAfterMs: 9_000 })
    expect(left()).toBe(-1)
    expect(server.requests).toHaveLength(1)
  })
})

describe('a request of an API with its own ways', () => {
  it('may have an empty answer, which another request may not', async () => {
    server.reply(text(''))
    const client = connect()
    const request = { method: 'PATCH', url: `${server.origin}/x`, json: {} } as const
    expect(await client.write({ ...request, isBodyOptional: true })).toEqual({ ok: true, value: undefined })
    expect(errorOf(await client.write(request)).kind).toBe('unreadable')
  })

  it('can read its own errors, and one that is gone is not requested again', async () => {
    const seen: unknown[] = []
    const readError = (status: number, body: unknown) => {
      seen.push([status, body])
      return status === 501 ? ({ kind: 'gone', message: 'no key here: key' } as const) : null
    }
    const client = connect()
    const read = () => client.read({ method: 'GET', url: `${server.origin}/x`, readError })
    server.reply(text('<html>', { status: 501 }))
    expect(errorOf(await read())).toMatchObject({
      kind: 'gone',
      status: 501,
      message: 'no [key] here: [key]',
    })
    server.reply(problem(404, 'no pod'))
    expect(errorOf(await read())).toMatchObject({ kind: 'not-found', message: 'Problem: no pod' })
    expect(seen).toEqual([
      [501, undefined],
      [404, { title: 'Problem', status: 404, detail: 'no pod' }],
    ])
  })
})

describe('the budget of a stream', () => {
  /** What the stream counted: a request, and that it was none. */
  async function countsOf(url: string): Promise<readonly string[]> {
    const counted: string[] = []
    const client = connect({
      ...unlimitedBudget,
      onRequest: () => counted.push('sent'),
      onUnsent: () => counted.push('unsent'),
    })
    const handlers = { onHeaders: () => {}, onBytes: () => ({ hasEvent: false }) }
    await client.stream({ method: 'GET', url }, handlers).ended
    return counted
  }

  it('counts no request that found nobody to connect to', async () => {
    expect(await countsOf(`http://127.0.0.1:${await freePort()}/logs`)).toEqual(['sent', 'unsent'])
  })

  it('counts one that was answered, or cut off', async () => {
    expect(await countsOf(`${server.origin}/logs`)).toEqual(['sent'])
    server.reply({ kind: 'reset' })
    expect(await countsOf(`${server.origin}/logs`)).toEqual(['sent'])
  })
})
