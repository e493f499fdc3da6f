import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { json, problem, startHttpServer, type TestServer, text } from '../../harness/http/http-server'
import { connectLab, errorOf, LAB, sampleLabPod, valueOf } from './sample-lab'

let server: TestServer
beforeEach(async () => {
  server = await startHttpServer()
})
afterEach(() => server.close())

const paths = () => server.requests.map(({ path }) => path)
const running = (count: number, more: Record<string, unknown> = {}) =>
  Array.from({ length: count }, (_, index) =>
    sampleLabPod({ _id: `p${index}`, sshHost: undefined, sshPort: undefined, ...more }),
  )
/** A server that says that the key's plan is Pro, so that more than two pods are read after a list. */
const pro = {
  headers: { 'x-ratelimit-limit': '300', 'x-ratelimit-remaining': '299', 'x-ratelimit-reset': '60' },
}

describe('the details of a lab’s pods', () => {
  it('are read for running pods after a list, and replace what it said', async () => {
    server.replyWith(({ path }) => {
      if (path.includes('?'))
        return json({ data: [...running(2), sampleLabPod({ _id: 'off', status: 'stopped' })] })
      if (path.endsWith('/ssh')) return json({ data: { host: '203.0.113.9', port: 40_022, username: 'x' } })
      return json({
        data: { id: path.split('/').at(-1), idleMinutes: 30, gpu_utilization: 3, gpuType: null },
      })
    })
    const { lab } = connectLab(server, true)
    // The free plan allows two requests after a list, and addresses come first.
    const first = valueOf(await lab.listPods()).pods
    expect(first.map(({ ssh }) => ssh.direct?.port)).toEqual([40_022, 40_022, 11_452])
    expect(first.map(({ telemetry }) => telemetry)).toEqual([null, null, null])
    const second = valueOf(await lab.listPods()).pods
    expect(second.slice(0, 2)).toMatchObject(
      [0, 1].map(() => ({
        gpu: { name: 'H200 SXM' },
        telemetry: { gpus: [{ utilPercent: 3 }] },
        managed: { idleMinutes: 30 },
        ssh: { direct: { host: '203.0.113.9', username: 'root' } },
      })),
    )
    expect(paths().filter((path) => path.endsWith('/ssh'))).toEqual([
      '/api/v1/pods/p0/ssh',
      '/api/v1/pods/p1/ssh',
    ])
    expect(paths().some((path) => path.includes('off'))).toBe(false)
  })

  it('are a bounded number after one list, in turn', async () => {
    server.replyWith(({ path }) =>
      path.includes('?')
        ? json({ data: running(25, { sshHost: 'h', sshPort: 1 }) }, pro)
        : json({ data: { _id: path.split('/').at(-1), idleMinutes: 1 } }, pro),
    )
    const { lab, clock } = connectLab(server, true)
    const read: string[][] = []
    for (let poll = 0; poll < 3; poll += 1) {
      clock.advance(3_600_000)
      const { pods } = valueOf(await lab.listPods())
      read.push(pods.flatMap(({ id, managed }) => (managed?.idleMinutes === 1 ? [id] : [])))
    }
    expect(read.map(({ length }) => length)).toEqual([10, 10, 10])
    expect(new Set(read.flat()).size).toBe(25)
  })

  it('do not fail the list, and are unknown without them', async () => {
    server.replyWith(({ path }) => (path.includes('?') ? json({ data: running(1) }) : problem(500, 'oh')))
    const list = valueOf(await connectLab(server, true).lab.listPods())
    expect(list).toMatchObject({
      isComplete: true,
      pods: [{ telemetry: null, managed: { idleMinutes: null } }],
    })
  })

  it('of another pod are not taken for those of the pod', async () => {
    server.replyWith(({ path }) =>
      path.includes('?')
        ? json({ data: running(1, { sshHost: 'h', sshPort: 1 }) })
        : json({ data: { _id: 'other', idleMinutes: 30 } }),
    )
    expect(valueOf(await connectLab(server, true).lab.listPods()).pods[0]?.managed?.idleMinutes).toBeNull()
  })

  it('are not requested for 24 h once the server does not know the routes', async () => {
    server.replyWith(({ path }) =>
      path.includes('?') ? json({ data: running(1) }) : text('<html>', { status: 404 }),
    )
    const { lab, clock } = connectLab(server, true)
    for (let poll = 0; poll < 4; poll += 1) {
      clock.advance(3_600_000)
      expect((await lab.listPods()).ok).toBe(true)
    }
    expect(
      paths()
        .filter((path) => !path.includes('?'))
        .sort(),
    ).toEqual(['/api/v1/pods/p0', '/api/v1/pods/p0/ssh'])
    expect(lab.minPollIntervalMs()).toBe(216_000)
    clock.advance(24 * 3_600_000)
    await lab.listPods()
    expect(paths().filter((path) => !path.includes('?'))).toHaveLength(4)
  })

  it('include an SSH address once per run', async () => {
    let startedAt = 1_764_000_000_000
    let status = 'running'
    server.replyWith(({ path }) => {
      if (path.includes('?')) return json({ data: running(1, { startedAt, status }) })
      return path.endsWith('/ssh') ? json({ data: { sshHost: 'h', sshPort: 22 } }) : text('', { status: 404 })
    })
    const { lab, clock } = connectLab(server, true)
    const poll = async () => {
      clock.advance(3_600_000)
      return valueOf(await lab.listPods()).pods[0]?.ssh.direct ?? null
    }
    const asked = () => paths().filter((path) => path.endsWith('/ssh')).length
    for (let count = 0; count < 3; count += 1) expect(await poll()).toMatchObject({ host: 'h' })
    expect(asked()).toBe(1)
    status = 'stopped'
    expect(await poll()).toBeNull()
    status = 'running'
    startedAt += 1
    expect(await poll()).toMatchObject({ host: 'h' })
    expect(asked()).toBe(2)
    await lab.act('p0', 'start')
    await poll()
    expect(asked()).toBe(3)
  })

  it('include an address that is asked for a few times only while there is none', async () => {
    server.replyWith(({ path }) => {
      if (path.includes('?')) return json({ data: running(1) })
      const notYet = { error: { code: 'conflict', message: 'SSH is available once the pod is running' } }
      return path.endsWith('/ssh') ? json(notYet, { status: 409 }) : text('', { status: 404 })
    })
    const { lab, clock } = connectLab(server, true)
    for (let poll = 0; poll < 6; poll += 1) {
      clock.advance(3_600_000)
      await lab.listPods()
    }
    expect(paths().filter((path) => path.endsWith('/ssh'))).toHaveLength(3)
  })
})

describe('the spending of a lab', () => {
  it.each([
    ['its summary', { summary: { totalUsd: 42.5, liveRunning: { costUsd: 3 } }, experiments: [] }],
    [
      'an envelope in snake_case',
      { data: { summary: { total_cost_usd: 42.5, live_running: { cost_usd: 3 } } } },
    ],
  ])('is read from %s', async (_what, answer) => {
    server.reply(json(answer))
    const { lab } = connectLab(server)
    expect(valueOf(await lab.readLabSpending!())).toEqual({
      totalUsd: 42.5,
      isOfMonth: false,
      runningUsd: 3,
    })
    expect(paths()).toEqual([`/api/v1/costs?labId=${LAB.id}`])
  })

  it('is unknown where the summary does not say it, and never $0', async () => {
    server.reply(json({ summary: { totalUsd: null, liveRunning: { costUsd: -1 } } }))
    expect(valueOf(await connectLab(server).lab.readLabSpending!())).toEqual({
      totalUsd: null,
      isOfMonth: false,
      runningUsd: null,
    })
  })

  it.each([[], 7, {}, { summary: 5 }])('is unreadable if the answer is %j', async (answer) => {
    server.reply(json(answer))
    expect(errorOf(await connectLab(server).lab.readLabSpending!()).kind).toBe('unreadable')
  })

  it('is that of the month on the announced route, until the server does not know it', async () => {
    const { lab, clock } = connectLab(server, true)
    server.reply(json({ data: { totalUsd: 7 } }))
    expect(valueOf(await lab.readLabSpending!())).toMatchObject({ totalUsd: 7, isOfMonth: true })
    server.replyWith(({ path }) =>
      path.includes('/pods/costs') ? text('', { status: 405 }) : json({ summary: { totalUsd: 9 } }),
    )
    clock.advance(3_600_000)
    expect(valueOf(await lab.readLabSpending!())).toMatchObject({ totalUsd: 9, isOfMonth: false })
    clock.advance(3_600_000)
    await lab.readLabSpending!()
    const month = `/api/v1/pods/costs?labId=${LAB.id}&month=current`
    const today = `/api/v1/costs?labId=${LAB.id}`
    expect(paths()).toEqual([month, month, today, today])
  })
})

describe('the queue of a lab', () => {
  const experiment = (id: string, more: Record<string, unknown> = {}) => ({
    _id: id,
    title: id,
    status: 'queued',
    computeMode: 'H200',
    priority: 'normal',
    createdAt: 1_764_000_000_000,
    ...more,
  })

  it('has the queued experiments by priority, then the oldest first', async () => {
    server.reply(
      json({
        data: [
          experiment('low', { priority: 'low', createdAt: 1 }),
          experiment('young', { createdAt: 1_764_000_000_500 }),
          experiment('old'),
          experiment('undated', { createdAt: 'soon' }),
          experiment('critical', { priority: 'critical' }),
          experiment('running', { status: 'running', priority: 'critical' }),
          experiment('odd', {
            priority: 'urgent',
            compute_mode: 'x',
            computeMode: null,
            title: '',
            createdAt: 1_764_000_000_100,
          }),
          { title: 'no id', status: 'queued' },
          null,
        ],
      }),
    )
    const { lab } = connectLab(server)
    const queue = valueOf(await lab.listQueuedExperiments!())
    expect(queue.map(({ id }) => id)).toEqual(['critical', 'old', 'odd', 'young', 'undated', 'low'])
    expect(queue[2]).toEqual({
      id: 'odd',
      title: 'odd',
      computeMode: 'x',
      priority: 'normal',
      createdAtMs: 1_764_000_000_100,
    })
    expect(paths()).toEqual([`/api/v1/experiments?labId=${LAB.id}`])
  })

  it('is read from a bounded number of pages and has a bounded length', async () => {
    let page = 0
    server.replyWith(() => {
      page += 1
      return json({
        data: Array.from({ length: 100 }, (_, index) => experiment(`${page}-${index}`)),
        meta: { next_cursor: `c${page}` },
      })
    })
    const { lab, clock } = connectLab(server)
    clock.advance(24 * 3_600_000)
    expect(valueOf(await lab.listQueuedExperiments!())).toHaveLength(100)
    expect(server.requests).toHaveLength(3)
  })

  it('is unreadable if it is no list', async () => {
    server.reply(json({ data: 'none' }))
    expect(errorOf(await connectLab(server).lab.listQueuedExperiments!()).kind).toBe('unreadable')
  })
})
