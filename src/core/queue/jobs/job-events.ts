import { elapsedMs, type Instant, MINUTE_MS, SECOND_MS } from '../../base/time/time'
import type { Result } from '../../base/result'
import type { Job, JobPhase, JobRun } from './job'
import { applyRequestEvent, type RequestEvent, withoutClosedRequest } from './request-events'
import type { JobHostError, JobReading } from '../host/job-host'
import { isActive, isDone, isWaiting, toPhase } from './job-phase'

/** What happens to a job. Everything else about it follows from these. */
export type JobEvent =
  | {
      readonly kind: 'start'
      readonly run: Pick<
        JobRun,
        'podKey' | 'podName' | 'gpuIndexes' | 'podGpuCount' | 'podStartedAtMs' | 'perHourUsd' | 'startedBy'
      >
    }
  | { readonly kind: 'start-reply'; readonly runId: string; readonly reply: Result<unknown, JobHostError> }
  /**
   * `podStartedAtMs`: of the pod that was read. `isClaim`: the reply to a cancel, after which it can't start any more.
   */
  | {
      readonly kind: 'reading'
      readonly reading: JobReading
      readonly podStartedAtMs: number | null
      readonly isClaim: boolean
    }
  | { readonly kind: 'unreachable'; readonly runId: string; readonly message: string }
  | { readonly kind: 'unreachable-alerted'; readonly runId: string }
  /** The log of the failed run says that a GPU's memory was full. */
  | { readonly kind: 'out-of-memory'; readonly runId: string }
  /** The pod doesn't exist any more, which was confirmed. */
  | { readonly kind: 'pod-gone'; readonly runId: string }
  /** A person canceled it while its pod is stopped, so that nothing of it runs. */
  | { readonly kind: 'cancel'; readonly isPodStopped: boolean }
  | { readonly kind: 'retry' }
  /** `message`: why, where no person asked for it. */
  | { readonly kind: 'hold'; readonly message: string | null }
  | { readonly kind: 'release' }
  | { readonly kind: 'follow-up-done'; readonly runId: string; readonly message: string | null }
  /** What is to follow could not be done yet, and is tried again. */
  | { readonly kind: 'follow-up-failed'; readonly runId: string; readonly message: string }
  | RequestEvent

/** After so many starts of which nothing came it waits for a person. */
export const MAX_FAILED_STARTS = 3

const RESTARTED = 'The pod restarted while the job was running.'

/** The job after the event; the same object where it changes nothing. */
export const applyEvent = (job: Job, event: JobEvent, now: Instant): Job =>
  withoutClosedRequest(applied(job, event, now))

function applied(job: Job, event: JobEvent, now: Instant): Job {
  switch (event.kind) {
    case 'start':
      return job.phase === 'queued' ? started(job, event.run, now) : job
    case 'start-reply':
      return isRun(job, event.runId) ? withStartReply(job, event.reply, now) : job
    case 'reading':
      return isRun(job, event.reading.jobId) ? withReading(job, event, now) : job
    case 'unreachable':
      return isRun(job, event.runId) ? withUnreachable(job, event.message, now) : job
    case 'unreachable-alerted':
      return isRun(job, event.runId) ? withRun(job, { isUnreachableAlerted: true }) : job
    case 'out-of-memory':
      return job.run?.id === event.runId && !isActive(job) ? withoutMemory(job) : job
    case 'pod-gone':
      return isRun(job, event.runId)
        ? ended(job, 'failed', now, 'The pod was terminated before the job ended.')
        : job
    case 'cancel':
      return canceled(job, event.isPodStopped, now)
    case 'retry':
      return isDone(job) ? { ...toPhase(job, 'queued', now, null), failures: 0, failedStarts: 0 } : job
    case 'hold':
      return job.phase === 'queued' ? toPhase(job, 'held', now, event.message) : job
    case 'release':
      return job.phase === 'held' ? { ...toPhase(job, 'queued', now, null), failedStarts: 0 } : job
    case 'follow-up-done':
      return job.run?.id === event.runId ? withFollowUpDone(job, event.message) : job
    case 'follow-up-failed':
      if (job.run?.id !== event.runId || job.followUp === null || job.message === event.message) return job
      return { ...job, message: event.message }
    case 'request-pod':
    case 'pod-known':
    case 'pod-started':
    case 'key-accepted':
    case 'request-ended':
    case 'pod-kept':
    case 'pod-released':
    case 'not-requested':
      return applyRequestEvent(job, event, now)
  }
}

function withoutMemory(job: Job): Job {
  const exitCode = job.run?.exitCode ?? null
  if (exitCode === null || exitCode === 0) return job
  const known = withRun(job, { isOutOfMemory: true })
  return job.phase === 'failed' || job.phase === 'queued'
    ? { ...known, message: `Out of GPU memory (exit code ${exitCode}).` }
    : known
}

const isRun = (job: Job, runId: string): boolean => isActive(job) && job.run?.id === runId

const withRun = (job: Job, changes: Partial<JobRun>): Job =>
  job.run === null ? job : { ...job, run: { ...job.run, ...changes } }

function started(job: Job, run: Extract<JobEvent, { kind: 'start' }>['run'], now: Instant): Job {
  const runCount = job.runCount + 1
  return {
    ...toPhase(job, 'starting', now, null),
    runCount,
    run: {
      ...run,
      id: `${job.id}-${runCount}`,
      requestedAt: now,
      isUnclear: false,
      hasStarted: false,
      startedAtMs: null,
      endedAtMs: null,
      exitCode: null,
      unreachableSince: null,
      isUnreachableAlerted: false,
    },
  }
}

function withStartReply(job: Job, reply: Result<unknown, JobHostError>, now: Instant): Job {
  if (reply.ok) {
    // `exists` says only that some earlier request arrived.
    if (reply.value === 'exists') return job
    return withRun(job.phase === 'starting' ? keepCanceling(job, 'running', now) : job, {
      hasStarted: true,
      unreachableSince: null,
    })
  }
  const { isUnclear, message } = reply.error
  const { run } = job
  if (run === null || run.hasStarted) return job
  // An earlier request for this run may still arrive, so only the reply to the first one proves anything.
  const isFirst = !run.isUnclear && run.requestedAt.runId === now.runId
  if (isUnclear || !isFirst) return withUnreachable(withRun(job, { isUnclear: true }), message, now)
  return notStarted(job, message, now)
}

/** It is certain that the run never started, and that no request on its way can start it. */
function notStarted(job: Job, message: string, now: Instant): Job {
  if (job.isCanceling) return ended(job, 'canceled', now, null)
  const failedStarts = job.failedStarts + 1
  const isHeld = failedStarts >= MAX_FAILED_STARTS
  const text = isHeld ? `${message} It was tried ${failedStarts} times, so the job is on hold.` : message
  return { ...toPhase(job, isHeld ? 'held' : 'queued', now, text), failedStarts }
}

function withReading(job: Job, event: Extract<JobEvent, { kind: 'reading' }>, now: Instant): Job {
  const { reading, podStartedAtMs, isClaim } = event
  const run = job.run
  if (run === null) return job
  switch (reading.kind) {
    case 'running':
      return seenRunning(job, reading.startedAtS * SECOND_MS, now)
    case 'prepared':
      return reached(job)
    case 'ended': {
      const { startedAtS, endedAtS, exitCode, isTimedOut } = reading
      if (startedAtS === null && exitCode === null && !run.hasStarted)
        return notStarted(job, 'The pod did not start it.', now)
      const seen = withRun(job, {
        hasStarted: true,
        unreachableSince: null,
        startedAtMs: startedAtS === null ? run.startedAtMs : startedAtS * SECOND_MS,
        endedAtMs: endedAtS === null ? null : endedAtS * SECOND_MS,
        exitCode,
      })
      if (isTimedOut) return ended(seen, 'failed', now, 'It ran longer than its maximum run time.')
      if (exitCode === 0) return ended(seen, 'passed', now, null)
      if (job.isCanceling) return ended(seen, 'canceled', now, null)
      return ended(
        seen,
        'failed',
        now,
        exitCode === null ? RESTARTED : `It ended with exit code ${exitCode}.`,
      )
    }
    case 'absent': {
      if (run.hasStarted) return ended(job, 'failed', now, `${RESTARTED} Its files are gone.`)
      if (isClaim) return notStarted(job, 'The pod did not get the request.', now)
      // A disk that was reset may have lost a run that started.
      return hasRestarted(run, podStartedAtMs) ? ended(job, 'failed', now, RESTARTED) : reached(job)
    }
  }
}

const hasRestarted = ({ podStartedAtMs: before }: JobRun, podStartedAtMs: number | null): boolean =>
  before !== null && podStartedAtMs !== null && before !== podStartedAtMs

function seenRunning(job: Job, startedAtMs: number, now: Instant): Job {
  const isNews = job.phase === 'starting' || job.run?.startedAtMs !== startedAtMs
  if (!isNews && job.run?.unreachableSince === null) return job
  const running = job.phase === 'starting' ? keepCanceling(job, 'running', now) : job
  return withRun(
    { ...running, failedStarts: 0, message: null },
    { hasStarted: true, startedAtMs, unreachableSince: null, isUnreachableAlerted: false },
  )
}

const keepCanceling = (job: Job, phase: JobPhase, now: Instant): Job => ({
  ...toPhase(job, phase, now, null),
  isCanceling: job.isCanceling,
})

const reached = (job: Job): Job =>
  job.run?.unreachableSince === null
    ? job
    : { ...withRun(job, { unreachableSince: null, isUnreachableAlerted: false }), message: null }

function withUnreachable(job: Job, message: string, now: Instant): Job {
  if (job.run === null || job.run.unreachableSince !== null) return job
  return { ...withRun(job, { unreachableSince: now }), message }
}

function ended(job: Job, phase: 'passed' | 'failed' | 'canceled', now: Instant, message: string | null): Job {
  // Whatever became of it, a canceled job isn't started again.
  const isCanceled = job.isCanceling && phase === 'failed'
  const done = toPhase(job, isCanceled ? 'canceled' : phase, now, message)
  if (done.phase === 'passed') return { ...done, failures: 0, failedStarts: 0, followUp: firstFollowUp(job) }
  if (done.phase === 'canceled') return done
  const failures = job.failures + 1
  if (failures > job.spec.retries) return { ...done, failures }
  return { ...toPhase(job, 'queued', now, message), run: done.run, failures }
}

function firstFollowUp({ spec }: Job): Job['followUp'] {
  if (spec.resultGlobs.length > 0 && spec.resultsFolder !== null) return 'results'
  return spec.afterSuccess === 'stop' ? 'stop' : null
}

/** The pod is stopped only once the results are here: an error (`message`) ends what was to follow. */
function withFollowUpDone(job: Job, message: string | null): Job {
  if (job.followUp === null) return job
  const continues = job.followUp === 'results' && message === null && job.spec.afterSuccess === 'stop'
  return { ...job, followUp: continues ? 'stop' : null, message }
}

function canceled(job: Job, isPodStopped: boolean, now: Instant): Job {
  if (isWaiting(job)) return toPhase(job, 'canceled', now, null)
  if (!isActive(job)) return job.followUp === null ? job : { ...job, followUp: null }
  if (isPodStopped) return ended({ ...job, isCanceling: true }, 'canceled', now, null)
  return job.isCanceling ? job : { ...job, isCanceling: true }
}

/** How long a run without a reply may be sent again. */
export const RESEND_WITHIN_MS = 2 * MINUTE_MS

/**
 * What to ask after a reading. A start is repeated for the same run only, which the pod starts once, and only while it
 * is recent and the pod certainly didn't restart since (`podStartedAtMs`: of the pod that was read). Otherwise what was
 * decided may not be right any more, so the run is called off there and the job waits again.
 */
export function requestAfter(
  job: Job,
  reading: JobReading,
  podStartedAtMs: number | null,
  now: Instant,
): 'send' | 'cancel' | null {
  const { run } = job
  if (run === null || !isActive(job)) return null
  if (job.isCanceling) return reading.kind === 'ended' ? null : 'cancel'
  const isRecent = run.requestedAt.runId === now.runId && elapsedMs(run.requestedAt, now) < RESEND_WITHIN_MS
  const isSameStart = podStartedAtMs !== null && podStartedAtMs === run.podStartedAtMs
  if (reading.kind === 'absent' && !run.hasStarted) return isRecent && isSameStart ? 'send' : 'cancel'
  return reading.kind === 'prepared' && !isRecent ? 'cancel' : null
}
