import { describe, expect, onTestFinished, test } from 'vitest'
import { ok } from '../../../src/core/base/result'
import { MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import { podKeyOf } from '../../../src/core/pods/pod'
import type { QueuePod } from '../../../src/core/queue/schedule/schedule'
import { pod, stoppedPod } from '../../harness/samples/pods'
import type { JobSecrets } from '../../../src/core/queue/queue-ports'
import { jobSpec } from '../../harness/samples/job-spec'
import {
  ACCOUNT,
  createMemorySecrets,
  createSlowSecrets,
  createQueueFixture,
  startQueue,
  queuePod,
} from '../../harness/queue/queue-fixture'

const KEY = podKeyOf(ACCOUNT, 'pod-1')
const busy: QueuePod['activity'] = { kind: 'busy', by: 'gpu', partlyIdle: null }

test('a queue looks around only as long as there is something to follow', async () => {
  const { pass, add, requests, stateOf, fixture } = startQueue()
  await pass(MINUTE_MS)
  expect(fixture.clock.pendingDelaysMs()).toEqual([])
  const id = await add()
  await requests.runJob(id, null)
  await pass(30 * SECOND_MS)
  expect(stateOf(id)).toBe('running')
  expect(fixture.clock.pendingDelaysMs()).toHaveLength(1)
  await pass(5 * MINUTE_MS)
  expect(stateOf(id)).toBe('passed')
  expect(fixture.clock.pendingDelaysMs()).toEqual([])
})

describe('a job that a person starts', () => {
  test('is written down before it is sent, runs once and passes, with one alert', async () => {
    const { host, pass, add, stateOf, requests, alerts, fixture } = startQueue()
    const id = await add()
    expect(stateOf(id)).toBe('queued')
    expect(await requests.runJob(id, null)).toEqual({ ok: true, value: undefined })
    expect(fixture.journal.lines.at(-1)).toContain('"phase":"starting"')
    await pass(SECOND_MS)
    expect(stateOf(id)).toBe('running')
    expect(fixture.queue.useOf(KEY).hasRunningJob).toBe(true)
    await pass(2 * MINUTE_MS)
    expect(stateOf(id)).toBe('passed')
    expect(fixture.queue.useOf(KEY).hasRunningJob).toBe(false)
    expect(host.starts(`${id}-1`)).toBe(1)
    const { jobEndedAt } = fixture.queue.useOf(KEY)
    expect(jobEndedAt?.wallMs).toBe(fixture.queue.requests.job(id)?.phaseAt.wallMs)
    expect(alerts).toMatchObject([
      {
        key: { kind: 'job-finished', podId: 'pod-1' },
        title: expect.stringMatching(/^train-1 finished in 1 min/),
        body: 'On name-pod-1.',
      },
    ])
  })

  test('gets the values of its variables, which are in no line of the journal and no entry', async () => {
    const { host, pass, add, requests, fixture } = startQueue()
    const id = await add({ variableNames: ['TOKEN'] }, { TOKEN: 'very-secret' })
    await requests.runJob(id, KEY)
    await pass(SECOND_MS)
    expect(host.launches[0]?.launch.environment).toEqual({ TOKEN: 'very-secret' })
    expect(fixture.journal.lines.join('') + JSON.stringify(fixture.entries)).not.toContain('very-secret')
    expect(JSON.stringify(fixture.queue.view())).not.toContain('very-secret')
  })

  test('is not sent once it was canceled while its pod was busy with another request', async () => {
    let letGo = (): void => {}
    let isSlow = false
    const { host, pass, add, stateOf, requests, fixture } = startQueue({
      latency: async () => {
        if (isSlow) await new Promise<void>((resolve) => (letGo = resolve))
      },
    })
    fixture.pods = [queuePod({ pod: pod({ gpu: { name: 'H100 SXM', count: 2 } }) })]
    const shared = { sharesPod: true, needs: { ...jobSpec().needs, gpuCount: 1 } }
    const first = await add({ ...shared, command: '600 0' })
    await requests.runJob(first, KEY)
    await pass(SECOND_MS)
    isSlow = true
    await pass(30 * SECOND_MS)
    const second = await add(shared)
    expect(await requests.runJob(second, KEY)).toMatchObject({ ok: true })
    expect(await requests.changeJob(second, 'cancel')).toMatchObject({ ok: true })
    isSlow = false
    letGo()
    await pass(MINUTE_MS)
    expect(host.launches.map(({ launch }) => launch.id)).toEqual([`${first}-1`])
    expect([stateOf(first), stateOf(second)]).toEqual(['running', 'canceled'])
  })

  test('reads the values of its variables once', async () => {
    const secrets = createMemorySecrets()
    let loads = 0
    const load: JobSecrets['load'] = (jobId) => {
      loads += 1
      return secrets.load(jobId)
    }
    const { host, pass, add, requests } = startQueue({}, { secrets: { ...secrets, load } })
    await requests.runJob(await add({ variableNames: ['TOKEN'] }, { TOKEN: 'x' }), KEY)
    await pass(SECOND_MS)
    expect([loads, host.launches[0]?.launch.environment]).toEqual([1, { TOKEN: 'x' }])
  })

  test('is not started without the values of its variables', async () => {
    const { host, add, requests, fixture } = startQueue()
    const id = await add({ variableNames: ['TOKEN'] }, { TOKEN: 'x' })
    fixture.secrets.values.clear()
    expect(await requests.runJob(id, KEY)).toMatchObject({ ok: false })
    expect(host.launches).toEqual([])
  })

  test('stays on hold where it cannot be started, and starts from there where it can', async () => {
    const { pass, add, stateOf, requests, fixture } = startQueue()
    const id = await add({ variableNames: ['TOKEN'] }, { TOKEN: 'x' })
    await requests.changeJob(id, 'hold')
    fixture.pods = [queuePod({ activity: busy })]
    expect(await requests.runJob(id, null)).toMatchObject({ ok: false })
    fixture.pods = [queuePod({ pod: stoppedPod() })]
    expect(await requests.runJob(id, KEY)).toMatchObject({ ok: false })
    fixture.pods = [queuePod()]
    fixture.secrets.values.clear()
    expect(await requests.runJob(id, KEY)).toMatchObject({ ok: false })
    expect(stateOf(id)).toBe('held')
    await fixture.secrets.save(id, { TOKEN: 'x' })
    expect(await requests.runJob(id, null)).toMatchObject({ ok: true })
    await pass(SECOND_MS)
    expect(stateOf(id)).toBe('running')
  })

  test('does not start while its start cannot be written down', async () => {
    const { host, pass, add, stateOf, requests, fixture } = startQueue()
    const id = await add()
    fixture.journal.isFull = true
    expect(await requests.runJob(id, KEY)).toMatchObject({
      ok: false,
      error: expect.stringContaining('disk is full'),
    })
    await pass(MINUTE_MS)
    expect(host.launches).toEqual([])
    expect(stateOf(id)).toBe('queued')
  })

  test('does not go to a busy pod unless that pod was chosen', async () => {
    const { add, requests, fixture } = startQueue()
    fixture.pods = [queuePod({ activity: busy })]
    const id = await add()
    expect(await requests.runJob(id, null)).toMatchObject({ ok: false })
    expect(await requests.runJob(id, KEY)).toMatchObject({ ok: true })
  })
})

describe('a job that was removed', () => {
  test('can be brought back for a minute with the values of its variables, after a try that failed, too', async () => {
    const { add, pass, stateOf, requests, fixture } = startQueue()
    const id = await add({ variableNames: ['TOKEN'] }, { TOKEN: 'x' })
    await requests.changeJob(id, 'remove')
    expect(fixture.secrets.values.size).toBe(0)
    fixture.journal.isFull = true
    expect(await requests.changeJob(id, 'restore')).toMatchObject({ ok: false })
    fixture.journal.isFull = false
    expect(await requests.changeJob(id, 'restore')).toMatchObject({ ok: true })
    expect([stateOf(id), fixture.secrets.values.get(id)]).toEqual(['queued', { TOKEN: 'x' }])
    await requests.changeJob(id, 'remove')
    await pass(2 * MINUTE_MS)
    expect(await requests.changeJob(id, 'restore')).toMatchObject({ ok: false })
  })
})

describe('a start without a clear reply', () => {
  test.each(['lost-reply', 'lost-request', 'late'] as const)('is found out by reading: %s', async (kind) => {
    let isFirst = true
    const { host, pass, add, stateOf, requests } = startQueue({
      fault(verb) {
        if (verb !== 'start' || !isFirst) return { kind: 'none' }
        isFirst = false
        return kind === 'late' ? { kind, afterMs: 30 * SECOND_MS } : { kind }
      },
    })
    const id = await add()
    await requests.runJob(id, KEY)
    await pass(SECOND_MS)
    expect(stateOf(id)).toBe('unknown')
    await pass(3 * MINUTE_MS)
    expect(stateOf(id)).toBe('passed')
    expect(host.starts(`${id}-1`)).toBe(1)
    expect(host.startedRuns()).toHaveLength(1)
  })

  test('waits again after a start that certainly did nothing, and is on hold after the third', async () => {
    const { host, pass, add, stateOf, requests, fixture } = startQueue()
    host.setDiskFull('pod-1', true)
    const id = await add()
    for (const expected of ['queued', 'queued', 'held']) {
      await requests.runJob(id, KEY)
      await pass(SECOND_MS)
      expect(stateOf(id)).toBe(expected)
    }
    expect(fixture.queue.view().jobs[0]?.statusText).toContain('No space left on device.')
  })

  test('is called off on the pod before the job may go elsewhere, so that a late start finds that', async () => {
    const { host, pass, add, stateOf, requests, fixture } = startQueue({
      fault: (verb) => (verb === 'start' ? { kind: 'late', afterMs: 20 * MINUTE_MS } : { kind: 'none' }),
    })
    const id = await add()
    await requests.runJob(id, KEY)
    await pass(5 * MINUTE_MS)
    expect(stateOf(id)).toBe('queued')
    await pass(30 * MINUTE_MS)
    expect(host.startedRuns()).toEqual([])
    expect(fixture.queue.view().jobs[0]?.failures).toBe(0)
  })
})

describe('a running job', () => {
  test('is adopted by another program', async () => {
    const { host, pass, add, requests, fixture: first } = startQueue()
    const id = await add({ command: '600 0' })
    await requests.runJob(id, KEY)
    await pass(MINUTE_MS)
    first.queue.dispose()
    first.clock.restart('run-2')
    const second = createQueueFixture(host, { clock: first.clock, journal: first.journal })
    onTestFinished(() => second.queue.dispose())
    second.queue.start()
    expect(second.stateOf(id)).toBe('running')
    await pass(11 * MINUTE_MS)
    expect(second.stateOf(id)).toBe('passed')
    expect(host.startedRuns()).toEqual([`${id}-1`])
  })

  test.each([true, false])(
    'fails when its pod restarts (its disk stays: %s), and is tried again if it may',
    async (keepsDisk) => {
      const { host, pass, add, stateOf, requests, alerts } = startQueue()
      const id = await add({ command: '600 0', retries: 1 })
      await requests.runJob(id, KEY)
      await pass(MINUTE_MS)
      host.restart('pod-1', keepsDisk)
      await pass(MINUTE_MS)
      expect(stateOf(id)).toBe('queued')
      expect(alerts[0]?.body).toContain('The pod restarted')
      await requests.runJob(id, KEY)
      await pass(SECOND_MS)
      host.restart('pod-1', keepsDisk)
      await pass(MINUTE_MS)
      expect(stateOf(id)).toBe('failed')
      expect(host.startedRuns()).toEqual([`${id}-1`, `${id}-2`])
    },
  )

  test('is unknown while its pod cannot be reached, never failed, and holds the pod for 30 min', async () => {
    let isCut = false
    const { pass, add, stateOf, requests, alerts, fixture } = startQueue({
      fault: () => (isCut ? { kind: 'refused' } : { kind: 'none' }),
    })
    const id = await add({ command: '7200 0' })
    await requests.runJob(id, KEY)
    await pass(MINUTE_MS)
    isCut = true
    await pass(28 * MINUTE_MS)
    expect(stateOf(id)).toBe('unknown')
    expect(fixture.queue.useOf(KEY).hasRunningJob).toBe(true)
    expect(alerts).toEqual([])
    await pass(4 * MINUTE_MS)
    expect(fixture.queue.useOf(KEY).hasRunningJob).toBe(false)
    await pass(60 * MINUTE_MS)
    expect(alerts.map(({ key }) => key.kind)).toEqual(['job-unreachable'])
    isCut = false
    await pass(3 * MINUTE_MS)
    expect(stateOf(id)).toBe('running')
    expect(fixture.queue.useOf(KEY).hasRunningJob).toBe(true)
  })

  test('is unknown while its pod is stopped, and read once that runs again', async () => {
    const { host, pass, add, stateOf, requests, fixture } = startQueue()
    const id = await add({ command: '60 0' })
    await requests.runJob(id, KEY)
    await pass(10 * SECOND_MS)
    fixture.pods = [queuePod({ pod: stoppedPod() })]
    await pass(2 * MINUTE_MS)
    expect(stateOf(id)).toBe('unknown')
    host.restart('pod-1', true)
    fixture.pods = [queuePod()]
    await pass(MINUTE_MS)
    expect(stateOf(id)).toBe('passed')
  })

  test('fails once its pod is gone', async () => {
    const { pass, add, stateOf, requests, fixture } = startQueue()
    const id = await add({ command: '600 0' })
    await requests.runJob(id, KEY)
    await pass(MINUTE_MS)
    fixture.pods = []
    await pass(MINUTE_MS)
    expect(stateOf(id)).toBe('running')
    await pass(3 * MINUTE_MS)
    expect(stateOf(id)).toBe('unknown')
    fixture.goneKeys = [KEY]
    await pass(MINUTE_MS)
    expect(stateOf(id)).toBe('failed')
  })

  test('is canceled once its end is seen', async () => {
    const { host, pass, add, stateOf, requests } = startQueue()
    const id = await add({ command: '600 0', retries: 3 })
    await requests.runJob(id, KEY)
    await pass(MINUTE_MS)
    expect(await requests.changeJob(id, 'cancel')).toMatchObject({ ok: true })
    await pass(MINUTE_MS)
    expect(stateOf(id)).toBe('canceled')
    expect(host.aliveRuns()).toEqual([])
    expect(host.startedRuns()).toHaveLength(1)
  })

  test('is not canceled by a pod that was seen stopped some time ago, and may run again', async () => {
    const { host, pass, add, stateOf, requests, fixture } = startQueue()
    const id = await add({ command: '3600 0' })
    await requests.runJob(id, KEY)
    await pass(MINUTE_MS)
    fixture.pods = [queuePod({ pod: stoppedPod(), isObserved: false })]
    expect(await requests.changeJob(id, 'cancel')).toMatchObject({ ok: true })
    await pass(5 * MINUTE_MS)
    expect([stateOf(id), host.aliveRuns().length]).toEqual(['unknown', 1])
    fixture.pods = [queuePod()]
    await pass(MINUTE_MS)
    expect([stateOf(id), host.aliveRuns()]).toEqual(['canceled', []])
  })
})

describe('a job that is edited while the values of its variables are read', () => {
  test('starts as it is now, with the values of now', async () => {
    const { secrets, letGo } = createSlowSecrets(1)
    const { host, pass, add, requests } = startQueue({}, { secrets })
    const id = await add({ variableNames: ['BEFORE'] }, { BEFORE: 'one' })
    const started = requests.runJob(id, KEY)
    await requests.editJob(id, jobSpec({ command: '60 0', variableNames: ['AFTER'] }), { AFTER: 'two' })
    letGo()
    expect(await started).toEqual(ok(undefined))
    await pass(10 * SECOND_MS)
    expect(host.launches.map(({ launch }) => [launch.command, launch.environment])).toEqual([
      ['60 0', { AFTER: 'two' }],
    ])
  })
})

describe('a job that starts while other values of its variables are saved', () => {
  test.each([[{ TOKEN: 'before' }], [{}]] as const)('keeps those that it had: %o', async (values) => {
    const secrets = createMemorySecrets()
    let letGo = (): void => {}
    let saves = 0
    const save: JobSecrets['save'] = async (...args) => {
      const saved = await secrets.save(...args)
      if ((saves += 1) === Object.keys(values).length + 1)
        await new Promise<void>((resolve) => (letGo = resolve))
      return saved
    }
    const { add, requests, fixture } = startQueue({}, { secrets: { ...secrets, save } })
    const id = await add({ variableNames: Object.keys(values) }, values)
    const started = requests.runJob(id, KEY)
    const edited = requests.editJob(id, jobSpec({ variableNames: ['TOKEN'] }), { TOKEN: 'after' })
    expect(await started).toEqual(ok(undefined))
    await fixture.clock.advanceAsync(SECOND_MS)
    letGo()
    expect(await edited).toMatchObject({ error: 'The job has just been started or removed.' })
    expect(secrets.values.get(id) ?? {}).toEqual(values)
  })
})

describe('a program that ends', () => {
  test('writes down the reply to what it sent, and sends nothing more', async () => {
    let letGo = (): void => {}
    const { host, add, stateOf, requests, fixture } = startQueue({
      latency: () => new Promise<void>((resolve) => (letGo = resolve)),
    })
    const id = await add()
    await requests.runJob(id, KEY)
    await fixture.clock.advanceAsync(SECOND_MS)
    const ended = fixture.queue.shutDown()
    await fixture.clock.advanceAsync(MINUTE_MS)
    letGo()
    await ended
    const last = fixture.journal.latest().find((record) => record.id === id)
    expect(last).toMatchObject({ job: { phase: 'running', run: { hasStarted: true } } })
    await fixture.clock.advanceAsync(10 * MINUTE_MS)
    expect([stateOf(id), host.launches.length]).toEqual(['unknown job', 1])
  })

  test('announces the failure that it saw, although the log of the job comes late', async () => {
    let letGo = (): void => {}
    const { pass, add, stateOf, requests, fixture, alerts, host } = startQueue()
    const readLog = host.readLog.bind(host)
    host.readLog = async (...wanted) => {
      await new Promise<void>((resolve) => (letGo = resolve))
      host.readLog = readLog
      return readLog(...wanted)
    }
    const id = await add({ command: '60 1' })
    await requests.runJob(id, KEY)
    await pass(2 * MINUTE_MS)
    expect([stateOf(id), alerts]).toEqual(['failed', []])
    const ended = fixture.queue.shutDown()
    letGo()
    await ended
    expect(alerts.map(({ title }) => title)).toEqual([expect.stringMatching(/^train-1 failed/)])
  })

  test('writes down no start whose values come after its end', async () => {
    const { secrets, letGo } = createSlowSecrets(1)
    const { add, requests, fixture } = startQueue({}, { secrets })
    const id = await add({ variableNames: ['TOKEN'] }, { TOKEN: 'very-secret' })
    const started = requests.runJob(id, KEY)
    await fixture.clock.advanceAsync(SECOND_MS)
    const lines = fixture.journal.lines.length
    await fixture.queue.shutDown()
    letGo()
    expect(await started).toMatchObject({ ok: false })
    expect(fixture.journal.lines).toHaveLength(lines)
  })

  test('leaves a job in the queue whose values come after its end', async () => {
    const { secrets, letGo } = createSlowSecrets(1)
    const { pass, add, requests, fixture } = startQueue({}, { secrets })
    await add({ variableNames: ['TOKEN'] }, { TOKEN: 'very-secret' })
    requests.setSchedule({ podKeys: [KEY], accountIds: [], isPaused: false })
    await pass(70 * SECOND_MS)
    const lines = fixture.journal.lines.length
    const ended = fixture.queue.shutDown()
    letGo()
    await ended
    await fixture.clock.advanceAsync(MINUTE_MS)
    expect(fixture.journal.lines).toHaveLength(lines)
  })
})

describe('jobs that are over', () => {
  test('are in the view only if they are the latest or an open one depends on them; the others are asked for', async () => {
    const { add, requests, fixture } = startQueue()
    const ids: string[] = []
    for (let index = 0; index < 50; index += 1) {
      ids.push(await add({ name: `train-${index}` }))
      await fixture.clock.advanceAsync(SECOND_MS)
    }
    for (const id of ids) {
      await requests.changeJob(id, 'cancel')
      await fixture.clock.advanceAsync(SECOND_MS)
    }
    const waiting = await add({ dependsOn: [ids[3] ?? ''] })
    const { jobs, doneCount } = fixture.queue.view()
    expect(doneCount).toBe(50)
    expect(jobs.map(({ id }) => id)).toEqual([waiting, ...ids.slice(30).reverse(), ids[3]])
    const all = fixture.queue.doneJobs('', 2_000)
    expect([all.count, all.jobs.map(({ id }) => id)]).toEqual([50, [...ids].reverse()])
    expect(fixture.queue.doneJobs('', 5).jobs).toHaveLength(5)
    expect(fixture.queue.doneJobs('TRAIN-1 60', 3)).toMatchObject({
      count: 11,
      jobs: [{ spec: { name: 'train-19' } }, {}, {}],
    })
    expect(fixture.queue.doneJobs('nothing like it', 3)).toEqual({ jobs: [], count: 0 })
  })
})
