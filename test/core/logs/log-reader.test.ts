import { describe, expect, it, onTestFinished } from 'vitest'
import { createLogBook } from '../../../src/core/logs/log-book'
import type { LogLine } from '../../../src/core/logs/log-line'
import { type LogReaderState, openLogReader } from '../../../src/core/logs/log-reader'
import { HIDDEN } from '../../../src/core/logs/secret-mask'
import type { RawLogLine } from '../../../src/core/pods/pod-logs'
import { fail, ok } from '../../../src/core/base/result'
import { createSystemClock } from '../../../src/node/clock'
import { providers } from '../../../src/providers'
import { defaultStreamLimits } from '../../../src/providers/http/stream'
import { FULL_KEY } from '../../../src/simulator/simulator'
import { createFakeClock, flushPromises, START_MS } from '../../harness/base/fake-clock'
import { createLogStreams, type Ending } from '../../harness/ssh/log-streams'
import { providerError } from '../../harness/monitor/scripted-provider'
import { startSimulator } from '../../harness/simulator/simulator-fixture'

async function read(streams = createLogStreams(), more: Partial<Parameters<typeof openLogReader>[0]> = {}) {
  const clock = createFakeClock()
  const lines: LogLine[] = []
  const states: LogReaderState[] = []
  const reader = openLogReader({
    provider: streams.provider,
    podId: 'p',
    clock,
    random: () => 0.5,
    source: null,
    tail: 100,
    sinceMs: null,
    onLines: (received) => void lines.push(...received),
    onState: (state) => states.push(state),
    ...more,
  })
  await flushPromises()
  const end = async (ending: Ending): Promise<void> => {
    streams.opened.at(-1)!.end(ending)
    await flushPromises()
  }
  return { ...streams, clock, lines, states, reader, end, last: () => streams.opened.at(-1)! }
}

const raw = (id: string, text: string, atMs: number | null = Number(id)): RawLogLine => ({
  id,
  source: 'container',
  atMs,
  text,
})

describe('a log that is followed', () => {
  it('begins with the lines asked for, and is live once the server accepts', async () => {
    const { last, states, lines } = await read(createLogStreams(), { source: 'system', tail: 7, sinceMs: 99 })
    expect(last().query).toEqual({ source: 'system', tail: 7, sinceMs: 99, afterId: null })
    expect(states).toEqual([{ kind: 'opening' }])
    last().handlers.onOpen()
    expect(states.at(-1)).toEqual({ kind: 'live', areSecretsHidden: true })
    await last().handlers.onLines([raw('1', '\u001b[31mred\u001b[0m hunter2hunter')], 0)
    expect(lines).toEqual([
      {
        id: '1',
        source: 'container',
        atMs: 1,
        text: `red ${HIDDEN}`,
        styles: [{ from: 0, to: 3, names: ['red'] }],
      },
    ])
  })

  it('hides the start of a secret also where a long line is cut, and says that it is cut', async () => {
    const { last, lines } = await read()
    await last().handlers.onLines([{ ...raw('1', 'a long line hunter2hunt'), isCut: true }], 0)
    expect(lines.map(({ text }) => text)).toEqual([`a long line ${HIDDEN} …`])
  })

  it('is opened anew after the last line when its stream ends, and shows no line twice', async () => {
    const { opened, clock, lines, states, end, last } = await read()
    last().handlers.onOpen()
    await last().handlers.onLines([raw('1', 'a'), raw('2', 'b')], 0)
    await end(ok('cut'))
    expect(states.at(-1)).toEqual({ kind: 'waiting', untilMs: START_MS + 1_000, why: null })
    await clock.advanceAsync(1_000)
    expect(opened).toHaveLength(2)
    expect(last().query).toEqual({ source: null, tail: 100, sinceMs: 2, afterId: '2' })
    await last().handlers.onLines([raw('2', 'b'), raw('3', 'c'), raw('3', 'c')], 0)
    expect(lines.map(({ text }) => text)).toEqual(['a', 'b', 'c'])
  })

  it('pauses longer and longer while nothing comes, and shorter again after a line', async () => {
    const { opened, clock, states, end, last } = await read()
    const pauses: number[] = []
    for (let i = 0; i < 9; i += 1) {
      await end(ok('ended'))
      const state = states.at(-1)!
      const ms = state.kind === 'waiting' ? state.untilMs - clock.now().wallMs : 0
      pauses.push(ms)
      await clock.advanceAsync(ms)
    }
    expect(pauses).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000, 60_000])
    expect(opened).toHaveLength(10)
    await last().handlers.onLines([raw('1', 'a')], 0)
    await end(ok('cut'))
    expect(states.at(-1)).toMatchObject({ kind: 'waiting', untilMs: clock.now().wallMs + 1_000 })
  })

  it('continues at once after a silence, which is no failure and changes nothing that is shown', async () => {
    const { opened, clock, end, last, states } = await read()
    last().handlers.onOpen()
    await last().handlers.onLines([raw('1', 'a')], 0)
    await end(ok('silent'))
    await clock.advanceAsync(0)
    expect(opened).toHaveLength(2)
    expect(last().query.afterId).toBe('1')
    expect(states.at(-1)).toEqual({ kind: 'live', areSecretsHidden: true })
    await end(fail(providerError('unreachable', { message: 'It is down.' })))
    expect(states.at(-1)).toMatchObject({ kind: 'waiting', why: 'It is down.' })
  })

  it.each(['unauthorized', 'forbidden', 'gone', 'invalid'] as const)(
    'ends for good when it is %s',
    async (kind) => {
      const { opened, clock, states, end } = await read()
      await end(fail(providerError(kind)))
      expect(states.at(-1)).toMatchObject({ kind: 'failed', error: { kind } })
      await clock.advanceAsync(600_000)
      expect(opened).toHaveLength(1)
    },
  )

  it('waits as long as the server says, and continues after errors that pass', async () => {
    const { opened, clock, states, end } = await read()
    await end(fail(providerError('rate-limited', { retryAfterMs: 30_000 })))
    expect(states.at(-1)).toMatchObject({
      kind: 'waiting',
      untilMs: START_MS + 30_000,
      error: { kind: 'rate-limited' },
    })
    await clock.advanceAsync(29_999)
    expect(opened).toHaveLength(1)
    await clock.advanceAsync(1)
    expect(opened).toHaveLength(2)
    await end(fail(providerError('unreachable', { message: 'It is down.' })))
    expect(states.at(-1)).toMatchObject({ kind: 'waiting', why: 'It is down.' })
    await clock.advanceAsync(60_000)
    expect(opened).toHaveLength(3)
  })

  it('is not there yet for a new pod, and gone for good after three times', async () => {
    const { opened, clock, states, end } = await read()
    for (let i = 0; i < 3; i += 1) {
      await end(fail(providerError('not-found')))
      await clock.advanceAsync(60_000)
    }
    expect(opened).toHaveLength(3)
    expect(states.at(-1)).toMatchObject({ kind: 'failed' })
  })

  it('is not opened before the secrets of its pod are known', async () => {
    const streams = createLogStreams()
    streams.configurations.push(fail(providerError('unreachable')))
    const { opened, clock, states } = await read(streams)
    expect(opened).toHaveLength(0)
    expect(states.at(-1)).toMatchObject({ kind: 'waiting' })
    await clock.advanceAsync(60_000)
    expect(opened).toHaveLength(1)
  })

  it('says so when the environment is not told, so that nothing can be hidden', async () => {
    const unreadable = createLogStreams()
    unreadable.configurations.push(fail(providerError('unreadable')))
    for (const streams of [createLogStreams(null), unreadable]) {
      const { last, states } = await read(streams)
      last().handlers.onOpen()
      expect(states.at(-1)).toEqual({ kind: 'live', areSecretsHidden: false })
    }
  })

  it('reads the environment again after ten minutes, and keeps what it knew where that fails', async () => {
    const streams = createLogStreams()
    const { clock, end, reads, last, lines } = await read(streams)
    await end(ok('silent'))
    await clock.advanceAsync(0)
    expect(reads()).toBe(1)
    await clock.advanceAsync(600_000)
    streams.configurations.push(fail(providerError('unreachable')))
    await end(ok('silent'))
    await clock.advanceAsync(0)
    expect(reads()).toBe(2)
    await last().handlers.onLines([raw('1', 'hunter2hunter')], 0)
    expect(lines[0]!.text).toBe(HIDDEN)
  })

  it('stops when it is closed, whether it waits or reads', async () => {
    const reading = await read()
    reading.reader.close()
    expect(reading.last().isClosed).toBe(true)
    await reading.last().handlers.onLines([raw('1', 'late')], 0)
    expect(reading.lines).toEqual([])
    const waiting = await read()
    await waiting.end(ok('cut'))
    waiting.reader.close()
    await waiting.clock.advanceAsync(600_000)
    expect(waiting.opened).toHaveLength(1)
  })

  it.each([['log-drop'], ['log-duplicates'], ['log-reordered'], ['log-frozen']] as const)(
    'is whole, in order and without repetition over a real connection with %s',
    async (kind) => {
      const { simulator } = await startSimulator({
        pods: [{ id: 'p', name: 'p', mode: 'training', logLinesPerS: 500, env: { A_TOKEN: 'line 7 ..' } }],
        now: Date.now,
      })
      simulator.fault({ kind, path: '/v2/pods/p/logs', delayMs: 50 })
      const book = createLogBook({ maxLines: 1e5, maxChars: 1e8 })
      const reader = openLogReader({
        provider: providers.runpod.create({
          baseUrl: `${simulator.url}/v2`,
          hosts: 'loopback-only',
          apiKey: FULL_KEY,
          version: '1',
          now: () => createSystemClock().now(),
          random: Math.random,
          ...(kind === 'log-frozen' && { streamLimits: { ...defaultStreamLimits, silenceMs: 300 } }),
        }),
        podId: 'p',
        // Pauses are not what this is about.
        clock: { ...createSystemClock(), schedule: (ms, run) => createSystemClock().schedule(ms / 100, run) },
        random: () => 0.5,
        source: 'container',
        tail: 20,
        sinceMs: null,
        onLines: (lines) => void book.add(lines),
        onState: () => {},
      })
      onTestFinished(() => reader.close())
      await expect.poll(() => book.endIndex(), { timeout: 60_000 }).toBeGreaterThan(300)
      reader.close()
      const numbers = book
        .slice(0, book.endIndex())
        .flatMap(({ text }) => /^line (\d+)/.exec(text)?.[1] ?? [])
        .map(Number)
      // Without a neighbor yet, the last ones may be in the wrong order.
      const settled = numbers.slice(0, -60)
      expect(settled.length).toBeGreaterThan(200)
      expect(settled).toEqual(settled.map((_, i) => settled[0]! + i))
    },
  )
})
