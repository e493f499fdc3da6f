import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fail, ok } from '../../../../src/core/base/result'
import type { Job } from '../../../../src/core/queue/jobs/job'
import { jobRecord, parseQueueRecord } from '../../../../src/core/queue/jobs/job-codec'
import { applyEvent, type JobEvent } from '../../../../src/core/queue/jobs/job-events'
import { byOrder, moveJob, waitingJobs } from '../../../../src/core/queue/jobs/job-order'
import type { JobReading } from '../../../../src/core/queue/host/job-host'
import { instant } from '../../../harness/samples/pods'
import { jobSpec } from '../../../harness/samples/job-spec'
import { isActive, isDone, newJob } from '../../../../src/core/queue/jobs/job-phase'

const POD = 'account-1/pod-1'
const run = (podStartedAtMs: number | null) =>
  ({
    podKey: POD,
    podName: 'pod',
    gpuIndexes: null,
    podGpuCount: null,
    podStartedAtMs,
    perHourUsd: 1,
    startedBy: 'schedule',
  }) as const

type Step = (job: Job) => JobEvent

const runIdOf = (job: Job): string => job.run?.id ?? 'job-1-1'
const reading = (jobId: string, kind: number, exitCode: number | null): JobReading => {
  if (kind === 0) return { jobId, kind: 'absent' }
  if (kind === 1) return { jobId, kind: 'prepared' }
  if (kind === 2) return { jobId, kind: 'running', startedAtS: 5, heartbeatAgeS: 1 }
  const startedAtS = kind === 3 && exitCode === null ? null : 5
  return { jobId, kind: 'ended', exitCode, isTimedOut: kind === 4, startedAtS, endedAtS: 9 }
}

const requestOf = (job: Job): string => job.podRequest?.id ?? 'none'
/** A pod is requested, seen to run, and shows keys, in any order. */
const requestStep: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(fc.boolean(), fc.nat()).map(([accepts, number]): Step => () => ({
    kind: 'request-pod',
    message: 'requested',
    request: {
      id: `request-${number}`,
      accountId: 'account-1',
      presetName: null,
      podKey: POD,
      maxPerHourUsd: 3,
      startedBeforeMs: null,
      ...(accepts && { acceptsNewKey: true as const }),
    },
  })),
  fc.constantFrom(1_000, 2_000).map((podStartedAtMs): Step => (job) => ({
    kind: 'pod-started',
    requestId: requestOf(job),
    podStartedAtMs,
  })),
  fc.constantFrom('A', 'B').map((name): Step => (job) => ({
    kind: 'key-accepted',
    requestId: requestOf(job),
    key: { algorithm: 'ssh-ed25519', fingerprint: `SHA256:${name}` },
  })),
  fc.boolean().map((isHeld): Step => (job) => ({
    kind: 'request-ended',
    requestId: requestOf(job),
    message: 'ended',
    isUnclear: false,
    isHeld,
  })),
)

const exitCode = fc.constantFrom(0, 1, null)
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.constantFrom(1_000, 2_000, null).map((at): Step => () => ({ kind: 'start', run: run(at) })),
  fc.constantFrom('started', 'exists').map((value): Step => (job) => ({
    kind: 'start-reply',
    runId: runIdOf(job),
    reply: ok(value),
  })),
  fc.boolean().map((isUnclear): Step => (job) => ({
    kind: 'start-reply',
    runId: runIdOf(job),
    reply: fail({ kind: 'unreachable', message: 'no', isUnclear }),
  })),
  fc
    .tuple(fc.integer({ min: 0, max: 5 }), exitCode, fc.boolean(), fc.constantFrom(1_000, 2_000, null))
    .map(([kind, code, isClaim, podStartedAtMs]): Step => (job) => ({
      kind: 'reading',
      reading: reading(runIdOf(job), kind, code),
      podStartedAtMs,
      isClaim,
    })),
  fc.constant((job: Job): JobEvent => ({ kind: 'unreachable', runId: runIdOf(job), message: 'no' })),
  fc.constant((job: Job): JobEvent => ({ kind: 'pod-gone', runId: runIdOf(job) })),
  fc.constant((job: Job): JobEvent => ({ kind: 'follow-up-done', runId: runIdOf(job), message: null })),
  fc
    .constantFrom<JobEvent>(
      { kind: 'cancel', isPodStopped: false },
      { kind: 'cancel', isPodStopped: true },
      { kind: 'retry' },
      { kind: 'hold', message: null },
      { kind: 'release' },
    )
    .map(
      (event): Step =>
        () =>
          event,
    ),
  requestStep,
  // Of a run that is over.
  fc.constant((job: Job): JobEvent => ({
    kind: 'reading',
    reading: { jobId: `${job.id}-0`, kind: 'running', startedAtS: 1, heartbeatAgeS: 1 },
    podStartedAtMs: 1_000,
    isClaim: false,
  })),
)

const fresh = (retries: number): Job =>
  newJob(
    { id: 'job-1', spec: jobSpec({ retries }), place: 1, isFromCommandLine: false, isHeld: false },
    instant(0),
  )

/** Every job on the way, with the event that led to it. */
function lifeOf(steps: readonly Step[], retries: number) {
  let job = fresh(retries)
  return steps.map((next, index) => {
    const before = job
    const event = next(before)
    job = applyEvent(before, event, instant(index * 1_000))
    return { before, event, after: job }
  })
}

const life = fc
  .tuple(fc.array(step, { maxLength: 40 }), fc.integer({ min: 0, max: 3 }))
  .map(([steps, retries]) => lifeOf(steps, retries))

test('a run ends only by something that was seen, or by a start that certainly did nothing', () => {
  fc.assert(
    fc.property(life, (moments) => {
      for (const { before, event, after } of moments) {
        if (!isActive(before) || isActive(after)) continue
        const isClearRefusal =
          event.kind === 'start-reply' &&
          !event.reply.ok &&
          !event.reply.error.isUnclear &&
          !before.run?.isUnclear
        const isSeen =
          (event.kind === 'reading' && ['ended', 'absent'].includes(event.reading.kind)) ||
          event.kind === 'pod-gone'
        const isCanceledOnStoppedPod = event.kind === 'cancel' && event.isPodStopped
        expect(isClearRefusal || isSeen || isCanceledOnStoppedPod, JSON.stringify(event)).toBe(true)
      }
    }),
  )
})

test('a start that may have been sent is never given up because a second one was refused', () => {
  fc.assert(
    fc.property(life, (moments) => {
      for (const { before, event, after } of moments)
        if (event.kind === 'start-reply' && before.run?.isUnclear === true && isActive(before))
          expect(isActive(after)).toBe(true)
    }),
  )
})

test('each run has a name of its own, and starts only while the job is queued', () => {
  fc.assert(
    fc.property(life, (moments) => {
      const begun = moments.filter(({ before, after }) => before.runCount < after.runCount)
      expect(new Set(begun.map(({ after }) => after.run?.id)).size).toBe(begun.length)
      for (const { before, event } of begun) expect([before.phase, event.kind]).toEqual(['queued', 'start'])
    }),
  )
})

test('a job that is over stays so until a person retries it, and a failure is retried as often as it may', () => {
  fc.assert(
    fc.property(life, (moments) => {
      for (const { before, event, after } of moments) {
        if (isDone(before) && event.kind !== 'retry') expect(after.phase).toBe(before.phase)
        expect(after.failures).toBeLessThanOrEqual(after.spec.retries + 1)
        if (after.phase === 'failed') expect(after.failures).toBe(after.spec.retries + 1)
      }
    }),
  )
})

test('a job is passed only after exit code 0, and a canceled one is not started again', () => {
  fc.assert(
    fc.property(life, (moments) => {
      for (const { before, event, after } of moments) {
        if (after.phase === 'passed' && before.phase !== 'passed')
          expect(event).toMatchObject({ reading: { kind: 'ended', exitCode: 0 } })
        if (before.isCanceling && !isActive(after)) expect(['canceled', 'passed']).toContain(after.phase)
        if (before.isCanceling) expect(after.phase).not.toBe('queued')
      }
    }),
  )
})

test('a host key is accepted once for a request, after the start that it brought about, and only where that is allowed', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(requestStep, step), { maxLength: 40 }), (steps) => {
      for (const { before, event, after } of lifeOf(steps, 1)) {
        const [was, is] = [before.podRequest, after.podRequest]
        if (is?.acceptedKey === was?.acceptedKey) continue
        if (is?.acceptedKey === undefined) {
          // Another request.
          expect(is?.id).not.toBe(was?.id)
          continue
        }
        expect(event.kind).toBe('key-accepted')
        expect(was).toMatchObject({ id: is.id, state: 'open', acceptsNewKey: true })
        expect([was?.acceptedKey, typeof was?.podStartedAtMs]).toEqual([undefined, 'number'])
      }
    }),
  )
})

test('a start counts for a request only as the program saw it that made the request, and the first one alone', () => {
  const requested = applyEvent(
    fresh(0),
    {
      kind: 'request-pod',
      message: '',
      request: {
        id: 'request-1',
        accountId: 'account-1',
        presetName: null,
        podKey: POD,
        maxPerHourUsd: 3,
        startedBeforeMs: null,
        acceptsNewKey: true,
      },
    },
    instant(0),
  )
  const startAt = (podStartedAtMs: number) =>
    ({ kind: 'pod-started', requestId: 'request-1', podStartedAtMs }) as const
  expect(applyEvent(requested, startAt(1_000), { ...instant(1), runId: 'later' })).toBe(requested)
  const seen = applyEvent(requested, startAt(1_000), instant(1))
  expect(seen.podRequest?.podStartedAtMs).toBe(1_000)
  expect(applyEvent(seen, startAt(2_000), instant(2))).toBe(seen)
})

test('an event that repeats changes nothing more', () => {
  fc.assert(
    fc.property(life, (moments) => {
      for (const { event, after } of moments) {
        if (event.kind === 'start' || event.kind === 'retry') continue
        const again = applyEvent(after, event, instant(1_000_000))
        expect([again.phase, again.runCount, again.failures]).toEqual([
          after.phase,
          after.runCount,
          after.failures,
        ])
      }
    }),
  )
})

test('what is written of a job is read as the same', () => {
  fc.assert(
    fc.property(life, (moments) => {
      for (const { after } of moments) {
        const record = jobRecord(after)
        expect(parseQueueRecord(JSON.parse(JSON.stringify(record)))).toEqual(record)
      }
    }),
  )
})

const jobsOf = (count: number, priorities: readonly ('high' | 'normal')[]): Job[] =>
  Array.from({ length: count }, (_, index) => ({
    ...fresh(0),
    id: `job-${index}`,
    place: index,
    spec: jobSpec({ priority: priorities[index % priorities.length] ?? 'normal' }),
  }))

test('a job that is moved stands where it was put, and the others keep their order', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 8 }),
      fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 1, maxLength: 120 }),
      fc.array(fc.constantFrom('high', 'normal'), { minLength: 1, maxLength: 3 }),
      (count, moves, priorities) => {
        let jobs = jobsOf(count, priorities)
        for (const [from, to] of moves) {
          const moved = jobs[from % count]!
          const before = jobs[to % count]!
          if (moved === before) continue
          const others = waitingJobs(jobs)
            .filter(({ id }) => id !== moved.id)
            .map(({ id }) => id)
          for (const { jobId, place, priority } of moveJob(jobs, moved.id, { beforeJobId: before.id }))
            jobs = jobs.map((job) =>
              job.id === jobId ? { ...job, place, spec: { ...job.spec, priority } } : job,
            )
          const order = [...jobs].sort(byOrder).map(({ id }) => id)
          expect(order.indexOf(moved.id) + 1).toBe(order.indexOf(before.id))
          expect(order.filter((id) => id !== moved.id)).toEqual(others)
        }
      },
    ),
  )
})

test.each(['first', 'last'] as const)(
  'a job that is moved %s stands at that end of its priority',
  (target) => {
    const jobs = jobsOf(4, ['normal'])
    const [move] = moveJob(jobs, 'job-1', target)
    const order = jobs.map((job) => (job.id === 'job-1' ? { ...job, place: move!.place } : job)).sort(byOrder)
    expect(order[target === 'first' ? 0 : 3]?.id).toBe('job-1')
  },
)
