import { describe, expect, test } from 'vitest'
import { ok } from '../../../src/core/base/result'
import { MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import { newPodKey } from '../../../src/core/queue/schedule/pod-offers'
import { idleActivity } from '../../harness/samples/pods'
import { ACCOUNT, createQueueFixture, queuePod, startQueue } from '../../harness/queue/queue-fixture'
import { createFakePodHost } from '../../harness/queue/fake-pod-host'
import {
  createSources,
  fresh,
  KEY,
  mayCreate,
  NEW_KEY,
  startWithSources,
} from '../../harness/monitor/requested-pods'

describe('a pod that is created for a job', () => {
  test('is announced, requested once, and runs the job once it is known and at rest', async () => {
    const sources = createSources()
    const { host, pass, add, fixture, alerts, stateOf } = startWithSources(mayCreate, sources)
    const id = await add()
    await pass(30 * SECOND_MS)
    expect(alerts).toMatchObject([
      {
        title: 'New pod for train-1 in 1 min',
        body: 'From the preset h100 at $2.00/hr. The host key that it shows first is accepted for its jobs.',
      },
    ])
    expect(alerts[0]?.key.podId).toBeNull()
    await pass(10 * MINUTE_MS)
    expect(sources.creates).toHaveLength(1)
    sources.setState({ kind: 'pod', podKey: NEW_KEY })
    fixture.pods = [fresh('new')]
    await pass(2 * MINUTE_MS)
    expect([host.startedRuns(), stateOf(id)]).toEqual([[`${id}-1`], 'running'])
  })

  test('can be skipped', async () => {
    const sources = createSources()
    const { pass, add, requests } = startWithSources(mayCreate, sources)
    await add()
    await pass(30 * SECOND_MS)
    expect(requests.skipStart(newPodKey(ACCOUNT)).ok).toBe(true)
    await pass(60 * MINUTE_MS)
    expect(sources.creates).toEqual([])
  })

  test('is one at a time, and the next job waits for it', async () => {
    const sources = createSources()
    const { host, pass, add, fixture } = startWithSources(mayCreate, sources)
    const jobs = [await add(), await add(), await add()]
    await pass(3 * MINUTE_MS)
    sources.setState({ kind: 'pod', podKey: NEW_KEY })
    fixture.pods = [fresh('new')]
    await pass(60 * MINUTE_MS)
    expect([sources.creates.length, host.startedRuns()]).toEqual([1, [`${jobs[0]}-1`]])
    fixture.pods = [{ ...fresh('new'), activity: idleActivity() }]
    await pass(20 * MINUTE_MS)
    expect([sources.creates.length, host.startedRuns().length]).toEqual([1, 3])
  })

  test('is not requested again after a failure for half an hour, nor while it may exist', async () => {
    const sources = createSources()
    const { pass, add, fixture, stateOf } = startWithSources(mayCreate, sources)
    const id = await add()
    await pass(2 * MINUTE_MS)
    sources.setState({ kind: 'failed', message: 'Nothing was free.' })
    await pass(20 * MINUTE_MS)
    expect([sources.creates.length, fixture.queue.view().jobs[0]?.statusText]).toEqual([
      1,
      'No pod was created for it: Nothing was free.',
    ])
    sources.setState({ kind: 'under-way' })
    await pass(15 * MINUTE_MS)
    expect(sources.creates).toHaveLength(2)
    sources.setState({ kind: 'unclear', message: 'The connection was lost.' })
    await pass(MINUTE_MS)
    expect(stateOf(id)).toBe('held')
    await add()
    await pass(120 * MINUTE_MS)
    expect(sources.creates).toHaveLength(2)
  })

  test('and may exist: the job stays released once a person released it, and gets no second one', async () => {
    const sources = createSources()
    const { host, pass, add, fixture, requests, stateOf } = startWithSources(mayCreate, sources)
    const id = await add()
    await pass(2 * MINUTE_MS)
    sources.setState({ kind: 'unclear', message: 'The connection was lost.' })
    await pass(MINUTE_MS)
    expect(stateOf(id)).toBe('held')
    await requests.changeJob(id, 'release')
    await pass(120 * MINUTE_MS)
    expect([stateOf(id), sources.creates.length]).toEqual(['queued', 1])
    fixture.pods = [queuePod({ id: 'other' })]
    await pass(2 * MINUTE_MS)
    expect(host.startedRuns()).toEqual([`${id}-1`])
  })

  test('and may exist counts although a person removed its job: there is no second one beside it', async () => {
    const sources = createSources()
    const { pass, add, fixture, requests } = startWithSources(mayCreate, sources)
    const id = await add()
    await pass(2 * MINUTE_MS)
    sources.setState({ kind: 'unclear', message: 'The connection was lost.' })
    await pass(MINUTE_MS)
    await requests.changeJob(id, 'remove')
    await add()
    await pass(120 * MINUTE_MS)
    expect(sources.creates).toHaveLength(1)
    // Once it is known that there is none, it is the next one's turn.
    sources.setState({ kind: 'failed', message: 'Nothing was free.' })
    await pass(20 * MINUTE_MS)
    expect(sources.creates).toHaveLength(2)
    expect(fixture.journal.latest().filter(({ kind }) => kind === 'job')).toHaveLength(1)
  })

  test('of an account that is not watched for an hour leaves its job on hold', async () => {
    const sources = createSources()
    const { pass, add, stateOf } = startWithSources(mayCreate, sources)
    const id = await add()
    await pass(2 * MINUTE_MS)
    sources.setState({ kind: 'not-watched' })
    await pass(50 * MINUTE_MS)
    expect(stateOf(id)).toBe('queued')
    await pass(15 * MINUTE_MS)
    expect([stateOf(id), sources.creates.length]).toEqual(['held', 1])
  })

  test('keeps its job from other pods, so that the next job runs there', async () => {
    const sources = createSources()
    const { pass, add, fixture, requests, stateOf } = startWithSources(mayCreate, sources)
    const first = await add()
    await pass(2 * MINUTE_MS)
    const second = await add({ name: 'second' })
    fixture.pods = [queuePod()]
    expect(fixture.queue.waitingJobNames(KEY)).toEqual(['second'])
    expect(fixture.queue.view().suggestions).toEqual([{ podKey: KEY, jobId: second }])
    expect((await requests.runNextJob(KEY)).ok).toBe(true)
    await pass(10 * SECOND_MS)
    expect([stateOf(first), stateOf(second)]).toEqual(['queued', 'running'])
  })

  test('is announced once in half an hour while nothing can be written down', async () => {
    const sources = createSources()
    const reports: string[] = []
    const all = startQueue(
      {},
      { podSources: sources.podSources, report: (what: string) => void reports.push(what) },
    )
    all.fixture.pods = []
    all.requests.setSchedule(mayCreate)
    await all.add()
    all.fixture.journal.isFull = true
    await all.pass(20 * MINUTE_MS)
    expect([sources.creates, all.alerts.length, reports.length]).toEqual([[], 1, 1])
    all.fixture.journal.isFull = false
    await all.pass(20 * MINUTE_MS)
    expect([sources.creates.length, all.alerts.length]).toEqual([1, 2])
  })

  test('is never requested twice where the program ends at any step, and the job waits for a person if it must', async () => {
    for (const isKnown of [true, false]) {
      const sources = createSources()
      const host = createFakePodHost()
      const first = createQueueFixture(host, {
        podSources: {
          ...sources.podSources,
          planPod: async () =>
            ok({
              perHourUsd: 2,
              // The program ends here: what it wrote stays.
              create: (id) => {
                if (isKnown) sources.creates.push(id)
                first.queue.dispose()
                return ok(undefined)
              },
            }),
        },
      })
      first.pods = []
      first.queue.start()
      first.queue.requests.setSchedule(mayCreate)
      const id = await first.add()
      await first.clock.advanceAsync(3 * MINUTE_MS)
      if (!isKnown) sources.setState({ kind: 'missing' })
      const second = createQueueFixture(host, { clock: first.clock, podSources: sources.podSources })
      for (const record of first.journal.latest()) second.journal.record(record)
      second.pods = []
      second.queue.start()
      await second.clock.advanceAsync(60 * MINUTE_MS)
      expect(sources.creates).toHaveLength(isKnown ? 1 : 0)
      expect(second.stateOf(id)).toBe(isKnown ? 'queued' : 'held')
      second.queue.dispose()
    }
  })
})
