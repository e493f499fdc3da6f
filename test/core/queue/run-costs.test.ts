import { expect, test } from 'vitest'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time'
import type { PodCost } from '../../../src/core/money/costs/pod-cost'
import { podKeyOf } from '../../../src/core/pods/pod'
import { type Job, newJob } from '../../../src/core/queue/jobs/job'
import { applyEvent } from '../../../src/core/queue/jobs/job-events'
import { createRunCosts, runCostText } from '../../../src/core/queue/run-costs'
import { START_MS } from '../../harness/clock'
import { jobSpec } from '../../harness/job-spec'
import { instant } from '../../harness/pods'

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
