import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MINUTE_MS } from '../../../src/core/base/time/time'
import { createMemoryUsageStore } from '../../harness/money/memory-usage-store'
import { json, startHttpServer, type TestServer } from '../../harness/http/http-server'
import { connectLab, LAB, sampleLabPod, valueOf } from './sample-lab'

/* What an action needs is sent before what is only read: docs/product-rules.md#122-hubify. */

let server: TestServer

beforeEach(async () => {
  server = await startHttpServer()
})

afterEach(() => server.close())

type Lab = ReturnType<typeof connectLab>['lab']

const reads = {
  list: (lab: Lab) => lab.listPods(),
  spending: (lab: Lab) => lab.readLabSpending!(),
  queue: (lab: Lab) => lab.listQueuedExperiments!(),
} as const

describe('an action at a lab', () => {
  const operation = fc.record({
    read: fc.constantFrom(...(Object.keys(reads) as (keyof typeof reads)[])),
    count: fc.integer({ min: 1, max: 20 }),
    waitMs: fc.integer({ min: 0, max: 10 * MINUTE_MS }),
  })
  const remaining = fc.option(fc.integer({ min: 0, max: 60 }), { nil: null })

  it('and the read before it are sent at once, whatever was read before and however little is left for reads', () =>
    fc.assert(
      fc.asyncProperty(fc.array(operation, { maxLength: 8 }), remaining, async (operations, left) => {
        const headers: Record<string, string> =
          left === null ? {} : { 'x-ratelimit-limit': '60', 'x-ratelimit-remaining': String(left) }
        server.replyWith(({ method }) =>
          json(
            { data: method === 'POST' ? sampleLabPod({ status: 'stopped' }) : [sampleLabPod()] },
            { headers },
          ),
        )
        const { lab, clock } = connectLab(server, false, { usage: createMemoryUsageStore() })
        for (const { read, count, waitMs } of operations) {
          for (let each = 0; each < count; each += 1) await reads[read](lab)
          clock.advance(waitMs)
        }
        const before = server.requests.length
        expect(valueOf(await lab.getPod('pod_abc123', true)).phase).toBe('running')
        expect(valueOf(await lab.act('pod_abc123', 'stop'))?.phase).toBe('stopped')
        expect(server.requests.slice(before).map(({ method }) => method)).toEqual(['GET', 'POST'])
      }),
      { numRuns: 60 },
    ))

  it('is answered while every read still waits for its reply', async () => {
    let answered = 0
    server.replyWith(({ method }) =>
      method === 'POST' ? json({ data: sampleLabPod({ status: 'stopped' }) }) : { kind: 'hang' },
    )
    const { lab } = connectLab(server)
    const lists = Array.from({ length: 10 }, () => lab.listPods().then(() => (answered += 1)))
    await server.received(10)
    expect(valueOf(await lab.act('pod_abc123', 'stop'))?.phase).toBe('stopped')
    expect(answered).toBe(0)
    lab.abortReads()
    await Promise.all(lists)
  })

  it('doesn’t wait for details of pods that its command reads nothing of', async () => {
    server.reply(json({ data: [sampleLabPod()] }))
    const { lab, key } = connectLab(server, true)
    key.readForAction()
    await lab.listPods()
    expect(server.requests.map(({ path }) => path)).toEqual([`/api/v1/pods?labId=${LAB.id}`])
  })

  it('is no reason to read more: a read for none is held back as before', async () => {
    server.reply(json({ data: [sampleLabPod()] }))
    const { lab } = connectLab(server)
    for (let each = 0; each < 40; each += 1) await lab.listPods()
    expect(server.requests).toHaveLength(16)
    expect((await lab.getPod('pod_abc123')).ok).toBe(false)
    for (let each = 0; each < 40; each += 1) await lab.getPod('pod_abc123', true)
    expect(server.requests.length).toBeLessThanOrEqual(32)
  })
})
