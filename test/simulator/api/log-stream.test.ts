import { describe, expect, it, onTestFinished } from 'vitest'
import { FULL_KEY, type Simulator } from '../../../src/simulator/simulator'
import { sendPodAction, sendRequest, startSimulator } from '../../harness/simulator/simulator-fixture'

interface LogEvent {
  readonly id: string
  readonly source: string
  readonly line: string
  readonly ts: string
}

interface Listener {
  readonly headers: Headers
  /** All events so far. */
  readonly events: readonly LogEvent[]
  readonly comments: () => number
  readonly hasEnded: () => boolean
  readonly leave: () => void
}

async function listen(
  simulator: Simulator,
  query = '',
  headers: Record<string, string> = {},
): Promise<Listener> {
  const leaving = new AbortController()
  onTestFinished(() => leaving.abort())
  const response = await fetch(`${simulator.url}/v2/pods/p/logs${query}`, {
    headers: { authorization: `Bearer ${FULL_KEY}`, ...headers },
    signal: leaving.signal,
  })
  expect(response.status).toBe(200)
  const events: LogEvent[] = []
  let hasEnded = false
  let comments = 0
  const follow = async () => {
    let text = ''
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk
      const blocks = text.split('\n\n')
      text = blocks.pop()!
      events.push(...blocks.filter((block) => !block.startsWith(':')).map(eventOf))
      comments += blocks.filter((block) => block.startsWith(':')).length
    }
  }
  follow()
    .catch(() => {})
    .finally(() => (hasEnded = true))
  return {
    headers: response.headers,
    events,
    comments: () => comments,
    hasEnded: () => hasEnded,
    leave: () => leaving.abort(),
  }
}

function eventOf(block: string): LogEvent {
  const [, id, data] = /^id: (.*)\ndata: (.*)$/.exec(block)!
  return { id: id!, ...JSON.parse(data!) }
}

const training = { id: 'p', name: 'p', mode: 'training' } as const
const lines = ({ events }: Listener) => events.map(({ line }) => line)

describe('the logs of a pod', () => {
  it('are events whose ids are their times', async () => {
    const { simulator } = await startSimulator({ pods: [training] })
    const heard = await listen(simulator)
    await expect.poll(() => heard.events.length).toBe(100)
    expect(heard.headers.get('content-type')).toBe('text/event-stream')
    expect(heard.headers.get('cache-control')).toBe('no-cache')
    expect(heard.headers.get('x-accel-buffering')).toBe('no')
    expect(heard.headers.get('ratelimit')).not.toBeNull()
    const last = heard.events.at(-1)!
    expect(last).toMatchObject({ source: 'container', ts: last.id })
    expect(last.id).toMatch(/^2026-11-24T13:59:\d\d\.\d{6}Z$/)
    expect(last.line).toMatch(
      /^step \d+\/20000 loss \d\.\d{4} lr \d\.\de-\d+ tok\/s \d\d\.\dk eta \d\d:\d\d:\d\d$/,
    )
  })

  it("distinguish the host's messages from the container's output", async () => {
    const { simulator } = await startSimulator({ pods: [{ ...training, image: 'example/a:1' }] })
    const heard = await listen(simulator, '?source=system')
    await expect
      .poll(() => lines(heard))
      .toEqual(['create container example/a:1', 'pulling image example/a:1', 'start container'])
    const container = await listen(simulator, '?source=container&tail=5000')
    await expect.poll(() => container.events.length).toBeGreaterThan(200)
    expect(new Set(container.events.map(({ source }) => source))).toEqual(new Set(['container']))
  })

  it('explain why a pod does not come up', async () => {
    const { simulator } = await startSimulator({
      pods: [{ ...training, mode: 'error', image: 'example/b:1' }],
    })
    const heard = await listen(simulator)
    await expect.poll(() => lines(heard).at(-1)).toBe('failed to start example/b:1: exit code 1')
    const stuck = await startSimulator({ pods: [{ ...training, mode: 'stuck-creating' }] })
    const waiting = await listen(stuck.simulator, '?tail=2')
    await expect.poll(() => lines(waiting)).toEqual(['waiting for a machine', 'waiting for a machine'])
  })

  it('continue where a client left off, without duplicate or lost lines', async () => {
    const { simulator, clock } = await startSimulator({ pods: [training], timeFactor: 600 })
    const whole = await listen(simulator, '?tail=5000')
    await expect.poll(() => whole.events.length).toBeGreaterThan(200)
    const cut = whole.events.at(-50)!
    for (const [query, headers, from] of [
      ['', { 'last-event-id': cut.id }, -49],
      [`?since=${cut.ts}&tail=3`, {}, -50],
      ['?since=2020-01-01T00:00:00Z', { 'last-event-id': cut.id }, -49],
    ] as const) {
      const resumed = await listen(simulator, query, headers)
      await expect.poll(() => resumed.events).toEqual(whole.events.slice(from))
    }
    clock.advanceS(1)
    const later = await listen(simulator, '', { 'last-event-id': whole.events.at(-1)!.id })
    await expect.poll(() => later.events.length).toBe(38)
    expect(new Set(later.events.map(({ id }) => id)).size).toBe(38)
  })

  it('include new lines as they appear', async () => {
    const { simulator } = await startSimulator({ pods: [training], timeFactor: 600, now: Date.now })
    const heard = await listen(simulator, '?tail=0')
    await expect.poll(() => heard.events.length).toBeGreaterThan(5)
    expect((await sendPodAction(simulator, 'p', 'stop')).status).toBe(200)
    await expect.poll(() => lines(heard).at(-1)).toBe('stop container')
    expect(new Set(heard.events.map(({ id }) => id)).size).toBe(heard.events.length)
  })

  it('report a restart immediately and end with the pod', async () => {
    const { simulator, clock } = await startSimulator({ pods: [{ ...training, restartingS: 0 }] })
    const heard = await listen(simulator, '?source=system&tail=0')
    clock.advanceS(10)
    await sendPodAction(simulator, 'p', 'restart')
    await expect.poll(() => lines(heard)).toEqual(['restart container'])
    expect(heard.hasEnded()).toBe(false)
    await sendPodAction(simulator, 'p', 'terminate')
    await expect.poll(() => heard.hasEnded()).toBe(true)
  })

  it.each([
    ['tail=-1', 422],
    ['tail=5001', 422],
    ['tail=x', 422],
    ['source=kernel', 422],
    ['since=yesterday', 422],
  ])('reject %s', async (query, status) => {
    const { simulator } = await startSimulator({ pods: [training] })
    expect((await sendRequest(simulator, `/v2/pods/p/logs?${query}`)).status).toBe(status)
    expect((await sendRequest(simulator, '/v2/pods/none/logs')).status).toBe(404)
  })

  it('say of a long pull how far each layer is, like Docker', async () => {
    const { simulator, clock } = await startSimulator({
      pods: [{ ...training, startedAgoMin: 0, startingS: 1_200, image: 'example/a:1' }],
    })
    clock.advanceS(600)
    const heard = await listen(simulator, '?source=system&tail=5000')
    await expect.poll(() => heard.events.length).toBeGreaterThan(10)
    expect(lines(heard)).toContain('1 Pulling from example/a')
    expect(lines(heard).filter((line) => line.endsWith('Pulling fs layer'))).toHaveLength(5)
    expect(
      lines(heard).some((line) => /^[0-9a-f]{12} Downloading \[=+>\] 412\.5MB\/412\.5MB$/.test(line)),
    ).toBe(true)
    expect(lines(heard).filter((line) => line.endsWith('Pull complete'))).toHaveLength(2)
    expect(lines(heard)).not.toContain('start container')
  })

  it('show a crash loop by its starts, while the pod counts as running', async () => {
    const { simulator, clock } = await startSimulator({
      pods: [{ ...training, mode: 'crash-loop', startedAgoMin: 1 }],
    })
    clock.advanceS(1)
    const heard = await listen(simulator, '?source=system')
    await expect.poll(() => lines(heard).filter((line) => line === 'start container')).toHaveLength(7)
    expect((await sendRequest(simulator, '/v2/pods/p')).body).toMatchObject({
      status: 'RUNNING',
      runtime: null,
    })
  })

  it('can have 10,000 lines a second', async () => {
    const { simulator } = await startSimulator({ pods: [{ ...training, logLinesPerS: 10_000 }] })
    const heard = await listen(simulator, '?source=container&tail=5000')
    await expect.poll(() => heard.events.length).toBe(5_000)
    const times = heard.events.map(({ ts }) => ts)
    expect(times[0]!.slice(0, 21)).toBe('2026-11-24T13:59:59.5')
    expect([...times].sort()).toEqual(times)
  })

  it('can break off within a line, come twice and change places', async () => {
    const { simulator } = await startSimulator({ pods: [training] })
    const whole = await listen(simulator, '?tail=60')
    await expect.poll(() => whole.events.length).toBe(60)
    const from = { 'last-event-id': whole.events[19]!.id }
    simulator.fault({ kind: 'log-drop', path: '/v2/pods/*', count: 1 })
    const broken = await listen(simulator, '', from)
    await expect.poll(() => broken.hasEnded()).toBe(true)
    expect(broken.events).toEqual(whole.events.slice(20, 45))
    simulator.fault({ kind: 'log-duplicates', path: '/v2/pods/*', count: 1 })
    const twice = await listen(simulator, '', from)
    await expect.poll(() => twice.events.length).toBe(120)
    expect(twice.events).toEqual(whole.events.flatMap((event) => [event, event]))
    simulator.fault({ kind: 'log-reordered', path: '/v2/pods/*', count: 1 })
    const mixed = await listen(simulator, '', from)
    await expect.poll(() => mixed.events.length).toBe(40)
    expect(mixed.events.slice(0, 2)).toEqual([whole.events[21], whole.events[20]])
  })

  it('can freeze after what there is while comments keep the connection alive, and go on for who asks again', async () => {
    const { simulator } = await startSimulator({ pods: [training], timeFactor: 600, now: Date.now })
    simulator.fault({ kind: 'log-frozen', path: '/v2/pods/*', count: 1, delayMs: 5 })
    const frozen = await listen(simulator, '?tail=3')
    await expect.poll(() => frozen.comments()).toBeGreaterThan(20)
    expect(frozen.events).toHaveLength(3)
    const again = await listen(simulator, '', { 'last-event-id': frozen.events[2]!.id })
    await expect.poll(() => again.events.length).toBeGreaterThan(3)
    expect(frozen.events).toHaveLength(3)
  })

  it('can be broken by faults like any other response', async () => {
    const { simulator } = await startSimulator({ pods: [training] })
    simulator.fault({ kind: 'half-body', path: '/v2/pods/p/logs' })
    await expect(sendRequest(simulator, '/v2/pods/p/logs')).rejects.toThrow('fetch failed')
  })
})
