import { describe, expect, test } from 'vitest'
import { fail, ok } from '../../../src/core/base/result'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import { createEndpointPoller, type IdleEndpointStore } from '../../../src/core/endpoints/endpoint-poller'
import type { IdleSpans } from '../../../src/core/endpoints/endpoint-watch'
import { READ_EVERY_MS } from '../../../src/core/endpoints/idle-span'
import { parseIdleSpans } from '../../../src/core/endpoints/idle-spans-codec'
import type { Provider, ProviderErrorKind } from '../../../src/core/pods/provider'
import type { ServerlessEndpoint } from '../../../src/core/pods/serverless/serverless-endpoint'
import { createFakeClock } from '../../harness/base/fake-clock'
import { endpoint, serverlessPrices, workersIn } from '../../harness/samples/endpoints'
import { createScriptedProvider, deferred, providerError } from '../../harness/monitor/scripted-provider'

// How endpoints are read. See docs/product-rules.md#59-idle-serverless-workers.

interface Cloud {
  endpoints: readonly ServerlessEndpoint[]
  listError: ProviderErrorKind | null
  remaining: number
  saved: IdleSpans | null
  mayWrite: boolean
}

function createPolled(over: Partial<Cloud> = {}, more: Partial<Provider> = {}) {
  const clock = createFakeClock()
  const cloud: Cloud = {
    endpoints: [endpoint()],
    listError: null,
    remaining: 1_000,
    saved: null,
    mayWrite: true,
    ...over,
  }
  const calls: string[] = []
  const provider: Provider = {
    ...createScriptedProvider([]),
    async listEndpoints() {
      calls.push('list')
      const { listError } = cloud
      return listError === null
        ? ok({ endpoints: cloud.endpoints, isComplete: true })
        : fail(providerError(listError))
    },
    async listEndpointWorkers(id) {
      calls.push(`workers ${id}`)
      return ok(workersIn('idle'))
    },
    async readServerlessPrices() {
      calls.push('prices')
      return ok(serverlessPrices)
    },
    remainingQuota: () => ({ requests: cloud.remaining }),
    ...more,
  }
  const store: IdleEndpointStore = {
    load: () => parseIdleSpans({ version: 1, accounts: { a: cloud.saved } })['a'] ?? {},
    save: (spans) => void (cloud.saved = JSON.parse(JSON.stringify(spans))),
    mayWrite: () => cloud.mayWrite,
  }
  const changes: number[] = []
  const context = { accountId: 'a', provider, clock, report: () => {}, idleEndpoints: store }
  const poller = createEndpointPoller(context, () => void changes.push(1))
  /** As a poll of the pods does, `ms` after the last one. */
  const poll = async (ms = 0): Promise<void> => {
    await clock.advanceAsync(ms)
    await poller.read()
  }
  return { poller, poll, calls, cloud, clock, changes }
}

describe('endpoints are read', () => {
  test('not with the first list of pods, then every 10 min, and prices every 6 h', async () => {
    const { poller, poll, calls } = createPolled()
    await poll()
    expect([calls, poller.view([])]).toEqual([[], null])
    await poll(MINUTE_MS)
    expect(calls).toEqual(['list', 'prices', 'workers ep-1'])
    await poll(9 * MINUTE_MS)
    expect(calls).toHaveLength(3)
    await poll(MINUTE_MS)
    expect(calls.slice(3)).toEqual(['list', 'workers ep-1'])
    for (let index = 0; index < 36; index += 1) await poll(READ_EVERY_MS)
    expect(calls.filter((call) => call === 'prices')).toHaveLength(2)
  })

  test('when a person asks, once a minute at most', async () => {
    const { poller, poll, calls } = createPolled()
    poller.expire()
    await poll()
    expect(calls).toContain('list')
    poller.expire()
    await poll(30_000)
    expect(calls.filter((call) => call === 'list')).toHaveLength(1)
    await poll(MINUTE_MS)
    expect(calls.filter((call) => call === 'list')).toHaveLength(2)
  })

  test('of which none keeps workers with one request', async () => {
    const { poll, calls, poller } = createPolled({ endpoints: [endpoint({ minWorkers: 0 })] })
    await poll()
    await poll()
    expect(calls).toEqual(['list'])
    expect(poller.view([])).toMatchObject({ endpoints: [], problem: null })
  })

  test('20 at a time, and those that waited first', async () => {
    const many = Array.from({ length: 30 }, (_, index) => endpoint({ id: `ep-${index}` }))
    const { poll, calls } = createPolled({ endpoints: many })
    await poll()
    await poll()
    await poll(READ_EVERY_MS)
    const read = calls.filter((call) => call.startsWith('workers'))
    expect(read).toHaveLength(40)
    expect(new Set(read).size).toBe(30)
  })

  test('not with little left of the quota, and never by a provider without them', async () => {
    const { poll, calls, cloud } = createPolled({ remaining: 5 })
    await poll()
    await poll()
    expect(calls).toEqual([])
    cloud.remaining = 500
    await poll()
    expect(calls).toContain('list')
    const lab = createPolled({}, { listEndpoints: undefined })
    await lab.poll()
    await lab.poll()
    expect([lab.calls, lab.poller.view([]), lab.poller.alerts()]).toEqual([[], null, []])
  })

  test('never again once the route is gone', async () => {
    const { poll, poller, calls, cloud } = createPolled({ listError: 'gone' })
    await poll()
    await poll()
    cloud.listError = null
    await poll(READ_EVERY_MS)
    expect([calls, poller.view([])]).toEqual([['list'], null])
  })
})

test('a list that fails changes nothing but the reason that is shown, and the idle time goes on', async () => {
  const { poll, poller, cloud } = createPolled()
  await poll()
  for (let index = 0; index < 5; index += 1) await poll(READ_EVERY_MS)
  cloud.listError = 'unreachable'
  await poll(READ_EVERY_MS)
  expect(poller.view(['open'])).toMatchObject({
    problem: 'It said unreachable.',
    open: ['open'],
    endpoints: [{ activity: { kind: 'idle' } }],
  })
  cloud.listError = null
  await poll(READ_EVERY_MS)
  expect(poller.view([])?.problem).toBeNull()
  expect(poller.alerts()).toHaveLength(1)
})

test('a list that was on its way while a minimum was set to 0 is not believed', async () => {
  const reply = deferred<Awaited<ReturnType<NonNullable<Provider['listEndpoints']>>>>()
  const { poll, poller, clock } = createPolled()
  await poll()
  await poll()
  expect(poller.view([])?.endpoints).toHaveLength(1)
  const late = createPolled({}, { listEndpoints: () => reply.promise })
  await late.poll()
  const reading = late.poll()
  await late.clock.advanceAsync(0)
  late.poller.onZeroed('ep-1', 1)
  reply.resolve(ok({ endpoints: [endpoint()], isComplete: true }))
  await reading
  expect(late.poller.view([])).toBeNull()
  poller.onZeroed('ep-1', 1)
  expect(poller.view([])?.endpoints).toEqual([])
  await clock.advanceAsync(MINUTE_MS)
  await poller.read()
  expect(poller.view([])?.endpoints).toEqual([])
})

test('the idle time is saved by the program that acts, and goes on in the next one', async () => {
  const { poll, cloud } = createPolled({ mayWrite: false })
  await poll()
  await poll()
  expect(cloud.saved).toBeNull()
  cloud.mayWrite = true
  for (let index = 0; index < 6; index += 1) await poll(READ_EVERY_MS)
  expect(Object.values(cloud.saved ?? {})).toMatchObject([{ observedMs: HOUR_MS }])
  const next = createPolled({ saved: cloud.saved })
  next.clock.restart('run-2')
  await next.clock.advanceAsync(70 * MINUTE_MS)
  await next.poll()
  await next.poll()
  expect(next.poller.alerts()).toHaveLength(1)
})

test('what is kept and malformed counts as nothing', () => {
  for (const value of [null, {}, { version: 2, accounts: {} }, { version: 1, accounts: { a: 'x' } }])
    expect(parseIdleSpans(value)['a'] ?? {}).toEqual({})
  const span = { sinceMs: 1, observedMs: -1, costUsd: 0, unpricedMs: 0, dueAtMs: null, last: {} }
  expect(parseIdleSpans({ version: 1, accounts: { a: { ep: span } } })).toEqual({ a: {} })
})
