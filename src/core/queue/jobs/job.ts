import { oncePer } from '../../base/once-per'
import { HOUR_MS, type Instant } from '../../base/time/time'
import type { AccountId, PodKey } from '../../pods/pod'
import { experimentPriorities } from '../../pods/provider'
import type { HostKeyView } from '../../terminal/host-key'

/** Jobs that are kept, done ones included. */
export const MAX_JOBS = 2_000

/** The most urgent first, as Hubify names them. */
export const jobPriorities = experimentPriorities
export type JobPriority = (typeof jobPriorities)[number]

/** What a job needs of a pod. Null: anything. */
export interface JobNeeds {
  /** "H100" also means an "H100 SXM". */
  readonly gpuType: string | null
  /** At least so many GPUs; 0: a pod without GPUs will do. */
  readonly gpuCount: number
  /** Memory of one GPU, at least, in GB. */
  readonly gpuMemoryGb: number | null
  /** Text in the name of the pod, in any case. */
  readonly label: string | null
  readonly accountId: AccountId | null
}

export const afterSuccessChoices = ['keep', 'stop', 'next'] as const
/** What becomes of the pod once the job passed. `next`: the next job that fits runs there. */
export type AfterSuccess = (typeof afterSuccessChoices)[number]

/** What a person asked for. Values of variables are kept apart: see `JobSecrets`. */
export interface JobSpec {
  readonly name: string
  /** A shell command, or a whole script. */
  readonly command: string
  readonly workingDirectory: string | null
  readonly variableNames: readonly string[]
  /** Files of this computer to bring along, by their name in the job's directory. */
  readonly files: readonly { readonly name: string; readonly path: string }[]
  /** What to bring back, relative to the working directory. */
  readonly resultGlobs: readonly string[]
  /** A folder of this computer for the results. Null: they are fetched on request only. */
  readonly resultsFolder: string | null
  readonly needs: JobNeeds
  /** The job uses only the GPUs that it needs, so that others may run beside it. */
  readonly sharesPod: boolean
  readonly priority: JobPriority
  readonly estimatedSeconds: number | null
  /** After this it is ended on the pod. */
  readonly maxSeconds: number
  /** How often it is started again after it failed. */
  readonly retries: number
  /** Ids of jobs that must have passed. */
  readonly dependsOn: readonly string[]
  readonly afterSuccess: AfterSuccess
}

export const DEFAULT_MAX_SECONDS = (24 * HOUR_MS) / 1_000

/** One try on one pod. */
export interface JobRun {
  /** Names its directory on the pod, which can be created once. Unique among all runs. */
  readonly id: string
  readonly podKey: PodKey
  readonly podName: string
  /** Null: all. */
  readonly gpuIndexes: readonly number[] | null
  /** Of the pod; null: not known. */
  readonly podGpuCount: number | null
  /** When it was written down, before anything was sent. */
  readonly requestedAt: Instant
  /** When the pod had started, Unix ms: a later start ended whatever ran there. */
  readonly podStartedAtMs: number | null
  readonly perHourUsd: number | null
  readonly startedBy: 'person' | 'schedule'
  /** A request to start it had no clear reply, so that it may arrive late. */
  readonly isUnclear: boolean
  /** A reply or a reading showed that it started. */
  readonly hasStarted: boolean
  /** By the clock of the pod, Unix ms. */
  readonly startedAtMs: number | null
  readonly endedAtMs: number | null
  readonly exitCode: number | null
  /** Since when the pod couldn't be asked about it. */
  readonly unreachableSince: Instant | null
  /** The alert that it holds nothing any more was given. */
  readonly isUnreachableAlerted: boolean
}

/** A host key that nobody compared. */
export interface AcceptedHostKey extends HostKeyView {
  /** Unix ms. */
  readonly acceptedAtMs: number
}

/** A pod that was requested for a job: a stopped one to start, or one to create from a preset. */
export interface PodRequest {
  /** Unique among all requests. The create of a pod has it, too. */
  readonly id: string
  readonly accountId: AccountId
  /** Null: a stopped pod is started. */
  readonly presetName: string | null
  /** Null while it isn't known which pod was created. */
  readonly podKey: PodKey | null
  /** What a person allowed, USD per hour. */
  readonly maxPerHourUsd: number
  /** When the pod had started before, Unix ms; null: not known, or it is a new one. */
  readonly startedBeforeMs: number | null
  readonly requestedAt: Instant
  /** The first host key that it shows after this start may be accepted. Absent: a person has to. */
  readonly acceptsNewKey?: true
  /**
   * The start that the request brought about, Unix ms: the program that made the request saw the pod run. Absent: none was
   * seen.
   */
  readonly podStartedAtMs?: number
  /** The host key that was accepted after that start. Absent: none. */
  readonly acceptedKey?: AcceptedHostKey
  /** `open`: the job waits for the pod, or runs there. `unclear`: it isn't known whether the pod was created. */
  readonly state: 'open' | 'ended' | 'unclear'
}

/**
 * What is stored of a job. See docs/product-rules.md#15-queue-of-experiments.
 *
 *   held ◀──▶ queued ──written down──▶ starting ──seen──▶ running ──▶ passed | failed | canceled
 *               ▲                         │                             │
 *               └──certainly not started──┘   retry, by a person or ◀───┘
 *               └─────────────────────────────as often as it may
 */
export const jobPhases = ['queued', 'held', 'starting', 'running', 'passed', 'failed', 'canceled'] as const
export type JobPhase = (typeof jobPhases)[number]

export interface Job {
  readonly id: string
  readonly spec: JobSpec
  /** Among those of its priority, the lowest first. */
  readonly place: number
  /** Unix ms. */
  readonly createdAtMs: number
  readonly isFromCommandLine: boolean
  readonly phase: JobPhase
  /** When it reached its phase. */
  readonly phaseAt: Instant
  /** How many runs were written down. */
  readonly runCount: number
  /** Failures that count against the retries. */
  readonly failures: number
  /** Starts in a row of which it is certain that nothing started. */
  readonly failedStarts: number
  /** The current run, or the last one. */
  readonly run: JobRun | null
  /** A person canceled it, and its end was not seen yet. */
  readonly isCanceling: boolean
  /** What is still to do after it passed. */
  readonly followUp: 'results' | 'stop' | null
  /** A sentence about its last step; null: nothing to add. */
  readonly message: string | null
  /** The last one; null: none. */
  readonly podRequest: PodRequest | null
}

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
