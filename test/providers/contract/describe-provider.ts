import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Provider, ProviderError, ProviderErrorKind } from '../../../src/core/pods/provider'
import type { Result } from '../../../src/core/base/result'
import type { SimulatedFault } from '../../../src/simulator/control/faults'
import {
  json,
  type ScriptedReply,
  startHttpServer,
  type TestServer,
  text,
} from '../../harness/http/http-server'
import { createManualClock } from '../../harness/base/manual-clock'
import { measureRunningTime } from '../../harness/base/running-time'
import {
  type ConnectOptions,
  optionalMethods,
  type ProviderAdapter,
  type StartedApi,
} from './provider-adapter'

/** The deadline where no answer comes in time, ms. */
const SHORT_MS = 300

function errorOf(result: Result<unknown, ProviderError>): ProviderError {
  if (result.ok) throw new Error('expected an error')
  return result.error
}

function valueOf<T>(result: Result<T, ProviderError>): T {
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}

type FaultKind = SimulatedFault['kind']

/** What a list and a stop become by each fault. */
const faults: readonly (readonly [FaultKind, list: ProviderErrorKind, stop: ProviderErrorKind])[] = [
  ['unauthorized', 'unauthorized', 'unauthorized'],
  ['unauthorized-html', 'unreadable', 'unreadable'],
  ['forbidden', 'forbidden', 'forbidden'],
  ['forbidden-html', 'unreadable', 'unreadable'],
  ['rate-limited', 'rate-limited', 'rate-limited'],
  ['server-error', 'unreachable', 'unreachable'],
  ['gone', 'gone', 'gone'],
  ['not-found', 'not-found', 'not-found'],
  ['not-found-html', 'unreadable', 'unreadable'],
  ['conflict', 'conflict', 'conflict'],
  ['no-balance', 'no-balance', 'no-balance'],
  ['html', 'unreadable', 'unreadable'],
  ['hang', 'unreachable', 'unreachable'],
  ['reset-before', 'unreachable', 'unreachable'],
  ['reset-after', 'unreachable', 'unreachable'],
  ['half-body', 'unreadable', 'unreadable'],
]

/** Tests that hold for every provider at its simulator, in whatever form that answers. */
export function describeAtSimulator(adapter: ProviderAdapter): void {
  describe(`${adapter.name} at its simulator`, () => {
    let api: StartedApi
    let clock: ReturnType<typeof createManualClock>
    beforeEach(async () => {
      api = await adapter.start()
      clock = createManualClock()
    })

    const connect = (more: Partial<ConnectOptions> = {}): Provider =>
      adapter.connect(api.url, { apiKey: adapter.apiKey, clock, ...more })
    const sentActions = () => api.simulator.requests.filter(({ method }) => method === 'POST')
    const phases = async (provider: Provider) =>
      new Map(valueOf(await provider.listPods()).pods.map(({ id, phase }) => [id, phase]))

    it('lists the pods in their states, completely', async () => {
      const list = valueOf(await connect().listPods())
      expect(list.isComplete).toBe(true)
      expect(Object.fromEntries(list.pods.map(({ id, phase }) => [id, phase]))).toEqual({
        [api.runningId]: 'running',
        [api.stoppedId]: 'stopped',
      })
    })

    it('allows to stop what runs and to start what is stopped', async () => {
      const { pods } = valueOf(await connect().listPods())
      const actions = (id: string) => pods.find((pod) => pod.id === id)?.actions
      expect(actions(api.runningId)).toContain('stop')
      expect(actions(api.runningId)).not.toContain('start')
      expect(actions(api.stoppedId)).toContain('start')
      expect(actions(api.stoppedId)).not.toContain('stop')
    })

    it('reads one pod as the list shows it', async () => {
      const provider = connect()
      const listed = valueOf(await provider.listPods()).pods.find(({ id }) => id === api.runningId)
      const pod = valueOf(await provider.getPod(api.runningId))
      const { container } = listed ?? {}
      expect({
        ...pod,
        telemetry: null,
        managed: null,
        ...(pod.container && container && { container: { ...pod.container, uptimeS: container.uptimeS } }),
      }).toEqual({
        ...listed,
        telemetry: null,
        managed: null,
      })
    })

    it.each(['stop', 'start'] as const)(
      'sends exactly one request to %s a pod, which then happens',
      async (action) => {
        const provider = connect()
        const id = action === 'stop' ? api.runningId : api.stoppedId
        valueOf(await provider.act(id, action))
        expect(sentActions().map(({ path }) => path)).toEqual([adapter.actionPath(id, action)])
        // The simulator's time passes quickly, so that a stop is done at once and a start may be.
        await expect
          .poll(async () => (await phases(provider)).get(id), { interval: 200 })
          .toMatch(action === 'stop' ? /^stopped$/ : /^(creating|running)$/)
      },
    )

    it('says that a pod is not there', async () => {
      const provider = connect()
      expect(errorOf(await provider.getPod('missing')).kind).toBe('not-found')
      expect(errorOf(await provider.act('missing', 'stop')).kind).toBe('not-found')
      expect(sentActions()).toHaveLength(1)
    })

    it.each(faults)('has the right kind of error for the fault %s', async (kind, list, stop) => {
      api.simulator.fault({ kind })
      const more = kind === 'hang' ? { deadlineMs: SHORT_MS } : {}
      expect(errorOf(await connect(more).listPods()).kind).toBe(list)
      expect(errorOf(await connect(more).act(api.runningId, 'stop')).kind).toBe(stop)
      expect(sentActions()).toHaveLength(1)
    })

    it('knows that a start found no free GPU', async () => {
      api.simulator.fault({ kind: 'no-gpu' })
      expect(errorOf(await connect().act(api.stoppedId, 'start')).kind).toBe('no-capacity')
    })

    it('is right after a temporary failure of a read, and repeats no action', async () => {
      api.simulator.fault({ kind: 'server-error', count: 2 })
      const provider = connect()
      expect((await provider.listPods()).ok).toBe(true)
      api.simulator.fault({ kind: 'server-error', count: 1 })
      expect(errorOf(await provider.act(api.runningId, 'stop')).kind).toBe('unreachable')
      expect((await phases(provider)).get(api.runningId)).toBe('running')
    })

    it('takes an empty answer to an action for accepted, and no list from it', async () => {
      api.simulator.fault({ kind: 'no-content' })
      expect(valueOf(await connect().act(api.runningId, 'stop'))).toBeNull()
      expect(errorOf(await connect().listPods()).kind).toBe('unreadable')
      api.simulator.clearFaults()
      api.simulator.fault({ kind: 'empty-object' })
      expect(errorOf(await connect().listPods()).kind).toBe('unreadable')
    })

    it('lists a pod that is missing from one reply again', async () => {
      api.simulator.fault({ kind: 'list-without', withoutPodId: api.runningId, count: 1 })
      const provider = connect()
      expect([...(await phases(provider)).keys()]).toEqual([api.stoppedId])
      expect((await phases(provider)).get(api.runningId)).toBe('running')
    })

    it('reads with a key that may only read, and says that it may not act', async () => {
      const provider = connect({ apiKey: adapter.readOnlyKey })
      expect((await provider.listPods()).ok).toBe(true)
      expect(errorOf(await provider.act(api.runningId, 'stop')).kind).toBe('forbidden')
    })

    it('says that a key is wrong without repeating it', async () => {
      const provider = connect({ apiKey: 'wrong_key_canary_0123456789' })
      for (const result of [await provider.listPods(), await provider.act(api.runningId, 'stop')]) {
        expect(errorOf(result).kind).toBe('unauthorized')
        expect(JSON.stringify(result)).not.toContain('canary')
      }
    })
  })
}

/** Tests that hold for every provider, with replies that no simulator gives. */
export function describeAtServer(adapter: ProviderAdapter): void {
  describe(`${adapter.name} at a server with scripted replies`, () => {
    let server: TestServer
    let clock: ReturnType<typeof createManualClock>
    beforeEach(async () => {
      server = await startHttpServer()
      clock = createManualClock()
    })
    afterEach(() => server.close())

    const { apiKey, list, runningPod, error } = adapter
    const connect = (more: Partial<ConnectOptions> = {}): Provider =>
      adapter.connect(server.origin, { apiKey, clock, ...more })
    const pods = (more: Record<string, unknown> = {}) => list([runningPod('a', more), runningPod('b')])

    it('shows an unknown status raw and ignores unknown fields', async () => {
      server.reply(json(pods({ status: 'hibernating', someday: { deep: [1] } })))
      const { pods: listed, isComplete } = valueOf(await connect().listPods())
      expect(isComplete).toBe(true)
      expect(listed.map(({ phase, rawStatus }) => [phase, rawStatus])).toEqual([
        ['unknown', 'hibernating'],
        ['running', expect.any(String)],
      ])
    })

    it('keeps what it can read of a list, and says that it is not complete', async () => {
      server.reply(json(list([null, runningPod('a'), 7, [], {}])))
      const listed = valueOf(await connect().listPods())
      expect(listed).toMatchObject({ isComplete: false, pods: [{ id: 'a' }] })
    })

    it('can list no pods, which is complete', async () => {
      server.reply(json(list([])))
      expect(valueOf(await connect().listPods())).toEqual({ pods: [], isComplete: true })
    })

    it.each<readonly [string, (body: string) => ScriptedReply, ProviderErrorKind]>([
      ['hangs', () => ({ kind: 'hang' }), 'unreachable'],
      ['is reset', () => ({ kind: 'reset' }), 'unreachable'],
      ['stops in its middle', (body) => ({ kind: 'stall', body }), 'unreachable'],
      ['breaks off', (body) => ({ kind: 'half', status: 200, body }), 'unreadable'],
      ['comes byte by byte', (body) => ({ kind: 'drip', body, everyMs: 100 }), 'unreachable'],
    ])('ends in time when a reply %s, and sends an action once', async (_what, reply, kind) => {
      server.replyWith(() => reply(JSON.stringify(pods())))
      const more = kind === 'unreachable' ? { deadlineMs: SHORT_MS } : {}
      const runningMs = measureRunningTime()
      expect(errorOf(await connect(more).listPods()).kind).toBe(kind)
      const reads = server.requests.length
      expect(errorOf(await connect(more).act('a', 'stop')).kind).toBe(kind)
      expect(server.requests).toHaveLength(reads + 1)
      // Four requests of 0.3 s.
      expect(runningMs()).toBeLessThan(5_000)
    })

    it('holds reads back once the quota is used up, but no action', async () => {
      server.reply(json(pods(), { headers: adapter.exhaustedHeaders(300) }))
      const provider = connect()
      valueOf(await provider.listPods())
      expect(errorOf(await provider.listPods())).toMatchObject({ kind: 'rate-limited', status: null })
      expect(provider.minPollIntervalMs()).toBeGreaterThanOrEqual(300_000)
      expect(server.requests).toHaveLength(1)
      server.reply(text('', { status: 204 }))
      expect(valueOf(await provider.act('a', 'stop'))).toBeNull()
    })

    it('waits as long as a 429 says, with actions too', async () => {
      server.reply(json(error(429, 'slow down'), { status: 429, headers: { 'retry-after': '40' } }))
      const provider = connect()
      expect(errorOf(await provider.act('a', 'stop'))).toMatchObject({
        kind: 'rate-limited',
        retryAfterMs: expect.closeTo(40_000, -3) as number,
      })
      expect(errorOf(await provider.act('a', 'stop')).kind).toBe('rate-limited')
      expect(errorOf(await provider.listPods()).kind).toBe('rate-limited')
      expect(server.requests).toHaveLength(1)
      clock.advance(41_000)
      server.reply(text('', { status: 204 }))
      expect((await provider.act('a', 'stop')).ok).toBe(true)
    })

    it.each([400, 401, 402, 403, 404, 409, 410, 422, 500, 503])(
      'says why it was refused with %i, and never repeats the key',
      async (status) => {
        server.reply(
          json(error(status, `pod refused for ${apiKey}`), { status, headers: { 'x-request-id': apiKey } }),
        )
        const provider = connect()
        for (const result of [await provider.listPods(), await provider.act('a', 'stop')]) {
          expect(errorOf(result).message).toContain('pod refused for [key]')
          expect(errorOf(result).status).toBe(status)
          expect(JSON.stringify(result)).not.toContain(apiKey)
        }
      },
    )

    it('sends its key in one header, and only there', async () => {
      server.reply(json(pods()))
      const provider = connect()
      await provider.listPods()
      await provider.act('a', 'stop')
      for (const { path, body, headers } of server.requests) {
        expect(headers.authorization).toBe(`Bearer ${apiKey}`)
        expect(JSON.stringify([path, body, { ...headers, authorization: '' }])).not.toContain(apiKey)
      }
    })

    it.each(['', '.', '..', 'a\nb', 'x'.repeat(201)])('sends nothing for the id %j', async (id) => {
      const provider = connect()
      expect(errorOf(await provider.act(id, 'stop')).kind).toBe('invalid')
      expect(server.requests).toHaveLength(0)
    })

    it('gives up reads in flight when asked, but no action', async () => {
      server.replyWith(({ method }) => (method === 'POST' ? text('', { status: 204 }) : { kind: 'hang' }))
      const provider = connect()
      const [read, action] = [provider.listPods(), provider.act('a', 'stop')]
      await server.received(2)
      provider.abortReads()
      expect(errorOf(await read).kind).toBe('unreachable')
      expect((await action).ok).toBe(true)
    })

    it('has a method for what the API can do, and none for the rest', () => {
      const provider = connect()
      expect(optionalMethods.filter((method) => provider[method] !== undefined)).toEqual(
        optionalMethods.filter((method) => adapter.capabilities.includes(method)),
      )
    })
  })
}
