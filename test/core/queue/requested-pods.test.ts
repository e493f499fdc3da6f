import { describe, expect, test } from 'vitest'
import { fail, ok, type Result } from '../../../src/core/base/result'
import { MINUTE_MS, SECOND_MS } from '../../../src/core/base/time'
import { podKeyOf } from '../../../src/core/pods/pod'
import { newPodKey } from '../../../src/core/queue/schedule/pod-offers'
import { noSchedule, type ScheduleRules } from '../../../src/core/queue/jobs/job-codec'
import type { CreateState, PodSources } from '../../../src/core/queue/queue-ports'
import type { QueuePod } from '../../../src/core/queue/schedule/schedule'
import { gpus, idleActivity, pod, stoppedPod, telemetry } from '../../harness/pods'
import { ACCOUNT, createQueueFixture, noPodSources, queuePod, startQueue } from '../../harness/queue'
import { createFakePodHost } from '../../harness/job-host'

const KEY = podKeyOf(ACCOUNT, 'pod-1')
const NEW_KEY = podKeyOf(ACCOUNT, 'new')
const DIGEST = 'a'.repeat(64)
const mayStart: ScheduleRules = {
  ...noSchedule,
  podKeys: [KEY],
  starts: [{ podKey: KEY, maxPerHourUsd: 3 }],
}
const mayCreate: ScheduleRules = {
  ...noSchedule,
  accountIds: [ACCOUNT],
  creates: [{ accountId: ACCOUNT, presetName: 'h100', digest: DIGEST, maxPerHourUsd: 3 }],
}
const booting: QueuePod['activity'] = { kind: 'unknown', reason: 'booting', sinceMs: null }

const stopped = (overrides: Partial<QueuePod> = {}): QueuePod =>
  queuePod({
    pod: stoppedPod({ name: 'llama', startedAtMs: 1_000 }),
    activity: { kind: 'unknown', reason: 'not-running', sinceMs: null },
    ...overrides,
  })

const fresh = (key: string, overrides: Partial<QueuePod['pod']> = {}): QueuePod =>
  queuePod({
    id: key,
    pod: pod({ id: key, name: 'llama', startedAtMs: 2_000, ...overrides }),
    activity: booting,
  })

/** Pods by rule, as a service would give them. */
function createSources(price: () => Result<number, string> = () => ok(2)) {
  const starts: string[] = []
  const creates: string[] = []
  let state: CreateState = { kind: 'under-way' }
  const podSources: PodSources = {
    ...noPodSources,
    createProblem: () => null,
    readStartPrice: async () => price(),
    startPod: (key) => {
      starts.push(key)
      return ok(undefined)
    },
    planPod: async () => {
      const read = price()
      return read.ok
        ? ok({
            perHourUsd: read.value,
            create: (id) => {
              creates.push(id)
              return ok(undefined)
            },
          })
        : read
    },
    createState: () => state,
  }
  return { podSources, starts, creates, setState: (next: CreateState) => (state = next) }
}

function started(rules: ScheduleRules, sources: ReturnType<typeof createSources>) {
  const all = startQueue({}, { podSources: sources.podSources })
  all.fixture.pods = rules === mayStart ? [stopped()] : []
  all.requests.setSchedule(rules)
  return all
}

describe('a stopped pod', () => {
  test('is started for a job after a countdown that says what it costs, and runs that job once it is at rest', async () => {
    const sources = createSources()
    const { host, pass, add, fixture, alerts, stateOf } = started(mayStart, sources)
    const id = await add()
    await pass(30 * SECOND_MS)
    expect(sources.starts).toEqual([])
    expect(fixture.queue.view().countdowns).toMatchObject([
      { podKey: KEY, jobId: id, request: { presetName: null, perHourUsd: 2 } },
    ])
    expect(alerts.map(({ title, body }) => [title, body])).toEqual([
      ['llama is started for train-1 in 1 min', 'It is stopped, and runs at $2.00/hr.'],
    ])
    await pass(MINUTE_MS)
    expect(sources.starts).toEqual([KEY])
    expect(fixture.queue.view().jobs[0]?.statusText).toBe('llama is being started for it, at up to $2.00/hr.')
    fixture.pods = [fresh('pod-1')]
    await pass(50 * SECOND_MS)
    expect(host.launches).toEqual([])
    await pass(30 * SECOND_MS)
    expect([host.startedRuns(), stateOf(id)]).toEqual([[`${id}-1`], 'running'])
    await pass(10 * MINUTE_MS)
    expect([stateOf(id), sources.starts, alerts.length]).toEqual(['passed', [KEY], 2])
  })

  test('takes only the job that it was started for', async () => {
    const sources = createSources()
    const { host, pass, add, fixture } = started(mayStart, sources)
    const first = await add()
    await pass(2 * MINUTE_MS)
    await add({ priority: 'critical' })
    fixture.pods = [{ ...fresh('pod-1'), activity: idleActivity() }]
    await pass(3 * MINUTE_MS)
    expect(host.startedRuns()).toEqual([`${first}-1`])
  })

  test.each([
    ['only auto-schedule is on', { ...mayStart, starts: [] }, {}],
    ['auto-schedule is off', { ...mayStart, podKeys: [] }, {}],
    ['the queue is paused', { ...mayStart, isPaused: true }, {}],
    ['it is locked', mayStart, { pod: stoppedPod({ isLocked: true }) }],
    ['it isn’t known whether it is locked', mayStart, { pod: stoppedPod({ isLocked: null }) }],
    ['it belongs to a cluster', mayStart, { pod: stoppedPod({ clusterId: 'c' }) }],
    ['it can’t be started', mayStart, { pod: stoppedPod({ actions: [] }) }],
    ['it has too few GPUs', mayStart, { pod: stoppedPod({ gpu: null }) }],
    ['it was not observed', mayStart, { isObserved: false }],
    ['another account watches it', mayStart, { isShownElsewhere: true }],
    ['an action is under way', mayStart, { hasOpenAction: true }],
    ['its lab keeps it', mayStart, { labAutoSchedule: null }],
    ['it isn’t stopped', mayStart, { pod: pod({ phase: 'creating' }) }],
  ] as const)('is not started where %s', async (_why, rules, overrides) => {
    const sources = createSources()
    const { pass, add, fixture, alerts } = started(mayStart, sources)
    fixture.pods = [stopped(overrides)]
    fixture.queue.requests.setSchedule(rules)
    await add()
    await pass(90 * MINUTE_MS)
    expect([sources.starts, alerts]).toEqual([[], []])
  })

  test.each([
    ['costs more than was allowed', () => ok(3.01), 'llama costs $3.01/hr now, and you allowed $3.00/hr.'],
    ['has no known price', () => fail('Its price is not known.'), 'Its price is not known.'],
  ])('that %s is not started, and the job says why', async (_what, price, why) => {
    const sources = createSources(price)
    const { pass, add, fixture, alerts } = started(mayStart, sources)
    await add()
    await pass(90 * MINUTE_MS)
    expect([sources.starts, alerts]).toEqual([[], []])
    expect(fixture.queue.view().jobs[0]?.statusText).toBe(`No pod could be requested for it: ${why}`)
  })

  test('whose price rose during the countdown is not started', async () => {
    let usd = 2
    const sources = createSources(() => ok(usd))
    const { pass, add, fixture } = started(mayStart, sources)
    await add()
    await pass(30 * SECOND_MS)
    usd = 5
    await pass(20 * MINUTE_MS)
    expect(sources.starts).toEqual([])
    expect(fixture.queue.view().jobs[0]?.statusText).toContain('costs $5.00/hr now')
  })

  test('that runs at more than was allowed takes no job, which is on hold', async () => {
    const sources = createSources()
    const { host, pass, add, fixture, stateOf } = started(mayStart, sources)
    const id = await add()
    await pass(2 * MINUTE_MS)
    fixture.pods = [fresh('pod-1', { costPerHourUsd: 9 })]
    await pass(10 * MINUTE_MS)
    expect([host.launches, stateOf(id), sources.starts.length]).toEqual([[], 'held', 1])
    expect(fixture.queue.view().jobs[0]?.statusText).toBe('llama costs $9.00/hr, and you allowed $3.00/hr.')
  })

  test('is skipped for that job, and not for another', async () => {
    const sources = createSources()
    const { pass, add, requests } = started(mayStart, sources)
    const first = await add()
    await pass(30 * SECOND_MS)
    expect(requests.skipStart(KEY).ok).toBe(true)
    await pass(60 * MINUTE_MS)
    expect(sources.starts).toEqual([])
    await requests.changeJob(first, 'remove')
    await add()
    await pass(2 * MINUTE_MS)
    expect(sources.starts).toEqual([KEY])
  })

  test('is left alone where a pod that runs will be free for the job', async () => {
    const sources = createSources()
    const { host, pass, add, fixture, requests } = started(mayStart, sources)
    fixture.pods = [stopped(), queuePod({ id: 'pod-2', activity: idleActivity({ quietForMs: 0 }) })]
    requests.setSchedule({ ...mayStart, podKeys: [], accountIds: [ACCOUNT] })
    await add()
    await pass(20 * MINUTE_MS)
    expect(sources.starts).toEqual([])
    fixture.pods = [stopped(), queuePod({ id: 'pod-2' })]
    await pass(2 * MINUTE_MS)
    expect(host.launches.map(({ podId }) => podId)).toEqual(['pod-2'])
  })

  test.each([
    ['whose GPU works', { telemetry: telemetry({ gpus: gpus(80) }) }],
    ['of which a figure is missing', { telemetry: telemetry({ gpus: gpus(null) }) }],
    ['without telemetry', { telemetry: null }],
    ['that was not seen to start again', { startedAtMs: 1_000 }],
    ['whose start isn’t known', { startedAtMs: null }],
    ['whose price isn’t known', { costPerHourUsd: null }],
    ['that can’t be reached', { ssh: { direct: null, proxy: null } }],
    ['that was locked', { isLocked: true }],
  ] as const)('%s takes no job, which is on hold after an hour', async (_what, overrides) => {
    const sources = createSources()
    const { host, pass, add, fixture, stateOf } = started(mayStart, sources)
    const id = await add()
    await pass(2 * MINUTE_MS)
    fixture.pods = [fresh('pod-1', overrides)]
    await pass(50 * MINUTE_MS)
    expect([host.launches, stateOf(id)]).toEqual([[], 'queued'])
    await pass(15 * MINUTE_MS)
    expect([host.launches, stateOf(id), sources.starts.length]).toEqual([[], 'held', 1])
  })

  test('that stays stopped is tried again half an hour later, not before', async () => {
    const sources = createSources()
    const { pass, add, fixture } = started(mayStart, sources)
    await add()
    await pass(10 * MINUTE_MS)
    expect([sources.starts.length, fixture.queue.view().jobs[0]?.statusText]).toEqual([
      1,
      'llama was not started for it.',
    ])
    await pass(25 * MINUTE_MS)
    expect(sources.starts).toHaveLength(2)
  })

  test('whose SSH server isn’t ready yet is tried again, and never requested again', async () => {
    const sources = createSources()
    let isReady = false
    const all = startQueue(
      { fault: (verb) => (verb === 'start' && !isReady ? { kind: 'refused' } : { kind: 'none' }) },
      { podSources: sources.podSources },
    )
    all.fixture.pods = [stopped()]
    all.requests.setSchedule(mayStart)
    const id = await all.add()
    await all.pass(2 * MINUTE_MS)
    all.fixture.pods = [fresh('pod-1')]
    await all.pass(2 * MINUTE_MS)
    expect([all.stateOf(id), all.host.launches]).toEqual(['queued', []])
    isReady = true
    await all.pass(3 * MINUTE_MS)
    expect([all.stateOf(id), sources.starts.length]).toEqual(['passed', 1])
  })
})

describe('a pod that is created for a job', () => {
  test('is announced, requested once, and runs the job once it is known and at rest', async () => {
    const sources = createSources()
    const { host, pass, add, fixture, alerts, stateOf } = started(mayCreate, sources)
    const id = await add()
    await pass(30 * SECOND_MS)
    expect(alerts).toMatchObject([
      { title: 'A pod is created for train-1 in 1 min', body: 'From the preset h100 at $2.00/hr.' },
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
    const { pass, add, requests } = started(mayCreate, sources)
    await add()
    await pass(30 * SECOND_MS)
    expect(requests.skipStart(newPodKey(ACCOUNT)).ok).toBe(true)
    await pass(60 * MINUTE_MS)
    expect(sources.creates).toEqual([])
  })

  test('is one at a time, and the next job waits for it', async () => {
    const sources = createSources()
    const { host, pass, add, fixture } = started(mayCreate, sources)
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
    const { pass, add, fixture, stateOf } = started(mayCreate, sources)
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
