import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ProviderError } from '../../../src/core/pods/provider'
import type { Result } from '../../../src/core/base/result'
import { providers } from '../../../src/providers'
import type { RunpodOptions } from '../../../src/providers/runpod/client'
import { createRunpodProvider } from '../../../src/providers/runpod/provider'
import { json, problem, startHttpServer, type TestServer, text } from '../../harness/http/http-server'
import { createManualClock } from '../../harness/base/manual-clock'
import { samplePod } from './sample-pod'

const apiKey = 'rpa_TESTKEY0123456789'
let server: TestServer
let clock: ReturnType<typeof createManualClock>

beforeEach(async () => {
  server = await startHttpServer()
  clock = createManualClock()
})
afterEach(() => server.close())

function connect(more: Partial<RunpodOptions> = {}) {
  return createRunpodProvider({
    baseUrl: server.origin,
    hosts: 'loopback-only',
    apiKey,
    version: '1.2.3',
    now: clock.now,
    random: () => 0.5,
    sleep: clock.sleep,
    ...more,
  })
}

function errorOf(result: Result<unknown, ProviderError>): ProviderError {
  if (result.ok) throw new Error('expected an error')
  return result.error
}

function valueOf<T>(result: Result<T, ProviderError>): T {
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}

const page = (ids: readonly unknown[], nextCursor: string | null) =>
  json({
    pods: ids.map((id) => (typeof id === 'string' ? samplePod({ id }) : id)),
    pagination: { hasNextPage: nextCursor !== null, nextCursor },
  })

describe('the list of pods', () => {
  it('is requested once, with cluster pods, if there are no pages', async () => {
    server.reply(json({ pods: [samplePod()] }))
    const list = valueOf(await connect().listPods())
    expect(list.isComplete).toBe(true)
    expect(list.pods.map(({ id }) => id)).toEqual(['k3v9x1m2'])
    expect(server.requests.map(({ path }) => path)).toEqual(['/v2/pods?includeClusterPods=true&limit=1000'])
  })

  it('can be empty', async () => {
    server.reply(json({ pods: [] }))
    expect(valueOf(await connect().listPods())).toEqual({ pods: [], isComplete: true })
  })

  it('is read page by page', async () => {
    server.reply(page(['a', 'b'], 'x=&1'), page(['c'], null))
    const list = valueOf(await connect().listPods())
    expect(list.pods.map(({ id }) => id)).toEqual(['a', 'b', 'c'])
    expect(list.isComplete).toBe(true)
    expect(server.requests[1]!.path).toBe('/v2/pods?includeClusterPods=true&limit=1000&cursor=x%3D%261')
  })

  it('fails completely if a later page fails, because a short list would mean that pods are gone', async () => {
    server.reply(page(['a'], 'next'), problem(403, 'no'))
    expect(errorOf(await connect().listPods()).kind).toBe('forbidden')
    server.reply(page(['a'], 'next'), json({ oops: true }))
    expect(errorOf(await connect().listPods()).kind).toBe('unreadable')
  })

  it('keeps the first of two pods with the same id', async () => {
    server.reply(
      json({ pods: [samplePod({ name: 'first' })], pagination: { nextCursor: 'n' } }),
      json({ pods: [samplePod({ name: 'second' })] }),
    )
    const list = valueOf(await connect().listPods())
    expect(list.pods.map(({ name }) => name)).toEqual(['first'])
    expect(list.isComplete).toBe(true)
  })

  it('is incomplete if an entry is unreadable, and keeps the others', async () => {
    server.reply(page(['a', null, { name: 'no id' }, 'b'], null))
    const list = valueOf(await connect().listPods())
    expect(list.pods.map(({ id }) => id)).toEqual(['a', 'b'])
    expect(list.isComplete).toBe(false)
  })

  it('is incomplete if its pages are circular', async () => {
    server.reply(page(['a'], 'same'), page(['b'], 'same'))
    expect(valueOf(await connect().listPods()).isComplete).toBe(false)
    expect(server.requests).toHaveLength(2)
  })

  it('is incomplete if it does not end', async () => {
    let count = 0
    server.replyWith(() => page([`p${count}`], `c${count++}`))
    const list = valueOf(await connect().listPods())
    expect(list.isComplete).toBe(false)
    expect(list.pods).toHaveLength(50)
    expect(server.requests).toHaveLength(50)
  })

  it('ends in time however many pages are slow', async () => {
    let count = 0
    server.replyWith(() => {
      clock.advance(12_000)
      return page([`p${count}`], `c${count++}`)
    })
    expect(errorOf(await connect().listPods()).kind).toBe('unreachable')
    expect(server.requests).toHaveLength(3)
  })

  it.each([null, [], {}, { pods: null }, { data: [] }])(
    'is unreadable if the response is %j',
    async (answer) => {
      server.reply(json(answer))
      expect(errorOf(await connect().listPods()).kind).toBe('unreadable')
    },
  )

  it("never contains a pod's environment", async () => {
    server.reply(json({ pods: [samplePod()] }))
    expect(JSON.stringify(await connect().listPods())).not.toContain('canary')
  })
})

describe('a single pod', () => {
  it('is requested by its id', async () => {
    server.reply(json(samplePod({ id: 'a/b?c' })))
    expect(valueOf(await connect().getPod('a/b?c')).id).toBe('a/b?c')
    expect(server.requests[0]!.path).toBe('/v2/pods/a%2Fb%3Fc')
  })

  it.each(['', '.', '..', 'a\nb', '\uD800'])('is not requested by the id %j', async (id) => {
    for (const result of [
      await connect().getPod(id),
      await connect().act(id, 'stop'),
      await connect().act(id, 'start'),
    ]) {
      expect(errorOf(result).kind).toBe('invalid')
    }
    expect(server.requests).toHaveLength(0)
  })

  it('is rejected if the response is another pod or none', async () => {
    for (const answer of [samplePod({ id: 'other' }), {}, null, []]) {
      server.reply(json(answer))
      expect(errorOf(await connect().getPod('k3v9x1m2')).kind).toBe('unreadable')
    }
  })

  it('is gone only if the API itself says so', async () => {
    server.reply(problem(404, 'pod not found'))
    expect(errorOf(await connect().getPod('a'))).toMatchObject({ kind: 'not-found', status: 404 })
    server.reply(text('404 page not found', { status: 404 }))
    expect(errorOf(await connect().getPod('a')).kind).toBe('unreadable')
    server.reply(text('', { status: 204 }))
    expect(errorOf(await connect().getPod('a')).kind).toBe('unreadable')
  })
})

describe('an action on a pod', () => {
  it.each([
    ['stop', (id: string) => connect().act(id, 'stop')],
    ['start', (id: string) => connect().act(id, 'start')],
    ['restart', (id: string) => connect().act(id, 'restart')],
    ['terminate', (id: string) => connect().terminatePod(id)],
  ])('%s is one request and returns the pod', async (action, act) => {
    server.reply(json(samplePod({ status: 'EXITED' })))
    expect(valueOf(await act('k3v9x1m2'))?.phase).toBe('stopped')
    expect(server.requests).toMatchObject([
      { method: 'POST', path: '/v2/pods/k3v9x1m2/action', body: JSON.stringify({ action }) },
    ])
  })

  it.each([
    [400, 'There are not enough free GPUs on the host machine to start this pod.'],
    [
      400,
      'There are no longer any instances available with the requested specifications. Please refresh and try again.',
    ],
    [500, 'There are not enough free GPUs on the host machine to start this pod.'],
  ])(
    'that starts a pod without a free GPU (%i) is distinguished from other rejections: %s',
    async (status, words) => {
      server.reply(problem(status, words))
      const error = errorOf(await connect().act('a', 'start'))
      expect(error).toMatchObject({ kind: 'no-capacity', status })
      expect(error.message).toContain(words)
    },
  )

  it.each([
    ['a start that breaks another rule', 'start', problem(400, 'imageName is required'), 'invalid'],
    [
      'a start without an answer that is the API’s',
      'start',
      text('not enough free GPUs', { status: 500 }),
      'unreachable',
    ],
    ['a page that talks of capacity', 'start', text('<p>no GPU capacity</p>', { status: 400 }), 'unreadable'],
    [
      'another action',
      'stop',
      problem(400, 'There are not enough free GPUs on the host machine.'),
      'invalid',
    ],
  ] as const)('with the error %s is not taken for a lack of GPUs', async (_, action, answer, kind) => {
    server.reply(answer)
    expect(errorOf(await connect().act('a', action)).kind).toBe(kind)
  })

  it('is accepted without a pod after a 204', async () => {
    server.reply(text('', { status: 204 }))
    expect(valueOf(await connect().act('a', 'stop'))).toBeNull()
  })

  it.each([
    ['a page', text('<html>')],
    ['nothing', text('')],
    ['another pod', json(samplePod({ id: 'other' }))],
    ['something else', json({ queued: true })],
  ])('has an unknown result after a 200 with %s', async (_what, reply) => {
    server.reply(reply)
    expect(errorOf(await connect().act('k3v9x1m2', 'stop')).kind).toBe('unreadable')
    expect(server.requests).toHaveLength(1)
  })

  it('reports why it was rejected', async () => {
    server.reply(problem(409, 'pod belongs to a cluster'))
    expect(errorOf(await connect().act('a', 'stop'))).toMatchObject({
      kind: 'conflict',
      message: 'Problem: pod belongs to a cluster',
    })
  })
})

describe('the balance', () => {
  const answer = { data: { myself: { clientBalance: 12.5, currentSpendPerHr: 0.75 } } }

  it('is requested by one query at the same origin', async () => {
    server.reply(json(answer))
    const provider = connect({ baseUrl: `${server.origin}/v2/` })
    expect(valueOf(await provider.readBalance!())).toEqual({ balanceUsd: 12.5, spendPerHourUsd: 0.75 })
    const { method, path, headers, body } = server.requests[0]!
    expect({ method, path }).toEqual({ method: 'POST', path: '/graphql' })
    expect(headers.authorization).toBe(`Bearer ${apiKey}`)
    expect(body).toContain('clientBalance')
  })

  it('can be at another address', async () => {
    server.reply(json(answer))
    valueOf(await connect({ graphqlUrl: `${server.origin}/other/graphql` }).readBalance!())
    expect(server.requests[0]!.path).toBe('/other/graphql')
  })

  it('is requested again after a failure, because reading changes nothing', async () => {
    server.reply(problem(502, 'oh'), json(answer))
    expect((await connect().readBalance!()).ok).toBe(true)
    expect(server.requests).toHaveLength(2)
  })

  it("is rejected with the API's message in a 200", async () => {
    server.reply(json({ data: null, errors: [{ message: `not for ${apiKey}` }] }))
    expect(errorOf(await connect().readBalance!())).toMatchObject({
      kind: 'invalid',
      message: 'not for [key]',
    })
    server.reply(json({ data: null, errors: [denied('clientBalance')] }))
    expect(errorOf(await connect().readBalance!())).toMatchObject({
      kind: 'invalid',
      message: 'Unauthorized for [key]',
    })
    server.reply(json({ errors: [7] }))
    expect(errorOf(await connect().readBalance!()).message).not.toBe('')
  })

  const denied = (field: string) => ({
    message: `Unauthorized for ${apiKey}`,
    path: ['myself', field],
    extensions: { code: 'UNAUTHORIZED' },
  })
  const partial = (clientBalance: unknown, currentSpendPerHr: unknown, ...errors: unknown[]) =>
    json({ data: { myself: { clientBalance, currentSpendPerHr } }, errors })

  it('stays where only another field could not be read, and names the permission that is missing', async () => {
    server.reply(
      partial(12.5, null, denied('currentSpendPerHr')),
      partial(12.5, 0.75, { message: 'deprecated' }),
      partial(12.5, null, { message: 'internal error', path: ['myself', 'currentSpendPerHr'] }),
    )
    const provider = connect()
    expect(valueOf(await provider.readBalance!())).toEqual({
      balanceUsd: 12.5,
      spendPerHourUsd: null,
      problem: 'Your key has no permission to read the account’s own rate (currentSpendPerHr).',
    })
    expect(valueOf(await provider.readBalance!())).toEqual({ balanceUsd: 12.5, spendPerHourUsd: 0.75 })
    expect(valueOf(await provider.readBalance!())).toEqual({ balanceUsd: 12.5, spendPerHourUsd: null })
  })

  it.each([
    ['the balance (clientBalance)', partial(null, 0.75, denied('clientBalance'))],
    ['the account (myself)', json({ data: { myself: null }, errors: [{ ...denied(''), path: ['myself'] }] })],
  ])('is not known where the key may not read %s, which is named', async (what, reply) => {
    server.reply(reply)
    expect(errorOf(await connect().readBalance!())).toMatchObject({
      kind: 'forbidden',
      message: `Your key has no permission to read ${what}.`,
    })
  })

  it('is gone once GraphQL is gone', async () => {
    server.reply(problem(410, 'retired'))
    expect(errorOf(await connect().readBalance!()).kind).toBe('gone')
  })

  it('is unreadable if it is not a number', async () => {
    server.reply(json({ data: { myself: { clientBalance: null } } }))
    expect(errorOf(await connect().readBalance!()).kind).toBe('unreadable')
  })

  it('does not block reading pods when its own quota is used up', async () => {
    server.replyWith(({ path }) =>
      path === '/graphql' ? problem(429, 'slow down', { 'retry-after': '600' }) : json({ pods: [] }),
    )
    const provider = connect()
    expect(errorOf(await provider.readBalance!()).kind).toBe('rate-limited')
    expect((await provider.listPods()).ok).toBe(true)
  })
})

describe('the id of the account', () => {
  const withId = (id: unknown) => json({ data: { myself: { id } } })

  it('is requested by a query of its own, which asks for nothing else', async () => {
    server.reply(withId('user_2abcDEF'))
    expect(valueOf(await connect().readAccountId!())).toBe('user_2abcDEF')
    expect(server.requests.map(({ method, path, body }) => [method, path, body])).toEqual([
      ['POST', '/graphql', '{"query":"query { myself { id } }"}'],
    ])
  })

  it.each([
    ['is empty', withId('')],
    ['is a number', withId(7)],
    ['is null', withId(null)],
    ['is an object', withId({ toString: 'user' })],
    ['is longer than an id', withId('a'.repeat(201))],
    ['holds a line break', withId('user\nforged')],
    ['holds a character that is not seen', withId('user\u202eresu')],
    ['begins with a space', withId(' user')],
    ['is missing', json({ data: { myself: {} } })],
    ['belongs to nobody', json({ data: { myself: null } })],
    ['is in a list', json({ data: { myself: [{ id: 'user' }] } })],
    ['comes without data', json({})],
    ['comes as a page', text('<html>user</html>')],
  ])('is not known where it %s', async (_what, reply) => {
    server.reply(reply)
    expect(errorOf(await connect().readAccountId!()).kind).toBe('unreadable')
  })

  it('is not taken from a reply that reports errors', async () => {
    server.reply(json({ data: { myself: { id: 'user' } }, errors: [{ message: 'not allowed' }] }))
    expect(errorOf(await connect().readAccountId!())).toMatchObject({
      kind: 'invalid',
      message: 'not allowed',
    })
  })

  it.each([
    ['gone', 410],
    ['unauthorized', 401],
    ['forbidden', 403],
  ])('is %s where GraphQL answers %s', async (kind, status) => {
    server.reply(problem(status, 'no'))
    expect(errorOf(await connect().readAccountId!()).kind).toBe(kind)
  })
})

describe('the last change of a pod’s status', () => {
  it('is asked of GraphQL by the id of the pod, and is what that says', async () => {
    server.reply(json({ data: { pod: { lastStatusChange: 'Outbid: today' } } }))
    expect(valueOf(await connect().readStatusChange!('pod-1'))).toBe('Outbid: today')
    expect(server.requests.map(({ path, body }) => [path, JSON.parse(body)])).toEqual([
      ['/graphql', { query: 'query { pod(input: { podId: "pod-1" }) { lastStatusChange } }' }],
    ])
  })

  it.each([
    ['there is no such pod', json({ data: { pod: null } })],
    ['it is null', json({ data: { pod: { lastStatusChange: null } } })],
    ['it is too long for a change', json({ data: { pod: { lastStatusChange: 'a'.repeat(201) } } })],
    ['it comes as a page', text('<html>Outbid: today</html>')],
  ])('is not known where %s', async (_what, reply) => {
    server.reply(reply)
    expect(errorOf(await connect().readStatusChange!('pod-1')).kind).toBe('unreadable')
  })
})

describe('the address of Runpod', () => {
  it.each([
    ['', '/v2/pods'],
    ['/', '/v2/pods'],
    ['/v2', '/v2/pods'],
    ['/v2/', '/v2/pods'],
    ['/mirror/v2//', '/mirror/v2/pods'],
  ])('with the path %j is requested at %s', async (suffix, path) => {
    server.reply(json({ pods: [] }))
    await connect({ baseUrl: server.origin + suffix }).listPods()
    expect(server.requests[0]!.path.split('?')[0]).toBe(path)
  })

  it('is rejected without a request beyond this computer if only loopback is allowed', async () => {
    const provider = connect({ baseUrl: 'https://api.runpod.io/v2' })
    for (const result of [
      await provider.listPods(),
      await provider.getPod('a'),
      await provider.act('a', 'stop'),
      await provider.readBalance!(),
    ]) {
      expect(errorOf(result)).toMatchObject({ kind: 'invalid', status: null })
    }
    const elsewhere = connect({ graphqlUrl: 'https://api.runpod.io/graphql' })
    expect(errorOf(await elsewhere.readBalance!()).kind).toBe('invalid')
  })

  it('is not asked anything where it was kept from before and has ended, and the message says so', async () => {
    const provider = connect({ baseUrl: 'https://rest.runpod.io/v1', hosts: 'any' })
    for (const result of [await provider.listPods(), await provider.readBalance!()])
      expect(errorOf(result)).toMatchObject({
        kind: 'invalid',
        status: null,
        message:
          'rest.runpod.io was Runpod’s REST v1, which has ended. Use https://api.runpod.io/v2 instead.',
      })
  })

  it('is included in the list of providers', () => {
    const { name, defaultBaseUrl, create } = providers.runpod
    expect(name).toBe('Runpod')
    expect(defaultBaseUrl).toBe('https://api.runpod.io/v2')
    expect(create).toBe(createRunpodProvider)
  })
})

describe('polling Runpod', () => {
  it('is spaced for all pages of a list', async () => {
    const headers = { ratelimit: '"minute";r=20;t=59' }
    const provider = connect()
    expect(provider.minPollIntervalMs()).toBe(0)
    server.reply(json({ pods: [] }, { headers }))
    await provider.listPods()
    expect(provider.minPollIntervalMs()).toBe(6_000)
    server.reply(page(['a'], 'n'), json({ pods: [] }))
    await provider.listPods()
    expect(provider.minPollIntervalMs()).toBe(15_000)
  })

  it('can be aborted', async () => {
    server.reply({ kind: 'hang' })
    const provider = connect()
    const reads = [provider.listPods(), provider.getPod('a'), provider.readBalance!()]
    await server.received(3)
    provider.abortReads()
    for (const result of await Promise.all(reads)) expect(errorOf(result).kind).toBe('unreachable')
  })
})
