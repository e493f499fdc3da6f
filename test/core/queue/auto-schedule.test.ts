import { describe, expect, test } from 'vitest'
import { MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import { podKeyOf } from '../../../src/core/pods/pod'
import type { QueuePod } from '../../../src/core/queue/schedule/schedule'
import { idleActivity, pod } from '../../harness/samples/pods'
import {
  ACCOUNT,
  createSlowSecrets,
  startQueue,
  type QueueFixture,
  queuePod,
} from '../../harness/queue/queue-fixture'

const KEY = podKeyOf(ACCOUNT, 'pod-1')
const busy: QueuePod['activity'] = { kind: 'busy', by: 'gpu', partlyIdle: null }

describe('auto-schedule', () => {
  const rules = { podKeys: [KEY], accountIds: [], isPaused: false }

  test('is off until a person turns it on', async () => {
    const { host, pass, add, fixture } = startQueue()
    await add()
    await pass(60 * MINUTE_MS)
    expect(host.launches).toEqual([])
    expect(fixture.queue.view().suggestions).toEqual([{ podKey: KEY, jobId: 'job-1' }])
  })

  test('starts the first job that fits after a minute, once the pod was read again', async () => {
    const { host, pass, add, requests, alerts, fixture } = startQueue()
    await add({ name: 'second' })
    const first = await add({ name: 'first', priority: 'high' })
    requests.setSchedule(rules)
    await pass(30 * SECOND_MS)
    expect(host.launches).toEqual([])
    expect(alerts).toMatchObject([{ key: { kind: 'job-soon' }, buttons: ['skip-job'] }])
    expect(fixture.queue.view().countdowns).toMatchObject([{ podKey: KEY, jobId: first }])
    await pass(40 * SECOND_MS)
    expect(host.launches.map(({ launch }) => launch.id)).toEqual([`${first}-1`])
    expect(fixture.refreshes).toBe(1)
  })

  test('announces another job that comes first meanwhile, and gives it a whole minute', async () => {
    const { host, pass, add, requests, alerts } = startQueue()
    await add({ name: 'first' })
    requests.setSchedule(rules)
    await pass(50 * SECOND_MS)
    const urgent = await add({ name: 'urgent', priority: 'critical' })
    await pass(40 * SECOND_MS)
    expect([host.launches, alerts.map(({ title }) => title.split(' ')[0])]).toEqual([[], ['first', 'urgent']])
    await pass(30 * SECOND_MS)
    expect(host.launches.map(({ launch }) => launch.id)).toEqual([`${urgent}-1`])
  })

  test('skips the pod in this idle episode, and not in the next', async () => {
    const { host, pass, add, requests, fixture } = startQueue()
    await add()
    requests.setSchedule(rules)
    await pass(30 * SECOND_MS)
    requests.skipStart(KEY)
    await pass(30 * MINUTE_MS)
    expect(host.launches).toEqual([])
    fixture.pods = [queuePod({ activity: idleActivity({ sinceMs: fixture.clock.now().wallMs }) })]
    await pass(2 * MINUTE_MS)
    expect(host.launches).toHaveLength(1)
  })

  test('gives the job of a pod that was skipped to another one', async () => {
    const { host, pass, add, requests, fixture } = startQueue()
    const other = podKeyOf(ACCOUNT, 'other')
    fixture.pods = [
      queuePod({ pod: pod({ id: 'pod-1', costPerHourUsd: 9 }) }),
      queuePod({ id: 'other', pod: pod({ id: 'other', costPerHourUsd: 1 }) }),
    ]
    const id = await add()
    requests.setSchedule({ ...rules, podKeys: [KEY, other] })
    await pass(30 * SECOND_MS)
    expect(fixture.queue.view().countdowns).toMatchObject([{ podKey: KEY, jobId: id }])
    requests.skipStart(KEY)
    await pass(30 * SECOND_MS)
    expect([host.launches, fixture.queue.view().countdowns]).toMatchObject([
      [],
      [{ podKey: other, jobId: id }],
    ])
    await pass(MINUTE_MS)
    expect(host.launches.map(({ podId }) => podId)).toEqual(['other'])
  })

  test('runs the next job where the last one asked for it, without being on', async () => {
    const { host, pass, add, requests } = startQueue()
    const first = await add({ afterSuccess: 'next' })
    const second = await add()
    const third = await add()
    await requests.runJob(first, KEY)
    await pass(6 * MINUTE_MS)
    expect(host.startedRuns()).toEqual([`${first}-1`, `${second}-1`])
    expect(host.launches.map(({ launch }) => launch.id)).not.toContain(`${third}-1`)
  })

  test('puts a job on hold whose start fails, and says why once', async () => {
    const reports: string[] = []
    const { host, pass, add, stateOf, requests, alerts, fixture } = startQueue(
      {},
      { report: (what) => reports.push(what) },
    )
    const id = await add({ variableNames: ['TOKEN'] }, { TOKEN: 'x' })
    fixture.secrets.values.clear()
    requests.setSchedule(rules)
    await pass(10 * MINUTE_MS)
    expect([stateOf(id), host.launches]).toEqual(['held', []])
    expect(fixture.queue.view().jobs[0]?.statusText).toBe(
      'It could not be started automatically, so it is on hold: The values of its variables are not known.',
    )
    expect(alerts.map(({ key }) => key.kind)).toEqual(['job-soon'])
    expect(reports).toHaveLength(1)
  })

  test('skips a pod in this idle episode where nothing can be written down', async () => {
    const { pass, add, stateOf, requests, alerts, fixture } = startQueue({}, { report: () => {} })
    const id = await add()
    requests.setSchedule(rules)
    await pass(30 * SECOND_MS)
    fixture.journal.isFull = true
    await pass(10 * MINUTE_MS)
    expect([stateOf(id), alerts.length]).toEqual(['queued', 1])
  })

  test('reads a pod again that could not be read, without another countdown', async () => {
    let isReadable = false
    const { host, pass, add, requests, alerts } = startQueue({}, { refreshPod: async () => isReadable })
    await add()
    requests.setSchedule(rules)
    await pass(3 * MINUTE_MS)
    expect(host.launches).toEqual([])
    isReadable = true
    await pass(10 * SECOND_MS)
    expect([host.launches.length, alerts.length]).toEqual([1, 1])
  })

  test('asks for a look inside where only that can tell, and starts once nothing works there', async () => {
    const { host, pass, add, requests, fixture } = startQueue()
    const doubt = { about: 'cpu', quietForMs: 60 * MINUTE_MS, vcpuCount: 104, belowCpuPercent: 3 } as const
    const doubtful = queuePod({ activity: idleActivity({ quietForMs: 0, doubt }) })
    fixture.pods = [doubtful]
    await add()
    await pass(5 * MINUTE_MS)
    expect(fixture.looks).toEqual([])
    requests.setSchedule(rules)
    await pass(5 * MINUTE_MS)
    expect([new Set(fixture.looks), host.launches]).toEqual([new Set([KEY]), []])
    fixture.pods = [{ ...doubtful, isDoubtDecided: true, activity: idleActivity({ quietForMs: 0 }) }]
    await pass(5 * MINUTE_MS)
    expect(host.launches).toEqual([])
    fixture.pods = [{ ...doubtful, isDoubtDecided: true }]
    await pass(2 * MINUTE_MS)
    expect(host.launches).toHaveLength(1)
  })

  test('starts nothing if the pod became busy when it is read again', async () => {
    let current: QueueFixture | null = null
    const { host, pass, add, requests, fixture } = startQueue(
      {},
      {
        refreshPod: async () => {
          if (current !== null) current.pods = [queuePod({ activity: busy })]
          return true
        },
      },
    )
    current = fixture
    await add()
    requests.setSchedule(rules)
    await pass(10 * MINUTE_MS)
    expect(host.launches).toEqual([])
  })

  test('can be skipped while the pod is read again', async () => {
    let letGo = (): void => {}
    const refreshPod = () => new Promise<boolean>((resolve) => (letGo = () => resolve(true)))
    const { host, pass, add, requests, fixture } = startQueue({}, { refreshPod })
    await add()
    requests.setSchedule(rules)
    await pass(65 * SECOND_MS)
    expect(requests.skipStart(KEY).ok).toBe(true)
    letGo()
    await pass(10 * MINUTE_MS)
    expect([host.launches, fixture.queue.view().countdowns]).toEqual([[], []])
  })

  const meanwhile: readonly (readonly [string, (fixture: QueueFixture) => void])[] = [
    ['is skipped', ({ queue }) => void queue.requests.skipStart(KEY)],
    ['is paused', ({ queue }) => void queue.requests.setSchedule({ ...rules, isPaused: true })],
    ['has a pod that became busy', (fixture) => void (fixture.pods = [queuePod({ activity: busy })])],
  ]

  test.each(meanwhile)(
    'starts nothing that %s while the values of variables are read',
    async (_what, happen) => {
      const { secrets, letGo } = createSlowSecrets(1)
      const { host, pass, add, requests, stateOf, fixture } = startQueue({}, { secrets })
      const id = await add({ variableNames: ['TOKEN'] }, { TOKEN: 'very-secret' })
      requests.setSchedule(rules)
      await pass(70 * SECOND_MS)
      happen(fixture)
      letGo()
      await pass(5 * MINUTE_MS)
      expect([host.launches, stateOf(id)]).toEqual([[], 'queued'])
    },
  )
})
