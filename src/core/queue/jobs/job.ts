import * as v from 'valibot'
import { oncePer } from '../../base/once-per'
import type { ReadonlyOutput } from '../../base/readonly-output'
import { HOUR_MS, type Instant, instantSchema } from '../../base/time/time'
import { isPodKey, type PodKey } from '../../pods/pod'
import { experimentPriorities } from '../../pods/provider'

/* A job of the queue, as it is asked for and as it is stored. */

/** Jobs that are kept, done ones included. */
export const MAX_JOBS = 2_000
/** Characters of a command or script. */
export const MAX_COMMAND_CHARS = 32 * 1_024
export const MAX_JOB_NAME_CHARS = 100
export const MAX_JOB_SECONDS = 90 * 86_400
export const DEFAULT_MAX_SECONDS = (24 * HOUR_MS) / 1_000

/** The most urgent first, as Hubify names them. */
export const jobPriorities = experimentPriorities
export type JobPriority = (typeof jobPriorities)[number]

export const afterSuccessChoices = ['keep', 'stop', 'next'] as const
/** What becomes of the pod once the job passed. `next`: the next job that fits runs there. */
export type AfterSuccess = (typeof afterSuccessChoices)[number]

const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1_000_000))
/** A line of text. */
export const ONE_LINE = /^[^\p{Cc}\p{Cs}\u2028\u2029]*$/u
export const line = (maxChars: number) =>
  v.pipe(v.string(), v.minLength(1), v.maxLength(maxChars), v.regex(ONE_LINE))
const path = v.pipe(v.string(), v.minLength(1), v.maxLength(4_096), v.regex(/^[^\0]*$/))
const seconds = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_JOB_SECONDS))
export const jobIdSchema = v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/))
export const accountIdSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(200))
export const podKeySchema = v.custom<PodKey>(
  (value) => typeof value === 'string' && value.length <= 500 && isPodKey(value),
)
/** A name that the shell of the pod can assign. */
export const variableNameSchema = v.pipe(v.string(), v.regex(/^[A-Za-z_]\w{0,127}$/))

const needsSchema = v.strictObject({
  /** "H100" also means an "H100 SXM". */
  gpuType: v.nullable(line(100)),
  /** At least so many GPUs; 0: a pod without GPUs will do. */
  gpuCount: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(64)),
  /** Memory of one GPU, at least, in GB. */
  gpuMemoryGb: v.nullable(v.pipe(v.number(), v.minValue(1), v.maxValue(10_000))),
  /** Text in the name of the pod, in any case. */
  label: v.nullable(line(100)),
  accountId: v.nullable(accountIdSchema),
})

/** What a job needs of a pod. Null: anything. */
export type JobNeeds = ReadonlyOutput<typeof needsSchema>

export const jobSpecSchema = v.strictObject({
  name: line(MAX_JOB_NAME_CHARS),
  /** A shell command, or a whole script. */
  command: v.pipe(
    v.string(),
    v.maxLength(MAX_COMMAND_CHARS),
    v.regex(/^[^\0]*$/),
    v.check((text) => text.trim() !== ''),
  ),
  workingDirectory: v.nullable(v.pipe(path, v.regex(/^[^\n\r]*$/))),
  variableNames: v.pipe(v.array(variableNameSchema), v.maxLength(200)),
  /** Files of this computer to bring along, by their name in the job's directory. */
  files: v.pipe(v.array(v.strictObject({ name: line(255), path })), v.maxLength(100)),
  /** What to bring back, relative to the working directory. */
  resultGlobs: v.pipe(v.array(line(500)), v.maxLength(50)),
  /** A folder of this computer for the results. Null: they are fetched on request only. */
  resultsFolder: v.nullable(path),
  needs: needsSchema,
  /** The job uses only the GPUs that it needs, so that others may run beside it. */
  sharesPod: v.boolean(),
  priority: v.picklist(jobPriorities),
  estimatedSeconds: v.nullable(seconds),
  /** After this it is ended on the pod. */
  maxSeconds: seconds,
  /** How often it is started again after it failed. */
  retries: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(20)),
  /** Ids of jobs that must have passed. */
  dependsOn: v.pipe(v.array(jobIdSchema), v.maxLength(50)),
  afterSuccess: v.picklist(afterSuccessChoices),
})

/** What a person asked for. Values of variables are kept apart: see `JobSecrets`. */
export type JobSpec = ReadonlyOutput<typeof jobSpecSchema>

const runSchema = v.object({
  /** Names its directory on the pod, which can be created once. Unique among all runs. */
  id: v.string(),
  podKey: podKeySchema,
  podName: v.string(),
  /** Null: all. */
  gpuIndexes: v.nullable(v.array(count)),
  /** Of the pod; null: not known. */
  podGpuCount: v.optional(v.nullable(count), null),
  /** When it was written down, before anything was sent. */
  requestedAt: instantSchema,
  /** When the pod had started, Unix ms: a later start ended whatever ran there. */
  podStartedAtMs: v.nullable(v.number()),
  perHourUsd: v.nullable(v.number()),
  startedBy: v.picklist(['person', 'schedule']),
  /** A request to start it had no clear reply, so that it may arrive late. */
  isUnclear: v.boolean(),
  /** A reply or a reading showed that it started. */
  hasStarted: v.boolean(),
  /** By the clock of the pod, Unix ms. */
  startedAtMs: v.nullable(v.number()),
  endedAtMs: v.nullable(v.number()),
  exitCode: v.nullable(v.number()),
  /** Since when the pod couldn't be asked about it. */
  unreachableSince: v.nullable(instantSchema),
  /** The alert that it holds nothing any more was given. */
  isUnreachableAlerted: v.boolean(),
})

/** One try on one pod. */
export type JobRun = ReadonlyOutput<typeof runSchema>

/** See `HostKeyView`. */
const acceptedKeySchema = v.object({
  algorithm: v.string(),
  fingerprint: v.string(),
  /** Unix ms. */
  acceptedAtMs: v.number(),
})

/** A host key that nobody compared. */
export type AcceptedHostKey = ReadonlyOutput<typeof acceptedKeySchema>

const podRequestSchema = v.object({
  /** Unique among all requests. The create of a pod has it, too. */
  id: jobIdSchema,
  accountId: accountIdSchema,
  /** Null: a stopped pod is started. */
  presetName: v.nullable(v.string()),
  /** Null while it isn't known which pod was created. */
  podKey: v.nullable(podKeySchema),
  /** What a person allowed, USD per hour. */
  maxPerHourUsd: v.number(),
  /** When the pod had started before, Unix ms; null: not known, or it is a new one. */
  startedBeforeMs: v.nullable(v.number()),
  requestedAt: instantSchema,
  /** The first host key that it shows after this start may be accepted. Absent: a person has to. */
  acceptsNewKey: v.exactOptional(v.literal(true)),
  /**
   * The start that the request brought about, Unix ms: the program that made the request saw the pod run. Absent: none was
   * seen.
   */
  podStartedAtMs: v.exactOptional(v.number()),
  /** The host key that was accepted after that start. Absent: none. */
  acceptedKey: v.exactOptional(acceptedKeySchema),
  /** `open`: the job waits for the pod, or runs there. `unclear`: it isn't known whether the pod was created. */
  state: v.picklist(['open', 'ended', 'unclear']),
})

/** A pod that was requested for a job: a stopped one to start, or one to create from a preset. */
export type PodRequest = ReadonlyOutput<typeof podRequestSchema>

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

export const jobSchema = v.object({
  id: jobIdSchema,
  spec: jobSpecSchema,
  /** Among those of its priority, the lowest first. */
  place: v.number(),
  /** Unix ms. */
  createdAtMs: v.number(),
  isFromCommandLine: v.boolean(),
  phase: v.picklist(jobPhases),
  /** When it reached its phase. */
  phaseAt: instantSchema,
  /** How many runs were written down. */
  runCount: count,
  /** Failures that count against the retries. */
  failures: count,
  /** Starts in a row of which it is certain that nothing started. */
  failedStarts: count,
  /** The current run, or the last one. */
  run: v.nullable(runSchema),
  /** A person canceled it, and its end was not seen yet. */
  isCanceling: v.boolean(),
  /** What is still to do after it passed. */
  followUp: v.nullable(v.picklist(['results', 'stop'])),
  /** A sentence about its last step; null: nothing to add. */
  message: v.nullable(v.string()),
  /** The last one; null: none. */
  podRequest: v.optional(v.nullable(podRequestSchema), null),
})

export type Job = ReadonlyOutput<typeof jobSchema>

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
