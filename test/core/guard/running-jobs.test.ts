import { expect, test } from 'vitest'
import { HOUR_MS, type Instant, MINUTE_MS } from '../../../src/core/base/time/time'
import type { StopAfterJob } from '../../../src/core/idle/sample'
import { nextStops } from '../../../src/core/view/stops/next-stops'
import {
  actionsSentBy,
  alertTitlesOf,
  oneHourAutoStop,
  startGuardedMonitor,
  ticked,
} from '../../harness/guard/guarded-monitor'

/** Whether a job runs on the only pod, as the queue would say. */
async function started(settings: Parameters<typeof startGuardedMonitor>[0] = {}) {
  const job = {
    isRunning: true,
    endedAt: null as Instant | null,
    waiting: [] as readonly string[],
    maxHours: new Map<string, number>(),
    stop: null as StopAfterJob,
  }
  const fixture = await startGuardedMonitor({
    settings: { ...oneHourAutoStop, idleAlertAfterMin: 15 },
    ...settings,
    jobs: {
      useOf: () => ({ hasRunningJob: job.isRunning, jobEndedAt: job.endedAt }),
      waitingJobNames: () => job.waiting,
      maxHours: () => job.maxHours,
      stopAfterJob: () => job.stop,
    },
  })
  return { job, fixture }
}

test('a running job holds idle alerts and auto-stop, for as long as it runs', async () => {
  const { fixture } = await started()
  await fixture.clock.advanceAsync(6 * HOUR_MS)
  expect(fixture.monitor.snapshot().pods[0]?.activity).toMatchObject({ kind: 'busy', by: 'job' })
  expect(fixture.alerts).toEqual([])
  expect(actionsSentBy(fixture)).toEqual([])
})

test('once nothing runs any more, the rules of the guard apply from then on', async () => {
  const { job, fixture } = await started()
  await fixture.clock.advanceAsync(6 * HOUR_MS)
  job.isRunning = false
  await fixture.clock.advanceAsync(14 * MINUTE_MS)
  expect(fixture.alerts).toEqual([])
  await fixture.clock.advanceAsync(3 * MINUTE_MS)
  expect(alertTitlesOf(fixture, 'idle')).toHaveLength(1)
  await fixture.clock.advanceAsync(35 * MINUTE_MS)
  expect(actionsSentBy(fixture)).toEqual([])
  await fixture.clock.advanceAsync(15 * MINUTE_MS)
  expect(actionsSentBy(fixture)).toEqual(['stop pod-1'])
})

test('a job that starts after the last warning keeps the pod running', async () => {
  const { job, fixture } = await started()
  job.isRunning = false
  await fixture.clock.advanceAsync(58 * MINUTE_MS)
  expect(alertTitlesOf(fixture, 'auto-stop-soon').length).toBeGreaterThan(0)
  job.isRunning = true
  await fixture.clock.advanceAsync(6 * HOUR_MS)
  expect(actionsSentBy(fixture)).toEqual([])
})

test('a job that began and ended between two polls keeps the pod running as long as any other', async () => {
  const { job, fixture } = await started()
  job.isRunning = false
  await fixture.clock.advanceAsync(58 * MINUTE_MS)
  job.endedAt = fixture.clock.now()
  await fixture.clock.advanceAsync(58 * MINUTE_MS)
  expect(actionsSentBy(fixture)).toEqual([])
  await fixture.clock.advanceAsync(5 * MINUTE_MS)
  expect(actionsSentBy(fixture)).toEqual(['stop pod-1'])
})

test('a running job never holds maximum hours', async () => {
  const { fixture } = await started({ guard: ticked({ maxHours: 3 }) })
  await fixture.clock.advanceAsync(4 * HOUR_MS)
  expect(actionsSentBy(fixture)).toEqual(['stop pod-1'])
})

test('an idle alert says which jobs wait and offers the next one, and nothing where none fits', async () => {
  const { job, fixture } = await started()
  job.isRunning = false
  job.waiting = ['planck-13', 'sdxl-07', 'eval']
  await fixture.clock.advanceAsync(20 * MINUTE_MS)
  expect(fixture.alerts).toMatchObject([
    {
      key: { kind: 'idle' },
      buttons: ['run-next-job', 'keep-on', 'stop'],
      body: expect.stringContaining('3 jobs are waiting, first planck-13'),
    },
  ])
  const { fixture: other, job: none } = await started()
  none.isRunning = false
  await other.clock.advanceAsync(20 * MINUTE_MS)
  expect(other.alerts).toMatchObject([{ buttons: ['keep-on', 'stop'] }])
})

test('a pod that was requested for a job has maximum hours although a job runs, and they are among the next stops', async () => {
  const { job, fixture } = await started()
  job.maxHours = new Map([['pod-1', 4]])
  await fixture.clock.advanceAsync(2 * HOUR_MS)
  const [stop] = nextStops(fixture.monitor.snapshot(), {
    settings: { autoStopAfterMin: 60 },
    hasHistory: true,
  })
  expect(stop).toMatchObject({ podId: 'pod-1', cause: 'max-hours', action: 'stop' })
  expect(actionsSentBy(fixture)).toEqual([])
  await fixture.clock.advanceAsync(HOUR_MS + 10 * MINUTE_MS)
  expect(alertTitlesOf(fixture, 'max-hours-soon')).toHaveLength(2)
  expect(actionsSentBy(fixture)).toEqual(['stop pod-1'])
})

test.each([
  ['its status is unknown', 'due', { phase: 'unknown', rawStatus: 'MIGRATING' }, 'its status is unknown'],
  ['it can’t be read', 'unread', {}, 'its state can’t be read'],
] as const)('a stop after a job is alerted after 15 min in which %s', async (_, stop, state, title) => {
  const { job, fixture } = await started({ guard: { autoStop: 'ticked', pods: {} }, pod: state })
  job.isRunning = false
  job.stop = stop
  await fixture.clock.advanceAsync(14 * MINUTE_MS)
  expect(alertTitlesOf(fixture, 'unable-to-act')).toEqual([])
  await fixture.clock.advanceAsync(4 * MINUTE_MS)
  expect(alertTitlesOf(fixture, 'unable-to-act')).toEqual([
    expect.stringContaining(`can’t be stopped automatically: ${title}`),
  ])
})

test('a stop after a job that can be carried out, or that a person keeps from it, is no alert', async () => {
  for (const stop of ['due', null] as const) {
    const { job, fixture } = await started({
      guard: { autoStop: 'ticked', pods: {} },
      ...(stop === null && { pod: { phase: 'unknown' as const, rawStatus: 'MIGRATING' } }),
    })
    job.isRunning = false
    job.stop = stop
    await fixture.clock.advanceAsync(HOUR_MS)
    expect(alertTitlesOf(fixture, 'unable-to-act')).toEqual([])
  }
})
