import { describe, expect, test } from 'vitest'
import { MINUTE_MS } from '../../../../src/core/base/time/time'
import { noGuard } from '../../../../src/core/guard/guard-view'
import { podKeyOf } from '../../../../src/core/pods/pod'
import type { Job } from '../../../../src/core/queue/jobs/job'
import { noSchedule, type ScheduleRules } from '../../../../src/core/queue/jobs/job-codec'
import { applyEvent } from '../../../../src/core/queue/jobs/job-events'
import { fitProblem, gpuMemoryGb, gpusFor } from '../../../../src/core/queue/jobs/job-fit'
import {
  autoStarts,
  type QueuePod,
  startProblem,
  suggestions,
} from '../../../../src/core/queue/schedule/schedule'
import { START_MS } from '../../../harness/base/fake-clock'
import { idleActivity, instant, pod, stoppedPod } from '../../../harness/samples/pods'
import { jobSpec } from '../../../harness/samples/job-spec'
import { ACCOUNT, queuePod } from '../../../harness/queue/queue-fixture'
import { newJob } from '../../../../src/core/queue/jobs/job-phase'

const KEY = podKeyOf(ACCOUNT, 'pod-1')
const on: ScheduleRules = { ...noSchedule, podKeys: [KEY] }

let places = 0
const job = (id = 'job-1', overrides: Parameters<typeof jobSpec>[0] = {}): Job =>
  newJob(
    { id, spec: jobSpec(overrides), place: (places += 1), isFromCommandLine: false, isHeld: false },
    instant(0),
  )

const startsOn = (overrides: Partial<QueuePod>, rules = on, jobs = [job()]) =>
  autoStarts([queuePod(overrides)], jobs, rules, START_MS)

const needs = (overrides: Partial<ReturnType<typeof jobSpec>['needs']>) => ({
  ...jobSpec().needs,
  ...overrides,
})

test('a job starts on a pod that has been idle and quiet, and that is allowed', () => {
  expect(startsOn({})).toEqual([{ podKey: KEY, jobId: 'job-1' }])
  expect(startsOn({}, { ...noSchedule, accountIds: [ACCOUNT] })).toHaveLength(1)
  expect(startsOn({ labAutoSchedule: true })).toHaveLength(1)
  expect(startsOn({ activity: idleActivity({ quietForMs: 5 * MINUTE_MS }) })).toHaveLength(1)
  const later = { kind: 'watching', dueAtMs: START_MS + 60 * MINUTE_MS, cause: 'quiet' } as const
  expect(startsOn({ guard: { ...noGuard, autoStop: later } })).toHaveLength(1)
})

describe('beside a job that shares its pod', () => {
  const wide = pod({ gpu: { name: 'A100 SXM', count: 4 } })
  const run = (id: string, gpuIndexes: readonly number[] | null) =>
    applyEvent(
      job(id, { sharesPod: gpuIndexes !== null }),
      {
        kind: 'start',
        run: {
          podKey: KEY,
          podName: '',
          gpuIndexes,
          podGpuCount: 4,
          podStartedAtMs: 1,
          perHourUsd: 1,
          startedBy: 'person',
        },
      },
      instant(0),
    )
  const gpu = (index: number, idleForMs = 5 * MINUTE_MS) => ({ index, idleForMs })
  const busyBy = (...idleGpus: ReturnType<typeof gpu>[]): QueuePod['activity'] => ({
    kind: 'busy',
    by: 'job',
    partlyIdle: null,
    idleGpus,
  })
  const sharing = job('sharing', { sharesPod: true, needs: needs({ gpuCount: 2 }) })
  const startsBeside = (runs: readonly Job[], overrides: Partial<QueuePod>, waiting: Job = sharing) =>
    startsOn({ pod: wide, ...overrides }, on, [...runs, waiting]).map(({ jobId }) => jobId)

  test('another one starts that shares it, where the GPUs that no job uses have been idle', () => {
    expect(startsBeside([run('a', [0])], { activity: busyBy(gpu(1), gpu(2), gpu(3)) })).toEqual(['sharing'])
    expect(startsBeside([run('a', [0]), run('b', [2])], { activity: busyBy(gpu(1), gpu(3)) })).toEqual([
      'sharing',
    ])
  })

  test.each<readonly [string, readonly Job[], Partial<QueuePod>]>([
    ['one of these works', [run('a', [0])], { activity: busyBy(gpu(1), gpu(3)) }],
    [
      'one was not idle for long enough',
      [run('a', [0])],
      { activity: busyBy(gpu(1), gpu(2), gpu(3, MINUTE_MS)) },
    ],
    [
      'it isn’t known which are idle',
      [run('a', [0])],
      { activity: { kind: 'busy', by: 'job', partlyIdle: null } },
    ],
    [
      'someone types in a terminal',
      [run('a', [0])],
      { activity: { kind: 'busy', by: 'terminal', partlyIdle: null } },
    ],
    ['the first one shares nothing', [run('a', null)], { activity: busyBy(gpu(0), gpu(1), gpu(2), gpu(3)) }],
    ['there is no room', [run('a', [0, 1, 2])], { activity: busyBy(gpu(3)) }],
    [
      'the pod can’t be reached',
      [applyEvent(run('a', [0]), { kind: 'unreachable', runId: 'a-1', message: '' }, instant(1))],
      { activity: busyBy(gpu(1), gpu(2), gpu(3)) },
    ],
    [
      'the pod is kept running',
      [run('a', [0])],
      {
        activity: busyBy(gpu(1), gpu(2), gpu(3)),
        guard: { ...noGuard, keepOn: { sinceMs: 0, untilMs: null } },
      },
    ],
    [
      'auto-schedule is off',
      [run('a', [0])],
      { key: podKeyOf(ACCOUNT, 'x'), activity: busyBy(gpu(1), gpu(2), gpu(3)) },
    ],
  ])('nothing starts where %s', (_why, runs, overrides) => {
    expect(startsBeside(runs, overrides)).toEqual([])
  })

  test('one that needs the whole pod waits', () => {
    const activity = busyBy(gpu(1), gpu(2), gpu(3))
    expect(startsBeside([run('a', [0])], { activity }, job('whole'))).toEqual([])
  })
})

describe('nothing starts automatically', () => {
  const soon = { kind: 'watching', dueAtMs: START_MS + 20 * MINUTE_MS, cause: 'max-hours' } as const
  const planned = { kind: 'planned', cause: 'quiet', action: 'stop', atMs: START_MS } as const
  const managed = { cloudPodId: null, idleMinutes: null, stopsAtMs: null, terminatesAtMs: null }
  const cases: readonly (readonly [string, Partial<QueuePod>])[] = [
    ['busy', { activity: { kind: 'busy', by: 'gpu', partlyIdle: null } }],
    ['with recent terminal input', { activity: { kind: 'busy', by: 'terminal', partlyIdle: null } }],
    ['of unknown activity', { activity: { kind: 'unknown', reason: 'no-telemetry', sinceMs: null } }],
    [
      'whose idle episode is paused',
      { activity: { kind: 'unknown', reason: 'no-telemetry', sinceMs: null, paused: idleActivity() } },
    ],
    ['idle and not quiet', { activity: idleActivity({ quietForMs: 4 * MINUTE_MS }) }],
    [
      'idle by report only',
      { activity: idleActivity({ quietForMs: 0, evidence: null, reportedMinutes: 60 }) },
    ],
    ['kept running', { guard: { ...noGuard, keepOn: { sinceMs: 0, untilMs: null } } }],
    ['locked', { pod: pod({ isLocked: true }) }],
    ['whose lock is unknown', { pod: pod({ isLocked: null }) }],
    ['of a cluster', { pod: pod({ clusterId: 'c' }) }],
    ['stopped', { pod: stoppedPod() }],
    ['about to be stopped', { guard: { ...noGuard, autoStop: planned } }],
    ['stopped within half an hour', { guard: { ...noGuard, autoStop: soon } }],
    [
      'that its service stops soon',
      { pod: pod({ managed: { ...managed, stopsAtMs: START_MS + MINUTE_MS } }) },
    ],
    [
      'that its service terminates soon',
      { pod: pod({ managed: { ...managed, terminatesAtMs: START_MS + MINUTE_MS } }) },
    ],
    ['with an action under way', { hasOpenAction: true }],
    ['of another account', { isShownElsewhere: true }],
    ['that was not observed lately', { isObserved: false }],
    ['without SSH', { pod: pod({ ssh: { direct: null, proxy: null } }) }],
    ['of a lab that starts experiments itself or may', { labAutoSchedule: null }],
    ['of a lab without auto-schedule', { labAutoSchedule: false }],
  ]
  test.each(cases)('on a pod that is %s', (_name, overrides) => {
    expect(startsOn(overrides)).toEqual([])
  })

  test('where no person turned it on, while the queue is paused, and on another pod', () => {
    expect(startsOn({}, noSchedule)).toEqual([])
    expect(startsOn({}, { ...on, isPaused: true })).toEqual([])
    expect(startsOn({}, { ...noSchedule, podKeys: [podKeyOf('account-2', 'pod-1')] })).toEqual([])
  })

  test('that is on hold, waits for another job, or is blocked by one', () => {
    const other = job('job-0')
    const failed: Job = { ...other, phase: 'failed' }
    const dependent = job('job-1', { dependsOn: ['job-0'] })
    expect(startsOn({}, on, [{ ...job(), phase: 'held' }])).toEqual([])
    expect(startsOn({}, on, [{ ...other, phase: 'held' }, dependent])).toEqual([])
    expect(startsOn({}, on, [failed, dependent])).toEqual([])
    expect(startsOn({}, on, [{ ...other, phase: 'passed' }, dependent])).toHaveLength(1)
  })
})

test('after a job that asks for the next one it starts without auto-schedule, and on a lab only where that is on', () => {
  const run = {
    podKey: KEY,
    podName: '',
    gpuIndexes: null,
    podGpuCount: null,
    podStartedAtMs: pod().startedAtMs,
    perHourUsd: 1,
    startedBy: 'person',
  } as const
  const asking = job('first', { afterSuccess: 'next' })
  const passed: Job = { ...applyEvent(asking, { kind: 'start', run }, instant(0)), phase: 'passed' }
  const next = (overrides: Partial<QueuePod>) => startsOn(overrides, noSchedule, [passed, job('second')])
  expect(next({})).toEqual([{ podKey: KEY, jobId: 'second' }])
  expect(next({ labAutoSchedule: true })).toHaveLength(1)
  expect(next({ labAutoSchedule: false })).toEqual([])
  expect(next({ labAutoSchedule: null })).toEqual([])
})

test('one job starts on one pod only, and the dearest pod comes first', () => {
  const rules = { ...noSchedule, accountIds: [ACCOUNT] }
  const cheap = queuePod({ id: 'a', pod: pod({ id: 'a', costPerHourUsd: 1 }) })
  const dear = queuePod({ id: 'b', pod: pod({ id: 'b', costPerHourUsd: 9 }) })
  expect(autoStarts([cheap, dear], [job('x')], rules, START_MS)).toEqual([
    { podKey: podKeyOf(ACCOUNT, 'b'), jobId: 'x' },
  ])
  const both = autoStarts(
    [cheap, dear],
    [job('low', { priority: 'low' }), job('high', { priority: 'high' })],
    rules,
    START_MS,
  )
  expect(both.map(({ jobId }) => jobId)).toEqual(['high', 'low'])
})

test('jobs are suggested for pods that are idle long enough to alert, and not before', () => {
  const idle = (min: number) => queuePod({ activity: idleActivity({ idleForMs: min * MINUTE_MS }) })
  expect(suggestions([idle(15)], [job()], noSchedule)).toHaveLength(1)
  expect(suggestions([idle(14)], [job()], noSchedule)).toEqual([])
  const kept = { ...noGuard, keepOn: { sinceMs: 0, untilMs: null } }
  expect(suggestions([{ ...idle(60), guard: kept }], [job()], noSchedule)).toEqual([])
})

describe('a job fits a pod', () => {
  const h100 = pod({ name: 'llama-SFT', gpu: { name: 'H100 SXM', count: 4 } })
  test.each([
    [needs({}), true],
    [needs({ gpuType: 'h100' }), true],
    [needs({ gpuType: 'H10' }), false],
    [needs({ gpuType: 'A100' }), false],
    [needs({ gpuCount: 4 }), true],
    [needs({ gpuCount: 5 }), false],
    [needs({ gpuMemoryGb: 80 }), true],
    [needs({ gpuMemoryGb: 81 }), false],
    [needs({ label: 'sft' }), true],
    [needs({ label: 'planck' }), false],
    [needs({ accountId: ACCOUNT }), true],
    [needs({ accountId: 'other' }), false],
  ])('%j: %s', (given, expected) => {
    expect(fitProblem(given, KEY, h100) === null).toBe(expected)
  })

  test('a CPU pod fits a job without GPUs only, and unknown memory fits nothing that needs some', () => {
    const cpu = pod({ gpu: null })
    expect(fitProblem(needs({ gpuCount: 0 }), KEY, cpu)).toBeNull()
    expect(fitProblem(needs({}), KEY, cpu)).not.toBeNull()
    expect(
      fitProblem(needs({ gpuMemoryGb: 1 }), KEY, pod({ gpu: { name: 'New GPU', count: 1 } })),
    ).not.toBeNull()
    expect([gpuMemoryGb('A100 SXM'), gpuMemoryGb('A100 80GB PCIe'), gpuMemoryGb('A10')]).toEqual([
      40,
      80,
      null,
    ])
  })

  test('one that shares a pod gets free GPUs, and one that does not gets an empty pod', () => {
    const two = { sharesPod: true, needs: needs({ gpuCount: 2 }) }
    expect(gpusFor(two, 4, [])).toEqual([0, 1])
    expect(gpusFor(two, 4, [[0, 2]])).toEqual([1, 3])
    expect(gpusFor(two, 4, [[0, 1, 2]])).toBe('none')
    expect(gpusFor(two, 4, [null])).toBe('none')
    expect(gpusFor({ ...two, sharesPod: false }, 4, [])).toBeNull()
    expect(gpusFor({ ...two, sharesPod: false }, 4, [[0]])).toBe('none')
  })
})

test('a second job does not start on a pod that runs one', () => {
  const run = {
    podKey: KEY,
    podName: '',
    gpuIndexes: null,
    podGpuCount: null,
    podStartedAtMs: 0,
    perHourUsd: 1,
    startedBy: 'person',
  } as const
  const running = applyEvent(job('a'), { kind: 'start', run }, instant(0))
  expect(startProblem(job('b'), queuePod(), [running])).toContain('is running another job')
  expect(startProblem(job('b'), queuePod(), [])).toBeNull()
})
