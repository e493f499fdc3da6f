import { describe, expect, test } from 'vitest'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import { noGuard } from '../../../src/core/guard/guard-view'
import { parsePodKey } from '../../../src/core/pods/pod'
import type { JobSpec } from '../../../src/core/queue/jobs/job-spec'
import type { QueuePod } from '../../../src/core/queue/schedule/schedule'
import { gpus, idleActivity, stoppedPod, telemetry } from '../../harness/samples/pods'
import { ACCOUNT, createQueueFixture, startQueue } from '../../harness/queue/queue-fixture'
import type { FakePodHostOptions } from '../../harness/queue/fake-pod-host'
import { createSources, fresh, KEY, mayCreate, mayStart, NEW_KEY } from '../../harness/monitor/requested-pods'

const working: QueuePod['activity'] = { kind: 'busy', by: 'gpu', partlyIdle: null }
const atRest = (overrides: Partial<QueuePod> = {}): QueuePod => ({
  ...fresh('pod-1'),
  activity: idleActivity(),
  ...overrides,
})

/** A stopped pod that was started for a job, which waits for it. */
async function requested(options: FakePodHostOptions = {}, spec: Partial<JobSpec> = {}) {
  const sources = createSources()
  const all = startQueue(options, { podSources: sources.podSources })
  all.fixture.pods = [
    fresh('pod-1', { phase: 'stopped', startedAtMs: 1_000, actions: ['start'], isLocked: false }),
  ]
  all.requests.setSchedule(mayStart)
  const id = await all.add(spec)
  await all.pass(2 * MINUTE_MS)
  expect(sources.starts).toEqual([KEY])
  return { ...all, id, sources, podAlerts: () => all.alerts.filter(({ key }) => key.kind === 'job-pod') }
}

/** A pod that is being created for a job, which waits for it. */
async function creating() {
  const sources = createSources()
  const all = startQueue({}, { podSources: sources.podSources })
  all.fixture.pods = []
  all.requests.setSchedule(mayCreate)
  const id = await all.add()
  await all.pass(2 * MINUTE_MS)
  expect(sources.creates).toHaveLength(1)
  const arrive = (): void => {
    sources.setState({ kind: 'pod', podKey: NEW_KEY })
    all.fixture.pods = [fresh('new')]
  }
  return {
    ...all,
    id,
    sources,
    arrive,
    podAlerts: () => all.alerts.filter(({ key }) => key.kind === 'job-pod'),
  }
}

describe('a pod that was requested for a job that never started is stopped, with an alert,', () => {
  test('where it costs more than was allowed', async () => {
    const { pass, fixture, podAlerts, stateOf, id } = await requested()
    fixture.pods = [fresh('pod-1', { costPerHourUsd: 9 })]
    await pass(MINUTE_MS)
    expect([stateOf(id), fixture.stopped]).toEqual(['held', [KEY]])
    expect(podAlerts()).toMatchObject([
      {
        title: 'llama is stopped: its job is on hold',
        body: 'It was running for train-1, which is on hold. llama costs $9.00/hr, and you allowed $3.00/hr. Podkeeper stops it.',
      },
    ])
  })

  test('where it can’t be reached for an hour', async () => {
    const { pass, fixture, podAlerts } = await requested()
    fixture.pods = [fresh('pod-1', { ssh: { direct: null, proxy: null } })]
    await pass(55 * MINUTE_MS)
    expect(fixture.stopped).toEqual([])
    await pass(10 * MINUTE_MS)
    expect([fixture.stopped, podAlerts().length]).toEqual([[KEY], 1])
  })

  test('where three starts came to nothing', async () => {
    const { pass, fixture, podAlerts } = await requested({
      fault: (verb) => ({ kind: verb === 'start' ? 'refused' : 'none' }),
    })
    fixture.pods = [fresh('pod-1')]
    await pass(12 * MINUTE_MS)
    expect([fixture.stopped, podAlerts().length]).toEqual([[KEY], 1])
  })

  test.each(['cancel', 'hold', 'remove'] as const)('after a %s by a person', async (action) => {
    const { pass, fixture, requests, podAlerts, id, sources, add } = await requested()
    expect(sources.cancels).toEqual([])
    fixture.pods = [fresh('pod-1')]
    await requests.changeJob(id, action)
    await pass(MINUTE_MS)
    expect([fixture.stopped, podAlerts().length]).toEqual([[KEY], 1])
    // A start that was not sent so far is taken back.
    expect(new Set(sources.cancels)).toEqual(new Set(sources.startIds))
    fixture.pods = [{ ...fresh('pod-1'), pod: stoppedPod({ startedAtMs: 2_000 }) }]
    await pass(MINUTE_MS)
    expect(JSON.stringify(fixture.journal.latest()).includes('"isOwned"')).toBe(false)
    // Nothing is left of a job that was removed, once its pod may be requested again.
    expect(fixture.queue.view().jobs).toHaveLength(action === 'remove' ? 0 : 1)
    await pass(30 * MINUTE_MS)
    await add()
    await pass(MINUTE_MS)
    const kept = fixture.journal.latest().flatMap((one) => (one.kind === 'job' ? one.id : []))
    expect(kept.includes(id)).toBe(action !== 'remove')
  })

  test('where it is created and its job was canceled or removed meanwhile: the create is taken back, or its pod stopped', async () => {
    for (const action of ['cancel', 'remove'] as const) {
      const { pass, fixture, requests, sources, arrive, podAlerts, id } = await creating()
      await requests.changeJob(id, action)
      await pass(10 * SECOND_MS)
      expect(sources.cancels).toContain(sources.creates[0])
      arrive()
      await pass(2 * MINUTE_MS)
      expect([fixture.stopped, podAlerts().length]).toEqual([[NEW_KEY], 1])
    }
  })

  test('where it appears after it wasn’t known whether it was created', async () => {
    const { pass, fixture, sources, arrive, podAlerts } = await creating()
    sources.setState({ kind: 'unclear', message: 'The connection was lost.' })
    await pass(MINUTE_MS)
    expect(podAlerts().map(({ title, isCritical }) => [title, isCritical])).toEqual([
      ['You may be paying for a pod of train-1', true],
    ])
    await pass(HOUR_MS)
    arrive()
    await pass(2 * MINUTE_MS)
    expect([fixture.stopped, podAlerts().length]).toEqual([[NEW_KEY], 2])
  })

  test('by the next program, too, whose first list has it running', async () => {
    const { host, fixture, requests, sources, id } = await requested()
    await requests.changeJob(id, 'remove')
    fixture.queue.dispose()
    const next = createQueueFixture(host, { clock: fixture.clock, podSources: sources.podSources })
    for (const record of fixture.journal.latest()) next.journal.record(record)
    next.pods = [fresh('pod-1', { startedAtMs: fixture.clock.now().wallMs })]
    next.queue.start()
    await next.clock.advanceAsync(MINUTE_MS)
    expect([next.stopped, next.queue.view().jobs]).toEqual([[KEY], []])
    next.queue.dispose()
  })

  test('again, once its stop came to nothing', async () => {
    const { pass, fixture, requests, id } = await requested()
    fixture.pods = [fresh('pod-1')]
    await requests.changeJob(id, 'cancel')
    await pass(9 * MINUTE_MS)
    expect(fixture.stopped).toEqual([KEY])
    await pass(5 * MINUTE_MS)
    expect(fixture.stopped).toEqual([KEY, KEY])
  })
})

describe('a pod that was requested for a job', () => {
  test('is never stopped because its job can’t be reached, and keeps its maximum hours', async () => {
    let isCut = false
    const { pass, fixture, podAlerts, stateOf, id } = await requested(
      { fault: () => ({ kind: isCut ? 'refused' : 'none' }) },
      { command: '1000000', maxSeconds: 36_000 },
    )
    const hours = (): readonly (number | undefined)[] =>
      [...fixture.queue.maxHours(ACCOUNT).values()].map((one) => Math.floor(one))
    expect(hours()).toEqual([2])
    fixture.pods = [fresh('pod-1')]
    await pass(3 * MINUTE_MS)
    expect([stateOf(id), hours()]).toEqual(['running', [12]])
    isCut = true
    fixture.pods = [atRest()]
    await pass(HOUR_MS)
    expect([stateOf(id), fixture.stopped, podAlerts(), hours()]).toEqual(['unknown', [], [], [12]])
    expect(fixture.alerts.map(({ key }) => key.kind)).toContain('job-unreachable')
  })

  test('is stopped after its job failed, once it was quiet for five minutes', async () => {
    const { pass, fixture, podAlerts, stateOf, id } = await requested({}, { command: '60 1' })
    fixture.pods = [fresh('pod-1')]
    await pass(5 * MINUTE_MS)
    expect(stateOf(id)).toBe('failed')
    fixture.pods = [atRest({ activity: idleActivity({ quietForMs: 4 * MINUTE_MS }) })]
    await pass(MINUTE_MS)
    expect(fixture.stopped).toEqual([])
    fixture.pods = [atRest()]
    await pass(MINUTE_MS)
    expect([fixture.stopped, podAlerts().length]).toEqual([[KEY], 1])
  })

  test('runs on after its job passed where that was asked, for its maximum hours, until it is stopped', async () => {
    const { pass, fixture, podAlerts, stateOf, id } = await requested()
    fixture.pods = [fresh('pod-1')]
    await pass(5 * MINUTE_MS)
    fixture.pods = [atRest()]
    await pass(HOUR_MS)
    expect([stateOf(id), fixture.stopped, podAlerts()]).toEqual(['passed', [], []])
    expect(fixture.queue.maxHours(ACCOUNT).size).toBe(1)
    fixture.pods = [{ ...atRest(), pod: stoppedPod({ startedAtMs: 2_000 }) }]
    await pass(MINUTE_MS)
    expect(fixture.queue.maxHours(ACCOUNT).size).toBe(0)
  })

  test.each([
    ['somebody keeps it running', { guard: { ...noGuard, keepOn: { sinceMs: 0, untilMs: null } } }, 0],
    ['it is locked', { pod: fresh('pod-1', { isLocked: true }).pod }, 0],
    ['somebody started it again', { pod: fresh('pod-1', { startedAtMs: 9_000 }).pod }, 0],
    ['something works there for half an hour', { activity: working }, 35],
    ['nothing would survive', { pod: fresh('pod-1', { persistentMount: null }).pod }, 0],
  ] as const)(
    'is not stopped after a failed job where %s, and an alert says so once',
    async (_why, now, minutes) => {
      const { pass, fixture, podAlerts } = await requested({}, { command: '60 1' })
      fixture.pods = [fresh('pod-1')]
      await pass(5 * MINUTE_MS)
      fixture.pods = [atRest(now)]
      await pass((minutes + 1) * MINUTE_MS)
      fixture.pods = [atRest()]
      await pass(HOUR_MS)
      expect([fixture.stopped, podAlerts().length]).toEqual([[], 1])
      expect(podAlerts()[0]?.isCritical).toBe(true)
    },
  )

  test('is not stopped while automatic stops are paused, without an alert', async () => {
    const { pass, fixture, requests, podAlerts, id } = await requested()
    fixture.pods = [{ ...fresh('pod-1'), areStopsPaused: true }]
    await requests.changeJob(id, 'cancel')
    await pass(HOUR_MS)
    expect([fixture.stopped, podAlerts()]).toEqual([[], []])
    fixture.pods = [fresh('pod-1')]
    await pass(MINUTE_MS)
    expect(fixture.stopped).toEqual([KEY])
  })

  test('is not stopped while a job that a person started runs there', async () => {
    const { pass, fixture, requests, add, id } = await requested()
    fixture.pods = [fresh('pod-1')]
    const other = await add({ command: '36000' })
    expect((await requests.runJob(other, KEY)).ok).toBe(true)
    await requests.changeJob(id, 'cancel')
    await pass(HOUR_MS)
    expect(fixture.stopped).toEqual([])
    expect(fixture.queue.maxHours(ACCOUNT).get(parsePodKey(KEY).podId)).toBeGreaterThan(10)
  })

  test('is never asked for twice while it isn’t released', async () => {
    const { pass, fixture, sources, requests, id } = await requested()
    fixture.pods = [fresh('pod-1', { telemetry: telemetry({ gpus: gpus(80) }) })].map((one) => ({
      ...one,
      activity: working,
    }))
    await requests.changeJob(id, 'hold')
    await pass(40 * MINUTE_MS)
    await requests.changeJob(id, 'release')
    await pass(HOUR_MS)
    expect([sources.starts, fixture.stopped]).toEqual([[KEY], []])
  })

  test('is stopped although its job was brought back within the minute, which waits again', async () => {
    const { pass, fixture, requests, stateOf, id } = await requested()
    await requests.changeJob(id, 'remove')
    expect(fixture.queue.view().jobs).toEqual([])
    expect((await requests.changeJob(id, 'restore')).ok).toBe(true)
    expect(stateOf(id)).toBe('queued')
    fixture.pods = [fresh('pod-1')]
    await pass(MINUTE_MS)
    expect(fixture.stopped).toEqual([KEY])
  })
})
