import type { MoveTarget } from '../../core/queue/jobs/job-order'
import { isRunningState, isWaitingState, type JobView } from '../../core/queue/queue-view'

export const jobFilters = ['all', 'waiting', 'running', 'done'] as const
export type JobFilter = (typeof jobFilters)[number]

export type JobLists = Readonly<Record<Exclude<JobFilter, 'all'>, readonly JobView[]>>

/** The jobs by list, in the order of the queue; of the name or command that was searched for. */
export function toJobLists(jobs: readonly JobView[], search: string): JobLists {
  const words = search.toLowerCase().split(/\s+/)
  const found = jobs.filter(({ spec, run }) => {
    const text = `${spec.name}\n${spec.command}\n${run?.podName ?? ''}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
  return {
    waiting: found.filter(({ state }) => isWaitingState(state)),
    running: found.filter(({ state }) => isRunningState(state)),
    done: found.filter(({ state }) => !isWaitingState(state) && !isRunningState(state)),
  }
}

export const countOf = (lists: JobLists, filter: JobFilter): number =>
  filter === 'all' ? lists.waiting.length + lists.running.length + lists.done.length : lists[filter].length

/**
 * How `job` gets to `place` among the waiting ones, of which the first is 0. Null: it is there, or there is no such
 * place. 'lower-priority': behind jobs of a lower priority, where it can't stand.
 */
export function moveTo(
  jobs: readonly JobView[],
  job: JobView,
  place: number,
): MoveTarget | 'lower-priority' | null {
  if (place < 0 || place >= jobs.length || jobs[place]?.id === job.id) return null
  const others = jobs.filter(({ id }) => id !== job.id)
  const [previous, next] = [others[place - 1], others[place]]
  const { priority } = job.spec
  // In front of a job of another priority it would take that one's.
  if (previous?.spec.priority === priority && next?.spec.priority !== priority) return 'last'
  return next === undefined ? 'lower-priority' : { beforeJobId: next.id }
}
