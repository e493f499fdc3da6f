import { oncePer } from '../../base/once-per'
import { plainName } from '../../pods/pod-name'
import type { Job } from './job'
import { jobPriorities, type JobPriority } from './job-choices'
import { isActive, isDone, isWaiting } from './job-phase'

/** Orders jobs: by priority, then by their place, then the oldest first. */
export function byOrder(a: Job, b: Job): number {
  const rank = ({ spec }: Job): number => jobPriorities.indexOf(spec.priority)
  return rank(a) - rank(b) || a.place - b.place || a.createdAtMs - b.createdAtMs || (a.id < b.id ? -1 : 1)
}

/** The waiting jobs, the one that comes first in front. */
export const waitingJobs = (jobs: readonly Job[]): readonly Job[] => jobs.filter(isWaiting).sort(byOrder)

/** The place after all others of any priority. */
export const lastPlace = (jobs: readonly Job[]): number =>
  jobs.reduce((last, { place }) => Math.max(last, place), 0) + 1

/** Where a job is to be moved: in front of another one, or to an end of those of its priority. */
export type MoveTarget = { readonly beforeJobId: string } | 'first' | 'last'

export interface Move {
  readonly jobId: string
  readonly place: number
  readonly priority: JobPriority
}

/**
 * The jobs that change so that `jobId` stands there. In front of a job of another priority it takes that one's. Empty:
 * there is nothing to change.
 */
export function moveJob(jobs: readonly Job[], jobId: string, target: MoveTarget): readonly Move[] {
  const moved = jobs.find(({ id }) => id === jobId)
  const before =
    typeof target === 'string' ? undefined : jobs.find(({ id }) => id === target.beforeJobId && id !== jobId)
  if (moved === undefined || (typeof target !== 'string' && before === undefined)) return []
  const priority = before?.spec.priority ?? moved.spec.priority
  const others = waitingJobs(jobs).filter(({ id, spec }) => id !== jobId && spec.priority === priority)
  const index = before === undefined ? (target === 'first' ? 0 : others.length) : others.indexOf(before)
  if (index < 0) return []
  const [previous, next] = [others[index - 1]?.place, others[index]?.place]
  const place =
    next === undefined ? (previous ?? 0) + 1 : previous === undefined ? next - 1 : (previous + next) / 2
  const hasRoom = (previous === undefined || place > previous) && (next === undefined || place < next)
  if (hasRoom) return [{ jobId, place, priority }]
  const ordered = [...others.slice(0, index), moved, ...others.slice(index)]
  return ordered.map(({ id }, at) => ({ jobId: id, place: at + 1, priority }))
}

/** How a job stands to those that it depends on. `blockedBy`: it can't start, because this one didn't pass. */
export type Dependencies =
  | { readonly kind: 'met' }
  | { readonly kind: 'waits'; readonly forJob: Job }
  /** Null: a job that isn't known any more. */
  | { readonly kind: 'blocked'; readonly by: Job | null }

export function dependenciesOf(job: Job, jobs: ReadonlyMap<string, Job>): Dependencies {
  const found = foundIn(jobs)
  const before = found.get(job)
  if (before !== undefined) return before
  // Whatever leads back to it can never start.
  found.set(job, { kind: 'blocked', by: job })
  const dependencies = findDependencies(job, jobs)
  found.set(job, dependencies)
  return dependencies
}

/** What was found out of these jobs: many may depend on the same ones. */
const foundIn = oncePer((_jobs: ReadonlyMap<string, Job>) => new Map<Job, Dependencies>())

function findDependencies(job: Job, jobs: ReadonlyMap<string, Job>): Dependencies {
  let waits: Job | null = null
  for (const id of job.spec.dependsOn) {
    const other = jobs.get(id)
    if (other === undefined) return { kind: 'blocked', by: null }
    if (other.phase === 'failed' || other.phase === 'canceled') return { kind: 'blocked', by: other }
    if (other.phase === 'passed') continue
    if (!isActive(other) && dependenciesOf(other, jobs).kind === 'blocked')
      return { kind: 'blocked', by: other }
    waits ??= other
  }
  return waits === null ? { kind: 'met' } : { kind: 'waits', forJob: waits }
}

/** Finished jobs that are still needed: others that aren't over depend on them, or something is still to follow. */
export function neededDoneJobs(jobs: readonly Job[]): ReadonlySet<string> {
  const dependencies = jobs.filter((job) => !isDone(job)).flatMap(({ spec }) => spec.dependsOn)
  return new Set([...dependencies, ...jobs.filter(({ followUp }) => followUp !== null).map(({ id }) => id)])
}

/** Why a job can't start because of those that it depends on, as a sentence; null: it can. */
export function dependencyProblem(job: Job, jobs: readonly Job[]): string | null {
  if (job.spec.dependsOn.length === 0) return null
  return dependencyText(dependenciesOf(job, jobsById(jobs)))
}

export function dependencyText(dependencies: Dependencies): string | null {
  switch (dependencies.kind) {
    case 'met':
      return null
    case 'waits':
      return `Waits for ${plainName(dependencies.forJob.spec.name)}.`
    case 'blocked':
      return dependencies.by === null
        ? 'A job that it depends on is gone.'
        : `${plainName(dependencies.by.spec.name)} didn’t pass.`
  }
}

/** The waiting jobs that may start, in order. */
export const readyJobs = oncePer((jobs: readonly Job[]): readonly Job[] =>
  waitingJobs(jobs).filter(
    (job) => job.phase === 'queued' && dependenciesOf(job, jobsById(jobs)).kind === 'met',
  ),
)

export const jobsById = oncePer(
  (jobs: readonly Job[]): ReadonlyMap<string, Job> => new Map(jobs.map((job) => [job.id, job])),
)
