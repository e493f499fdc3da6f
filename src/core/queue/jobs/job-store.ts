import type { Clock } from '../../base/time/clock'
import { fail, ok, type Result } from '../../base/result'
import type { PodKey } from '../../pods/pod'
import type { Job } from './job'
import {
  jobRecord,
  noSchedule,
  type QueueRecord,
  removalRecord,
  rulesRecord,
  type ScheduleRules,
} from './job-codec'
import { neededDoneJobs } from './job-order'
import { applyEvent, type JobEvent } from './job-events'
import { isDone, MAX_JOBS, runsOn } from './job-phase'
import { isRecentlyRequested, ownsPod } from './request-events'
import { oncePer } from '../../base/once-per'

/** Persists the queue before anything is sent. */
export interface QueueJournal {
  /** Ok means that it is on disk, fsynced; the error is a clause. */
  record(record: QueueRecord): Result<void, string>
  /** The latest record of each id. */
  latest(): readonly QueueRecord[]
}

/** Jobs and rules as they are on disk: nothing here is ahead of the journal. */
export interface JobStore {
  /** Those that a person removed are not among them. */
  jobs(): readonly Job[]
  /** The jobs whose request has a pod that isn't released yet, or may get one, removed ones included. */
  podOwners(): readonly Job[]
  /** Those that a person removed, while what they requested counts. */
  removedJobs(): readonly Job[]
  job(jobId: string): Job | null
  rules(): ScheduleRules
  /** The jobs that are under way on a pod. */
  activeOn(key: PodKey): readonly Job[]
  /** The job after the event. The error says why it couldn't be written down, and then nothing changed. */
  apply(jobId: string, event: JobEvent): Result<Job, string>
  put(job: Job): Result<void, string>
  remove(jobId: string): Result<void, string>
  /** Drops removed jobs of which nothing counts any more. */
  dropRemoved(): void
  setRules(rules: ScheduleRules): Result<void, string>
  /** Takes over what the journal holds. */
  load(records: readonly QueueRecord[]): void
}

export interface JobStoreOptions {
  readonly clock: Pick<Clock, 'now'>
  readonly journal: Pick<QueueJournal, 'record'>
  readonly onChange: (before: Job | null, after: Job | null, event: JobEvent | null) => void
}

export function createJobStore({ clock, journal, onChange }: JobStoreOptions): JobStore {
  let jobs = new Map<string, Job>()
  let rules = noSchedule
  /** The same until something changes, so that what follows from it is computed once. */
  let list: readonly Job[] | null = null
  const all = (): readonly Job[] => (list ??= [...jobs.values()].filter(({ isRemoved }) => !isRemoved))
  const removedIn = oncePer((_list: readonly Job[]) => [...jobs.values()].filter((job) => job.isRemoved))
  const ownersIn = oncePer((_list: readonly Job[]) => [...jobs.values()].filter(ownsPod))

  const written = (record: QueueRecord): Result<void, string> => {
    const result = journal.record(record)
    return result.ok ? result : fail(`Nothing was changed, because ${result.error.replace(/\.$/, '')}.`)
  }

  const isOver = (job: Job): boolean =>
    job.isRemoved === true && !ownsPod(job) && !isRecentlyRequested(job.podRequest, clock.now())

  function replace(before: Job | null, after: Job, event: JobEvent | null): Result<Job, string> {
    const recorded = written(isOver(after) ? removalRecord(after.id) : jobRecord(after))
    if (!recorded.ok) return recorded
    if (isOver(after)) jobs.delete(after.id)
    else jobs.set(after.id, after)
    list = null
    const wasRemoved = before?.isRemoved === true
    const known = wasRemoved ? (after.isRemoved ? after : null) : before
    onChange(known, after.isRemoved && !wasRemoved ? null : after, event)
    return ok(after)
  }

  /** One whose pod isn't released, or was requested a moment ago, is kept until then. */
  function remove(jobId: string): Result<void, string> {
    const before = jobs.get(jobId)
    if (before === undefined || before.isRemoved) return ok(undefined)
    const canceled = applyEvent(before, { kind: 'cancel', isPodStopped: false }, clock.now())
    const removed = replace(before, { ...canceled, isRemoved: true }, null)
    return removed.ok ? ok(undefined) : removed
  }

  return {
    jobs: all,
    podOwners: () => ownersIn(all()),
    removedJobs: () => removedIn(all()),
    job(jobId) {
      const job = jobs.get(jobId)
      return job === undefined || job.isRemoved ? null : job
    },
    rules: () => rules,
    activeOn: (key) => runsOn(all(), key),
    apply(jobId, event) {
      const job = jobs.get(jobId)
      if (job === undefined) return fail('That job is not in the queue.')
      const next = applyEvent(job, event, clock.now())
      return next === job ? ok(job) : replace(job, next, event)
    },
    put(given) {
      const before = jobs.get(given.id) ?? null
      // One that is brought back has the request as it is now.
      const job = before?.isRemoved ? { ...given, podRequest: before.podRequest } : given
      if (before === null && jobs.size >= MAX_JOBS) {
        const needed = neededDoneJobs(all())
        const oldest = all()
          .filter((one) => isDone(one) && !ownsPod(one) && !needed.has(one.id))
          .sort((a, b) => a.phaseAt.wallMs - b.phaseAt.wallMs)[0]
        if (oldest === undefined) return fail(`The queue is full: it holds ${MAX_JOBS} jobs.`)
        const removed = remove(oldest.id)
        if (!removed.ok) return removed
      }
      const replaced = replace(before, job, null)
      return replaced.ok ? ok(undefined) : replaced
    },
    remove,
    dropRemoved() {
      const over = removedIn(all()).filter(isOver)
      // What can't be written now is dropped later.
      const dropped = over.filter(({ id }) => written(removalRecord(id)).ok)
      for (const { id } of dropped) jobs.delete(id)
      if (dropped.length > 0) list = null
    },
    setRules(next) {
      const recorded = written(rulesRecord(next))
      if (recorded.ok) rules = next
      return recorded
    },
    load(records) {
      jobs = new Map()
      list = null
      rules = noSchedule
      for (const record of records) {
        if (record.kind === 'job') jobs.set(record.id, record.job)
        else if (record.kind === 'rules') rules = record.rules
      }
    },
  }
}
