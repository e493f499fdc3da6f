import { formatDate } from '../../base/text/format'
import type { Instant } from '../../base/time/time'
import type { Job } from './job'
import { jobRecord, noSchedule, type QueueRecord, rulesRecord } from './job-codec'
import { isDone } from './job-phase'

/**
 * The records of a queue that is restored from a backup. It is paused, and every job that was not over waits for a
 * person, because it may have run since. No pod is the queue's any more. See docs/product-rules.md#125-backup.
 */
export function restoredQueue(
  records: readonly QueueRecord[],
  madeAtMs: number,
  now: Instant,
): readonly QueueRecord[] {
  const rules = records.flatMap((record) => (record.kind === 'rules' ? [record.rules] : []))[0] ?? noSchedule
  const jobs = records.flatMap((record) =>
    record.kind === 'job' && !record.job.isRemoved ? [record.job] : [],
  )
  return [
    rulesRecord({ ...rules, isPaused: true }),
    ...jobs.map((job) => jobRecord(restoredJob(job, madeAtMs, now))),
  ]
}

function restoredJob(job: Job, madeAtMs: number, now: Instant): Job {
  const restored: Job = { ...job, followUp: null, podRequest: null, isCanceling: false }
  if (isDone(job)) return restored
  const wasUnderWay = job.phase === 'starting' || job.phase === 'running'
  const before = wasUnderWay && job.run !== null ? ` It was on ${job.run.podName} then.` : ''
  const date = formatDate(madeAtMs, { day: 'numeric', month: 'short', year: 'numeric' })
  return {
    ...restored,
    phase: job.isCanceling ? 'canceled' : 'held',
    phaseAt: now,
    run: null,
    message: `From a backup of ${date}, so it may have run since.${before}`,
  }
}
