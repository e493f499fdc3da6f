import { describe, expect, it, onTestFinished } from 'vitest'
import type { LogQuery, RawLogLine } from '../../../src/core/pods/pod-logs'
import type { HttpClientOptions } from '../../../src/providers/http/http-client'
import { defaultStreamLimits } from '../../../src/providers/http/stream'
import { MAX_LINE_CHARS } from '../../../src/providers/runpod/logs'
import { createRunpodProvider } from '../../../src/providers/runpod/provider'
import { FULL_KEY } from '../../../src/simulator/simulator'
import { eventText, openStream, startEventServer } from '../../harness/http/event-server'
import { startSimulator } from '../../harness/simulator/simulator-fixture'

const all: LogQuery = { source: null, tail: 100, sinceMs: null, afterId: null }
const T1 = '2026-11-24T14:00:01.000001Z'
const T2 = '2026-11-24T14:00:02Z/000000000001'

function follow(origin: string, query: Partial<LogQuery> = {}, more: Partial<HttpClientOptions> = {}) {
  const provider = createRunpodProvider({
    baseUrl: `${origin}/v2`,
    hosts: 'loopback-only',
    apiKey: FULL_KEY,
    version: '1.2.3',
    now: () => ({ wallMs: Date.now(), monotonicMs: performance.now(), runId: 'test' }),
    random: () => 0.5,
    ...more,
  })
  const lines: RawLogLine[] = []
  const seen = { opened: 0, unreadable: 0 }
  const stream = provider.streamLogs!(
    'pod-1',
    { ...all, ...query },
    {
      onOpen: () => (seen.opened += 1),
      onLines(received, unreadableCount) {
        lines.push(...received)
        seen.unreadable += unreadableCount
      },
    },
  )
  return { provider, stream, lines, seen, texts: () => lines.map(({ text }) => text) }
}

const limits = { headersMs: 60_000, silenceMs: 60_000, maxBytes: 1e6 }

describe('the log of a pod', () => {
  it('is asked for with the key, its source, the tail, the time and the last id', async () => {
    const server = await startEventServer((response) => openStream(response).end())
    const first = follow(server.origin, { source: 'system', tail: 99_999, sinceMs: 0 })
    expect(await first.stream.ended).toEqual({ ok: true, value: 'ended' })
    await follow(server.origin, { afterId: T2 }).stream.ended
    await follow(server.origin, { afterId: 'two\r\nlines' }).stream.ended
    const [asked, resumed, injected] = server.requests
    expect(asked!.url).toBe('/v2/pods/pod-1/logs?source=system&tail=5000&since=1970-01-01T00%3A00%3A00.000Z')
    expect(asked!.headers).toMatchObject({ accept: 'text/event-stream', authorization: `Bearer ${FULL_KEY}` })
    expect(asked!.headers['last-event-id']).toBeUndefined()
    expect(resumed!.headers['last-event-id']).toBe(T2)
    expect(injected!.headers['last-event-id']).toBeUndefined()
  })

  it('has lines with source, time and the id by which reading continues', async () => {
    const server = await startEventServer((response) =>
      openStream(response).end(eventText(T1, 'hello\u001b[31m') + eventText(T2, 'pull', 'system', 'never')),
    )
    const { stream, lines, seen } = follow(server.origin)
    expect(await stream.ended).toEqual({ ok: true, value: 'ended' })
    expect(seen).toEqual({ opened: 1, unreadable: 0 })
    expect(lines).toEqual([
      { id: T1, source: 'container', atMs: Date.parse('2026-11-24T14:00:01.000Z'), text: 'hello\u001b[31m' },
      { id: T2, source: 'system', atMs: null, text: 'pull' },
    ])
  })

  it('counts what is no line, and reads on', async () => {
    const server = await startEventServer((response) =>
      openStream(response).end(
        `data: not json\n\ndata: {"source":"kernel","line":"x"}\n\ndata: {"line":5,"source":"system"}\n\ndata: []\n\n${eventText('id with spaces', 'fine')}`,
      ),
    )
    const { stream, lines, seen } = follow(server.origin)
    await stream.ended
    expect(seen.unreadable).toBe(4)
    expect(lines).toMatchObject([{ id: null, text: 'fine' }])
  })

  it('cuts a long line, and leaves out one that no memory should hold', async () => {
    const server = await startEventServer((response) => {
      openStream(response).write(eventText(T1, 'a'.repeat(100_000)))
      response.write(`data: ${'b'.repeat(2 * 1024 * 1024)}`)
      response.end(`\n\n${eventText(T2, 'after')}`)
    })
    const { stream, lines, seen } = follow(server.origin)
    await stream.ended
    expect(lines).toMatchObject([
      { text: 'a'.repeat(MAX_LINE_CHARS), isCut: true },
      { id: T2, text: 'after' },
    ])
    expect(lines[1]!.isCut).toBeUndefined()
    expect(seen.unreadable).toBe(1)
  })

  it('reads characters that the network cuts in half', async () => {
    const bytes = Buffer.from(eventText(T1, 'schön 😀 中文'))
    const server = await startEventServer((response) => {
      const write = (index: number): void =>
        void (index === bytes.length
          ? response.end()
          : response.write(bytes.subarray(index, index + 1), () => setImmediate(write, index + 1)))
      openStream(response)
      write(0)
    })
    const { stream, texts } = follow(server.origin)
    await stream.ended
    expect(texts()).toEqual(['schön 😀 中文'])
  })

  it('says whether the connection broke, went silent, grew too long or was closed from here', async () => {
    const write =
      (text: string) =>
      (response: Parameters<typeof openStream>[0]): void =>
        void openStream(response).write(text)
    const cut = await startEventServer((response) =>
      openStream(response).write(eventText(T1, 'last'), () => response.socket?.destroy()),
    )
    const broken = follow(cut.origin)
    expect(await broken.stream.ended).toEqual({ ok: true, value: 'cut' })
    const quiet = await startEventServer(write(eventText(T1, 'last')))
    const silent = follow(quiet.origin, {}, { streamLimits: { ...limits, silenceMs: 1_000 } })
    expect(await silent.stream.ended).toEqual({ ok: true, value: 'silent' })
    expect(silent.texts()).toEqual(['last'])
    const full = follow(quiet.origin, {}, { streamLimits: { ...limits, maxBytes: 20 } })
    expect(await full.stream.ended).toEqual({ ok: true, value: 'full' })
    const open = follow(quiet.origin)
    await expect.poll(open.texts).toEqual(['last'])
    open.stream.close()
    expect(await open.stream.ended).toEqual({ ok: true, value: 'closed' })
    const aborted = follow(quiet.origin)
    await expect.poll(aborted.texts).toEqual(['last'])
    aborted.provider.abortReads()
    expect(await aborted.stream.ended).toEqual({ ok: true, value: 'closed' })
  })

  it('is silent without an event for a minute, whatever keeps the connection alive', async () => {
    expect(defaultStreamLimits.silenceMs).toBe(60_000)
    const repeat = (send: (count: number) => void): void => {
      let count = 0
      const timer = setInterval(() => send((count += 1)), 50)
      onTestFinished(() => clearInterval(timer))
    }
    const frozen = await startEventServer((response) => {
      openStream(response).write(eventText(T1, 'last'))
      repeat(() => response.write(': keep-alive\n\nid: 5\n\n'))
    })
    const { stream, texts } = follow(frozen.origin, {}, { streamLimits: { ...limits, silenceMs: 500 } })
    expect(await stream.ended).toEqual({ ok: true, value: 'silent' })
    expect(texts()).toEqual(['last'])
    const slow = await startEventServer((response) => {
      openStream(response)
      repeat((count) => (count === 60 ? response.end() : response.write(eventText(T1, 'next'))))
    })
    const kept = follow(slow.origin, {}, { streamLimits: { ...limits, silenceMs: 2_000 } })
    expect(await kept.stream.ended).toEqual({ ok: true, value: 'ended' })
  })

  it.each([
    [401, 'unauthorized'],
    [403, 'forbidden'],
    [404, 'not-found'],
    [410, 'gone'],
    [500, 'unreachable'],
  ] as const)('is refused with a %i as what it means', async (status, kind) => {
    const server = await startEventServer((response) =>
      response
        .writeHead(status, { 'content-type': 'application/problem+json' })
        .end(JSON.stringify({ title: 'No', detail: `because of ${FULL_KEY}`, status })),
    )
    const { stream, seen } = follow(server.origin)
    const ended = await stream.ended
    expect(ended).toMatchObject({ ok: false, error: { kind, status, message: 'No: because of [key]' } })
    expect(seen.opened).toBe(0)
    expect(server.requests).toHaveLength(1)
  })

  it('waits as long as a 429 says, and sends nothing until then', async () => {
    const server = await startEventServer((response) =>
      response.writeHead(429, { 'retry-after': '30' }).end('{}'),
    )
    const { stream, provider } = follow(server.origin)
    const ended = await stream.ended
    expect(ended).toMatchObject({ ok: false, error: { kind: 'rate-limited' } })
    expect(!ended.ok && ended.error.retryAfterMs).toBeGreaterThanOrEqual(29_000)
    const again = provider.streamLogs!('pod-1', all, { onOpen: () => {}, onLines: () => {} })
    expect(await again.ended).toMatchObject({ ok: false, error: { kind: 'rate-limited', status: null } })
    expect(server.requests).toHaveLength(1)
  })

  it('waits as long as a 429 says, also where its body is cut off', async () => {
    const server = await startEventServer((response) => {
      response.writeHead(429, { 'retry-after': '30', 'content-length': 100 })
      response.write('{', () => response.socket?.destroy())
    })
    const { stream, provider } = follow(server.origin)
    expect(await stream.ended).toMatchObject({ ok: false, error: { kind: 'unreachable', status: 429 } })
    const again = provider.streamLogs!('pod-1', all, { onOpen: () => {}, onLines: () => {} })
    expect(await again.ended).toMatchObject({ ok: false, error: { kind: 'rate-limited' } })
    expect(server.requests).toHaveLength(1)
  })

  it('takes the quota of its response into account, and counts as one read', async () => {
    const server = await startEventServer((response) =>
      openStream(response, { ratelimit: '"minute";r=4;t=60' }).end(),
    )
    const { stream, provider } = follow(server.origin)
    await stream.ended
    expect(provider.remainingQuota?.()).toEqual({ requests: 4 })
    for (let more = 0; more < 3; more++)
      await provider.streamLogs!('pod-1', all, { onOpen: () => {}, onLines: () => {} }).ended
    expect(server.requests).toHaveLength(3)
  })

  it('takes a web page or JSON for no log, and no other server for the API', async () => {
    for (const [status, headers, body] of [
      [200, { 'content-type': 'text/html' }, '<html>'],
      [200, { 'content-type': 'application/json' }, '{}'],
      [302, { location: 'https://elsewhere.example/' }, ''],
      [204, {}, ''],
    ] as const) {
      const server = await startEventServer((response) => response.writeHead(status, headers).end(body))
      expect(await follow(server.origin).stream.ended).toMatchObject({
        ok: false,
        error: { kind: 'unreadable' },
      })
    }
    const refused = await startEventServer((_response, request) => void request.socket.destroy())
    expect(await follow(refused.origin).stream.ended).toMatchObject({
      ok: false,
      error: { kind: 'unreachable' },
    })
  })

  it('reads no faster than its lines are taken', async () => {
    let sent = 0
    const chunk = eventText(T1, 'x'.repeat(10_000)).repeat(10)
    const server = await startEventServer((response) => {
      openStream(response)
      const write = (): void => {
        while (sent < 500 && response.write(chunk)) sent += 1
        if (sent < 500) response.once('drain', write)
      }
      write()
    })
    const provider = follow(server.origin).provider
    let release = (): void => {}
    let taken = 0
    const slow = provider.streamLogs!('pod-1', all, {
      onOpen: () => {},
      onLines: () => {
        taken += 1
        return new Promise<void>((resolve) => (release = resolve))
      },
    })
    await expect.poll(() => taken).toBe(1)
    let before = -1
    await expect.poll(() => before === (before = sent)).toBe(true)
    expect(taken).toBe(1)
    expect(sent).toBeLessThan(500)
    release()
    await expect.poll(() => taken).toBe(2)
    expect(sent).toBeGreaterThanOrEqual(before)
    slow.close()
    release()
    await slow.ended
  })

  it('is not silent while it waits for the one who takes its lines', async () => {
    const silenceMs = 500
    const server = await startEventServer((response) => openStream(response).end(eventText(T1, 'only')))
    const { provider } = follow(server.origin, {}, { streamLimits: { ...limits, silenceMs } })
    const slow = provider.streamLogs!('pod-1', all, {
      onOpen: () => {},
      onLines: () => new Promise((resolve) => setTimeout(resolve, 2 * silenceMs)),
    })
    expect(await slow.ended).toEqual({ ok: true, value: 'ended' })
  })

  it('comes from the simulator, past lines and then new ones', async () => {
    const { simulator } = await startSimulator({
      pods: [{ id: 'pod-1', name: 'p', mode: 'training' }],
      timeFactor: 600,
      now: Date.now,
    })
    const { stream, lines, seen } = follow(simulator.url, { tail: 10 })
    await expect.poll(() => lines.length).toBeGreaterThan(12)
    expect(seen.unreadable).toBe(0)
    stream.close()
    expect(await stream.ended).toEqual({ ok: true, value: 'closed' })
    const last = lines.at(-1)!
    const resumed = follow(simulator.url, { afterId: last.id })
    await expect.poll(() => resumed.lines.length).toBeGreaterThan(0)
    expect(resumed.lines[0]!.atMs).toBeGreaterThanOrEqual(last.atMs!)
    expect(resumed.lines.map(({ id }) => id)).not.toContain(last.id)
    resumed.stream.close()
  })
})
