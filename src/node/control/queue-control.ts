import * as v from 'valibot'
import type { PodKey } from '../../core/pods/pod'
import { experimentPriorities } from '../../core/pods/provider'
import { jobVariablesSchema, type ScheduleRules, scheduleRulesSchema } from '../../core/queue/jobs/job-codec'
import { announcedKeys } from '../../core/queue/schedule/new-key-text'
import { jobStates, type QueueView } from '../../core/queue/queue-view'
import type { QueueRequests } from '../../shared/requests/queue-requests'
import { sharedArguments } from '../../shared/requests/shared-arguments'
import { nothing } from './control-fields'
import { jobIdSchema, type JobSpec, jobSpecSchema, podKeySchema } from '../../core/queue/jobs/job-spec'

/* The part of the control protocol that is about the queue. It belongs to the folder, not to an account. */

export interface ControlledQueueView extends Pick<
  QueueView,
  'jobs' | 'suggestions' | 'countdowns' | 'rules' | 'experiments'
> {
  /** The pods of all accounts that are watched. */
  readonly pods: readonly { readonly key: PodKey; readonly name: string }[]
}

export interface QueueControlRequests extends Pick<
  QueueRequests,
  'changeJob' | 'moveJob' | 'runJob' | 'skipStart' | 'jobLog'
> {
  queue: () => ControlledQueueView
  /** Replies with the id of the job. */
  addJob: (spec: JobSpec, variables: Readonly<Record<string, string>>, isHeld: boolean) => string
  setSchedule: (rules: ScheduleRules) => void
  /** Fetches the results into a new folder in `folder`, an absolute path of this computer. */
  fetchJobResults: (jobId: string, folder: string) => { readonly folder: string; readonly fileCount: number }
}

const podKey = podKeySchema
const path = v.pipe(v.string(), v.minLength(1), v.maxLength(4_096))

export const queueRequestSchemas = {
  queue: v.strictTuple([]),
  addJob: v.strictTuple([jobSpecSchema, jobVariablesSchema, v.boolean()]),
  changeJob: v.strictTuple([...sharedArguments.changeJob]),
  moveJob: v.strictTuple([...sharedArguments.moveJob]),
  runJob: v.strictTuple([...sharedArguments.runJob]),
  skipStart: v.strictTuple([...sharedArguments.skipStart]),
  setSchedule: v.strictTuple([...sharedArguments.setSchedule]),
  jobLog: v.strictTuple([...sharedArguments.jobLog]),
  fetchJobResults: v.strictTuple([jobIdSchema, path]),
} satisfies {
  [K in keyof QueueControlRequests]: v.GenericSchema<unknown, Parameters<QueueControlRequests[K]>>
}

const number = v.pipe(v.number(), v.finite())
const text = v.pipe(v.string(), v.maxLength(1_000_000))
const proposal = { podKey, jobId: text }

const runSchema = v.object({
  podKey,
  podName: text,
  gpuIndexes: v.nullable(v.array(number)),
  startedAtMs: number,
  endedAtMs: v.nullable(number),
  exitCode: v.nullable(number),
  unreachableSinceMs: v.nullable(number),
  costUsd: v.nullable(number),
  costKind: v.picklist(['counted', 'at-least', 'estimated']),
  perHourUsd: v.nullable(number),
  acceptedKey: v.exactOptional(v.object({ algorithm: text, fingerprint: text, acceptedAtMs: number })),
})

const jobViewSchema = v.object({
  id: text,
  spec: jobSpecSchema,
  state: v.picklist(jobStates),
  statusText: v.nullable(text),
  isStarting: v.boolean(),
  isCanceling: v.boolean(),
  createdAtMs: number,
  phaseAtMs: number,
  fitsPodKeys: v.array(podKey),
  startablePodKeys: v.array(podKey),
  run: v.nullable(runSchema),
  failures: number,
  usuallyTakesMs: v.nullable(number),
  resultsFetched: v.nullable(number),
})

export const queueReplySchemas = {
  queue: v.object({
    jobs: v.array(jobViewSchema),
    suggestions: v.array(v.object(proposal)),
    countdowns: v.array(
      v.object({
        ...proposal,
        startsAtMs: number,
        request: v.exactOptional(
          v.object({
            presetName: v.nullable(text),
            perHourUsd: number,
            hostKey: v.exactOptional(v.picklist(announcedKeys)),
          }),
        ),
      }),
    ),
    rules: scheduleRulesSchema,
    experiments: v.array(
      v.object({
        id: text,
        title: text,
        computeMode: v.nullable(text),
        priority: v.picklist(experimentPriorities),
        createdAtMs: v.nullable(number),
        accountId: text,
        fitsIdlePod: v.boolean(),
      }),
    ),
    pods: v.array(v.object({ key: podKey, name: text })),
  }) satisfies v.GenericSchema<unknown, ControlledQueueView>,
  addJob: jobIdSchema,
  changeJob: v.nullable(jobIdSchema),
  moveJob: nothing,
  runJob: nothing,
  skipStart: nothing,
  setSchedule: nothing,
  jobLog: v.object({ text, unfinishedLine: text, nextByte: number, sizeBytes: number }),
  fetchJobResults: v.object({ folder: path, fileCount: number }),
}
