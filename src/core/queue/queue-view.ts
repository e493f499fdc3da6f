import type { AccountId, PodKey } from '../pods/pod'
import type { QueuedExperiment } from '../pods/provider'
import { oncePer } from '../base/once-per'
import { MINUTE_MS, SECOND_MS } from '../base/time/time'
import type { AcceptedHostKey, Job, JobRun } from './jobs/job'
import type { ScheduleRules } from './jobs/job-codec'
import { dependenciesOf, dependencyText, jobsById, neededDoneJobs, waitingJobs } from './jobs/job-order'
import type { CountdownView } from './schedule/countdowns'
import { type Proposal, type QueuePod, startProblem, suggestions } from './schedule/schedule'
import { podProblem } from './jobs/job-fit'
import { type CostKind, type RunCost, runTimes } from './run-costs'
import type { JobSpec } from './jobs/job-spec'
import { isActive, isDone } from './jobs/job-phase'

/** The states of a job as shown. `unknown`: it was started, and its pod can't be asked. */
export const jobStates = [
  'queued',
  'held',
  'blocked',
  'running',
  'unknown',
  'passed',
  'failed',
  'canceled',
] as const
export type JobState = (typeof jobStates)[number]

export const isWaitingState = (state: JobState): boolean =>
  state === 'queued' || state === 'held' || state === 'blocked'

export const isRunningState = (state: JobState): boolean => state === 'running' || state === 'unknown'

/** One job as windows and commands show it. Times are Unix ms. */
export interface JobView {
  readonly id: string
  readonly spec: JobSpec
  readonly state: JobState
  /** What it waits for, what became of it, or since when it is unknown, as a sentence. Null: nothing to add. */
  readonly statusText: string | null
  /** Running, and nothing of it was seen yet. */
  readonly isStarting: boolean
  readonly isCanceling: boolean
  readonly createdAtMs: number
  /** When it reached its phase. */
  readonly phaseAtMs: number
  /** Pods that it fits by hardware, name and account, whether they are free or not. Empty once it is done. */
  readonly fitsPodKeys: readonly PodKey[]
  /** Those of them where it could be started now. */
  readonly startablePodKeys: readonly PodKey[]
  readonly run: JobRunView | null
  readonly failures: number
  /** How long it usually takes, ms: as estimated, or the mean of its name's last runs. Null: unknown. */
  readonly usuallyTakesMs: number | null
  /** How much of its results is fetched, 0 to 1. Null: none are being fetched. */
  readonly resultsFetched: number | null
}

export interface JobRunView {
  readonly podKey: PodKey
  readonly podName: string
  readonly gpuIndexes: readonly number[] | null
  readonly startedAtMs: number
  readonly endedAtMs: number | null
  readonly exitCode: number | null
  /** Its log says that a GPU's memory was full. Absent: it doesn't, or wasn't read. */
  readonly isOutOfMemory?: true
  readonly unreachableSinceMs: number | null
  /** USD: its GPUs' part of what the pod cost meanwhile. Null: unknown. */
  readonly costUsd: number | null
  readonly costKind: CostKind
  readonly perHourUsd: number | null
  /** The host key that the queue accepted for it, for comparison. Absent: none. */
  readonly acceptedKey?: AcceptedHostKey
}

/** An experiment in a lab's own queue. It can only be deployed in the lab's web app. */
export interface ExperimentView extends QueuedExperiment {
  readonly accountId: AccountId
  /** Whether an idle pod of its type could run it now. */
  readonly fitsIdlePod: boolean
}

/** Of the jobs that are over, so many are in a view. */
const RECENT_DONE = 20

export interface QueueView {
  /**
   * Running ones first, then waiting ones in order, then the last few done ones and those that open ones depend on, the
   * latest first.
   */
  readonly jobs: readonly JobView[]
  /** All of them. */
  readonly doneCount: number
  /** The first one is for the pod that costs most. */
  readonly suggestions: readonly Proposal[]
  readonly countdowns: readonly CountdownView[]
  readonly rules: ScheduleRules
  readonly experiments: readonly ExperimentView[]
  /** Why jobs can only be looked at here, as a sentence; null: they can be changed. */
  readonly readOnlyReason: string | null
}

export const emptyQueue: QueueView = {
  jobs: [],
  doneCount: 0,
  suggestions: [],
  countdowns: [],
  rules: { podKeys: [], accountIds: [], isPaused: false },
  experiments: [],
  readOnlyReason: null,
}

export interface QueueViewSources extends Pick<
  QueueView,
  'rules' | 'countdowns' | 'experiments' | 'readOnlyReason'
> {
  readonly jobs: readonly Job[]
  readonly pods: readonly QueuePod[]
  /** By run. */
  readonly fetching: ReadonlyMap<string, number>
  readonly costOf: (job: Job, nowMs: number) => RunCost
  readonly nowMs: number
}

export function toQueueView(sources: QueueViewSources): QueueView {
  const { jobs, pods, rules, nowMs } = sources
  const running = jobs.filter(isActive).sort((a, b) => a.phaseAt.wallMs - b.phaseAt.wallMs)
  const done = doneJobs(jobs)
  const needed = neededDoneJobs(jobs)
  const shown = [...done.slice(0, RECENT_DONE), ...done.slice(RECENT_DONE).filter(({ id }) => needed.has(id))]
  return {
    jobs: [...running, ...waitingJobs(jobs), ...shown].map((job) => toJobView(job, sources)),
    doneCount: done.length,
    suggestions: suggestions(pods, jobs, rules),
    countdowns: sources.countdowns.filter(({ startsAtMs }) => startsAtMs >= nowMs - MINUTE_MS),
    rules,
    experiments: sources.experiments,
    readOnlyReason: sources.readOnlyReason,
  }
}

/** Jobs that are over, the latest first. */
export interface DoneJobsPage {
  readonly jobs: readonly JobView[]
  /** How many there are. */
  readonly count: number
}

/** The first `maxCount` jobs that are over and in which all words of `search` are found. */
export function toDoneJobs(sources: QueueViewSources, search: string, maxCount: number): DoneJobsPage {
  const found = doneJobs(sources.jobs).filter((job) => isFound(job, search))
  return { jobs: found.slice(0, maxCount).map((job) => toJobView(job, sources)), count: found.length }
}

/** Whether all words of a search are in the name or the command of a job, or in the name of its pod. */
export function isFound(
  { spec, run }: { readonly spec: JobSpec; readonly run: { readonly podName: string } | null },
  search: string,
): boolean {
  const words = search.toLowerCase().split(/\s+/)
  const text = `${spec.name}\n${spec.command}\n${run?.podName ?? ''}`.toLowerCase()
  return words.every((word) => text.includes(word))
}

const doneJobs = oncePer((jobs: readonly Job[]) =>
  jobs.filter(isDone).sort((a, b) => b.phaseAt.wallMs - a.phaseAt.wallMs),
)

function toJobView(job: Job, sources: QueueViewSources): JobView {
  const { jobs, pods, fetching } = sources
  const isWaiting = job.phase === 'queued' || job.phase === 'held'
  const fitting = isWaiting ? pods.filter((one) => podProblem(job, one) === null) : []
  return {
    id: job.id,
    spec: job.spec,
    ...stateOf(job, jobsById(jobs)),
    isStarting: job.phase === 'starting',
    isCanceling: job.isCanceling,
    createdAtMs: job.createdAtMs,
    phaseAtMs: job.phaseAt.wallMs,
    fitsPodKeys: fitting.map(({ key }) => key),
    startablePodKeys:
      job.phase === 'queued'
        ? fitting.filter((pod) => startProblem(job, pod, jobs) === null).map(({ key }) => key)
        : [],
    run: toRunView(job, sources),
    failures: job.failures,
    usuallyTakesMs:
      job.spec.estimatedSeconds === null
        ? (usualTimes(jobs).get(familyOf(job.spec.name)) ?? null)
        : job.spec.estimatedSeconds * SECOND_MS,
    resultsFetched: fetching.get(job.run?.id ?? '') ?? null,
  }
}

function stateOf(job: Job, byId: ReadonlyMap<string, Job>): Pick<JobView, 'state' | 'statusText'> {
  const { phase, message, run } = job
  if (isActive(job))
    return run?.unreachableSince == null
      ? { state: 'running', statusText: message }
      : { state: 'unknown', statusText: message }
  if (phase !== 'queued' && phase !== 'held') return { state: phase as JobState, statusText: message }
  const dependencies = dependenciesOf(job, byId)
  const statusText = dependencyText(dependencies) ?? message
  if (dependencies.kind === 'blocked') return { state: 'blocked', statusText }
  return phase === 'held' ? { state: 'held', statusText: message } : { state: 'queued', statusText }
}

function toRunView(job: Job, { nowMs, costOf }: QueueViewSources): JobRunView | null {
  const { run } = job
  const times = runTimes(job)
  if (run === null || times === null) return null
  return {
    podKey: run.podKey,
    podName: run.podName,
    gpuIndexes: run.gpuIndexes,
    ...times,
    exitCode: run.exitCode,
    ...(run.isOutOfMemory === true && { isOutOfMemory: true }),
    unreachableSinceMs: run.unreachableSince?.wallMs ?? null,
    ...costOf(job, nowMs),
    perHourUsd: run.perHourUsd,
    ...acceptedKeyOf(job, run),
  }
}

function acceptedKeyOf({ podRequest }: Job, run: JobRun): Pick<JobRunView, 'acceptedKey'> {
  if (podRequest?.acceptedKey === undefined || podRequest.podKey !== run.podKey) return {}
  return podRequest.podStartedAtMs === run.podStartedAtMs ? { acceptedKey: podRequest.acceptedKey } : {}
}

const RUNS_OF_MEAN = 5

/** How long jobs of a name usually take, ms: the mean of the last runs of each family that passed. */
const usualTimes = oncePer((jobs: readonly Job[]): ReadonlyMap<string, number> => {
  const times = new Map<string, number[]>()
  for (const { phase, run, spec } of doneJobs(jobs)) {
    if (phase !== 'passed' || run?.startedAtMs == null || run.endedAtMs === null) continue
    const family = familyOf(spec.name)
    const known = times.get(family) ?? []
    times.set(family, known)
    if (known.length < RUNS_OF_MEAN) known.push(run.endedAtMs - run.startedAtMs)
  }
  const mean = (all: readonly number[]): number => all.reduce((sum, each) => sum + each, 0) / all.length
  return new Map([...times].map(([family, all]) => [family, mean(all)]))
})

/** "planck-chain-12" and "planck-chain-13" are of one family. */
const familyOf = (name: string): string => name.replace(/\d+$/, '')
