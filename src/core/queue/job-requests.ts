import type { Clock } from '../base/time/clock'
import { fail, ok, type Result } from '../base/result'
import { parsePodKey, type PodKey } from '../pods/pod'
import type { Countdowns } from './schedule/countdowns'
import type { FollowUps } from './follow-ups'
import type { Job } from './jobs/job'
import type { JobAction, ScheduleRules } from './jobs/job-codec'
import { type LogText, toLogText } from './job-log'
import { lastPlace, moveJob, type MoveTarget } from './jobs/job-order'
import type { JobStarter } from './job-starter'
import type { JobStore } from './jobs/job-store'
import type { PodReader } from './pod-reader'
import type { HostOf, QueueOptions } from './queue-ports'
import { createRemovedJobs } from './removed-jobs'
import type { FetchedResults } from './results'
import { autoStartProblem, idleEpisodeOf, jobsFor, type QueuePod, startProblem } from './schedule/schedule'
import type { JobSpec } from './jobs/job-spec'
import { isActive, isDone, isWaiting, newJob } from './jobs/job-phase'

type JobVariables = Readonly<Record<string, string>>
type AddedJobId = Promise<Result<string, string>>

/** What a person may request of the queue. Errors are sentences. */
export interface JobRequests {
  /** Returns the id of the job. `variables` has a value for each of its variables. */
  addJob(
    spec: JobSpec,
    variables: JobVariables,
    given: { readonly isHeld: boolean; readonly isFromCommandLine: boolean },
  ): Promise<Result<string, string>>
  /** Replaces what a waiting job asks for. Null: its variables, files and folder of results stay. */
  editJob(jobId: string, spec: JobSpec, variables: JobVariables | null): Promise<Result<void, string>>
  /** Adds a copy that asks for `spec`, and returns its id. Null: it has the same variables. */
  copyJob(jobId: string, spec: JobSpec, variables: JobVariables | null, isHeld: boolean): AddedJobId
  /** Returns the id of the copy where it is duplicated; else null. */
  changeJob(jobId: string, action: JobAction): Promise<Result<string | null, string>>
  moveJob(jobId: string, target: MoveTarget): Result<void, string>
  /** Starts a waiting job there; null: on the first idle pod that it fits. */
  runJob(jobId: string, key: PodKey | null): Promise<Result<void, string>>
  /** Starts the first job that fits the pod. */
  runNextJob(key: PodKey): Promise<Result<void, string>>
  skipStart(key: PodKey): Result<void, string>
  setSchedule(rules: ScheduleRules): Result<void, string>
  job(jobId: string): Job | null
  /** A piece of what its last run printed. */
  jobLog(jobId: string, fromByte: number, maxBytes: number): Promise<Result<LogText, string>>
  /** Fetches its results into a new folder in `folder`. */
  fetchJobResults(jobId: string, folder: string): Promise<Result<FetchedResults, string>>
}

export interface JobRequestsOptions extends Pick<
  QueueOptions,
  'newId' | 'decodeText' | 'pods' | 'secrets' | 'readOnlyReason'
> {
  readonly clock: Pick<Clock, 'now' | 'schedule'>
  readonly store: JobStore
  readonly hostOf: HostOf
  readonly starter: JobStarter
  readonly reader: PodReader
  readonly followUps: FollowUps
  readonly countdowns: Countdowns
  /** Looks at once at what changed. */
  readonly refresh: () => void
  readonly onChange: () => void
}

const UNKNOWN_JOB = 'That job is not in the queue.'

/** Saves other values for a job, unless there are none. They can be taken back, because they belong to another command. */
async function replaceVariables(
  { secrets, store }: Pick<JobRequestsOptions, 'secrets' | 'store'>,
  { id, spec }: Job,
  variables: JobVariables,
): Promise<Result<{ takeBack: () => Promise<void> }, string>> {
  if (Object.keys(variables).length === 0) return ok({ takeBack: async () => {} })
  const earlier = spec.variableNames.length === 0 ? null : await secrets.load(id)
  const saved = await secrets.save(id, variables)
  if (!saved.ok) return saved
  return ok({
    async takeBack() {
      if (earlier?.ok === true && store.job(id) !== null) await secrets.save(id, earlier.value)
      else secrets.remove(id)
    },
  })
}

export function createJobRequests(options: JobRequestsOptions): JobRequests {
  const { clock, store, starter, countdowns, secrets, pods } = options

  const permission = (): Result<void, string> => {
    const reason = options.readOnlyReason()
    return reason === null ? ok(undefined) : fail(reason)
  }

  /** Looks again after a change. */
  function done<T>(result: Result<T, string>): Result<T, string> {
    if (result.ok) options.refresh()
    return result
  }

  async function add(job: Job, variables: JobVariables): Promise<Result<string, string>> {
    if (Object.keys(variables).length > 0) {
      // Before the job, so that none waits whose values are lost.
      const saved = await secrets.save(job.id, variables)
      if (!saved.ok) return saved
    }
    const put = store.put(job)
    if (put.ok) return ok(job.id)
    secrets.remove(job.id)
    return put
  }

  const removedJobs = createRemovedJobs({ clock, store, secrets, add })

  function dependencyProblem(spec: JobSpec): string | null {
    const missing = spec.dependsOn.find((id) => store.job(id) === null)
    return missing === undefined ? null : `It depends on ${missing}, which is not in the queue.`
  }

  async function copy(job: Job, spec: JobSpec, given: JobVariables | null, isHeld: boolean): AddedJobId {
    const variables =
      given !== null || spec.variableNames.length === 0 ? ok(given ?? {}) : await secrets.load(job.id)
    if (!variables.ok) return variables
    const { isFromCommandLine, createdAtMs, accountsAsOfMs = createdAtMs } = job
    const made = { id: options.newId(), spec, isFromCommandLine, isHeld, accountsAsOfMs }
    return add(newJob({ ...made, place: lastPlace(store.jobs()) }, clock.now()), variables.value)
  }

  function findRun(jobId: string): Result<{ job: Job; queuePod: QueuePod }, string> {
    const job = store.job(jobId)
    if (job === null) return fail(UNKNOWN_JOB)
    const { run } = job
    if (run === null) return fail('The job has not run yet.')
    const queuePod = pods().find(({ key }) => key === run.podKey)
    if (queuePod === undefined) return fail('Its pod is not on the list.')
    return queuePod.pod.phase === 'running' ? ok({ job, queuePod }) : fail('Its pod is not running.')
  }

  /** The pod where nothing keeps it from running, the one that has been idle and quiet first. */
  function podFor(job: Job): Result<PodKey, string> {
    const jobs = store.jobs()
    const possible = pods().filter((one) => startProblem(job, one, jobs) === null)
    const now = clock.now().wallMs
    const idle = possible.find((one) => autoStartProblem(one, 0, jobs, now) === null)
    if (idle !== undefined) return ok(idle.key)
    return fail(
      possible.length > 0
        ? 'No pod that it fits is known to be idle. Choose the pod to run it there all the same.'
        : 'No running pod fits it.',
    )
  }

  return {
    async addJob(spec, variables, { isHeld, isFromCommandLine }) {
      const allowed = permission()
      if (!allowed.ok) return allowed
      const problem = dependencyProblem(spec)
      if (problem !== null) return fail(problem)
      const job = newJob(
        { id: options.newId(), spec, place: lastPlace(store.jobs()), isFromCommandLine, isHeld },
        clock.now(),
      )
      return done(await add(job, variables))
    },
    async editJob(jobId, spec, variables) {
      const allowed = permission()
      if (!allowed.ok) return allowed
      const problem = spec.dependsOn.includes(jobId)
        ? 'A job can’t depend on itself.'
        : dependencyProblem(spec)
      if (problem !== null) return fail(problem)
      const before = store.job(jobId)
      if (before === null) return fail(UNKNOWN_JOB)
      if (!isWaiting(before)) return fail('A job can only be edited while it waits.')
      const saved = await replaceVariables(options, before, variables ?? {})
      if (!saved.ok) return saved
      const job = store.job(jobId)
      const put =
        job !== null && isWaiting(job)
          ? store.put({ ...job, spec })
          : fail('The job has just been started or removed.')
      if (!put.ok) await saved.value.takeBack()
      else if (spec.variableNames.length === 0) secrets.remove(jobId)
      return done(put)
    },
    async copyJob(jobId, spec, variables, isHeld) {
      const allowed = permission()
      if (!allowed.ok) return allowed
      const problem = dependencyProblem(spec)
      if (problem !== null) return fail(problem)
      const job = store.job(jobId)
      return job === null ? fail(UNKNOWN_JOB) : done(await copy(job, spec, variables, isHeld))
    },
    async changeJob(jobId, action) {
      const allowed = permission()
      if (!allowed.ok) return allowed
      if (action === 'restore') return done(await removedJobs.restore(jobId))
      const job = store.job(jobId)
      if (job === null) return fail(UNKNOWN_JOB)
      if (action === 'duplicate') return done(await copy(job, job.spec, null, true))
      if (action === 'remove') return done(await removedJobs.remove(job))
      const { run } = job
      const queuePod = run === null ? undefined : pods().find(({ key }) => key === run.podKey)
      const isPodStopped = queuePod?.pod.phase === 'stopped' && queuePod.isObserved
      const applied = store.apply(
        jobId,
        action === 'cancel'
          ? { kind: 'cancel', isPodStopped }
          : action === 'hold'
            ? { kind: 'hold', message: null }
            : { kind: action },
      )
      if (!applied.ok) return applied
      if (applied.value === job) return fail(NOT_POSSIBLE[action])
      if (action === 'cancel' && run !== null && isActive(applied.value)) options.reader.readNow(run.podKey)
      return done(ok(null))
    },
    moveJob(jobId, target) {
      const allowed = permission()
      if (!allowed.ok) return allowed
      const job = store.job(jobId)
      if (job === null) return fail(UNKNOWN_JOB)
      if (!isWaiting(job)) return fail('Only waiting jobs have an order.')
      for (const move of moveJob(store.jobs(), jobId, target)) {
        const moved = store.job(move.jobId)
        if (moved === null) continue
        const spec =
          moved.spec.priority === move.priority ? moved.spec : { ...moved.spec, priority: move.priority }
        const put = store.put({ ...moved, place: move.place, spec })
        if (!put.ok) return put
      }
      return done(ok(undefined))
    },
    async runJob(jobId, key) {
      const allowed = permission()
      if (!allowed.ok) return allowed
      const job = store.job(jobId)
      if (job === null) return fail(UNKNOWN_JOB)
      const found = key === null ? podFor(job) : ok(key)
      return found.ok ? starter.start(jobId, found.value, 'person') : found
    },
    async runNextJob(key) {
      const allowed = permission()
      if (!allowed.ok) return allowed
      const queuePod = pods().find((one) => one.key === key)
      if (queuePod === undefined) return fail('That pod is not on the list.')
      const [first] = jobsFor(queuePod, store.jobs())
      return first === undefined
        ? fail('No waiting job fits that pod now.')
        : starter.start(first.id, key, 'person')
    },
    skipStart(key) {
      const queuePod = pods().find((one) => one.key === key)
      if (queuePod === undefined && !countdowns.has(key)) return fail('That pod is not on the list.')
      countdowns.skip(key, queuePod === undefined ? null : idleEpisodeOf(queuePod))
      options.onChange()
      return ok(undefined)
    },
    setSchedule(rules) {
      const allowed = permission()
      if (!allowed.ok) return allowed
      const set = store.setRules(rules)
      options.onChange()
      return done(set)
    },
    job: (jobId) => store.job(jobId),
    async jobLog(jobId, fromByte, maxBytes) {
      const found = findRun(jobId)
      if (!found.ok) return found
      const { job, queuePod } = found.value
      const piece = await options
        .hostOf(parsePodKey(queuePod.key).accountId)
        .readLog(queuePod.pod, job.run?.id ?? '', fromByte, maxBytes)
      if (!piece.ok) return fail(piece.error.message)
      return ok(toLogText(piece.value, { fromByte, maxBytes, isOver: isDone(job) }, options.decodeText))
    },
    async fetchJobResults(jobId, folder) {
      const found = findRun(jobId)
      if (!found.ok) return found
      const { job, queuePod } = found.value
      const fetched = await options.followUps.fetch(job, queuePod, folder)
      return fetched.ok ? fetched : fail(fetched.error.message)
    },
  }
}

const NOT_POSSIBLE: Readonly<Record<Exclude<JobAction, 'duplicate' | 'remove' | 'restore'>, string>> = {
  hold: 'Only a queued job can be put on hold.',
  release: 'The job is not on hold.',
  cancel: 'The job has ended, or is already being canceled.',
  retry: 'The job has not ended.',
}
