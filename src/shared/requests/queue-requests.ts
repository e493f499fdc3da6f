import * as v from 'valibot'
import type { LogText } from '../../core/queue/job-log'
import type { JobAction, ScheduleRules } from '../../core/queue/jobs/job-codec'
import type { DoneJobsPage } from '../../core/queue/queue-view'
import type { MoveTarget } from '../../core/queue/jobs/job-order'
import type { PodKey } from '../../core/pods/pod'
import type { PastedEnvironment } from './lab-requests'
import { idSchema, podKeySchema } from './field-schemas'
import { sharedArguments } from './shared-arguments'
import { jobIdSchema, type JobSpec, jobSpecSchema } from '../../core/queue/jobs/job-spec'
import { MAX_JOBS } from '../../core/queue/jobs/job-phase'

/** Bytes of a log in one reply. */
export const MAX_JOB_LOG_BYTES = 64 * 1_024

/**
 * A job as a window asks for it. What a window must not know or choose is kept in main under an id: the values of
 * variables, and paths of this computer. Null: none, or for an edit: as they are; `NONE`: none from now on.
 */
export interface JobDraft {
  readonly spec: Omit<JobSpec, 'variableNames' | 'files' | 'resultsFolder'>
  readonly variablesId: string | null
  readonly filesId: string | null
  readonly resultsFolderId: string | null
  readonly isHeld: boolean
}

/** Chosen in the system's dialog. `names`: of files, or of a folder, for display. */
export interface ChosenPaths {
  readonly id: string
  readonly names: readonly string[]
}

export type ResultsFetched =
  | { readonly kind: 'fetched'; readonly fileCount: number; readonly folder: string }
  | { readonly kind: 'declined' }

/** The part of the contract for the queue of jobs. See docs/product-rules.md#15-queue-of-experiments. */
export interface QueueRequests {
  /**
   * Asks in the app's own window. Returns the id of the job; null: declined. `copyOfId`: the job whose variables, files
   * and folder of results it has where the draft names none.
   */
  addJob: (draft: JobDraft, copyOfId: string | null) => string | null
  /** Only while it waits. Asks like `addJob` where it would do something else. False: declined. */
  editJob: (jobId: string, draft: JobDraft) => boolean
  /** Returns the id of the copy where it is duplicated; else null. */
  changeJob: (jobId: string, action: JobAction) => string | null
  moveJob: (jobId: string, target: MoveTarget) => void
  /** Starts a waiting job. Null: on the first idle pod that it fits. */
  runJob: (jobId: string, podKey: PodKey | null) => void
  /** Starts the first job that fits an idle pod. */
  runNextJob: (podKey: PodKey) => void
  /** Nothing is started automatically on the pod in this idle episode. */
  skipStart: (podKey: PodKey) => void
  /** Where jobs may be started automatically. Asks about what is allowed anew. False: declined. */
  setSchedule: (rules: ScheduleRules) => boolean
  /** The first `count` jobs that are over and in which all words of `search` are found, the latest first. */
  doneJobs: (search: string, count: number) => DoneJobsPage
  jobLog: (jobId: string, fromByte: number) => LogText
  /** Asks for a folder with the system's dialog, and fetches the job's results into it. */
  fetchJobResults: (jobId: string) => ResultsFetched
  /** Reads variables from the clipboard. Their values never enter a window. */
  pasteJobVariables: () => PastedEnvironment
  /** Null: canceled. */
  chooseJobFiles: () => ChosenPaths | null
  chooseResultsFolder: () => ChosenPaths | null
}

const draftSchema = v.strictObject({
  spec: v.omit(jobSpecSchema, ['variableNames', 'files', 'resultsFolder']),
  variablesId: v.nullable(idSchema),
  filesId: v.nullable(idSchema),
  resultsFolderId: v.nullable(idSchema),
  isHeld: v.boolean(),
})

export const queueRequestSchemas = {
  addJob: v.tuple([draftSchema, v.nullable(jobIdSchema)]),
  editJob: v.tuple([jobIdSchema, draftSchema]),
  changeJob: v.tuple([...sharedArguments.changeJob]),
  moveJob: v.tuple([...sharedArguments.moveJob]),
  runJob: v.tuple([...sharedArguments.runJob]),
  runNextJob: v.tuple([podKeySchema]),
  skipStart: v.tuple([...sharedArguments.skipStart]),
  setSchedule: v.tuple([...sharedArguments.setSchedule]),
  doneJobs: v.tuple([
    v.pipe(v.string(), v.maxLength(500)),
    v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_JOBS)),
  ]),
  jobLog: v.tuple([...sharedArguments.jobLog]),
  fetchJobResults: v.tuple([jobIdSchema]),
  pasteJobVariables: v.tuple([]),
  chooseJobFiles: v.tuple([]),
  chooseResultsFolder: v.tuple([]),
} satisfies { [K in keyof QueueRequests]: v.GenericSchema<unknown, Parameters<QueueRequests[K]>> }
