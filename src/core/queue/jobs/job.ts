import * as v from 'valibot'
import type { ReadonlyOutput } from '../../base/readonly-output'
import { accountIdSchema, jobIdSchema, jobSpecSchema, podKeySchema } from './job-spec'
import { instantSchema } from '../../base/time/instant-schema'

/* A job of the queue, as it is stored. */

const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1_000_000))

const runSchema = v.object({
  /** Names its directory on the pod, which can be created once. Unique among all runs. */
  id: v.string(),
  podKey: podKeySchema,
  podName: v.string(),
  /** Null: all. */
  gpuIndexes: v.nullable(v.array(count)),
  /** Of the pod; null: not known. */
  podGpuCount: v.nullable(count),
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
  /** Its log says that a GPU's memory was full. Absent: it doesn't, or wasn't read. */
  isOutOfMemory: v.exactOptional(v.literal(true)),
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
  /** The pod is the request's until it is released. Absent: it was released. */
  isOwned: v.exactOptional(v.literal(true)),
  /** It was not stopped after its job was given up, so that only its maximum hours stop it. */
  isKept: v.exactOptional(v.literal(true)),
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
  /**
   * It may run on the accounts that were there then, Unix ms, unless it names one: that of a copy is as of the first job.
   * Absent: when it was created.
   */
  accountsAsOfMs: v.exactOptional(v.number()),
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
  podRequest: v.nullable(podRequestSchema),
  /** A person removed it. It is kept, and shown nowhere, until its pod is released. */
  isRemoved: v.exactOptional(v.literal(true)),
})

export type Job = ReadonlyOutput<typeof jobSchema>
