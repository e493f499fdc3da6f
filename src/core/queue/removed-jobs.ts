import type { Clock } from '../base/time/clock'
import { fail, ok, type Result } from '../base/result'
import { elapsedMs, type Instant, MINUTE_MS } from '../base/time/time'
import type { Job } from './jobs/job'
import type { JobStore } from './jobs/job-store'
import type { Environment } from '../pods/pod-request'
import type { JobSecrets } from './queue-ports'
import { isActive } from './jobs/job-phase'

/** How long a removal can be taken back, ms. The values of the job's variables are kept as long. */
const RESTORE_WITHIN_MS = MINUTE_MS

interface RemovedJob {
  readonly job: Job
  readonly variables: Environment
  readonly at: Instant
}

/** Removals that can be taken back for a minute. */
export interface RemovedJobs {
  /** Variables that can't be read don't keep a job from being removed, but then it can't be brought back. */
  remove(job: Job): Promise<Result<null, string>>
  restore(jobId: string): Promise<Result<null, string>>
}

export interface RemovedJobsOptions {
  readonly clock: Pick<Clock, 'now' | 'schedule'>
  readonly store: JobStore
  readonly secrets: JobSecrets
  readonly add: (job: Job, variables: Environment) => Promise<Result<string, string>>
}

export function createRemovedJobs({ clock, store, secrets, add }: RemovedJobsOptions): RemovedJobs {
  const removedJobs = new Map<string, RemovedJob>()

  function forget(): void {
    for (const [id, { at }] of removedJobs)
      if (elapsedMs(at, clock.now()) >= RESTORE_WITHIN_MS) removedJobs.delete(id)
  }

  function keep(removed: Omit<RemovedJob, 'at'>): void {
    removedJobs.set(removed.job.id, { ...removed, at: clock.now() })
    clock.schedule(RESTORE_WITHIN_MS, forget)
  }

  return {
    async remove(job) {
      if (isActive(job)) return fail('The job is running. Cancel it first.')
      const variables = job.spec.variableNames.length === 0 ? ok({}) : await secrets.load(job.id)
      const current = store.job(job.id)
      if (current === null) return ok(null)
      if (isActive(current)) return fail('The job has just been started.')
      const removed = store.remove(job.id)
      if (!removed.ok) return removed
      if (variables.ok) keep({ job: current, variables: variables.value })
      return ok(null)
    },
    async restore(jobId) {
      forget()
      const removed = removedJobs.get(jobId)
      if (removed === undefined) return fail('The job can no longer be brought back.')
      removedJobs.delete(jobId)
      const added = await add(removed.job, removed.variables)
      if (added.ok) return ok(null)
      // A disk that was full may have room in a moment.
      keep(removed)
      return added
    },
  }
}
