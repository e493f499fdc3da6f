import { expect, test } from 'vitest'
import type { Instant } from '../../../../src/core/base/time/time'
import type { Job } from '../../../../src/core/queue/jobs/job'
import { dependencyProblem, readyJobs } from '../../../../src/core/queue/jobs/job-order'
import { jobSpec } from '../../../harness/samples/job-spec'
import { newJob } from '../../../../src/core/queue/jobs/job-phase'

const now: Instant = { wallMs: 0, monotonicMs: 0, runId: 'run-1' }

const job = (id: string, dependsOn: readonly string[], more: Partial<Job> = {}): Job => ({
  ...newJob(
    { id, spec: jobSpec({ name: id, dependsOn }), place: 1, isFromCommandLine: false, isHeld: false },
    now,
  ),
  ...more,
})

/** Stages of ten jobs, each of which depends on all of the stage before. */
function stages(count: number, first: Partial<Job>): readonly Job[] {
  const ids = (stage: number): readonly string[] =>
    Array.from({ length: 10 }, (_, index) => `stage-${stage}-${index}`)
  return Array.from({ length: count }, (_, stage) =>
    ids(stage).map((id) => job(id, stage === 0 ? [] : ids(stage - 1), stage === 0 ? first : {})),
  ).flat()
}

test('jobs of many stages, each of which depends on all of the one before, are judged as quickly as others', () => {
  const waiting = stages(30, {})
  expect(readyJobs(waiting).map(({ id }) => id)).toEqual(waiting.slice(0, 10).map(({ id }) => id))
  const failed = stages(30, { phase: 'failed' })
  const last = failed.at(-1)
  expect(last && dependencyProblem(last, failed)).toBe('stage-28-0 didn’t pass.')
})

test('jobs that depend on each other, and what depends on them, are blocked from wherever one looks', () => {
  const jobs = [job('a', ['b']), job('b', ['c']), job('c', ['a']), job('outside', ['b']), job('free', [])]
  for (const order of [jobs, [...jobs].reverse()]) {
    expect(readyJobs(order).map(({ id }) => id)).toEqual(['free'])
    for (const one of order) expect(dependencyProblem(one, order) === null).toBe(one.id === 'free')
  }
})
