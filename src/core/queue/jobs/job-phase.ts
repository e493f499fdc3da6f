import { oncePer } from '../../base/once-per'
import type { Instant } from '../../base/time/time'
import type { PodKey } from '../../pods/pod'
import type { Job, JobPhase, JobRun } from './job'
import type { JobSpec } from './job-spec'

/* Which phase a job is in, and how it gets to another. It is apart from the schemas, which windows don't start with. */

/** Jobs that are kept, done ones included. */
export const MAX_JOBS = 2_000

export const isActive = ({ phase }: Pick<Job, 'phase'>): boolean =>
  phase === 'starting' || phase === 'running'

export const isWaiting = ({ phase }: Pick<Job, 'phase'>): boolean => phase === 'queued' || phase === 'held'

export const isDone = (job: Pick<Job, 'phase'>): boolean => !isActive(job) && !isWaiting(job)

/** The run of a job that is under way; null otherwise. */
export const activeRun = (job: Job): JobRun | null => (isActive(job) ? job.run : null)

/** The jobs that are under way on a pod. */
export const runsOn = (jobs: readonly Job[], key: PodKey): readonly Job[] =>
  activeJobs(jobs).filter((job) => job.run?.podKey === key)

const activeJobs = oncePer((jobs: readonly Job[]) => jobs.filter(isActive))

export const toPhase = (job: Job, phase: JobPhase, now: Instant, message: string | null): Job => ({
  ...job,
  phase,
  phaseAt: now,
  message,
  isCanceling: false,
  followUp: null,
})

export interface NewJob {
  readonly id: string
  readonly spec: JobSpec
  readonly place: number
  readonly isFromCommandLine: boolean
  readonly isHeld: boolean
  /** See `Job`. */
  readonly accountsAsOfMs?: number
}

export function newJob({ isHeld, ...given }: NewJob, now: Instant): Job {
  return {
    ...given,
    createdAtMs: now.wallMs,
    phase: isHeld ? 'held' : 'queued',
    phaseAt: now,
    runCount: 0,
    failures: 0,
    failedStarts: 0,
    run: null,
    isCanceling: false,
    followUp: null,
    message: null,
    podRequest: null,
  }
}
