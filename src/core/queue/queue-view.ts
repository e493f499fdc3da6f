import type { AccountId, PodKey } from '../pods/pod'
import type { QueuedExperiment } from '../pods/provider'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../base/time'
import { isActive, isDone, type Job, type JobSpec } from './jobs/job'
import type { ScheduleRules } from './jobs/job-codec'
import { dependenciesOf, dependencyText, waitingJobs } from './jobs/job-order'
import type { CountdownView } from './schedule/countdowns'
import { type Proposal, type QueuePod, startProblem, suggestions } from './schedule/schedule'
import { fitProblem } from './jobs/job-fit'

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
  readonly unreachableSinceMs: number | null
  /** USD at the rate of its start; null: unknown. */
  readonly costUsd: number | null
  readonly perHourUsd: number | null
}

/** An experiment of a lab that waits for a pod like an idle one. It can only be deployed in the lab's web app. */
export interface ExperimentView extends QueuedExperiment {
  readonly accountId: AccountId
}

export const MAX_DONE_SHOWN = 200

export interface QueueView {
  /** Running ones first, then waiting ones in order, then the last `MAX_DONE_SHOWN` done ones, the latest first. */
  readonly jobs: readonly JobView[]
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
  suggestions: [],
  countdowns: [],
  rules: { podKeys: [], accountIds: [], isPaused: false },
  experiments: [],
  readOnlyReason: null,
}

export interface QueueViewSources {
  readonly jobs: readonly Job[]
  readonly pods: readonly QueuePod[]
  readonly rules: ScheduleRules
  readonly countdowns: readonly CountdownView[]
  readonly experiments: readonly ExperimentView[]
  /** By run. */
  readonly fetching: ReadonlyMap<string, number>
  readonly readOnlyReason: string | null
  readonly nowMs: number
}

export function toQueueView(sources: QueueViewSources): QueueView {
  const { jobs, pods, rules, nowMs } = sources
  const byId = new Map(jobs.map((job) => [job.id, job]))
  const running = jobs.filter(isActive).sort((a, b) => a.phaseAt.wallMs - b.phaseAt.wallMs)
  const done = jobs.filter(isDone).sort((a, b) => b.phaseAt.wallMs - a.phaseAt.wallMs)
  const usual = usualTimes(done)
  const view = (job: Job): JobView => toJobView(job, byId, usual, sources)
  return {
    jobs: [...running, ...waitingJobs(jobs), ...done.slice(0, MAX_DONE_SHOWN)].map(view),
    suggestions: suggestions(pods, jobs, rules),
    countdowns: sources.countdowns.filter(({ startsAtMs }) => startsAtMs >= nowMs - MINUTE_MS),
    rules,
    experiments: sources.experiments,
    readOnlyReason: sources.readOnlyReason,
  }
}

function toJobView(
  job: Job,
  byId: ReadonlyMap<string, Job>,
  usual: ReadonlyMap<string, number>,
  { jobs, pods, nowMs, fetching }: QueueViewSources,
): JobView {
  const isWaiting = job.phase === 'queued' || job.phase === 'held'
  const fitting = isWaiting
    ? pods.filter(({ key, pod }) => fitProblem(job.spec.needs, key, pod) === null)
    : []
  return {
    id: job.id,
    spec: job.spec,
    ...stateOf(job, byId),
    isStarting: job.phase === 'starting',
    isCanceling: job.isCanceling,
    createdAtMs: job.createdAtMs,
    phaseAtMs: job.phaseAt.wallMs,
    fitsPodKeys: fitting.map(({ key }) => key),
    startablePodKeys:
      job.phase === 'queued'
        ? fitting.filter((pod) => startProblem(job, pod, jobs) === null).map(({ key }) => key)
        : [],
    run: toRunView(job, nowMs),
    failures: job.failures,
    usuallyTakesMs:
      job.spec.estimatedSeconds === null
        ? (usual.get(familyOf(job.spec.name)) ?? null)
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

function toRunView({ run, phase, phaseAt }: Job, nowMs: number): JobRunView | null {
  if (run === null) return null
  const startedAtMs = run.startedAtMs ?? run.requestedAt.wallMs
  const isOver = phase !== 'starting' && phase !== 'running'
  const endedAtMs = isOver ? (run.endedAtMs ?? phaseAt.wallMs) : null
  const tookMs = Math.max(0, (endedAtMs ?? nowMs) - startedAtMs)
  return {
    podKey: run.podKey,
    podName: run.podName,
    gpuIndexes: run.gpuIndexes,
    startedAtMs,
    endedAtMs,
    exitCode: run.exitCode,
    unreachableSinceMs: run.unreachableSince?.wallMs ?? null,
    costUsd: run.perHourUsd === null ? null : (run.perHourUsd * tookMs) / HOUR_MS,
    perHourUsd: run.perHourUsd,
  }
}

const RUNS_OF_MEAN = 5

/** How long jobs of a name usually take, ms: the mean of the last runs of each family that passed. */
function usualTimes(done: readonly Job[]): ReadonlyMap<string, number> {
  const times = new Map<string, number[]>()
  for (const { phase, run, spec } of done) {
    if (phase !== 'passed' || run?.startedAtMs == null || run.endedAtMs === null) continue
    const family = familyOf(spec.name)
    const known = times.get(family) ?? []
    times.set(family, known)
    if (known.length < RUNS_OF_MEAN) known.push(run.endedAtMs - run.startedAtMs)
  }
  const mean = (all: readonly number[]): number => all.reduce((sum, each) => sum + each, 0) / all.length
  return new Map([...times].map(([family, all]) => [family, mean(all)]))
}

/** "planck-chain-12" and "planck-chain-13" are of one family. */
const familyOf = (name: string): string => name.replace(/\d+$/, '')
