import { describe, expect, test } from 'vitest'
import { fail, ok } from '../../../src/core/base/result'
import { MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import type { PodSources } from '../../../src/core/queue/queue-ports'
import { gpus, idleActivity, pod, stoppedPod, telemetry } from '../../harness/samples/pods'
import { ACCOUNT, queuePod, startQueue } from '../../harness/queue/queue-fixture'
import {
  createSources,
  fresh,
  KEY,
  mayStart,
  startWithSources,
  stopped,
} from '../../harness/monitor/requested-pods'

describe('a stopped pod', () => {
  test('is started for a job after a countdown that says what it costs, and runs that job once it is at rest', async () => {
    const sources = createSources()
    const { host, pass, add, fixture, alerts, stateOf } = startWithSources(mayStart, sources)
    const id = await add()
    await pass(30 * SECOND_MS)
    expect(sources.starts).toEqual([])
    expect(fixture.queue.view().countdowns).toMatchObject([
      { podKey: KEY, jobId: id, request: { presetName: null, perHourUsd: 2 } },
    ])
    expect(alerts.map(({ title, body }) => [title, body])).toEqual([
      ['llama starts for train-1 in 1 min', 'It is stopped now, and costs $2.00/hr while it runs.'],
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
    const { host, pass, add, fixture } = startWithSources(mayStart, sources)
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
    const { pass, add, fixture, alerts } = startWithSources(mayStart, sources)
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
    const { pass, add, fixture, alerts } = startWithSources(mayStart, sources)
    await add()
    await pass(90 * MINUTE_MS)
    expect([sources.starts, alerts]).toEqual([[], []])
    expect(fixture.queue.view().jobs[0]?.statusText).toBe(`No pod could be requested for it: ${why}`)
  })

  test('whose price rose during the countdown is not started', async () => {
    let usd = 2
    const sources = createSources(() => ok(usd))
    const { pass, add, fixture } = startWithSources(mayStart, sources)
    await add()
    await pass(30 * SECOND_MS)
    usd = 5
    await pass(20 * MINUTE_MS)
    expect(sources.starts).toEqual([])
    expect(fixture.queue.view().jobs[0]?.statusText).toContain('costs $5.00/hr now')
  })

  test('that runs at more than was allowed takes no job, which is on hold', async () => {
    const sources = createSources()
    const { host, pass, add, fixture, stateOf } = startWithSources(mayStart, sources)
    const id = await add()
    await pass(2 * MINUTE_MS)
    fixture.pods = [fresh('pod-1', { costPerHourUsd: 9 })]
    await pass(10 * MINUTE_MS)
    expect([host.launches, stateOf(id), sources.starts.length]).toEqual([[], 'held', 1])
    expect(fixture.queue.view().jobs[0]?.statusText).toBe('llama costs $9.00/hr, and you allowed $3.00/hr.')
  })

  test('is skipped for that job, and not for another', async () => {
    const sources = createSources()
    const { pass, add, requests } = startWithSources(mayStart, sources)
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
    const { host, pass, add, fixture, requests } = startWithSources(mayStart, sources)
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
    const { host, pass, add, fixture, stateOf } = startWithSources(mayStart, sources)
    const id = await add()
    await pass(2 * MINUTE_MS)
    fixture.pods = [fresh('pod-1', overrides)]
    await pass(50 * MINUTE_MS)
    expect([host.launches, stateOf(id)]).toEqual([[], 'queued'])
    await pass(15 * MINUTE_MS)
    expect([host.launches, stateOf(id), sources.starts.length]).toEqual([[], 'held', 1])
  })

  test.each([
    ['is locked', { pod: pod({ id: 'pod-2', isLocked: true }) }],
    ['belongs to a cluster', { pod: pod({ id: 'pod-2', clusterId: 'c' }) }],
    ['is watched by another account', { isShownElsewhere: true }],
  ] as const)(
    'is started although another one runs that %s, where nothing ever starts',
    async (_why, other) => {
      const sources = createSources()
      const { host, pass, add, fixture, requests } = startWithSources(mayStart, sources)
      fixture.pods = [stopped(), queuePod({ id: 'pod-2', ...other })]
      requests.setSchedule({ ...mayStart, podKeys: [], accountIds: [ACCOUNT] })
      await add()
      await pass(2 * MINUTE_MS)
      expect([sources.starts, host.launches]).toEqual([[KEY], []])
    },
  )

  test('runs its job again as often as that may be tried, however long a try took, once it is at rest again', async () => {
    const sources = createSources()
    const { host, pass, add, fixture, stateOf } = startWithSources(mayStart, sources)
    const id = await add({ command: '7200 1', retries: 1 })
    await pass(2 * MINUTE_MS)
    fixture.pods = [fresh('pod-1')]
    await pass(5 * MINUTE_MS)
    expect(stateOf(id)).toBe('running')
    await pass(110 * MINUTE_MS)
    while (stateOf(id) === 'running') await pass(5 * SECOND_MS)
    expect(stateOf(id)).toBe('queued')
    await pass(50 * SECOND_MS)
    expect(host.startedRuns()).toEqual([`${id}-1`])
    await pass(30 * SECOND_MS)
    expect([host.startedRuns(), stateOf(id)]).toEqual([[`${id}-1`, `${id}-2`], 'running'])
    await pass(125 * MINUTE_MS)
    expect([stateOf(id), sources.starts.length]).toEqual(['failed', 1])
  })

  test('is read again right before, and takes no job if it works by then or can’t be read', async () => {
    const sources = createSources()
    const working = fresh('pod-1', { telemetry: telemetry({ gpus: gpus(80) }) })
    let canRead = false
    const all = startQueue(
      {},
      {
        podSources: sources.podSources,
        refreshPod: async () => {
          if (canRead) all.fixture.pods = [working]
          return canRead
        },
      },
    )
    all.fixture.pods = [stopped()]
    all.requests.setSchedule(mayStart)
    const id = await all.add()
    await all.pass(2 * MINUTE_MS)
    all.fixture.pods = [fresh('pod-1')]
    await all.pass(5 * MINUTE_MS)
    expect(all.host.launches).toEqual([])
    canRead = true
    await all.pass(5 * MINUTE_MS)
    expect([all.host.launches, all.stateOf(id)]).toEqual([[], 'queued'])
  })

  test('can be skipped while its price is read again', async () => {
    const sources = createSources()
    let reads = 0
    let letGo = (): void => {}
    const readStartPrice: PodSources['readStartPrice'] = async (key) => {
      if ((reads += 1) === 2) await new Promise<void>((resolve) => (letGo = resolve))
      return sources.podSources.readStartPrice(key)
    }
    const all = startQueue({}, { podSources: { ...sources.podSources, readStartPrice } })
    all.fixture.pods = [stopped()]
    all.requests.setSchedule(mayStart)
    const id = await all.add()
    await all.pass(2 * MINUTE_MS)
    expect([reads, all.requests.skipStart(KEY).ok]).toEqual([2, true])
    letGo()
    await all.pass(10 * MINUTE_MS)
    expect([sources.starts, all.stateOf(id), all.fixture.queue.view().countdowns]).toEqual([[], 'queued', []])
  })

  test('takes its job after a pause of hours, once it is at rest for a minute again', async () => {
    const sources = createSources()
    const { host, pass, add, fixture, requests, stateOf } = startWithSources(mayStart, sources)
    const id = await add()
    await pass(2 * MINUTE_MS)
    fixture.pods = [fresh('pod-1')]
    await pass(30 * SECOND_MS)
    requests.setSchedule({ ...mayStart, isPaused: true })
    await pass(120 * MINUTE_MS)
    requests.setSchedule(mayStart)
    await pass(50 * SECOND_MS)
    expect([host.launches, stateOf(id)]).toEqual([[], 'queued'])
    await pass(30 * SECOND_MS)
    expect(stateOf(id)).toBe('running')
  })

  test('takes its job once it was seen at rest for a minute without a break', async () => {
    const sources = createSources()
    const { host, pass, add, fixture, stateOf } = startWithSources(mayStart, sources)
    const id = await add()
    await pass(2 * MINUTE_MS)
    fixture.pods = [fresh('pod-1')]
    await pass(30 * SECOND_MS)
    fixture.pods = [{ ...fresh('pod-1'), isObserved: false }]
    await pass(5 * MINUTE_MS)
    fixture.pods = [fresh('pod-1')]
    await pass(50 * SECOND_MS)
    expect(host.launches).toEqual([])
    await pass(30 * SECOND_MS)
    expect(stateOf(id)).toBe('running')
  })

  test('that is on no list for an hour takes no job, which is on hold', async () => {
    const sources = createSources()
    const { pass, add, fixture, stateOf } = startWithSources(mayStart, sources)
    const id = await add()
    await pass(2 * MINUTE_MS)
    fixture.pods = []
    await pass(50 * MINUTE_MS)
    expect(stateOf(id)).toBe('queued')
    await pass(15 * MINUTE_MS)
    expect([stateOf(id), fixture.queue.view().jobs[0]?.statusText]).toEqual([
      'held',
      'The pod that was requested for it could not be used for an hour. It is not on any list that could be read.',
    ])
  })

  test('that stays stopped is not tried again sooner for another job where a person removed the first', async () => {
    const sources = createSources()
    const { pass, add, fixture, requests } = startWithSources(mayStart, sources)
    const first = await add()
    await pass(2 * MINUTE_MS)
    expect(sources.starts).toEqual([KEY])
    await requests.changeJob(first, 'remove')
    const second = await add()
    await pass(25 * MINUTE_MS)
    expect(sources.starts).toEqual([KEY])
    await pass(10 * MINUTE_MS)
    expect(sources.starts).toEqual([KEY, KEY])
    expect(fixture.journal.latest().flatMap((one) => (one.kind === 'job' ? one.id : []))).toEqual([second])
  })

  test('that stays stopped is tried again half an hour later, not before', async () => {
    const sources = createSources()
    const { pass, add, fixture } = startWithSources(mayStart, sources)
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
