import { expect, test } from 'vitest'
import { createJobStore } from '../../../../src/core/queue/jobs/job-store'
import type { Job } from '../../../../src/core/queue/jobs/job'
import { jobRecord } from '../../../../src/core/queue/jobs/job-codec'
import { createFakeClock } from '../../../harness/base/fake-clock'
import { jobSpec } from '../../../harness/samples/job-spec'
import { instant } from '../../../harness/samples/pods'
import { createMemoryQueueJournal } from '../../../harness/queue/queue-fixture'
import { MAX_JOBS, newJob } from '../../../../src/core/queue/jobs/job-phase'

const job = (id: string, overrides: Partial<Job> = {}): Job => ({
  ...newJob({ id, spec: jobSpec(), place: 1, isFromCommandLine: false, isHeld: false }, instant(0)),
  ...overrides,
})

/** A full queue: the given jobs, and others that wait. */
function fullStore(given: readonly Job[]) {
  const store = createJobStore({
    clock: createFakeClock(),
    journal: createMemoryQueueJournal(),
    onChange: () => {},
  })
  const waiting = Array.from({ length: MAX_JOBS - given.length }, (_, index) => job(`waiting-${index}`))
  store.load([...given, ...waiting].map(jobRecord))
  return store
}

const done = (id: string, seconds: number, overrides: Partial<Job> = {}): Job =>
  job(id, { phase: 'passed', phaseAt: instant(seconds * 1_000), ...overrides })

const needed = [
  done('fetching', 1, { followUp: 'results' }),
  done('needed', 2),
  job('dependent', { spec: jobSpec({ dependsOn: ['needed'] }) }),
]

test('a full queue makes room by its oldest finished job that nothing needs any more', () => {
  const store = fullStore([...needed, done('oldest', 3), done('newer', 4)])
  expect(store.put(job('new')).ok).toBe(true)
  expect(store.job('oldest')).toBeNull()
  for (const id of ['fetching', 'needed', 'newer', 'new']) expect(store.job(id), id).not.toBeNull()
})

test('a queue that is full of needed jobs takes no more, and loses none', () => {
  const store = fullStore(needed)
  expect(store.put(job('new'))).toMatchObject({ ok: false })
  expect(store.jobs()).toHaveLength(MAX_JOBS)
})
