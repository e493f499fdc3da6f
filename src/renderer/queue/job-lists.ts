import type { JobState, JobView } from '../../core/queue/queue-view'

export const jobFilters = ['all', 'waiting', 'running', 'done'] as const
export type JobFilter = (typeof jobFilters)[number]

const listOf: Readonly<Record<JobState, Exclude<JobFilter, 'all'>>> = {
  queued: 'waiting',
  held: 'waiting',
  blocked: 'waiting',
  running: 'running',
  unknown: 'running',
  passed: 'done',
  failed: 'done',
  canceled: 'done',
}

export type JobLists = Readonly<Record<Exclude<JobFilter, 'all'>, readonly JobView[]>>

/** The jobs by list, in the order of the queue; of the name or command that was searched for. */
export function toJobLists(jobs: readonly JobView[], search: string): JobLists {
  const words = search.toLowerCase().split(/\s+/)
  const found = jobs.filter(({ spec, run }) => {
    const text = `${spec.name}\n${spec.command}\n${run?.podName ?? ''}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
  const of = (list: keyof JobLists): readonly JobView[] => found.filter(({ state }) => listOf[state] === list)
  return { waiting: of('waiting'), running: of('running'), done: of('done') }
}

export const countOf = (lists: JobLists, filter: JobFilter): number =>
  filter === 'all' ? lists.waiting.length + lists.running.length + lists.done.length : lists[filter].length
