import { describe, expect, it } from 'vitest'
import { fail, ok } from '../../../src/core/base/result'
import type { PodKey } from '../../../src/core/pods/pod'
import type { Provider } from '../../../src/core/pods/provider'
import { createLogViews } from '../../../src/main/logs/log-views'
import { type LogUpdate, MAX_UNACKNOWLEDGED_LINES } from '../../../src/shared/requests/pod/log-requests'
import { createFakeClock, flushPromises } from '../../harness/base/fake-clock'
import { createLogStreams } from '../../harness/ssh/log-streams'
import { createScriptedProvider, providerError } from '../../harness/monitor/scripted-provider'

const podKey: PodKey = 'account/p'

async function open(after: Parameters<ReturnType<typeof createLogViews>['open']>[1] = null) {
  const clock = createFakeClock()
  const streams = createLogStreams()
  const sent: LogUpdate[] = []
  let provider: Provider | null = { ...createScriptedProvider([]), ...streams.provider }
  const views = createLogViews({
    clock,
    random: () => 0.5,
    provider: () => provider,
    send: (one) => sent.push(one),
  })
  const viewId = views.open(podKey, after)
  await flushPromises()
  let serial = 0
  const print = (count: number): void | Promise<void> =>
    streams.opened.at(-1)!.handlers.onLines(
      Array.from({ length: count }, () => ({
        id: String((serial += 1)),
        source: 'container',
        atMs: serial,
        text: `line ${serial}`,
      })),
      0,
    )
  return {
    ...streams,
    clock,
    sent,
    views,
    viewId,
    print,
    lines: () => sent.flatMap(({ lines }) => lines.map(({ text }) => text)),
    disconnect: () => (provider = null),
  }
}

describe('a log that a window shows', () => {
  it('is sent in batches, with where it stands', async () => {
    const { clock, sent, print, lines, opened, viewId } = await open()
    expect(viewId).toEqual(ok(1))
    expect(opened[0]!.query).toEqual({ source: null, tail: 5_000, sinceMs: null, afterId: null })
    opened[0]!.handlers.onOpen()
    void print(3)
    expect(sent).toHaveLength(0)
    await clock.advanceAsync(50)
    expect(sent).toMatchObject([
      { viewId: 1, leftOutCount: 0, state: { kind: 'live', areSecretsHidden: true } },
    ])
    expect(lines()).toEqual(['line 1', 'line 2', 'line 3'])
    void print(4_500)
    expect(sent.map((one) => one.lines.length)).toEqual([3, 2_000, 2_000, 500])
    expect(sent.at(-1)!.state).toBeUndefined()
  })

  it('continues where the window left off', async () => {
    const { opened } = await open({ id: '77', atMs: 5 })
    expect(opened[0]!.query).toMatchObject({ afterId: '77', sinceMs: 5 })
  })

  it('is read no further than the window keeps up', async () => {
    const { print, views, sent } = await open()
    const held = print(MAX_UNACKNOWLEDGED_LINES)
    let isReadOn = false
    void Promise.resolve(held).then(() => (isReadOn = true))
    await flushPromises()
    expect(isReadOn).toBe(false)
    views.ack(1, sent[0]!.lines.length)
    await flushPromises()
    expect(isReadOn).toBe(false)
    views.ack(99, MAX_UNACKNOWLEDGED_LINES)
    views.ack(1, MAX_UNACKNOWLEDGED_LINES)
    await flushPromises()
    expect(isReadOn).toBe(true)
    expect(print(1)).toBeUndefined()
  })

  it('ends when it is closed, also while it waits for the window', async () => {
    const { print, views, opened, sent, clock } = await open()
    const held = print(MAX_UNACKNOWLEDGED_LINES)
    const count = sent.length
    views.close(1)
    await held
    expect(opened[0]!.isClosed).toBe(true)
    await clock.advanceAsync(1_000)
    expect(sent).toHaveLength(count)
  })

  it('is one of four, so that a window cannot open any number', async () => {
    const { views, opened } = await open()
    for (let more = 0; more < 5; more += 1) views.open(podKey, null)
    await flushPromises()
    expect(opened.filter(({ isClosed }) => !isClosed)).toHaveLength(4)
    views.closeAll()
    expect(opened.every(({ isClosed }) => isClosed)).toBe(true)
  })

  it('is refused where there is none, and waits while its account is away', async () => {
    const refuse = (provider: Provider | null) =>
      createLogViews({
        clock: createFakeClock(),
        random: () => 0,
        provider: () => provider,
        send: () => {},
      }).open(podKey, null)
    expect(refuse(null)).toEqual(fail('That account is not connected.'))
    expect(refuse(createScriptedProvider([]))).toEqual(fail('The provider of this pod offers no logs.'))
    const { disconnect, opened, clock, sent } = await open()
    disconnect()
    opened[0]!.end(ok('closed'))
    await flushPromises()
    await clock.advanceAsync(600_000)
    expect(opened).toHaveLength(1)
    expect(sent.at(-1)!.state).toMatchObject({ kind: 'waiting' })
  })

  it('says in words why it cannot be read', async () => {
    const { opened, clock, sent } = await open()
    opened[0]!.end(fail(providerError('forbidden')))
    await clock.advanceAsync(50)
    expect(sent.at(-1)!.state).toEqual({
      kind: 'failed',
      why: 'Your API key has no permission to read logs.',
    })
    const waiting = await open()
    waiting.opened[0]!.end(fail(providerError('unreachable', { message: 'It is down.' })))
    await waiting.clock.advanceAsync(50)
    expect(waiting.sent.at(-1)!.state).toEqual({
      kind: 'waiting',
      untilMs: expect.any(Number),
      why: 'It is down.',
    })
  })
})
