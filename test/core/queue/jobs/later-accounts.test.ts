import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MINUTE_MS } from '../../../../src/core/base/time/time'
import { podKeyOf } from '../../../../src/core/pods/pod'
import type { Job } from '../../../../src/core/queue/jobs/job'
import { noSchedule } from '../../../../src/core/queue/jobs/job-codec'
import { newJob } from '../../../../src/core/queue/jobs/job-phase'
import { autoStarts, startProblem, suggestions } from '../../../../src/core/queue/schedule/schedule'
import { START_MS } from '../../../harness/base/fake-clock'
import { ACCOUNT, queuePod, startQueue } from '../../../harness/queue/queue-fixture'
import { jobSpec } from '../../../harness/samples/job-spec'
import { idleActivity, instant } from '../../../harness/samples/pods'

const KEY = podKeyOf(ACCOUNT, 'pod-1')
const on = { ...noSchedule, accountIds: [ACCOUNT] }

function job(createdAtMs: number, accountId: string | null, accountsAsOfMs?: number): Job {
  const spec = jobSpec({ needs: { ...jobSpec().needs, accountId } })
  const given = { id: 'job', spec, place: 1, isFromCommandLine: false, isHeld: false }
  const copied = accountsAsOfMs === undefined ? {} : { accountsAsOfMs }
  return { ...newJob({ ...given, ...copied }, instant(0)), createdAtMs }
}

/** Whether the job may run on a pod of an account that was added then, by a person or by itself. */
function mayRun(one: Job, accountAddedAtMs?: number): boolean {
  const activity = idleActivity({ idleForMs: 60 * MINUTE_MS })
  const pod = queuePod({ activity, ...(accountAddedAtMs !== undefined && { accountAddedAtMs }) })
  const ways = [
    startProblem(one, pod, [one]) === null,
    autoStarts([pod], [one], on, START_MS).length > 0,
    suggestions([pod], [one], noSchedule).length > 0,
  ]
  expect(new Set(ways).size).toBe(1)
  return ways.includes(true)
}

describe('a job runs on accounts that were there when it was added', () => {
  test('or on the one that it names', () => {
    expect(mayRun(job(1_000, null), 999)).toBe(true)
    expect(mayRun(job(1_000, null))).toBe(true)
    expect(mayRun(job(1_000, null), 1_000)).toBe(false)
    expect(mayRun(job(1_000, null), 5_000)).toBe(false)
    expect(mayRun(job(1_000, ACCOUNT), 5_000)).toBe(true)
    expect(mayRun(job(9_000, null, 1_000), 5_000)).toBe(false)
  })

  test('whatever their times are', () => {
    const time = fc.integer({ min: 0, max: 50 })
    const maybe = fc.option(time, { nil: undefined })
    fc.assert(
      fc.property(
        time,
        fc.constantFrom(null, ACCOUNT, 'other'),
        maybe,
        maybe,
        (createdAtMs, named, asOfMs, addedAtMs) => {
          const isThere = addedAtMs === undefined || addedAtMs < (asOfMs ?? createdAtMs)
          const expected = named === null ? isThere : named === ACCOUNT
          expect(mayRun(job(createdAtMs, named, asOfMs), addedAtMs)).toBe(expected)
        },
      ),
    )
  })
})

test('neither a person’s start nor a copy leads to an account that was added after the job', async () => {
  const { add, requests, fixture } = startQueue()
  const id = await add()
  const accountAddedAtMs = fixture.clock.now().wallMs + 1
  fixture.pods = [queuePod({ accountAddedAtMs })]
  const refused = { ok: false, error: expect.stringContaining('added after the job') }
  expect(await requests.runJob(id, KEY)).toEqual(refused)
  await fixture.clock.advanceAsync(60 * MINUTE_MS)
  const copied = await requests.changeJob(id, 'duplicate')
  const copy = copied.ok ? copied.value : null
  await requests.changeJob(copy ?? '', 'release')
  expect(await requests.runJob(copy ?? '', KEY)).toEqual(refused)
  const later = await add()
  expect(await requests.runJob(later, KEY)).toMatchObject({ ok: true })
})
