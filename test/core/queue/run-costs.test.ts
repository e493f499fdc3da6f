import { expect, test } from 'vitest'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import type { PodCost } from '../../../src/core/money/costs/pod-cost'
import { podKeyOf } from '../../../src/core/pods/pod'
import type { Job } from '../../../src/core/queue/jobs/job'
import { applyEvent } from '../../../src/core/queue/jobs/job-events'
import { createRunCosts, runCostText } from '../../../src/core/queue/run-costs'
import { START_MS } from '../../harness/base/fake-clock'
import { jobSpec } from '../../harness/samples/job-spec'
import { instant } from '../../harness/samples/pods'
import { newJob } from '../../../src/core/queue/jobs/job-phase'

function runningJob(gpuIndexes: readonly number[] | null = null, podGpuCount: number | null = 4): Job {
  const job = newJob(
    { id: 'job', spec: jobSpec(), place: 1, isFromCommandLine: false, isHeld: false },
    instant(0),
  )
  const run = {
    podKey: podKeyOf('a', 'pod'),
    podName: 'pod',
    gpuIndexes,
    podGpuCount,
    podStartedAtMs: 1,
    perHourUsd: 2,
    startedBy: 'person',
  } as const
  return applyEvent(job, { kind: 'start', run }, instant(0))
}

const counted = (more: Partial<PodCost> = {}): PodCost => ({
  usd: 8,
  unobservedMs: 0,
  isAtLeast: false,
  ...more,
})
const textOf = (cost: PodCost | null, job = runningJob()): string =>
  runCostText(createRunCosts(() => cost)(job, START_MS + HOUR_MS))

test('a run costs what its pod did meanwhile, or its GPUs’ part of that', () => {
  expect(textOf(counted())).toBe('$8.00')
  expect(textOf(counted(), runningJob([1]))).toBe('$2.00')
  expect(textOf(counted(), runningJob([1, 2], null))).toBe('$8.00')
})

test('a cost says how sure it is', () => {
  expect(textOf(counted({ unobservedMs: 10 * MINUTE_MS }))).toBe('at least $8.00')
  expect(textOf(counted({ unobservedMs: MINUTE_MS }))).toBe('$8.00')
  expect(textOf(counted({ isAtLeast: true }))).toBe('at least $8.00')
  expect(textOf(null)).toBe('about $2.00')
  expect(textOf(null, runningJob([0]))).toBe('about $0.50')
  expect(runCostText({ costUsd: null, costKind: 'estimated' })).toBe('unknown')
})

test.each([
  ['as it was', START_MS / 1_000 + 5, START_MS / 1_000 + 65, [5, 65]],
  ['by a clock that starts in 1970', 0, 60, [0, 60]],
  ['by a clock of the far future', 999_999_999_000, 999_999_999_060, [3_540, 3_600]],
  ['with an end in the far future', START_MS / 1_000 + 5, 999_999_999_999, [0, 3_600]],
  ['with an end before its start', START_MS / 1_000 + 5, 0, [5, 5]],
] as const)(
  'a run that its pod reports %s is paid for within the time that it can have run',
  (_how, startedAtS, endedAtS, expected) => {
    const asked: (readonly number[])[] = []
    const costOf = createRunCosts((_key, fromMs, toMs) => {
      asked.push([fromMs, toMs].map((ms) => (ms - START_MS) / 1_000))
      return counted()
    })
    const reading = {
      kind: 'ended',
      jobId: 'job-1',
      exitCode: 0,
      isTimedOut: false,
      startedAtS,
      endedAtS,
    } as const
    const event = { kind: 'reading', reading, podStartedAtMs: 1, isClaim: false } as const
    costOf(applyEvent(runningJob(), event, instant(HOUR_MS)), START_MS + 2 * HOUR_MS)
    expect(asked).toEqual([expected])
  },
)

test('a run that continues is paid for since its request at the earliest, and no longer than it may run', () => {
  const asked: (readonly number[])[] = []
  const costOf = createRunCosts((_key, fromMs, toMs) => {
    asked.push([fromMs, toMs].map((ms) => (ms - START_MS) / 1_000))
    return counted()
  })
  const reading = { kind: 'running', jobId: 'job-1', startedAtS: 0, heartbeatAgeS: 1 } as const
  const event = { kind: 'reading', reading, podStartedAtMs: 1, isClaim: false } as const
  const running = applyEvent(runningJob(), event, instant(MINUTE_MS))
  costOf(running, START_MS + HOUR_MS)
  costOf(running, START_MS + 100_000 * HOUR_MS)
  expect(asked).toEqual([
    [0, 3_600],
    [0, running.spec.maxSeconds + 60],
  ])
})

test('that of a run that ended is counted until all of it is booked, and then remembered', () => {
  const asked: number[] = []
  const costOf = createRunCosts((_key, _from, toMs) => {
    asked.push(toMs)
    return counted()
  })
  const reading = { kind: 'ended', jobId: 'job-1', exitCode: 0, isTimedOut: false } as const
  const ended = applyEvent(
    runningJob(),
    {
      kind: 'reading',
      reading: { ...reading, startedAtS: START_MS / 1_000, endedAtS: START_MS / 1_000 + 60 },
      podStartedAtMs: 1,
      isClaim: false,
    },
    instant(60_000),
  )
  for (const minutes of [1, 5, 12, 13, 600]) costOf(ended, START_MS + minutes * MINUTE_MS)
  expect(asked).toEqual([START_MS + 60_000, START_MS + 60_000, START_MS + 60_000])
})
